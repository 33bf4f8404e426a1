//! What can be wrong with a declaration or a request.

use thiserror::Error;

use crate::Grain;

/// Why metrics can't be read or a request can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MetricsError {
    /// A file is no YAML, or not of dbt's spec.
    #[error("{path}: {message}")]
    Invalid {
        /// The file.
        path: String,
        /// What the reader said.
        message: String,
    },
    /// Two declarations have one name.
    #[error("{kind} {name} is declared twice")]
    Twice {
        /// What is declared.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A declaration names something that is not there.
    #[error("{declared_by} names the {kind} {name}, and there is none")]
    Missing {
        /// Who names it.
        declared_by: String,
        /// What it should be.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A template in a declaration can't be rendered.
    #[error("{declared_by}: {message}")]
    Template {
        /// Whose template.
        declared_by: String,
        /// What is wrong.
        message: String,
    },
    /// A metric depends on itself.
    #[error("metric {0} depends on itself")]
    Circle(String),
    /// Part of dbt's spec that this compiler leaves out.
    #[error("{declared_by} uses {what}, which this compiler does not know")]
    Unsupported {
        /// Who uses it.
        declared_by: String,
        /// What it uses.
        what: String,
    },
    /// A request without metrics.
    #[error("a request names at least one metric")]
    NoMetrics,
    /// A request names an unknown metric.
    #[error("there is no metric {0}")]
    UnknownMetric(String),
    /// A request groups or filters by what a metric does not have.
    #[error("{metric} can't be split or filtered by {dimension}")]
    UnknownDimension {
        /// The metric.
        metric: String,
        /// What was asked for.
        dimension: String,
    },
    /// A name leads to two places.
    #[error("{dimension} of {metric} may be a column of {first} or of {second}")]
    Ambiguous {
        /// The metric.
        metric: String,
        /// What was asked for.
        dimension: String,
        /// A semantic model that has it.
        first: String,
        /// Another one.
        second: String,
    },
    /// A request asks for a finer grain than the data have.
    #[error("{metric} is known by {finest}, so not by {grain}")]
    GrainTooFine {
        /// The metric.
        metric: String,
        /// What was asked for.
        grain: Grain,
        /// The finest there is.
        finest: Grain,
    },
    /// Rows are asked for of a metric that is made of others.
    #[error("{0} is made of other metrics: each of them has rows of its own")]
    Several(String),
    /// A request is ordered by what it does not return.
    #[error("a request can't be ordered by {0}, which it does not return")]
    UnknownOrder(String),
    /// A day that is none.
    #[error("{0:?} is not a day such as 2025-12-31")]
    NotADay(String),
    /// A range that ends before it begins.
    #[error("the range ends on {to}, before it begins on {from}")]
    EmptyRange {
        /// Its first day.
        from: String,
        /// Its last day.
        to: String,
    },
}
