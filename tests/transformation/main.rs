//! The dbt runner on small projects: reading, checking, compiling, running and testing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod compile;
mod fake;
mod project;
mod run;
mod tests;
