//! Stage 2, **rows**: a [`Scenario`](parameters::Scenario) becomes Arrow batches.
//!
//! A [`Plan`] holds what is derived once. Users come in blocks of [`USERS_PER_BLOCK`], each of
//! which can be made alone, anywhere and in any order: phase 1 sums the [`Plan::exposure`] of all
//! blocks, phase 2 makes each [`Plan::block`]. The rows of a block are the same bits on every
//! machine, because every draw comes from a stream of its own (`random`) and every function of a
//! float from `libm`.
//!
//! In reading order: when people sign up (`signup`), who they are (`people`, `names`,
//! `personas`), what brought them (`marketing`) and
//! what that cost (`ad_spend`), how content they are (`satisfaction`), when they
//! leave (`hazard`), what they pay (`billing`, `payments`), what befalls their bills (`anomalies`) and what of it goes back (`reversals`), who
//! comes after a trial that lapsed (`lapse`), all of it together (`life`), in which company (`accounts`), what a plan allows
//! (`access`), what they do (`activity`), what goes wrong on the way (`defects`), and what of it
//! has a date (`chronicle`).

mod access;
mod accounts;
mod activity;
mod ad_spend;
mod affected;
mod anomalies;
mod arrow;
mod billing;
mod block;
mod calendar;
mod chronicle;
mod defects;
mod dunning;
mod hazard;
mod lapse;
mod life;
mod marketing;
mod names;
mod payments;
mod people;
mod personas;
mod plan;
mod random;
mod reversals;
mod satisfaction;
mod signup;
mod subscriptions;
mod tables;
mod truth;
pub mod vocabulary;

pub use affected::tables_affected;
pub use anomalies::AnomalyKind;
pub use arrow::{Fingerprint, UNHEARD, checksum, ipc_stream};
pub use block::{Block, TableRows};
pub use chronicle::{Happening, HappeningKind, chronicle};
pub use plan::{Plan, USERS_PER_BLOCK};
pub use random::{Purpose, Stream, normal_quantile};
pub use tables::{Column, ColumnKind, Table, TableSet};
