//! Revenue anomalies: days on which the money that came in is not what was agreed.
//!
//! An Isolation Forest on residuals of each day's charges against their contracts. Planted days
//! are read only to score the result.

mod algorithm;
mod evaluation;
mod features;
mod hyperparameters;
mod learn;

pub use algorithm::{Fitted, fit};
pub use evaluation::{Detection, Evaluation, PlantedDay, evaluate};
pub use features::{Features, RESIDUALS};
pub use hyperparameters::{Checked, Hyperparameters};
pub use learn::LEARNER;
