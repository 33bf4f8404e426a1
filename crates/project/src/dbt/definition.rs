//! What a contested metric means, worked out, beside what others count.

use serde::{Deserialize, Serialize};

/// A metric that people define in different ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricDefinition {
    /// Its address on the page, unique: `"mrr"`.
    pub id: String,
    /// Its name, with the abbreviation: `"Monthly recurring revenue (MRR)"`.
    pub name: String,
    /// What is defined by it: doc blocks, models (`"fct_mrr"`) and columns (`"fct_mrr.arpu_cents"`),
    /// as panels name them. The first doc block is its wording.
    pub docs: Vec<String>,
    /// The case of the worked example.
    pub given: String,
    /// The sum of the example, for readers: `"50 + 1200 / 12"`.
    pub sum: String,
    /// What the sum gives, rounded to one decimal.
    pub result: f64,
    /// What the result is.
    pub unit: ResultUnit,
    /// Who counts otherwise.
    pub others: Vec<OtherDefinition>,
    /// The decision record: its number and title.
    pub decision: String,
    /// The decision's reasons, in short.
    pub reason: String,
}

/// How somebody else counts it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherDefinition {
    /// Who: `"ChartMogul"`, `"Last touch"`.
    pub who: String,
    /// What they count.
    pub says: String,
    /// Their sum of the same case, when they would do one.
    #[serde(default)]
    pub sum: String,
    /// What it gives, rounded to one decimal.
    #[serde(default)]
    pub result: Option<f64>,
    /// What it is, where it is something else than the definition's.
    #[serde(default)]
    pub unit: Option<ResultUnit>,
    /// Where they say so, an address without `https://`; empty for a common way of counting.
    pub source: String,
}

/// What the result of an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultUnit {
    /// US dollars.
    Usd,
    /// Percent.
    Percent,
    /// Percentage points: what lies between two shares.
    Points,
    /// Months.
    Months,
    /// A plain number: people, a ratio.
    Number,
}
