//! What the trees see and who is on which side, for other programs to learn from the same.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::design::{Snapshots, Split};
use super::hyperparameters::Hyperparameters;
use super::learn::fit;
use crate::split::part_names;
use crate::{LearnError, Task};

/// One row a snapshot: `user_id`, `part` (`training`, `validation`, `holdout` or empty), `label`
/// (0 or 1, null while unknown), and every feature.
///
/// # Errors
/// [`LearnError`] when the features have another shape than expected.
pub fn design(task: &Task) -> Result<RecordBatch, LearnError> {
    let snapshots = Snapshots::new(task)?;
    let split = Split::new(&snapshots, task.scenario.seed());
    let parts = [
        ("training", &*split.training),
        ("validation", &split.validation),
        ("holdout", &split.holdout),
    ];
    let parts = part_names(snapshots.user.len(), &parts);
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

/// What the model of `task` says of other companies' snapshots: `label` and `probability`, a row for
/// each row of `others`' features whose label is known. Their AUC is what the hold-out estimates.
///
/// # Errors
/// [`LearnError`] as for learning, and when the other rows have another shape.
pub fn elsewhere(task: &Task, others: &Task) -> Result<RecordBatch, LearnError> {
    let seed = task.scenario.seed();
    let checked = Hyperparameters(task.settings.clone()).check(seed)?;
    let snapshots = Snapshots::new(task)?;
    let fitted = fit(&checked, &snapshots, &Split::new(&snapshots, seed), |_| {})?;
    let others = Snapshots::new(others)?;
    let known: Vec<usize> = (0..others.label.len())
        .filter(|&row| others.label[row].is_some())
        .collect();
    let labels = others.labels(&known).into_iter().map(f64::from);
    let probabilities = fitted.probabilities(&others.design.rows_of(&known));
    Ok(RecordBatch::try_from_iter([
        (
            "label",
            Arc::new(labels.collect::<Float64Array>()) as ArrayRef,
        ),
        ("probability", Arc::new(Float64Array::from(probabilities))),
    ])?)
}
