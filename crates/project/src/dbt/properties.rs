//! dbt's YAML files, as data.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// One `_<folder>__models.yml` or the like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Properties {
    pub(super) models: Vec<Node>,
    pub(super) seeds: Vec<Node>,
    pub(super) sources: Vec<SourceGroup>,
    /// Properties of singular tests.
    #[serde(alias = "tests")]
    pub(super) data_tests: Vec<Node>,
}

/// A model, seed, source table or singular test.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) identifier: Option<String>,
    pub(super) description: String,
    pub(super) config: BTreeMap<String, Value>,
    pub(super) columns: Vec<ColumnNode>,
    #[serde(alias = "tests")]
    pub(super) data_tests: Vec<Value>,
    pub(super) meta: BTreeMap<String, Value>,
}

/// A column of one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ColumnNode {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) data_type: Option<String>,
    #[serde(alias = "tests")]
    pub(super) data_tests: Vec<Value>,
}

/// Source tables of one schema.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SourceGroup {
    pub(super) name: String,
    pub(super) schema: Option<String>,
    pub(super) tables: Vec<Node>,
}

/// `dbt_project.yml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectFile {
    pub(super) name: String,
    pub(super) vars: BTreeMap<String, Value>,
    pub(super) models: Value,
    pub(super) seeds: Value,
    #[serde(alias = "tests")]
    pub(super) data_tests: Value,
}
