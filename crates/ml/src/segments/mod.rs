//! Segments: users by what they do with the product, not by how much.
//!
//! K-Means on the standardised shares of four families of events; k by silhouette. Personas are
//! read only to score the result, never to find it.

mod algorithm;
mod evaluation;
mod features;
mod hyperparameters;
mod learn;
mod names;
mod plane;

pub use algorithm::{Fitted, fit};
pub use evaluation::{Choice, Evaluation, Profile, evaluate};
pub use features::{FAMILIES, Features};
pub use hyperparameters::{Checked, Hyperparameters};
pub use learn::LEARNER;
pub(crate) use learn::learn;
