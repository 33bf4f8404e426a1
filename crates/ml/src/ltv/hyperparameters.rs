//! What can be set of the LTV model.

use crate::boosting::settings::{
    self, BoostingSettings, Choice, DEPTH, DRAW, LEARNING_RATE, PENALTY, ROW_SHARE,
};
use crate::boosting::{Boosting, Loss};
use crate::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    help: "Training stops earlier when the folds no longer improve.",
    default: 500.0,
    ..settings::TREES
};
const PATIENCE: Setting = Setting {
    help: "Trees without improvement on a fold before training stops.",
    ..settings::PATIENCE
};
const COVERAGE: Setting = Setting {
    key: "coverage",
    label: "Interval coverage target",
    help: "Share of users whose revenue should lie within their interval.",
    default: 0.9,
    min: 0.5,
    max: 0.99,
    step: 0.01,
};

/// Everything that can be set.
pub(super) const SETTINGS: &[Setting] = &[
    TREES,
    LEARNING_RATE,
    DEPTH,
    PENALTY,
    ROW_SHARE,
    PATIENCE,
    COVERAGE,
    DRAW,
];

const BOOSTING: BoostingSettings = BoostingSettings {
    loss: Loss::Squared,
    trees: TREES,
    learning_rate: LEARNING_RATE,
    penalty: PENALTY,
    least_leaf: Choice::Fixed(5.0),
    column_share: Choice::Fixed(0.7),
    patience: PATIENCE,
};

/// Hyperparameters as they were asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hyperparameters(pub Settings);

/// Hyperparameters within their ranges, with a seed; only they can be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    pub(super) boosting: Boosting,
    pub(super) coverage: f64,
}

impl Hyperparameters {
    /// Checks every value against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for the first value out of its range.
    pub fn check(&self, seed: u64) -> Result<Checked, LearnError> {
        Ok(Checked {
            boosting: BOOSTING.check(&self.0, seed)?,
            coverage: self.0.checked(&COVERAGE)?,
        })
    }
}
