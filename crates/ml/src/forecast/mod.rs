//! The active-user forecast: Prophet's model of daily active users.
//!
//! A trend that bends at changepoints, weekly and yearly seasons and the scenario's launches,
//! fitted to the maximum of the posterior; judged by rolling origins against two naive forecasts.

mod design;
mod evaluation;
mod features;
mod fit;
mod hyperparameters;
mod lbfgs;
mod learn;
mod predict;
mod widening;

pub use evaluation::{Evaluation, Origin, evaluate};
pub use features::{Features, Holiday, HolidayWindow, holidays_of};
pub use fit::{Fitted, fit};
pub use hyperparameters::{Checked, Hyperparameters};
pub use learn::LEARNER;
pub(crate) use learn::learn;
pub use predict::{Component, Prediction};
