//! **LTV**: what a user pays in the year after the first 30 days.

mod algorithm;
mod conformal;
mod design;
mod evaluation;
mod export;
mod hyperparameters;

use crate::{Column, Input, Kind, Learner, Model, Table};

pub use algorithm::Fitted;
pub use evaluation::Evaluation;
pub(crate) use evaluation::learn;
pub use export::design;
pub use hyperparameters::{Checked, Hyperparameters};

/// LTV among the models.
pub const LEARNER: Learner = Learner {
    model: Model::Ltv,
    inputs: &[FEATURES, ORACLE],
    tables: &[PREDICTIONS],
    settings: hyperparameters::SETTINGS,
};

/// Users 30 days after their signup.
const FEATURES: Input = Input {
    name: "ltv_features",
    sql: include_str!("features.sql"),
    is_leaky: false,
};

/// What the generator planted; only the oracle sees it.
const ORACLE: Input = Input {
    name: "ltv_oracle",
    sql: include_str!("oracle.sql"),
    is_leaky: false,
};

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

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}
