//! What all models have in common for those who run them.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use super::{
    Card, Frame, LearnError, Model, Setting, Settings, Table, anomalies, churn, forecast, ltv,
    segments,
};
use parameters::Scenario;

/// Every learner of this build, in the order of [`Model::ALL`].
pub const LEARNERS: &[Learner] = &[
    churn::LEARNER,
    ltv::LEARNER,
    segments::LEARNER,
    anomalies::LEARNER,
    forecast::LEARNER,
];

/// A model as whoever runs it sees it.
#[derive(Debug)]
pub struct Learner {
    /// Which one.
    pub model: Model,
    /// The statements whose rows it reads.
    pub inputs: &'static [Input],
    /// The tables it writes.
    pub tables: &'static [Table],
    /// What can be set.
    pub settings: &'static [Setting],
}

impl Learner {
    /// Fits, scores and predicts.
    ///
    /// A method, not a field: the page names every learner and calls none, so it need not carry the algorithms.
    ///
    /// # Errors
    /// [`LearnError`] when there is too little to learn from, or a hyperparameter is out of range.
    pub fn learn(&self, task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
        match self.model {
            Model::Churn => churn::learn(task, report),
            Model::Ltv => ltv::learn(task, report),
            Model::Segments => segments::learn(task, report),
            Model::Anomalies => anomalies::learn(task, report),
            Model::Forecast => forecast::learn(task, report),
        }
    }
}

/// One statement; the same text runs in the tab and on native DuckDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// The name under which the task holds its rows.
    pub name: &'static str,
    /// A reading statement with an ORDER BY that leaves no ties: rows that come in another order
    /// would be learned differently.
    pub sql: &'static str,
    /// Whether it is only read for the leakage lab.
    pub is_leaky: bool,
}

/// What to learn.
#[derive(Debug)]
pub struct Task {
    /// What the data was made from: its seed, its last day, its launches.
    pub scenario: Scenario,
    /// Hyperparameters, unchecked.
    pub settings: Settings,
    /// Whether features that know the future are let in, for the leakage lab.
    pub leaks: bool,
    /// The rows of each [`Input`], by its name.
    pub inputs: BTreeMap<String, Frame>,
}

impl Task {
    /// The rows of an input.
    ///
    /// # Errors
    /// [`LearnError::MissingInput`] when it was not handed over.
    pub fn input(&self, name: &str) -> Result<&Frame, LearnError> {
        self.inputs
            .get(name)
            .ok_or_else(|| LearnError::MissingInput {
                input: name.to_owned(),
            })
    }
}

/// How far a model has come.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// What it is doing ("Training trees").
    pub step: String,
    /// Parts done.
    pub done: u64,
    /// Parts there are.
    pub total: u64,
}

/// Is told how far a model has come.
pub type Report<'a> = dyn FnMut(Progress) + 'a;

/// What came of a task.
#[derive(Debug)]
pub struct Learned {
    /// Everything there is to say about the model.
    pub card: Card,
    /// New rows for each of [`Learner::tables`], in their order.
    pub tables: Vec<(&'static Table, RecordBatch)>,
}
