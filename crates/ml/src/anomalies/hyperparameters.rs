//! What can be chosen about anomalies.

use crate::{LearnError, Setting, Settings};

const TREES: Setting = Setting {
    key: "trees",
    label: "Trees",
    help: "Trees in the forest. More trees give more stable scores.",
    default: 200.0,
    min: 10.0,
    max: 1_000.0,
    step: 10.0,
};
const SAMPLE: Setting = Setting {
    key: "sample",
    label: "Days per tree",
    help: "Usual days are alike in most residuals, so a tree can tell an odd day only if it sees one. More days than there are means all.",
    default: 2_048.0,
    min: 16.0,
    max: 2_048.0,
    step: 16.0,
};
const LEAST_SCORE: Setting = Setting {
    key: "least_score",
    label: "Minimum anomaly score",
    help: "Days below it are never flagged. Days above it are split at the largest gap between scores, and the upper group is flagged. A typical day scores 0.5.",
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
