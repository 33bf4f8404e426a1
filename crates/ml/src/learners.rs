//! Every model's learner, and what a task becomes with it.

use super::{
    LearnError, Learned, Learner, Model, Report, Task, anomalies, churn, forecast, ltv, segments,
};

/// Every learner of this build, in the order of [`Model::ALL`].
pub const LEARNERS: &[Learner] = &[
    churn::LEARNER,
    ltv::LEARNER,
    segments::LEARNER,
    anomalies::LEARNER,
    forecast::LEARNER,
];

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

impl Model {
    /// What it reads, writes and does; `None` when this build has no such learner.
    #[must_use]
    pub fn learner(self) -> Option<&'static Learner> {
        LEARNERS.iter().find(|learner| learner.model == self)
    }
}
