//! A headline figure, written out.

use super::format::{ValueFormat, change, is_no_change, relative_change};

/// What a tile shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Kpi {
    /// Three significant digits; a dash when there is no figure.
    pub text: String,
    /// A small unit beside them.
    pub unit: Option<&'static str>,
    /// All digits.
    pub full: String,
    /// The raw value, for tests; empty when there is none.
    pub raw: String,
    /// Its change, when it can be computed.
    pub delta: Option<Delta>,
    /// How many stand behind it, where that is to be said: "5 of 22".
    pub note: Option<String>,
    /// Whether it is of too few to lead with.
    pub is_few: bool,
    /// Its history, oldest first.
    pub history: Vec<Option<f64>>,
    /// Whether the last of them is of a period that is not over.
    pub is_running: bool,
}

/// How a figure changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The change, with its sign.
    pub text: String,
    /// Whether it is good; `None` when it did not change.
    pub is_good: Option<bool>,
    /// What it is compared with.
    pub against: String,
}

/// Months a sparkline shows.
const SHOWN: usize = 24;

impl Kpi {
    /// The last of `values` as a tile, against `before`; more is better. `against` tells what the
    /// change is measured on: "on the month".
    ///
    /// Percentages change by points, ratios by their difference, amounts relatively.
    #[must_use]
    pub fn new(
        values: &[Option<f64>],
        before: Option<f64>,
        format: ValueFormat,
        against: impl Into<String>,
    ) -> Option<Self> {
        let now = *values.last()?;
        let delta = now
            .zip(before)
            .and_then(|(now, before)| Delta::new(now, before, format, against.into()));
        let history = values[values.len().saturating_sub(SHOWN)..].to_vec();
        Some(Self {
            text: now.map_or_else(|| "–".to_owned(), |now| format.short(now)),
            unit: None,
            full: now.map_or_else(|| "not enough data yet".to_owned(), |now| format.full(now)),
            // The sum of nothing is -0.0, which must not be shown.
            raw: now.map(|now| (now + 0.0).to_string()).unwrap_or_default(),
            delta,
            note: None,
            is_few: false,
            history,
            is_running: false,
        })
    }
}

impl Delta {
    fn new(now: f64, before: f64, format: ValueFormat, against: String) -> Option<Self> {
        let difference = now - before;
        let text = match format {
            ValueFormat::Money | ValueFormat::Count => change(relative_change(now, before)?),
            ValueFormat::Percent | ValueFormat::Ratio | ValueFormat::Number => {
                format.difference(difference)
            }
        };
        Some(Self {
            is_good: (!is_no_change(&text)).then_some(difference > 0.0),
            text,
            against,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_that_cannot_be_computed_is_left_out() {
        let kpi = |values: &[Option<f64>]| {
            let before = values.iter().rev().nth(1).copied().flatten();
            Kpi::new(values, before, ValueFormat::Money, "on Nov")
        };
        assert_eq!(kpi(&[]), None);
        assert!(kpi(&[Some(5.0)]).is_some_and(|kpi| kpi.delta.is_none()));
        assert!(kpi(&[Some(0.0), Some(5.0)]).is_some_and(|kpi| kpi.delta.is_none()));
        assert!(kpi(&[Some(5.0), None]).is_some_and(|kpi| kpi.text == "–" && kpi.raw.is_empty()));
        assert!(kpi(&[Some(-0.0)]).is_some_and(|kpi| kpi.text == "$0" && kpi.raw == "0"));
        let grown = kpi(&[Some(100.0), Some(110.0)]).and_then(|kpi| kpi.delta);
        let text = "+10%";
        assert!(grown.is_some_and(|delta| delta.text == text && delta.is_good == Some(true)));
    }
}
