//! What the workbench pages know of the project and its last run.

use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use minijinja::Value;

use super::lineage::graph::Graph;
use super::lineage::status::{Facts, NodeStatus, sentence, statuses};
use crate::components::newest::use_newest;
use crate::quality::TestReport;
use crate::results::TextTable;
use crate::state::statement::statement;
use crate::state::{Dataset, Pipeline, ServingStatus, TestStatus};
use crate::transformation::{Manifest, ModelRun, RunReport};

/// The project, its graph, and how each node came out; copied freely.
#[derive(Clone, Copy)]
pub struct Project {
    /// The page's pipeline.
    pub pipeline: Pipeline,
    /// Who reads whom, edits included.
    pub graph: Memo<Graph>,
    /// How each node came out.
    pub statuses: Memo<BTreeMap<String, NodeStatus>>,
    /// The state of the project, in a sentence.
    pub sentence: Memo<String>,
}

/// What is known of the project; follows runs and edits.
pub fn use_project() -> Project {
    let pipeline = expect_context::<Pipeline>();
    let graph = Memo::new(move |_| pipeline.edits.with(|edits| Graph::new(edits.manifest())));
    let rows = use_newest(move || {
        let dataset = pipeline.dataset.get();
        async move { raw_rows(dataset?).await }
    });
    let with_facts = move |read: &mut dyn FnMut(&Graph, &Facts<'_>)| {
        let dataset = pipeline.dataset.get();
        let tests = current_tests(&dataset, &pipeline.tests.get());
        let serving = current_serving(&dataset, &pipeline.serving.get());
        let rows = rows.get().unwrap_or_default();
        pipeline.edits.with(|edits| {
            let facts = Facts {
                manifest: edits.manifest(),
                models: dataset.as_ref().map(|dataset| &*dataset.models),
                serving: &serving,
                tests: tests.as_deref(),
                rows: &rows,
                edited: &edits.models(),
                why_no_data: pipeline.why_no_data(),
            };
            graph.with(|graph| read(graph, &facts));
        });
    };
    let both = Memo::new(move |_| {
        let mut found = (BTreeMap::new(), String::new());
        with_facts(&mut |graph, facts| {
            let statuses = statuses(graph, facts);
            found = (statuses.clone(), sentence(graph, &statuses, facts));
        });
        found
    });
    Project {
        pipeline,
        graph,
        statuses: Memo::new(move |_| both.with(|(statuses, _)| statuses.clone())),
        sentence: Memo::new(move |_| both.with(|(_, sentence)| sentence.clone())),
    }
}

impl Project {
    /// The project's manifest, edits included.
    pub fn manifest(self) -> Rc<Manifest> {
        self.pipeline
            .edits
            .with(|edits| Rc::clone(edits.manifest()))
    }

    /// What was built of the serving layer of the dataset that is shown.
    pub fn serving(self) -> Rc<RunReport> {
        current_serving(&self.pipeline.dataset.get(), &self.pipeline.serving.get())
    }

    /// What became of a model in the dataset that is shown; follows the serving layer as it is built.
    pub fn run_of(self, model: &str) -> Option<ModelRun> {
        self.pipeline.serving.track();
        self.pipeline
            .dataset
            .with(|dataset| dataset.as_ref()?.run_of(model))
    }

    /// What the data tests said of the dataset that is shown.
    pub fn tests(self) -> Option<Rc<TestReport>> {
        current_tests(&self.pipeline.dataset.get(), &self.pipeline.tests.get())
    }
}

/// A report of an older dataset says nothing about this one.
fn current_tests(dataset: &Option<Dataset>, tests: &TestStatus) -> Option<Rc<TestReport>> {
    let revision = dataset.as_ref()?.revision;
    (tests.revision == revision)
        .then(|| tests.report.clone())
        .flatten()
}

/// What was built of the serving layer of the dataset that is shown.
fn current_serving(dataset: &Option<Dataset>, serving: &ServingStatus) -> Rc<RunReport> {
    let revision = dataset.as_ref().map(|dataset| dataset.revision);
    let report = (revision == Some(serving.revision)).then(|| Rc::clone(&serving.report));
    report.unwrap_or_default()
}

/// Rows of the raw tables, by their names.
async fn raw_rows(dataset: Dataset) -> Option<BTreeMap<String, u64>> {
    let manifest = Manifest::embedded().ok()?;
    let sources = manifest.sources.iter();
    // For these counts alone no rows are made again.
    if let Some(kept) = dataset.kept_raw_rows() {
        let rows = sources.filter_map(|source| {
            let rows = kept.get(&source.relation)?;
            Some((source.name.clone(), *rows))
        });
        return Some(rows.collect());
    }
    let sources = sources.map(|source| Value::from_iter([&source.name, &source.relation]));
    let sql = statement!("raw_rows.sql", sources = sources.collect::<Vec<_>>());
    let batches = dataset.query(&sql).await.ok()?;
    let table = TextTable::new(&batches);
    let rows = table.rows.into_iter().filter_map(|row| {
        let mut cells = row.into_iter().flatten();
        Some((cells.next()?, cells.next()?.parse().ok()?))
    });
    Some(rows.collect())
}
