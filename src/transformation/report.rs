//! What a run of the models did.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Layer;

/// What became of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum ModelState {
    /// Built in this run.
    Built,
    /// Kept from the run before, since nothing it reads changed.
    Kept,
    /// The engine or the compiler refused it.
    Failed {
        /// In its own words.
        error: String,
    },
    /// Not built, since something it reads is missing.
    Skipped {
        /// The failed model or seed.
        because: String,
    },
}

/// One model in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelRun {
    /// The model.
    pub name: String,
    /// Its folder.
    pub layer: Layer,
    /// What became of it.
    #[serde(flatten)]
    pub state: ModelState,
    /// Rows of the table that stands, be it an earlier one; none for views, which would have to be
    /// computed for it.
    pub rows: Option<u64>,
    /// Milliseconds to build it.
    pub elapsed_ms: f64,
    /// The SELECT it was built from; empty when it could not be compiled.
    pub compiled_sql: String,
    /// The line of an edited text that each line of it came from; empty for the project's own.
    #[serde(skip)]
    pub source_lines: Vec<usize>,
}

impl ModelRun {
    /// Says whether the model can be read.
    #[must_use]
    pub const fn stands(&self) -> bool {
        matches!(self.state, ModelState::Built | ModelState::Kept)
    }
}

/// One run of the models, in the order they were built.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// All models of the project but those of the serving layer, also kept and skipped ones.
    pub models: Vec<ModelRun>,
    /// Models that failed or were skipped and whose earlier table or view stands instead.
    pub earlier: BTreeSet<String>,
    /// Seeds that could not be built, with the engine's words.
    pub failed_seeds: BTreeMap<String, String>,
    /// Milliseconds from first to last, seeds included.
    pub elapsed_ms: f64,
}

impl RunReport {
    /// The run of a model.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&ModelRun> {
        self.models.iter().find(|run| run.name == name)
    }

    /// Models that were built in this run.
    pub fn built(&self) -> impl Iterator<Item = &ModelRun> {
        self.models
            .iter()
            .filter(|run| run.state == ModelState::Built)
    }

    /// Models that failed by themselves.
    pub fn failed(&self) -> impl Iterator<Item = &ModelRun> {
        self.models
            .iter()
            .filter(|run| matches!(run.state, ModelState::Failed { .. }))
    }

    /// Notes that the table or view of a model stands as `previous` left it.
    pub fn keep_earlier(&mut self, name: &str, previous: &Self) {
        let Some(run) = self.models.iter_mut().find(|run| run.name == name) else {
            return;
        };
        run.rows = previous.model(name).and_then(|run| run.rows);
        self.earlier.insert(name.to_owned());
    }

    /// Whether a model can be read, be it as an earlier run left it.
    #[must_use]
    pub fn is_readable(&self, name: &str) -> bool {
        self.earlier.contains(name) || self.model(name).is_some_and(ModelRun::stands)
    }

    /// Names of the models and seeds that this run did not bring about.
    #[must_use]
    pub fn missing(&self) -> BTreeSet<&str> {
        let models = self.models.iter().filter(|run| !run.stands());
        models
            .map(|run| run.name.as_str())
            .chain(self.failed_seeds.keys().map(String::as_str))
            .collect()
    }
}
