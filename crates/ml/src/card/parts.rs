//! What a card is put together from.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// A part of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is for ("Training", "Hold-out").
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its first and last day, ISO.
    pub days: Option<[String; 2]>,
    /// Rows with the label, where there is one.
    pub positives: Option<u64>,
}

impl Part {
    /// A part of so many rows, of which nothing else is told.
    pub(crate) fn of(name: &str, rows: usize) -> Self {
        Self {
            name: name.to_owned(),
            rows: rows as u64,
            days: None,
            positives: None,
        }
    }

    /// A part of rows with a day each.
    pub(crate) fn of_days(name: &str, days: impl ExactSizeIterator<Item = i32> + Clone) -> Self {
        Self {
            days: days_of(days.clone()),
            ..Self::of(name, days.len())
        }
    }
}

/// The first and the last of some days, ISO.
fn days_of(days: impl Iterator<Item = i32> + Clone) -> Option<[String; 2]> {
    Some([iso(days.clone().min()?), iso(days.max()?)])
}

fn iso(day: i32) -> String {
    let offset = Days::new(u64::from(day.unsigned_abs()));
    let epoch = NaiveDate::default();
    let date = if day < 0 {
        epoch.checked_sub_days(offset)
    } else {
        epoch.checked_add_days(offset)
    };
    date.unwrap_or_default().to_string()
}

/// A score, beside what would come of nothing and of knowing all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Its name in JSON and test ids ("auc").
    pub key: String,
    /// Its name for readers.
    pub label: String,
    /// What it means, in a sentence.
    pub meaning: String,
    /// The value.
    pub value: f64,
    /// Its 95% interval, where there is a way to tell.
    pub interval: Option<[f64; 2]>,
    /// The same score of a simple method.
    pub baseline: Option<f64>,
    /// What the simple method is.
    pub baseline_name: Option<String>,
    /// The same score of an oracle that knows the planted values.
    pub oracle: Option<f64>,
    /// Whether more is better.
    pub is_more_better: bool,
    /// Whether it is written in percent.
    pub is_share: bool,
}

impl Score {
    /// A score of which more is better, that is no share and has nothing beside it.
    pub(crate) fn of(key: &str, label: &str, meaning: impl Into<String>, value: f64) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            meaning: meaning.into(),
            value,
            interval: None,
            baseline: None,
            baseline_name: None,
            oracle: None,
            is_more_better: true,
            is_share: false,
        }
    }
}

/// How much a model makes of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The feature's column.
    pub feature: String,
    /// Its share of all that the features explain, 0 to 1.
    pub share: f64,
}

impl Importance {
    /// Shares of what so many features explain, the largest first.
    pub(crate) fn shares(explained: Vec<(String, f64)>) -> Vec<Self> {
        let all: f64 = explained.iter().map(|(_, explained)| explained).sum();
        let all = all.max(f64::MIN_POSITIVE);
        let importance = |(feature, explained): (String, f64)| Self {
            feature,
            share: explained / all,
        };
        let mut importances: Vec<Self> = explained.into_iter().map(importance).collect();
        importances.sort_by(|first, second| second.share.total_cmp(&first.share));
        importances
    }
}
