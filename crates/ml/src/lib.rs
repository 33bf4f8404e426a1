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
mod learned;
mod learner;
mod learners;
mod libm_float;
pub mod ltv;
mod model;
mod progress;
pub mod scores;
pub mod segments;
mod settings;
mod split;
mod tables;
mod task;

pub use card::{Card, Evidence, Importance, Part, Score};
pub use error::LearnError;
pub use frame::{Frame, Texts};
pub use learned::Learned;
pub use learner::Learner;
pub use learners::LEARNERS;
pub use model::Model;
pub use progress::{Progress, Report};
pub use settings::{Setting, Settings};
pub use tables::{Column, Kind, Table};
pub use task::{Input, Task};
