//! dbt's YAML, as data: what `semantic_models:`, `metrics:` and time spines say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Grain;

/// One file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct File {
    pub(crate) models: Vec<Model>,
    pub(crate) semantic_models: Vec<SemanticModelNode>,
    pub(crate) metrics: Vec<MetricNode>,
}

/// A dbt model, of which only the time spine matters.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) time_spine: Option<TimeSpineNode>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TimeSpineNode {
    pub(crate) standard_granularity_column: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SemanticModelNode {
    pub(crate) name: String,
    pub(crate) model: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) defaults: Defaults,
    pub(crate) primary_entity: Option<String>,
    #[serde(default)]
    pub(crate) entities: Vec<EntityNode>,
    #[serde(default)]
    pub(crate) dimensions: Vec<DimensionNode>,
    #[serde(default)]
    pub(crate) measures: Vec<MeasureNode>,
    #[serde(default)]
    pub(crate) config: Config<ModelMeta>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Defaults {
    pub(crate) agg_time_dimension: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config<T: Default> {
    pub(crate) meta: T,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct EntityNode {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: EntityKind,
    pub(crate) expr: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntityKind {
    Primary,
    Unique,
    Foreign,
    Natural,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DimensionNode {
    pub(crate) name: String,
    pub(crate) expr: Option<String>,
    pub(crate) type_params: Option<DimensionParams>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DimensionParams {
    pub(crate) time_granularity: Option<Grain>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MeasureNode {
    pub(crate) name: String,
    pub(crate) agg: Aggregation,
    pub(crate) expr: Option<Scalar>,
    pub(crate) agg_time_dimension: Option<String>,
    pub(crate) non_additive_dimension: Option<NonAdditive>,
}

/// How rows become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Aggregation {
    Sum,
    SumBoolean,
    Count,
    CountDistinct,
    Average,
    Median,
    Min,
    Max,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct NonAdditive {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) window_choice: Choice,
    #[serde(default)]
    pub(crate) window_groupings: Vec<String>,
}

/// Which end of a period a balance is taken at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    #[default]
    Min,
    Max,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MetricNode {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) type_params: TypeParams,
    pub(crate) filter: Option<OneOrMany<String>>,
    #[serde(default)]
    pub(crate) config: Config<MetricMeta>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypeParams {
    pub(crate) measure: Option<NameOr<MeasureInputNode>>,
    pub(crate) numerator: Option<NameOr<MetricInputNode>>,
    pub(crate) denominator: Option<NameOr<MetricInputNode>>,
    pub(crate) expr: Option<Scalar>,
    pub(crate) metrics: Vec<NameOr<MetricInputNode>>,
    pub(crate) cumulative_type_params: CumulativeParams,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CumulativeParams {
    pub(crate) window: Option<String>,
    pub(crate) grain_to_date: Option<Grain>,
    pub(crate) period_agg: PeriodAggregation,
}

/// Which value of a longer period a cumulative metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PeriodAggregation {
    #[default]
    First,
    Last,
    Average,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MeasureInputNode {
    pub(crate) name: String,
    pub(crate) filter: Option<OneOrMany<String>>,
    pub(crate) fill_nulls_with: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MetricInputNode {
    pub(crate) name: String,
    pub(crate) alias: Option<String>,
    pub(crate) filter: Option<OneOrMany<String>>,
    pub(crate) offset_window: Option<String>,
    pub(crate) offset_to_grain: Option<Grain>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum NameOr<T> {
    Name(String),
    Node(T),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    pub(crate) fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// Text, or a number that stands for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Whole(i64),
    Number(f64),
}

impl Scalar {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// This project's own keys of a metric, below `config: meta:`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricMeta {
    /// How a value is written: cents, count, percent, ratio, months or number.
    pub format: String,
    /// Whether more of it is better: up, down or none.
    pub good: String,
    /// The entry of `sql/definitions.yml` that works it out.
    pub definition: Option<String>,
    /// The number of the decision record with the reasons.
    pub decision: Option<String>,
}

impl MetricMeta {
    /// Whether a value is a whole number.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        ["cents", "count"].contains(&self.format.as_str())
    }
}

/// This project's own keys of a semantic model, below `config: meta:`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelMeta {
    /// What its rows are, in the plural.
    pub noun: String,
    /// What a page's filters go by: plan, channel, country, company_size, segment.
    pub filters: BTreeMap<String, String>,
    /// The rows behind a figure.
    pub rows: RowsMeta,
    /// Tables that hold sums already; the first that answers a request does.
    pub marts: Vec<Alternative>,
    /// The page's table of the same rows.
    pub serving: Option<Alternative>,
}

/// Which columns the rows behind a figure show, and in what order they come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RowsMeta {
    /// Columns of the model.
    pub columns: Vec<String>,
    /// Terms to sort by.
    pub order: Vec<String>,
}

/// Another table with the same figures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alternative {
    /// A dbt model.
    pub model: Option<String>,
    /// A table that dbt does not know.
    pub relation: Option<String>,
    /// The column with the day or the first day of the period.
    pub time: String,
    /// How long its periods are, where they are longer than the semantic model's.
    pub grain: Option<Grain>,
    /// Which of its rows count.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// Columns by what a request calls them.
    pub dimensions: BTreeMap<String, String>,
    /// Sums by measure; only these are there.
    pub measures: BTreeMap<String, String>,
    /// For a table of rows: columns of measures under another name.
    pub columns: BTreeMap<String, String>,
    /// For a table of rows: measures that it can't tell.
    #[serde(rename = "except")]
    pub exceptions: Vec<String>,
    /// For a table of rows: the only measures that it can tell.
    pub only: Vec<String>,
}
