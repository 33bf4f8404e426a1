//! **Churn**: who leaves within 90 days.

mod algorithm;
mod calibration;
mod design;
mod evaluation;
mod export;
mod hyperparameters;
mod learn;

use crate::tables::column;
use crate::{Input, Kind, Learner, Model, Table};

pub use algorithm::Fitted;
pub use evaluation::Evaluation;
pub use export::{design, elsewhere};
pub use hyperparameters::{Checked, Hyperparameters};
pub(crate) use learn::learn;

/// Churn among the models.
pub const LEARNER: Learner = Learner {
    model: Model::Churn,
    inputs: &[FEATURES, ORACLE, LEAKS],
    tables: &[PREDICTIONS, CONTRIBUTIONS],
    settings: hyperparameters::SETTINGS,
};

/// Snapshots of customers.
const FEATURES: Input = Input::of("churn_features", include_str!("features.sql"));

/// What the generator planted; only scores are compared with it.
const ORACLE: Input = Input::of("churn_oracle", include_str!("oracle.sql"));

/// Features of after the snapshot, for the leakage lab.
const LEAKS: Input = Input {
    name: "churn_leaks",
    sql: include_str!("leaks.sql"),
    is_leaky: true,
};

const PREDICTIONS: Table = Table {
    name: "churn_predictions",
    columns: &[
        column("user_id", Kind::Whole),
        column("snapshot_date", Kind::Day),
        column("is_holdout", Kind::Flag),
        column("probability", Kind::Number),
        column("label", Kind::Flag),
    ],
};

/// The reasons of the customers there are now: their five largest contributions to the log-odds, with the
/// values of the features as readers know them.
const CONTRIBUTIONS: Table = Table {
    name: "churn_contributions",
    columns: &[
        column("user_id", Kind::Whole),
        column("feature", Kind::Text),
        column("value", Kind::Number),
        column("contribution", Kind::Number),
    ],
};
