//! Stage 5, **results**, the part that learns: five models, each fitted on features from the
//! warehouse and scored on rows it did not see.
//!
//! A model is a [`Learner`]: what it reads, what it writes, what can be set, and one function from
//! a [`Task`] to what it [`Learned`]. Everything runs natively, too, and gives the same bits there:
//! `libm` instead of the platform's mathematics, seeds instead of entropy, no clock.

pub mod anomalies;
mod boosting;
mod card;
pub mod churn;
mod draws;
mod error;
pub mod forecast;
mod frame;
mod learner;
mod libm_float;
pub mod ltv;
mod model;
pub mod scores;
pub mod segments;
mod settings;
mod split;
mod tables;

pub use card::{Card, Evidence, Importance, Part, Score};
pub use error::LearnError;
pub use frame::{Frame, Texts};
pub use learner::{Input, LEARNERS, Learned, Learner, Progress, Report, Task};
pub use model::Model;
pub use settings::{Setting, Settings};
use split::split_bucket;
pub use tables::{Column, Kind, Table};
