//! What can be set of the churn model.

use crate::boosting::settings::{self, BoostingSettings, Choice, DEPTH, DRAW, PATIENCE, ROW_SHARE};
use crate::boosting::{Boosting, Loss};
use crate::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    help: "Training stops earlier when the validation score no longer improves.",
    default: 600.0,
    ..settings::TREES
};
const LEARNING_RATE: Setting = Setting {
    default: 0.04,
    ..settings::LEARNING_RATE
};
const PENALTY: Setting = Setting {
    default: 8.0,
    ..settings::PENALTY
};
const LEAST_LEAF: Setting = Setting {
    key: "least_leaf",
    label: "Minimum leaf weight",
    help: "Minimum sum of p (1 − p) in a leaf. It prevents leaves of single customers.",
    default: 4.0,
    min: 0.0,
    max: 100.0,
    step: 1.0,
};
const COLUMN_SHARE: Setting = Setting {
    key: "column_share",
    label: "Feature subsample",
    help: "Share of features drawn for each tree.",
    default: 0.5,
    min: 0.1,
    max: 1.0,
    step: 0.05,
};

/// Everything that can be set.
pub(super) const SETTINGS: &[Setting] = &[
    TREES,
    LEARNING_RATE,
    DEPTH,
    PENALTY,
    LEAST_LEAF,
    ROW_SHARE,
    COLUMN_SHARE,
    PATIENCE,
    DRAW,
];

const BOOSTING: BoostingSettings = BoostingSettings {
    loss: Loss::Logistic,
    trees: TREES,
    learning_rate: LEARNING_RATE,
    penalty: PENALTY,
    least_leaf: Choice::Open(LEAST_LEAF),
    column_share: Choice::Open(COLUMN_SHARE),
    patience: PATIENCE,
};

/// Hyperparameters as they were asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hyperparameters(pub Settings);

/// Hyperparameters within their ranges, with a seed; only they can be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    pub(super) boosting: Boosting,
}

impl Hyperparameters {
    /// Checks every value against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for the first value out of its range.
    pub fn check(&self, seed: u64) -> Result<Checked, LearnError> {
        Ok(Checked {
            boosting: BOOSTING.check(&self.0, seed)?,
        })
    }
}
