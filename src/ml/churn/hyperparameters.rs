//! What can be set of the churn model.

use crate::ml::boosting::{Boosting, DRAW, Loss};
use crate::ml::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    key: "trees",
    label: "Trees, at most",
    help: "Growing stops earlier when the validation part no longer gains.",
    default: 600.0,
    min: 1.0,
    max: 2_000.0,
    step: 1.0,
};
const LEARNING_RATE: Setting = Setting {
    key: "learning_rate",
    label: "Learning rate",
    help: "How much of each tree counts; smaller is slower and steadier.",
    default: 0.04,
    min: 0.005,
    max: 0.5,
    step: 0.005,
};
const DEPTH: Setting = Setting {
    key: "depth",
    label: "Depth of a tree",
    help: "How many features can act together.",
    default: 3.0,
    min: 1.0,
    max: 8.0,
    step: 1.0,
};
const PENALTY: Setting = Setting {
    key: "penalty",
    label: "Penalty on leaf weights",
    help: "L2: larger values pull small leaves to nothing.",
    default: 8.0,
    min: 0.0,
    max: 100.0,
    step: 1.0,
};
const LEAST_LEAF: Setting = Setting {
    key: "least_leaf",
    label: "Least weight of a leaf",
    help: "Sum of p (1 − p) that a leaf needs; keeps leaves from single customers.",
    default: 4.0,
    min: 0.0,
    max: 100.0,
    step: 1.0,
};
const ROW_SHARE: Setting = Setting {
    key: "row_share",
    label: "Rows a tree sees",
    help: "Share of the rows, drawn anew for each tree.",
    default: 0.7,
    min: 0.1,
    max: 1.0,
    step: 0.05,
};
const COLUMN_SHARE: Setting = Setting {
    key: "column_share",
    label: "Features a tree sees",
    help: "Share of the features, drawn anew for each tree.",
    default: 0.5,
    min: 0.1,
    max: 1.0,
    step: 0.05,
};
const PATIENCE: Setting = Setting {
    key: "patience",
    label: "Patience",
    help: "Trees without gain on the validation part after which growing stops.",
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
