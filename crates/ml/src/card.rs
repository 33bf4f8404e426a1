//! A model card: what a model was fitted on and how well it does on what it did not see.

mod parts;

use serde::{Deserialize, Serialize};

use super::{Model, Settings, anomalies, churn, forecast, ltv, segments};

pub use parts::{Importance, Part, Score};

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
