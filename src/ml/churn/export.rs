//! What the trees see and who is on which side, for other programs to learn from the same.

use std::sync::Arc;

use arrow_array::{Float64Array, Int64Array, RecordBatch, StringArray};

use super::design::{Snapshots, Split};
use crate::ml::{LearnError, Task};

/// One row a snapshot: `user_id`, `part` (`training`, `validation`, `holdout` or empty), `label`
/// (0 or 1, null while unknown), and every feature.
///
/// # Errors
/// [`LearnError`] when the features have another shape than expected.
pub fn design(task: &Task) -> Result<RecordBatch, LearnError> {
    let snapshots = Snapshots::new(task)?;
    let split = Split::new(&snapshots, task.scenario.seed());
    let mut parts = vec![""; snapshots.user.len()];
    for (name, rows) in [
        ("training", &split.training),
        ("validation", &split.validation),
        ("holdout", &split.holdout),
    ] {
        for &row in rows {
            parts[row] = name;
        }
    }
    let labels = snapshots.label.iter().map(|label| label.map(f64::from));
    snapshots.design.batch(vec![
        (
            "user_id",
            Arc::new(Int64Array::from(snapshots.user.clone())),
        ),
        ("part", Arc::new(StringArray::from(parts))),
        ("label", Arc::new(labels.collect::<Float64Array>())),
    ])
}
