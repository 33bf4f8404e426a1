//! What the page and the learning worker say to each other.

use serde::{Deserialize, Serialize};

use crate::ml::{Card, Model, Progress, Settings};

/// From the page to the worker; buffer `i` of the message holds the Arrow IPC file of input `i`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningRequest {
    /// What to fit.
    pub model: Model,
    /// The scenario's canonical query.
    pub scenario: String,
    /// Hyperparameters, unchecked.
    pub settings: Settings,
    /// Whether leaky features are let in.
    pub leaks: bool,
    /// The names of the inputs.
    pub inputs: Vec<String>,
}

/// From the worker to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LearningResponse {
    /// The worker has started and listens.
    Ready,
    /// The model under way has come so far.
    Progress(Progress),
    /// Done; buffer `i` of the message holds table `i` as an Arrow IPC stream.
    Learned {
        /// What there is to say about the model.
        card: Box<Card>,
        /// The tables.
        tables: Vec<Written>,
    },
    /// The model could not be fitted.
    Failed {
        /// Why, in a sentence.
        message: String,
    },
}

/// Rows for a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The table with its schema ("ml.churn_predictions").
    pub table: String,
    /// Rows of the stream.
    pub rows: u64,
}
