//! How far a model has come.

use serde::{Deserialize, Serialize};

/// How far a model has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is doing ("Training trees").
    pub step: String,
    /// Parts done.
    pub done: u64,
    /// Parts there are.
    pub total: u64,
}

impl Progress {
    pub(super) fn new(step: impl Into<String>, done: usize, total: usize) -> Self {
        Self {
            step: step.into(),
            done: done as u64,
            total: total as u64,
        }
    }
}

/// Is told how far a model has come.
pub type Report<'a> = dyn FnMut(Progress) + 'a;
