//! What is to be learned, and from which rows.

use std::collections::BTreeMap;

use parameters::Scenario;

use super::{Frame, LearnError, Settings};

/// One statement; the same text runs in the tab and on native DuckDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// The name under which the task holds its rows.
    pub name: &'static str,
    /// A reading statement with an ORDER BY that leaves no ties: rows that come in another order
    /// would be learned differently.
    pub sql: &'static str,
    /// Whether it is only read for the leakage lab.
    pub is_leaky: bool,
}

impl Input {
    /// A statement that is always read.
    pub(super) const fn of(name: &'static str, sql: &'static str) -> Self {
        Self {
            name,
            sql,
            is_leaky: false,
        }
    }
}

/// What to learn.
#[derive(Debug)]
pub struct Task {
    /// What the data was made from: its seed, its last day, its launches.
    pub scenario: Scenario,
    /// Hyperparameters, unchecked.
    pub settings: Settings,
    /// Whether features that know the future are let in, for the leakage lab.
    pub leaks: bool,
    /// The rows of each [`Input`], by its name.
    pub inputs: BTreeMap<String, Frame>,
}

impl Task {
    /// The rows of an input.
    ///
    /// # Errors
    /// [`LearnError::MissingInput`] when it was not handed over.
    pub fn input(&self, name: &str) -> Result<&Frame, LearnError> {
        self.inputs
            .get(name)
            .ok_or_else(|| LearnError::MissingInput {
                input: name.to_owned(),
            })
    }
}
