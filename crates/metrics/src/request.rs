//! What is asked.

use serde::{Deserialize, Serialize};

use crate::{Day, Grain};

/// A question about metrics. The answer has one row a group: its period (`metric_time`, where there is a
/// grain), its dimensions, its metrics, each under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// The metrics, by name.
    pub metrics: Vec<String>,
    /// What to split them by, as dbt's MetricFlow names it: `plan`, `user__country`,
    /// `user__signup_date__month`.
    pub dimensions: Vec<String>,
    /// The length of a period; the whole range where there is none.
    pub grain: Option<Grain>,
    /// Which rows count; all of these hold.
    pub filters: Vec<Filter>,
    /// The first day that counts.
    pub from: Option<Day>,
    /// The last day that counts.
    pub to: Option<Day>,
    /// What comes first; ties go by period and dimensions.
    pub order: Vec<Order>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// Whether periods in which nothing happened are left out. Otherwise each group has every period.
    pub leave_gaps: bool,
}

/// Some values of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The dimension.
    pub dimension: String,
    /// Its values; none lets nothing through.
    pub values: Vec<String>,
}

/// A key to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// `metric_time`, a dimension or a metric of the request.
    pub by: String,
    /// Whether the largest comes first.
    #[serde(default)]
    pub descending: bool,
}
