//! Compiles questions about metrics to SQL.
//!
//! Metrics are declared once, in dbt's own spec (`semantic_models:` and `metrics:` beside the models in
//! `sql/`). [`Project`] reads them, [`compile()`] turns a [`Request`] into one statement for DuckDB. dbt's
//! MetricFlow reads the same files, and `tests/metrics` holds the two to the same figures.
//!
//! Nothing here reads a file, a clock or a browser.

mod compile;
mod day;
mod declared;
mod error;
mod expression;
mod grain;
mod pass_sql;
mod passes;
mod project;
mod request;
mod resolve;
mod rows;
mod source;
mod statement;
mod steps;

pub use compile::compile;
pub use day::Day;
pub use declared::{Alternative, MetricMeta, ModelMeta, RowsMeta};
pub use error::MetricsError;
pub use grain::{Grain, Window};
pub use project::{Metric, Project, SemanticModel, Settings};
pub use request::{Filter, Order, Request};
pub use rows::rows_behind;
pub use source::Tables;
