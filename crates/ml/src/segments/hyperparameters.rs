//! What can be chosen about segments.

use crate::{LearnError, Setting, Settings};

const LEAST: Setting = Setting {
    key: "least_segments",
    label: "Minimum segments",
    help: "Smallest number of segments tried. The silhouette decides how many are kept.",
    default: 3.0,
    min: 2.0,
    max: 12.0,
    step: 1.0,
};
const MOST: Setting = Setting {
    key: "most_segments",
    label: "Maximum segments",
    help: "Largest number of segments tried. The same as the minimum fixes the number.",
    default: 8.0,
    min: 2.0,
    max: 12.0,
    step: 1.0,
};
const RESTARTS: Setting = Setting {
    key: "restarts",
    label: "Restarts",
    help: "Restarts for each number of segments. The best result is kept.",
    default: 10.0,
    min: 1.0,
    max: 50.0,
    step: 1.0,
};
const LEAST_EVENTS: Setting = Setting {
    key: "least_events",
    label: "Minimum events per user",
    help: "Users with fewer events are excluded because their shares are noise. 0 means half the mean, from 20 to 100.",
    default: 0.0,
    min: 0.0,
    max: 1_000.0,
    step: 10.0,
};

const TOLERANCE: Setting = Setting {
    key: "tolerance",
    label: "Tolerance",
    help: "The largest number of segments whose silhouette is within this distance of the best is kept.",
    default: 0.05,
    min: 0.0,
    max: 0.2,
    step: 0.01,
};

/// What can be set.
pub(super) const SETTINGS: &[Setting] = &[LEAST, MOST, TOLERANCE, RESTARTS, LEAST_EVENTS];

/// Choices as they come from a form; [`Self::check`] makes them usable.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hyperparameters {
    /// Values by key, defaults left out.
    pub settings: Settings,
    /// Seed of the starts and of the samples.
    pub seed: u64,
}

/// Choices that can be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// Fewest segments tried.
    pub least_segments: usize,
    /// Most segments tried.
    pub most_segments: usize,
    /// By how much the silhouette kept may be below the best one.
    pub tolerance: f64,
    /// Starts for each number of segments.
    pub restarts: usize,
    /// Events a user needs to be placed; `None` takes half the mean, from 20 to 100.
    pub least_events: Option<u32>,
    /// Seed of the starts and of the samples.
    pub seed: u64,
}

impl Hyperparameters {
    /// Checks the choices.
    ///
    /// # Errors
    /// [`LearnError::Setting`] when one lies out of its range, or the most segments are fewer
    /// than the fewest.
    pub fn check(&self) -> Result<Checked, LearnError> {
        let value = |setting: &Setting| self.settings.checked(setting);
        let least_segments = value(&LEAST)?;
        let most_segments = value(&MOST)?;
        if most_segments < least_segments {
            return Err(LearnError::Setting {
                label: MOST.label.to_owned(),
                value: most_segments,
                min: least_segments,
                max: MOST.max,
            });
        }
        let least_events = value(&LEAST_EVENTS)? as u32;
        Ok(Checked {
            least_segments: least_segments as usize,
            most_segments: most_segments as usize,
            tolerance: value(&TOLERANCE)?,
            restarts: value(&RESTARTS)? as usize,
            least_events: (least_events > 0).then_some(least_events),
            seed: self.seed,
        })
    }
}
