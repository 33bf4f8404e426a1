//! Hyperparameters as the page edits them: declared once, checked before use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LearnError;

/// A hyperparameter that can be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Its name in JSON.
    pub key: &'static str,
    /// Its name for readers.
    pub label: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// The value when nothing is said.
    pub default: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Distance of the values that the page offers; 1 for whole numbers.
    pub step: f64,
}

/// Values by the keys of [`Setting`]s, not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings(pub BTreeMap<String, f64>);

impl Settings {
    /// The value of a setting, checked to be a number within its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] with the range when it is not.
    pub fn checked(&self, setting: &Setting) -> Result<f64, LearnError> {
        let value = self.value(setting);
        if value.is_finite() && (setting.min..=setting.max).contains(&value) {
            return Ok(value);
        }
        Err(LearnError::Setting {
            label: setting.label.to_owned(),
            value,
            min: setting.min,
            max: setting.max,
        })
    }

    /// With a value for everything that is declared: the asked one, or the default.
    pub(super) fn filled(&self, declared: &[Setting]) -> Self {
        let filled = declared.iter();
        let filled = filled.map(|setting| (setting.key.to_owned(), self.value(setting)));
        Self(filled.collect())
    }

    /// The value of a setting, or its default.
    #[must_use]
    pub fn value(&self, setting: &Setting) -> f64 {
        self.0.get(setting.key).copied().unwrap_or(setting.default)
    }
}
