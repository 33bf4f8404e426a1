//! What the reader of the page can choose besides the filters; all of it is in the URL.

/// The risk from which on a customer is contacted, and what that costs and brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Lowest risk of the customers contacted, in percent: 1 to 99.
    pub threshold_percent: u32,
    /// Cost of contacting a customer, in cents.
    pub cost_cents: f64,
    /// Share of would-be leavers who stay because they are contacted.
    pub save_rate: f64,
    /// What a kept customer is worth, in cents; by default what leavers pay in a year.
    pub value_cents: Option<f64>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            threshold_percent: 20,
            cost_cents: 5_000.0,
            save_rate: 0.2,
            value_cents: None,
        }
    }
}

/// The threshold alone, in percent: what most panels depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThresholdPercent(pub u32);

impl Default for ThresholdPercent {
    fn default() -> Self {
        Self(Terms::default().threshold_percent)
    }
}

/// Largest amount that can be typed, in dollars.
pub const MOST_DOLLARS: f64 = 1_000_000.0;

impl Terms {
    /// Reads the URL keys `threshold`, `cost`, `save` and `value` (percent and dollars); what can't
    /// be read or lies outside the range is the usual.
    #[must_use]
    pub fn from_keys<'a>(key: impl Fn(&str) -> Option<&'a str>) -> Self {
        let number = |name: &str, least: f64, most: f64| {
            let given: f64 = key(name)?.parse().ok()?;
            (given >= least && given <= most).then_some(given)
        };
        let usual = Self::default();
        Self {
            threshold_percent: number("threshold", 1.0, 99.0)
                .map_or(usual.threshold_percent, |percent| percent as u32),
            cost_cents: number("cost", 0.0, MOST_DOLLARS)
                .map_or(usual.cost_cents, |dollars| dollars * 100.0),
            save_rate: number("save", 0.0, 100.0)
                .map_or(usual.save_rate, |percent| percent / 100.0),
            value_cents: number("value", 0.0, MOST_DOLLARS).map(|dollars| dollars * 100.0),
        }
    }

    /// The threshold as a fraction.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        f64::from(self.threshold_percent) / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &'static str)]) -> Terms {
        Terms::from_keys(|name| {
            let pair = pairs.iter().find(|(key, _)| *key == name);
            pair.map(|(_, value)| *value)
        })
    }

    #[test]
    fn terms_are_read_from_the_link() {
        assert_eq!(read(&[]), Terms::default());
        let terms = read(&[
            ("threshold", "35"),
            ("cost", "12.5"),
            ("save", "40"),
            ("value", "900"),
        ]);
        assert_eq!(
            terms,
            Terms {
                threshold_percent: 35,
                cost_cents: 1_250.0,
                save_rate: 0.4,
                value_cents: Some(90_000.0),
            }
        );
    }

    #[test]
    fn nonsense_is_the_usual() {
        for bad in ["0", "100", "NaN", "-3", "1e9", "20'", "inf"] {
            let terms = read(&[("threshold", bad)]);
            assert_eq!(terms.threshold_percent, 20, "{bad}");
        }
        assert_eq!(read(&[("save", "101"), ("value", "x")]), Terms::default());
    }
}
