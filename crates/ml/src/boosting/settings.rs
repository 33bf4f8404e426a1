//! What can be set of boosted trees. Models differ in some defaults and words, and in what they leave open.

use super::{Boosting, Loss};
use crate::{LearnError, Setting, Settings};

/// Trees at most.
pub(crate) const TREES: Setting = Setting {
    key: "trees",
    label: "Maximum trees",
    help: "Training stops earlier when the score no longer improves.",
    default: 500.0,
    min: 1.0,
    max: 2_000.0,
    step: 1.0,
};
/// How much each tree counts.
pub(crate) const LEARNING_RATE: Setting = Setting {
    key: "learning_rate",
    label: "Learning rate",
    help: "Weight of each tree. Smaller is slower and more stable.",
    default: 0.05,
    min: 0.005,
    max: 0.5,
    step: 0.005,
};
/// How deep trees are.
pub(crate) const DEPTH: Setting = Setting {
    key: "depth",
    label: "Tree depth",
    help: "How many features can interact.",
    default: 3.0,
    min: 1.0,
    max: 8.0,
    step: 1.0,
};
/// L2 penalty on leaf weights.
pub(crate) const PENALTY: Setting = Setting {
    key: "penalty",
    label: "L2 regularisation",
    help: "Larger values shrink small leaves towards zero.",
    default: 5.0,
    min: 0.0,
    max: 100.0,
    step: 1.0,
};
/// Share of rows that a tree sees.
pub(crate) const ROW_SHARE: Setting = Setting {
    key: "row_share",
    label: "Row subsample",
    help: "Share of rows drawn for each tree.",
    default: 0.7,
    min: 0.1,
    max: 1.0,
    step: 0.05,
};
/// Trees that may bring nothing.
pub(crate) const PATIENCE: Setting = Setting {
    key: "patience",
    label: "Patience",
    help: "Trees without improvement before training stops.",
    default: 60.0,
    min: 1.0,
    max: 500.0,
    step: 1.0,
};
/// Which rows and features trees see, among all draws of as many: tells how much of a score is luck.
pub(crate) const DRAW: Setting = Setting {
    key: "draw",
    label: "Draw",
    help: "A different seed gives each tree other rows and features. It shows how much of the score is luck.",
    default: 0.0,
    min: 0.0,
    max: 999.0,
    step: 1.0,
};

/// A value that a model fixes or leaves open.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice {
    Fixed(f64),
    Open(Setting),
}

/// What a model says of its trees.
#[derive(Debug)]
pub(crate) struct BoostingSettings {
    pub(crate) loss: Loss,
    pub(crate) trees: Setting,
    pub(crate) learning_rate: Setting,
    pub(crate) penalty: Setting,
    pub(crate) least_leaf: Choice,
    pub(crate) column_share: Choice,
    pub(crate) patience: Setting,
}

impl BoostingSettings {
    /// How trees are grown, every value checked against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for the first value out of its range.
    pub(crate) fn check(&self, asked: &Settings, seed: u64) -> Result<Boosting, LearnError> {
        let value = |setting: &Setting| asked.checked(setting);
        let chosen = |choice: &Choice| match choice {
            Choice::Fixed(value) => Ok(*value),
            Choice::Open(setting) => value(setting),
        };
        Ok(Boosting {
            loss: self.loss,
            trees: value(&self.trees)? as usize,
            learning_rate: value(&self.learning_rate)?,
            depth: value(&DEPTH)? as usize,
            penalty: value(&self.penalty)?,
            least_leaf: chosen(&self.least_leaf)?,
            row_share: value(&ROW_SHARE)?,
            column_share: chosen(&self.column_share)?,
            patience: value(&self.patience)? as usize,
            seed: seed ^ ((value(&DRAW)? as u64) << 32),
        })
    }
}
