//! A model as whoever runs it sees it.

use super::{Input, Model, Setting, Table};

/// A model as whoever runs it sees it.
#[derive(Debug)]
pub struct Learner {
    /// Which one.
    pub model: Model,
    /// The statements whose rows it reads.
    pub inputs: &'static [Input],
    /// The tables it writes.
    pub tables: &'static [Table],
    /// What can be set.
    pub settings: &'static [Setting],
}
