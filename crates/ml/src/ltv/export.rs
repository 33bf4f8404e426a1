//! What the trees see and who is on which side, for other programs to learn from the same.

use std::sync::Arc;

use arrow_array::{BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};

use super::design::{Split, Users};
use crate::split::part_names;
use crate::{LearnError, Task};

/// One row a user: `user_id`, `part` (`training`, `conformal`, `holdout` or empty), `actual_cents`
/// (null while the year is not over), `year_cents` (what ratios are of), `is_paying`, and every
/// feature.
///
/// # Errors
/// [`LearnError`] when the features have another shape than expected.
pub fn design(task: &Task) -> Result<RecordBatch, LearnError> {
    let mut users = Users::new(task, false)?;
    let split = Split::new(&users, task.scenario.seed());
    users.expect(&split.training);
    let parts = [
        ("training", &*split.training),
        ("conformal", &split.conformal),
        ("holdout", &split.holdout),
    ];
    let parts = part_names(users.user.len(), &parts);
    users.design.batch(vec![
        ("user_id", Arc::new(Int64Array::from(users.user.clone()))),
        ("part", Arc::new(StringArray::from(parts))),
        (
            "actual_cents",
            Arc::new(Float64Array::from(users.actual_cents.clone())),
        ),
        (
            "year_cents",
            Arc::new(Float64Array::from(users.year_cents.clone())),
        ),
        (
            "is_paying",
            Arc::new(BooleanArray::from(users.is_paying.clone())),
        ),
    ])
}
