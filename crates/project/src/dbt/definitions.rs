//! `definitions.yml`: what each contested metric means, worked out, beside what others count.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::read::Reading;
use super::{Manifest, ProjectError};

/// Where they stand below `sql/`; dbt does not read the file.
const FILE: &str = "definitions.yml";

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

impl Reading<'_> {
    /// Reads the file; what it names must be there.
    pub(super) fn definitions(&mut self, manifest: &Manifest) -> Vec<MetricDefinition> {
        let definitions: Vec<MetricDefinition> = self.yaml(FILE).unwrap_or_default();
        let mut seen = BTreeSet::new();
        for definition in &definitions {
            let names = std::iter::once(definition.id.clone())
                .chain(definition.docs.iter().map(|doc| format!("docs: {doc}")));
            for name in names {
                if !seen.insert(name.clone()) {
                    self.invalid(FILE, format!("{name} stands twice"));
                }
            }
            for doc in &definition.docs {
                if manifest.described(doc).is_none() {
                    self.errors.push(ProjectError::Invalid {
                        path: FILE.to_owned(),
                        message: format!("{}: nothing is named {doc}", definition.id),
                    });
                }
            }
        }
        definitions
    }
}

impl Manifest {
    /// The description of a doc block (`"mrr"`), a column (`"fct_mrr.arpu_cents"`) or a model.
    #[must_use]
    pub fn described(&self, name: &str) -> Option<&str> {
        if let Some((model, column)) = name.split_once('.') {
            let model = self.models.iter().find(|one| one.name == model)?;
            let column = model.columns.iter().find(|one| one.name == column)?;
            return Some(&column.description);
        }
        let model = || self.models.iter().find(|one| one.name == name);
        self.docs
            .get(name)
            .or_else(|| model().map(|model| &model.description))
            .map(String::as_str)
    }

    /// The contested metric that a doc block, column or model belongs to.
    #[must_use]
    pub fn metric_of(&self, name: &str) -> Option<&MetricDefinition> {
        self.definitions
            .iter()
            .find(|definition| definition.docs.iter().any(|doc| doc == name))
    }
}
