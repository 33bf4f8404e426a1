//! Behind stage 4, **models**: the data tests, which say whether the models can be believed.
//!
//! A test is a statement that returns the rows that are wrong, as in dbt.

mod data_test;
mod report;

pub use data_test::{TestOptions, TestProgress, failing_rows_sql, run_tests};
pub use report::{TestCounts, TestReport, TestRun, TestState};
