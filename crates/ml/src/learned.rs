//! What came of a task.

use arrow_array::RecordBatch;

use super::{Card, Table};

/// What came of a task.
#[derive(Debug)]
pub struct Learned {
    /// Everything there is to say about the model.
    pub card: Card,
    /// New rows for each of [`crate::Learner::tables`], in their order.
    pub tables: Vec<(&'static Table, RecordBatch)>,
}
