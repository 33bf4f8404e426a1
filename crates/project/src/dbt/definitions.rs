//! `definitions.yml`: what each contested metric means, worked out, beside what others count.

use std::collections::BTreeSet;

use super::definition::MetricDefinition;
use super::error::ProjectError;
use super::manifest::Manifest;
use super::read::Reading;

/// Where they stand below `sql/`; dbt does not read the file.
const FILE: &str = "definitions.yml";

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
