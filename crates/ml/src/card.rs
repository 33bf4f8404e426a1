//! A model card: what a model was fitted on and how well it does on what it did not see.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Model, Setting, Settings, anomalies, churn, forecast, ltv, segments};

/// Everything the page, the dashboards and the Truth page show of a model; downloaded as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Which model.
    pub model: Model,
    /// What it answers, as a question.
    pub question: String,
    /// The algorithm, in a sentence.
    pub method: String,
    /// How the data was split, in a sentence.
    pub split: String,
    /// The parts of the data.
    pub parts: Vec<Part>,
    /// The seed behind every random choice.
    pub seed: u64,
    /// The hyperparameters it was fitted with, defaults filled in.
    pub settings: Settings,
    /// Its scores, the most telling one first.
    pub scores: Vec<Score>,
    /// The features it uses, by importance.
    pub importances: Vec<Importance>,
    /// What it can't do, and what to keep in mind: whole sentences.
    pub limits: Vec<String>,
    /// The curves and tables behind the scores.
    pub evidence: Evidence,
}

impl Card {
    /// The score of a key.
    #[must_use]
    pub fn score(&self, key: &str) -> Option<&Score> {
        self.scores.iter().find(|score| score.key == key)
    }
}

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

/// How much a model makes of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The feature's column.
    pub feature: String,
    /// Its share of all that the features explain, 0 to 1.
    pub share: f64,
}

/// What stands behind the scores, model by model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Of [`Model::Churn`].
    Churn(churn::Evaluation),
    /// Of [`Model::Ltv`].
    Ltv(ltv::Evaluation),
    /// Of [`Model::Segments`].
    Segments(segments::Evaluation),
    /// Of [`Model::Anomalies`].
    Anomalies(anomalies::Evaluation),
    /// Of [`Model::Forecast`].
    Forecast(forecast::Evaluation),
}

/// The values a model was fitted with, defaults filled in.
pub(super) fn settings_of(declared: &[Setting], asked: &Settings) -> Settings {
    Settings(
        declared
            .iter()
            .map(|setting| (setting.key.to_owned(), asked.value(setting)))
            .collect(),
    )
}

/// The first and the last of some days, ISO.
pub(super) fn days_of(days: impl Iterator<Item = i32> + Clone) -> Option<[String; 2]> {
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
