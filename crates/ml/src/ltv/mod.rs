//! **LTV**: what a user pays in the year after the first 30 days.

mod algorithm;
mod conformal;
mod design;
mod evaluation;
mod export;
mod hyperparameters;
mod learn;

use crate::tables::column;
use crate::{Input, Kind, Learner, Model, Table};

pub use algorithm::Fitted;
pub use evaluation::Evaluation;
pub use export::design;
pub use hyperparameters::{Checked, Hyperparameters};
pub(crate) use learn::learn;

/// LTV among the models.
pub const LEARNER: Learner = Learner {
    model: Model::Ltv,
    inputs: &[FEATURES, ORACLE],
    tables: &[PREDICTIONS],
    settings: hyperparameters::SETTINGS,
};

/// Users 30 days after their signup.
const FEATURES: Input = Input::of("ltv_features", include_str!("features.sql"));

/// What the generator planted; only the oracle sees it.
const ORACLE: Input = Input::of("ltv_oracle", include_str!("oracle.sql"));

const PREDICTIONS: Table = Table {
    name: "ltv_predictions",
    columns: &[
        column("user_id", Kind::Whole),
        column("snapshot_date", Kind::Day),
        column("is_holdout", Kind::Flag),
        column("predicted_cents", Kind::Whole),
        column("lower_cents", Kind::Whole),
        column("upper_cents", Kind::Whole),
        column("actual_cents", Kind::Whole),
    ],
};
