//! What a page's figures are limited to: a range of days and some of the users.
//!
//! Filters live in the URL and are read like everything there: untrusted. SQL is only ever made
//! from the fixed words of [`Dimension::values`] and from dates.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value;

use crate::generation::vocabulary::{COMPANY_SIZES, COUNTRY_CODES};
use crate::parameters::{CHANNELS, Notice, Reason};
use crate::warehouse::{between_sql, is_one_of_sql};

mod comparison;

pub use comparison::{Basis, WINDOW_DAYS};

/// URL keys that hold filters, in the order they are written.
pub const FILTER_KEYS: &[&str] = &[
    "range", "from", "to", "compare", "plan", "channel", "country", "size", "segment",
];

/// Plans a user can be on at `as_of`; who pays for none is on `free`.
const USER_PLANS: &[&str] = &["free", "starter", "professional", "enterprise"];
/// Segments of `marts.dim_users`, by engagement score.
const SEGMENTS: &[&str] = &["power", "regular", "casual", "inactive"];

/// A property of users that figures can be limited by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The plan of what is counted: of the month, of the signup … (decision 0150).
    Plan,
    /// The channel of the signup.
    Channel,
    /// The country of the signup.
    Country,
    /// Employees of the user's company.
    Size,
    /// How much the user does: power, regular, casual, inactive.
    Segment,
}

impl Dimension {
    /// All dimensions, in the order they are shown.
    pub const ALL: [Self; 5] = [
        Self::Plan,
        Self::Channel,
        Self::Country,
        Self::Size,
        Self::Segment,
    ];

    /// Its URL key; also its column in the serving layer.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Channel => "channel",
            Self::Country => "country",
            Self::Size => "size",
            Self::Segment => "segment",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Plan => "Plan",
            Self::Channel => "Channel",
            Self::Country => "Country",
            Self::Size => "Company size",
            Self::Segment => "Segment",
        }
    }

    /// Every value there is, as spelled in the data.
    #[must_use]
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Plan => USER_PLANS,
            Self::Channel => &CHANNELS,
            Self::Country => COUNTRY_CODES,
            Self::Size => COMPANY_SIZES,
            Self::Segment => SEGMENTS,
        }
    }

    /// The known value that reads `text`, in whatever case; `+` may have been lost on the way.
    fn value(self, text: &str) -> Option<&'static str> {
        let plain = |text: &str| text.trim().trim_end_matches('+').to_lowercase();
        let mut values = self.values().iter().copied();
        values.find(|value| plain(value) == plain(text) && !text.trim().is_empty())
    }
}

/// A range of days, before it is known which days there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// The last 30 days.
    Last30Days,
    /// The last 90 days.
    Last90Days,
    /// The last month and the two before it.
    Last3Months,
    /// The last month and the five before it.
    Last6Months,
    /// The last month and the eleven before it.
    #[default]
    Last12Months,
    /// From 1 January of the last year.
    YearToDate,
    /// All days there are.
    All,
    /// Days of the reader's own choice, both included.
    Custom(NaiveDate, NaiveDate),
}

impl Range {
    /// The ranges one click away.
    pub const PRESETS: [Self; 7] = [
        Self::Last30Days,
        Self::Last90Days,
        Self::Last3Months,
        Self::Last6Months,
        Self::Last12Months,
        Self::YearToDate,
        Self::All,
    ];

    /// Its value of the URL key `range`; `None` for days of the reader's own choice.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::Last30Days => Some("30d"),
            Self::Last90Days => Some("90d"),
            Self::Last3Months => Some("3m"),
            Self::Last6Months => Some("6m"),
            Self::Last12Months => Some("12m"),
            Self::YearToDate => Some("ytd"),
            Self::All => Some("all"),
            Self::Custom(..) => None,
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Last30Days => "Last 30 days",
            Self::Last90Days => "Last 90 days",
            Self::Last3Months => "Last 3 months",
            Self::Last6Months => "Last 6 months",
            Self::Last12Months => "Last 12 months",
            Self::YearToDate => "Year to date",
            Self::All => "All time",
            Self::Custom(..) => "Custom range",
        }
    }

    /// Its days in a sentence that says what is used.
    const fn words(self) -> &'static str {
        match self {
            Self::Last30Days => "the last 30 days",
            Self::Last90Days => "the last 90 days",
            Self::Last3Months => "the last 3 months",
            Self::Last6Months => "the last 6 months",
            Self::Last12Months => "the last 12 months",
            Self::YearToDate => "the days since 1 January",
            Self::All => "all days",
            Self::Custom(..) => "the days chosen",
        }
    }

    /// Its first and last day in a history.
    fn days(self, starts_on: NaiveDate, as_of: NaiveDate) -> (NaiveDate, NaiveDate) {
        let back = |days| as_of.checked_sub_days(Days::new(days)).unwrap_or(starts_on);
        let months = |before: u32| {
            let first = first_of_month(as_of).checked_sub_months(Months::new(before));
            first.unwrap_or(starts_on)
        };
        let from = match self {
            Self::Last30Days => back(29),
            Self::Last90Days => back(89),
            Self::Last3Months => months(2),
            Self::Last6Months => months(5),
            Self::Last12Months => months(11),
            Self::YearToDate => NaiveDate::from_ymd_opt(as_of.year(), 1, 1).unwrap_or(starts_on),
            Self::All => starts_on,
            Self::Custom(from, to) => {
                let to = to.clamp(starts_on, as_of);
                return (from.clamp(starts_on, to), to);
            }
        };
        (from.max(starts_on), as_of)
    }
}

/// What a page's figures are limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// First day, included.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
    /// Where the two days come from.
    pub range: Range,
    /// Whether figures are set against the period before, of as many days.
    pub compare: bool,
    /// Whether that period has the same weekdays, too; acts only with `compare`.
    pub same_weekdays: bool,
    /// First day of the history.
    starts_on: NaiveDate,
    /// Last day of the history.
    as_of: NaiveDate,
    /// What is chosen of each dimension, in the order of its values; empty means everyone.
    chosen: [Vec<&'static str>; 5],
    /// Values of the project's vars that the reader set: statements name them as models do.
    vars: BTreeMap<String, Value>,
}

impl Filters {
    /// Everyone, in the last twelve months of a history.
    #[must_use]
    pub fn new(starts_on: NaiveDate, as_of: NaiveDate) -> Self {
        let range = Range::default();
        let (from, to) = range.days(starts_on, as_of);
        Self {
            from,
            to,
            range,
            compare: false,
            same_weekdays: false,
            starts_on,
            as_of,
            chosen: Default::default(),
            vars: BTreeMap::new(),
        }
    }

    /// Reads a URL query (with or without its `?`), for a history.
    ///
    /// Never fails: a bad value is dropped, and a [`Notice`] says which and why.
    #[must_use]
    pub fn from_query(query: &str, starts_on: NaiveDate, as_of: NaiveDate) -> (Self, Vec<Notice>) {
        let mut filters = Self::new(starts_on, as_of);
        let mut notices = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        let (mut from, mut to) = (None, None);
        for (key, given) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            if !FILTER_KEYS.contains(&key.as_ref()) {
                continue;
            }
            if seen.iter().any(|other| *other == key) {
                notices.push(Notice::new(&key, &given, Reason::Repeated, "the first"));
                continue;
            }
            seen.push(key.to_string());
            let mut drop = |expected: &str, used: &str| {
                let expected = expected.to_owned();
                notices.push(Notice::new(
                    &key,
                    &given,
                    Reason::Unreadable { expected },
                    used,
                ));
            };
            let word = given.trim().to_lowercase();
            match key.as_ref() {
                "range" => {
                    let named = |range: &Range| range.key() == Some(word.as_str());
                    match Range::PRESETS.into_iter().find(named) {
                        Some(range) => filters.range = range,
                        None => drop(
                            "one of 30d, 90d, 3m, 6m, 12m, ytd, all",
                            Range::default().words(),
                        ),
                    }
                }
                "from" | "to" => match NaiveDate::parse_from_str(&word, "%Y-%m-%d") {
                    Ok(day) if key == "from" => from = Some(day),
                    Ok(day) => to = Some(day),
                    Err(_) if key == "from" => drop("a date such as 2025-12-31", "the first day"),
                    Err(_) => drop("a date such as 2025-12-31", "the last day"),
                },
                "compare" => match word.as_str() {
                    "previous" => filters.compare = true,
                    "weekdays" => (filters.compare, filters.same_weekdays) = (true, true),
                    _ => drop("“previous” or “weekdays”", "no comparison"),
                },
                _ => {
                    let dimension = Dimension::ALL.into_iter().find(|one| one.key() == key);
                    if let Some(dimension) = dimension {
                        let mut unknown = Vec::new();
                        for text in given.split(',') {
                            match dimension.value(text) {
                                Some(value) => filters.add(dimension, value),
                                None => unknown.push(text.trim()),
                            }
                        }
                        if !unknown.is_empty() {
                            let expected = format!("one of {}", dimension.values().join(", "));
                            let used = match filters.values(dimension) {
                                [] => "everyone".to_owned(),
                                some => some.join(", "),
                            };
                            let reason = Reason::Unreadable { expected };
                            notices.push(Notice::new(&key, &unknown.join(", "), reason, used));
                        }
                    }
                }
            }
        }
        let usual = filters.range;
        if from.is_none() && to.is_none() {
            // Days that cannot be read leave the range as it is.
            let of_days = |notice: &&mut Notice| ["from", "to"].contains(&notice.key.as_str());
            for notice in notices.iter_mut().filter(of_days) {
                usual.words().clone_into(&mut notice.used);
            }
        } else {
            let days = (from.unwrap_or(starts_on), to.unwrap_or(as_of));
            let range = format!("{starts_on} to {as_of}");
            let mut tell = |key: &str, given: String, reason: Reason, used: String| {
                notices.push(Notice::new(key, &given, reason, used));
            };
            if let (Some(from), Some(to)) = (from, to)
                && from > to
            {
                let reason = Reason::Reversed { last: to };
                tell("from", from.to_string(), reason, usual.words().to_owned());
            } else if days.0 > as_of || days.1 < starts_on {
                let given = format!("{} to {}", days.0, days.1);
                let reason = Reason::OutOfRange { range };
                tell("from", given, reason, usual.words().to_owned());
            } else {
                for (key, day, end) in [("from", from, starts_on), ("to", to, as_of)] {
                    let is_beyond = match key {
                        "from" => days.0 < starts_on,
                        _ => days.1 > as_of,
                    };
                    if let (Some(day), true) = (day, is_beyond) {
                        let range = range.clone();
                        let reason = Reason::OutOfRange { range };
                        tell(key, day.to_string(), reason, end.to_string());
                    }
                }
                if let Some(range) = usual
                    .key()
                    .filter(|_| seen.iter().any(|key| key == "range"))
                {
                    let days = [("from", from), ("to", to)];
                    let days = days.map(|(key, day)| day.map(|day| format!("{key} = {day}")));
                    let by = days.into_iter().flatten().collect::<Vec<_>>().join(" and ");
                    let reason = Reason::Excluded { by };
                    tell("range", range.to_owned(), reason, String::new());
                }
                filters.range = Range::Custom(days.0, days.1);
            }
        }
        (filters.at(starts_on, as_of), notices)
    }

    /// The same choice in another history.
    #[must_use]
    pub fn at(mut self, starts_on: NaiveDate, as_of: NaiveDate) -> Self {
        (self.starts_on, self.as_of) = (starts_on, as_of);
        (self.from, self.to) = self.range.days(starts_on, as_of);
        self
    }

    /// The same over models that were built with these values of vars; vars that are not named have the
    /// project's own.
    #[must_use]
    pub fn with_vars(mut self, vars: BTreeMap<String, Value>) -> Self {
        self.vars = vars;
        self
    }

    /// Values of the project's vars that the reader set.
    #[must_use]
    pub const fn vars(&self) -> &BTreeMap<String, Value> {
        &self.vars
    }

    /// The filters as pairs for the URL; what is usual is left out.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        match self.range {
            Range::Custom(..) => {
                pairs.push(("from", self.from.to_string()));
                pairs.push(("to", self.to.to_string()));
            }
            range if range != Range::default() => {
                pairs.push(("range", range.key().unwrap_or_default().to_owned()));
            }
            _ => {}
        }
        if self.compare {
            let kind = if self.same_weekdays {
                "weekdays"
            } else {
                "previous"
            };
            pairs.push(("compare", kind.to_owned()));
        }
        for dimension in Dimension::ALL {
            let values = self.values(dimension);
            if !values.is_empty() {
                let values: Vec<&str> = values
                    .iter()
                    .map(|value| value.trim_end_matches('+'))
                    .collect();
                pairs.push((dimension.key(), values.join(",")));
            }
        }
        pairs
    }

    /// What is chosen of a dimension, in the order of its values; empty means everyone.
    #[must_use]
    pub fn values(&self, dimension: Dimension) -> &[&'static str] {
        &self.chosen[dimension as usize]
    }

    /// Whether only some users are meant.
    #[must_use]
    pub fn has_users(&self) -> bool {
        self.chosen.iter().any(|values| !values.is_empty())
    }

    /// Whether nothing was chosen at all.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        !self.has_users() && !self.compare && self.range == Range::default()
    }

    /// The same with another range.
    #[must_use]
    pub fn with_range(mut self, range: Range) -> Self {
        self.range = range;
        let (starts_on, as_of) = (self.starts_on, self.as_of);
        self.at(starts_on, as_of)
    }

    /// The same with days of the reader's own choice; an order the wrong way round is mended.
    #[must_use]
    pub fn with_days(self, from: NaiveDate, to: NaiveDate) -> Self {
        self.with_range(Range::Custom(from.min(to), from.max(to)))
    }

    /// The same with a value of a dimension chosen, or no longer chosen.
    #[must_use]
    pub fn toggled(mut self, dimension: Dimension, value: &str) -> Self {
        let Some(value) = dimension.value(value) else {
            return self;
        };
        let chosen = &mut self.chosen[dimension as usize];
        if chosen.contains(&value) {
            chosen.retain(|other| *other != value);
        } else {
            self.add(dimension, value);
        }
        self
    }

    /// The same with exactly one value of a dimension chosen; what a click on a mark does.
    #[must_use]
    pub fn with_only(mut self, dimension: Dimension, value: &str) -> Self {
        if let Some(value) = dimension.value(value) {
            self.chosen[dimension as usize] = vec![value];
        }
        self
    }

    /// The same with everyone of a dimension.
    #[must_use]
    pub fn without(mut self, dimension: Dimension) -> Self {
        self.chosen[dimension as usize].clear();
        self
    }

    /// Everyone, in the usual range, compared with nothing.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self::new(self.starts_on, self.as_of)
    }

    /// First day of the history.
    #[must_use]
    pub const fn starts_on(&self) -> NaiveDate {
        self.starts_on
    }

    /// Last day of the history.
    #[must_use]
    pub const fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The first day of the month that `from` lies in.
    #[must_use]
    pub fn first_month(&self) -> NaiveDate {
        first_of_month(self.from)
    }

    /// The first day of the month that `to` lies in.
    #[must_use]
    pub fn last_month(&self) -> NaiveDate {
        first_of_month(self.to)
    }

    /// Days of the range.
    #[must_use]
    pub fn count_days(&self) -> u64 {
        (self.to - self.from).num_days().unsigned_abs() + 1
    }

    /// Months the range touches.
    #[must_use]
    pub fn months(&self) -> u32 {
        let (first, last) = (self.first_month(), self.last_month());
        let months =
            (last.year() - first.year()) * 12 + last.month0() as i32 - first.month0() as i32;
        months.unsigned_abs() + 1
    }

    /// SQL: the days of `column` that lie in the range.
    #[must_use]
    pub fn days_sql(&self, column: &str) -> String {
        between_sql(column, self.from, self.to)
    }

    /// SQL: the months of `column` (their first days) that the range touches.
    #[must_use]
    pub fn months_sql(&self, column: &str) -> String {
        between_sql(column, self.first_month(), self.last_month())
    }

    /// SQL: the users meant, by the columns `plan, channel, country, size, segment` of `alias`
    /// (the serving layer has them); `true` for everyone.
    #[must_use]
    pub fn users_sql(&self, alias: &str) -> String {
        self.users_sql_of(alias, &Dimension::ALL)
    }

    /// SQL: the users meant, going by some dimensions only; `true` for everyone.
    #[must_use]
    pub fn users_sql_of(&self, alias: &str, dimensions: &[Dimension]) -> String {
        self.chosen(alias, dimensions, Dimension::key)
    }

    /// SQL: the signups meant, going by some dimensions only; `true` for everyone. The plan is the one
    /// chosen at signup (`srv_users` has it): people who never paid have none today.
    #[must_use]
    pub fn signups_sql(&self, alias: &str, dimensions: &[Dimension]) -> String {
        self.chosen(alias, dimensions, |dimension| match dimension {
            Dimension::Plan => "signup_plan",
            other => other.key(),
        })
    }

    fn chosen(
        &self,
        alias: &str,
        dimensions: &[Dimension],
        column: impl Fn(Dimension) -> &'static str,
    ) -> String {
        let conditions: Vec<String> = dimensions
            .iter()
            .filter_map(|one| self.condition(*one, &format!("{alias}.{}", column(*one))))
            .collect();
        if conditions.is_empty() {
            "true".to_owned()
        } else {
            conditions.join(" and ")
        }
    }

    /// SQL: that `column` of the serving layer holds one of a dimension's chosen values; `None` for everyone.
    #[must_use]
    pub fn condition(&self, dimension: Dimension, column: &str) -> Option<String> {
        is_one_of_sql(column, self.values(dimension), dimension.values())
    }

    /// A short text for file names: `2025-01-01_2025-12-31_plan-starter-enterprise`.
    #[must_use]
    pub fn slug(&self) -> String {
        let mut slug = format!("{}_{}", self.from, self.to);
        for dimension in Dimension::ALL {
            let values = self.values(dimension);
            if !values.is_empty() {
                let values = values.join("-").replace('+', "-up").replace('_', "-");
                slug.push_str(&format!("_{}-{values}", dimension.key()));
            }
        }
        if self.compare {
            slug.push_str("_compared");
        }
        slug
    }

    fn add(&mut self, dimension: Dimension, value: &'static str) {
        let chosen = &mut self.chosen[dimension as usize];
        if !chosen.contains(&value) {
            chosen.push(value);
            let all = dimension.values();
            chosen.sort_by_key(|value| all.iter().position(|other| other == value));
        }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests;
