//! What can be chosen about anomalies.

use crate::ml::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    key: "trees",
    label: "Trees",
    help: "Trees in the forest; more make scores steadier.",
    default: 200.0,
    min: 10.0,
    max: 1_000.0,
    step: 10.0,
};
const SAMPLE: Setting = Setting {
    key: "sample",
    label: "Days a tree sees",
    help: "Few are enough, and odd days stand out more among few.",
    default: 256.0,
    min: 16.0,
    max: 2_048.0,
    step: 16.0,
};
const LEAST_SCORE: Setting = Setting {
    key: "least_score",
    label: "Least score of an anomaly",
    help: "Days below it are never called anomalous; those above are parted where their scores lie furthest apart, and the upper ones are called. One half is a usual day.",
    default: 0.5,
    min: 0.4,
    max: 0.95,
    step: 0.01,
};

/// What can be set.
pub(super) const SETTINGS: &[Setting] = &[TREES, SAMPLE, LEAST_SCORE];

/// Choices as they come from a form; [`Self::check`] makes them usable.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hyperparameters {
    /// Values by key, defaults left out.
    pub settings: Settings,
    /// Seed of the trees.
    pub seed: u64,
}

/// Choices that can be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// Trees.
    pub trees: usize,
    /// Days each tree sees.
    pub sample: usize,
    /// Score below which no day is called anomalous.
    pub least_score: f64,
    /// Seed of the trees.
    pub seed: u64,
}

impl Hyperparameters {
    /// Checks the choices.
    ///
    /// # Errors
    /// [`LearnError::Setting`] when one lies out of its range.
    pub fn check(&self) -> Result<Checked, LearnError> {
        let value = |setting: &Setting| self.settings.checked(setting);
        Ok(Checked {
            trees: value(&TREES)? as usize,
            sample: value(&SAMPLE)? as usize,
            least_score: value(&LEAST_SCORE)?,
            seed: self.seed,
        })
    }
}
