//! Revenue anomalies: days on which billing did not do what was agreed.
//!
//! An Isolation Forest on residuals of each day's first attempts against the bills that fell due. Planted days
//! are read only to score the result.

mod algorithm;
mod evaluation;
mod features;
mod hyperparameters;
mod learn;

pub use algorithm::{Fitted, fit};
pub use evaluation::{Detection, Evaluation, KINDS, KindDetection, Planted, PlantedDay, evaluate};
pub use features::{Features, RESIDUALS};
pub use hyperparameters::{Checked, Hyperparameters};
pub use learn::LEARNER;
pub(crate) use learn::learn;
