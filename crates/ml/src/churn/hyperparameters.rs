//! What can be set of the churn model.

use crate::boosting::{Boosting, DRAW, Loss};
use crate::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    key: "trees",
    label: "Maximum trees",
    help: "Training stops earlier when the validation score no longer improves.",
    default: 600.0,
    min: 1.0,
    max: 2_000.0,
    step: 1.0,
};
const LEARNING_RATE: Setting = Setting {
    key: "learning_rate",
    label: "Learning rate",
    help: "Weight of each tree. Smaller is slower and more stable.",
    default: 0.04,
    min: 0.005,
    max: 0.5,
    step: 0.005,
};
const DEPTH: Setting = Setting {
    key: "depth",
    label: "Tree depth",
    help: "How many features can interact.",
    default: 3.0,
    min: 1.0,
    max: 8.0,
    step: 1.0,
};
const PENALTY: Setting = Setting {
    key: "penalty",
    label: "L2 regularisation",
    help: "Larger values shrink small leaves towards zero.",
    default: 8.0,
    min: 0.0,
    max: 100.0,
    step: 1.0,
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
const ROW_SHARE: Setting = Setting {
    key: "row_share",
    label: "Row subsample",
    help: "Share of rows drawn for each tree.",
    default: 0.7,
    min: 0.1,
    max: 1.0,
    step: 0.05,
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
const PATIENCE: Setting = Setting {
    key: "patience",
    label: "Patience",
    help: "Trees without improvement before training stops.",
    default: 60.0,
    min: 1.0,
    max: 500.0,
    step: 1.0,
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
        let value = |setting: &Setting| self.0.checked(setting);
        Ok(Checked {
            boosting: Boosting {
                loss: Loss::Logistic,
                trees: value(&TREES)? as usize,
                learning_rate: value(&LEARNING_RATE)?,
                depth: value(&DEPTH)? as usize,
                penalty: value(&PENALTY)?,
                least_leaf: value(&LEAST_LEAF)?,
                row_share: value(&ROW_SHARE)?,
                column_share: value(&COLUMN_SHARE)?,
                patience: value(&PATIENCE)? as usize,
                seed: seed ^ ((value(&DRAW)? as u64) << 32),
            },
        })
    }
}
