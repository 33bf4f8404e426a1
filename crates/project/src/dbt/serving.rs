//! The serving layer: models that are built when a statement first names one
//! (`docs/decisions/0161-serving-layer.md`).

use std::collections::BTreeSet;

use super::{Layer, Manifest, Model};

impl Model {
    /// Whether it is built when first needed, and not with the run.
    #[must_use]
    pub fn is_serving(&self) -> bool {
        self.layer == Layer::Serving
    }

    /// Whether a statement, in lower case, names its relation, and not another that begins or ends with
    /// the name.
    #[must_use]
    pub fn is_named_in(&self, sql: &str) -> bool {
        let relation = self.relation();
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        sql.match_indices(relation.as_str()).any(|(at, _)| {
            !sql[..at].ends_with(is_word) && !sql[at + relation.len()..].starts_with(is_word)
        })
    }
}

impl Manifest {
    /// The models of the serving layer, each behind those it reads.
    pub fn serving(&self) -> impl Iterator<Item = &Model> {
        self.models.iter().filter(|model| model.is_serving())
    }

    /// The models of the serving layer that a statement, in lower case, names, with those they read in
    /// turn, in the order to build them.
    #[must_use]
    pub fn serving_named_in(&self, sql: &str) -> Vec<&Model> {
        let named = self.serving().filter(|model| model.is_named_in(sql));
        self.serving_behind(named.map(|model| model.name.clone()).collect())
    }

    /// The models of a run that must stand before a statement, in lower case, can be answered: those it
    /// names, itself or through the serving layer, and all behind them.
    #[must_use]
    pub fn behind_statement(&self, sql: &str) -> BTreeSet<String> {
        let named = self.models.iter().filter(|model| model.is_named_in(sql));
        let mut names: BTreeSet<String> = named.map(|model| model.name.clone()).collect();
        // Each model stands behind what it reads.
        for model in self.models.iter().rev() {
            if names.contains(&model.name) {
                names.extend(model.refs.iter().cloned());
            }
        }
        let models = self.models.iter().filter(|model| !model.is_serving());
        models
            .filter(|model| names.contains(&model.name))
            .map(|model| model.name.clone())
            .collect()
    }

    /// The models of the serving layer among `names`, with those they read in turn, in the order to
    /// build them.
    #[must_use]
    pub fn serving_behind(&self, mut names: BTreeSet<String>) -> Vec<&Model> {
        let serving: Vec<&Model> = self.serving().collect();
        for model in serving.iter().rev() {
            if names.contains(&model.name) {
                names.extend(model.refs.iter().cloned());
            }
        }
        let wanted = serving.into_iter();
        wanted.filter(|model| names.contains(&model.name)).collect()
    }
}
