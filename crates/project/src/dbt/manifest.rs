//! What is known of a project: dbt's manifest, as far as the tab needs it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{MetricDefinition, Variable};

/// A read and checked project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The project's name.
    pub project: String,
    /// Values of `var`.
    pub vars: BTreeMap<String, Value>,
    /// The numbers among them, which a reader may change.
    pub variables: Vec<Variable>,
    /// Models, each behind all that it reads.
    pub models: Vec<Model>,
    /// Tables that models read and no model makes.
    pub sources: Vec<Source>,
    /// Small static tables.
    pub seeds: Vec<Seed>,
    /// Data tests, in the order of the models they test.
    pub tests: Vec<DataTest>,
    /// Files of macros, generic tests among them.
    pub macros: Vec<MacroFile>,
    /// Doc blocks by name.
    pub docs: BTreeMap<String, String>,
    /// Contested metrics, worked out beside what others count.
    pub definitions: Vec<MetricDefinition>,
}

/// The folder of a model, which is its schema, too, unless configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// One to one with sources.
    Staging,
    /// Joined and enriched.
    Intermediate,
    /// Facts and dimensions.
    Marts,
    /// Analyses on top of marts.
    Advanced,
    /// Compact tables that filters read; built when first needed.
    Serving,
}

impl Layer {
    /// The layers in the order of the data.
    pub const ALL: [Self; 5] = [
        Self::Staging,
        Self::Intermediate,
        Self::Marts,
        Self::Advanced,
        Self::Serving,
    ];

    /// The folder's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Intermediate => "intermediate",
            Self::Marts => "marts",
            Self::Advanced => "advanced",
            Self::Serving => "serving",
        }
    }

    /// The layer of a folder.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

/// How a model is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Materialization {
    /// Computed each time it is read.
    #[default]
    View,
    /// Computed once a run.
    Table,
}

impl Materialization {
    /// dbt's word, and SQL's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Table => "table",
        }
    }
}

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Its name, unique in the project.
    pub name: String,
    /// Its folder.
    pub layer: Layer,
    /// The schema it is built in.
    pub schema: String,
    /// Its file, below `sql/`.
    pub path: String,
    /// Its grain and meaning, with doc blocks filled in.
    pub description: String,
    /// Its documented columns.
    pub columns: Vec<Column>,
    /// How it is kept.
    pub materialized: Materialization,
    /// `meta` of its configuration.
    pub meta: BTreeMap<String, Value>,
    /// The file's text.
    pub raw_sql: String,
    /// Models and seeds it reads.
    pub refs: BTreeSet<String>,
    /// Sources it reads, as `schema.table`.
    pub sources: BTreeSet<String>,
    /// Vars it reads.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub vars: BTreeSet<String>,
}

impl Model {
    /// Its name in SQL.
    #[must_use]
    pub fn relation(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// One column of a model, source or seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its meaning.
    pub description: String,
    /// Its declared type, if any.
    pub data_type: Option<String>,
    /// Names of the data tests on it.
    pub tests: Vec<String>,
}

/// One table that no model makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `source.table`, as models name it.
    pub name: String,
    /// Its name in SQL.
    pub relation: String,
    /// The file that declares it, below `sql/`.
    pub path: String,
    /// Its meaning.
    pub description: String,
    /// Its documented columns.
    pub columns: Vec<Column>,
}

/// One small static table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// Its name.
    pub name: String,
    /// The schema it is built in.
    pub schema: String,
    /// Its file, below `sql/`.
    pub path: String,
    /// Its meaning.
    pub description: String,
    /// Its documented columns.
    pub columns: Vec<Column>,
    /// Names and SQL types of all columns, in the file's order.
    pub types: Vec<(String, String)>,
    /// Its rows; an empty cell is null.
    pub rows: Vec<Vec<Option<String>>>,
}

impl Seed {
    /// Its name in SQL.
    #[must_use]
    pub fn relation(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// What a data test is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum TestKind {
    /// A generic test with its arguments, without `model` and `column_name`.
    Generic {
        /// The generic test's name.
        test: String,
        /// Its arguments.
        arguments: BTreeMap<String, Value>,
    },
    /// A statement of its own.
    Singular {
        /// The file's text.
        raw_sql: String,
    },
}

/// What a failing test means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The data is wrong.
    #[default]
    Error,
    /// The data is to be looked at.
    Warn,
}

/// One data test: it fails when its statement returns rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataTest {
    /// dbt's name of it.
    pub name: String,
    /// What it is made from.
    #[serde(flatten)]
    pub kind: TestKind,
    /// The model, seed or source it is declared on; none for singular tests.
    pub node: Option<String>,
    /// The column it is declared on.
    pub column: Option<String>,
    /// What it checks, in words; may be empty.
    pub description: String,
    /// What a failure means.
    pub severity: Severity,
    /// Rows it looks at, as a SQL condition.
    pub condition: Option<String>,
    /// When it fails ("!= 0", "> 10"), by its failing rows.
    pub error_if: String,
    /// When it warns.
    pub warn_if: String,
    /// Its file, below `sql/`.
    pub path: String,
    /// Models and seeds it reads.
    pub refs: BTreeSet<String>,
    /// Sources it reads.
    pub sources: BTreeSet<String>,
    /// Vars it reads.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub vars: BTreeSet<String>,
}

impl DataTest {
    /// The generic test's name, or `singular`.
    #[must_use]
    pub fn kind_name(&self) -> &str {
        match &self.kind {
            TestKind::Generic { test, .. } => test,
            TestKind::Singular { .. } => "singular",
        }
    }
}

/// One file of macros.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MacroFile {
    /// Its path, below `sql/`.
    pub path: String,
    /// Names of its macros; a generic test `x` is the macro `test_x`.
    pub names: Vec<String>,
    /// The file's text, with `{% test x %}` turned into `{% macro test_x %}` as dbt does.
    pub source: String,
}

impl Manifest {
    /// The model of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The seed of that name.
    #[must_use]
    pub fn seed(&self, name: &str) -> Option<&Seed> {
        self.seeds.iter().find(|seed| seed.name == name)
    }

    /// The test of that name.
    #[must_use]
    pub fn test(&self, name: &str) -> Option<&DataTest> {
        self.tests.iter().find(|test| test.name == name)
    }

    /// Tests declared on a node, or singular tests that read it.
    pub fn tests_of<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a DataTest> {
        self.tests.iter().filter(move |test| match &test.node {
            Some(declared) => declared == node,
            None => test.refs.contains(node),
        })
    }
}
