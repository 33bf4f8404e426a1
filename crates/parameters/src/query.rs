//! The scenario's text form: a URL query that holds only what differs from the preset.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::notice::{Notice, Reason};
use super::scenario::{date_of, scale};
use super::{Kind, PARAMETERS, Parameter, Preset, Scenario, Specification};

/// Query keys that belong to the page, not to the scenario.
pub const PAGE_KEYS: &[&str] = &[
    "theme",
    "range",
    "from",
    "to",
    "compare",
    "plan",
    "channel",
    "country",
    "size",
    "segment",
    "grain",
    "mode",
    "by",
    "revenue",
    "window",
    "step",
    "panel",
    "table",
    "truth",
    "notes",
    "workers",
    "curve",
    "within",
    "threshold",
    "cost",
    "save",
    "value",
    // Lineage, Models, Data quality.
    "model",
    "hops",
    "tab",
    "find",
    "layer",
    "verdict",
    "kind",
    "test",
    // Truth.
    "judged",
    // Our definitions.
    "metric",
];

/// The page keys that go along when the reader goes to another page; the others are one page's own.
pub const SHARED_KEYS: &[&str] = &[
    "theme", "range", "from", "to", "compare", "plan", "channel", "country", "size", "segment",
    "truth", "notes", "workers",
];

/// Most users that a native run takes: their numbers still fit the keys of their events.
pub const MOST_USERS: i64 = 1_000_000_000;

/// Longest query that is read; a browser's address bar holds less.
const LONGEST_QUERY: usize = 16_384;

impl Scenario {
    /// Reads a URL query (with or without its `?`).
    ///
    /// Never fails: what can't be used falls back to the preset's value, and a [`Notice`] says
    /// which and why.
    #[must_use]
    pub fn from_query(query: &str) -> (Self, Vec<Notice>) {
        Self::read(query, Parameter::Users.specification().kind)
    }

    /// Reads a query as [`Self::from_query`] does, and takes from one user to [`MOST_USERS`]: for
    /// native runs, whose memory does not depend on the users.
    #[must_use]
    pub fn from_query_of_any_size(query: &str) -> (Self, Vec<Notice>) {
        let users = Kind::Number {
            decimals: 0,
            min: 1,
            max: MOST_USERS,
        };
        Self::read(query, users)
    }

    fn read(query: &str, users: Kind) -> (Self, Vec<Notice>) {
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut end = query.len().min(LONGEST_QUERY);
        while !query.is_char_boundary(end) {
            end -= 1;
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&query.as_bytes()[..end])
            .into_owned()
            .collect();

        let mut notices = Vec::new();
        let mut scenario = Self::preset(preset_of(&pairs, &mut notices));
        let mut seen = BTreeSet::new();
        for (key, given) in &pairs {
            if key == "preset" || key.is_empty() || PAGE_KEYS.contains(&key.as_str()) {
                continue;
            }
            let Some(specification) = PARAMETERS
                .iter()
                .find(|specification| specification.key == key)
            else {
                notices.push(notice(key, given, Reason::UnknownKey, String::new()));
                continue;
            };
            let current = scenario.text(specification.parameter);
            if !seen.insert(specification.key) {
                notices.push(notice(key, given, Reason::Repeated, current));
                continue;
            }
            let read = match specification.parameter {
                Parameter::Users => Specification {
                    kind: users,
                    ..*specification
                }
                .read(given.trim()),
                _ => specification.read(given.trim()),
            };
            match read {
                Ok(steps) => scenario.set(specification.parameter, steps),
                Err(reason) => notices.push(notice(key, given, reason, current)),
            }
        }
        if scenario.mix_weights().iter().all(|&weight| weight == 0.0) {
            scenario.restore_mix();
            notices.push(notice("mix", "0", Reason::EmptyMix, String::new()));
        }
        (scenario, notices)
    }

    /// The canonical URL query, without `?`; empty for the Demo preset.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = String::new();
        if self.base() != Preset::default() {
            let _ = write!(query, "preset={}", self.base().key());
        }
        for specification in PARAMETERS {
            if self.is_changed(specification.parameter) {
                let separator = if query.is_empty() { "" } else { "&" };
                let text = self.text(specification.parameter);
                let _ = write!(query, "{separator}{}={text}", specification.key);
            }
        }
        query
    }

    /// The canonical text of one value.
    #[must_use]
    pub fn text(&self, parameter: Parameter) -> String {
        parameter.specification().write(self.steps(parameter))
    }
}

impl Specification {
    /// The canonical text of a value held in steps.
    #[must_use]
    pub fn write(&self, steps: i64) -> String {
        match self.kind {
            Kind::Number { decimals: 0, .. } => steps.to_string(),
            Kind::Number { decimals, .. } => {
                let text = format!("{:.*}", decimals as usize, steps as f64 / scale(decimals));
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            Kind::Seed => (steps as u64).to_string(),
            Kind::Date { .. } => date_of(steps).to_string(),
            Kind::Choice(options) => usize::try_from(steps)
                .ok()
                .and_then(|index| options.get(index))
                .map_or_else(String::new, |(key, _)| (*key).to_owned()),
        }
    }

    /// Reads a value's text into steps.
    ///
    /// # Errors
    /// The reason why the text is no value of this parameter.
    pub fn read(&self, text: &str) -> Result<i64, Reason> {
        let unreadable = |expected: String| Reason::Unreadable { expected };
        let steps = match self.kind {
            Kind::Number { decimals, .. } => {
                let number: f64 = text
                    .parse()
                    .ok()
                    .filter(|number: &f64| number.is_finite())
                    .ok_or_else(|| unreadable("a number".to_owned()))?;
                let steps = number * scale(decimals);
                // Rounding would make another scenario than the one asked for. The allowance is
                // for what a decimal fraction loses as a float.
                if (steps - steps.round()).abs() > 1e-6 {
                    return Err(unreadable(match decimals {
                        0 => "a whole number".to_owned(),
                        1 => "a number with at most 1 digit after the point".to_owned(),
                        _ => format!("a number with at most {decimals} digits after the point"),
                    }));
                }
                // A float beyond i64 saturates, and then lies outside the range.
                steps.round() as i64
            }
            Kind::Seed => text.parse::<u64>().map_err(|_| {
                unreadable("a whole number from 0 to 18446744073709551615".to_owned())
            })? as i64,
            Kind::Date { .. } => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map_err(|_| unreadable("a date such as 2025-12-31".to_owned()))?
                .signed_duration_since(NaiveDate::default())
                .num_days(),
            Kind::Choice(options) => options
                .iter()
                .position(|(key, _)| key.eq_ignore_ascii_case(text))
                .ok_or_else(|| {
                    let keys: Vec<&str> = options.iter().map(|(key, _)| *key).collect();
                    unreadable(format!("one of {}", keys.join(", ")))
                })? as i64,
        };
        if self.allows(steps) {
            Ok(steps)
        } else {
            Err(Reason::OutOfRange {
                range: self.range().unwrap_or_default(),
            })
        }
    }

    /// The range as text ("0 to 30"); `None` for a seed or a choice.
    #[must_use]
    pub fn range(&self) -> Option<String> {
        match self.kind {
            Kind::Number { min, max, .. } | Kind::Date { min, max } => {
                Some(format!("{} to {}", self.write(min), self.write(max)))
            }
            Kind::Seed | Kind::Choice(_) => None,
        }
    }
}

fn preset_of(pairs: &[(String, String)], notices: &mut Vec<Notice>) -> Preset {
    let mut chosen = None;
    for (key, given) in pairs.iter().filter(|(key, _)| key == "preset") {
        match (chosen, Preset::from_key(&given.trim().to_lowercase())) {
            (None, Some(preset)) => chosen = Some(preset),
            (None, None) => {
                let keys: Vec<&str> = Preset::ALL.iter().map(|preset| preset.key()).collect();
                let expected = format!("one of {}", keys.join(", "));
                let used = Preset::default().key().to_owned();
                notices.push(notice(key, given, Reason::Unreadable { expected }, used));
            }
            (Some(preset), _) => {
                notices.push(notice(
                    key,
                    given,
                    Reason::Repeated,
                    preset.key().to_owned(),
                ));
            }
        }
    }
    chosen.unwrap_or_default()
}

fn notice(key: &str, given: &str, reason: Reason, used: String) -> Notice {
    Notice::new(key, given, reason, used)
}
