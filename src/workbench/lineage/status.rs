//! How each node of the graph came out.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Group};
use crate::quality::{TestCounts, TestReport, TestRun, TestState};
use crate::transformation::{Manifest, Model, ModelState, RunReport};
use crate::workbench::quality::checks::warnings;

/// What became of a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outcome {
    /// No run has come to it.
    #[default]
    Waiting,
    /// Of the serving layer, and nobody has needed it yet.
    WhenNeeded,
    /// A raw table or seed that is loaded.
    Loaded,
    /// Built in the last run.
    Built,
    /// Kept from a run before, since nothing it reads changed.
    Kept,
    /// Refused, in the engine's or the compiler's words.
    Failed(String),
    /// Not built, since something it reads is missing.
    Skipped(String),
}

impl Outcome {
    /// The outcome in a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::WhenNeeded => "built when first needed",
            Self::Loaded => "loaded",
            Self::Built => "built",
            Self::Kept => "kept",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Whether the last run could not build it.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Skipped(_))
    }
}

/// What is known of one node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeStatus {
    /// What became of it.
    pub outcome: Outcome,
    /// Its rows, when counted; views are not.
    pub rows: Option<u64>,
    /// Milliseconds it took to build.
    pub elapsed_ms: Option<f64>,
    /// Whether it is kept as a view.
    pub is_view: bool,
    /// Whether its SQL was edited in this tab.
    pub is_edited: bool,
    /// Data tests declared on it.
    pub declared: usize,
    /// What its data tests said, once they ran.
    pub tests: Option<TestCounts>,
    /// Failing tests that accuse it, those of the project among them.
    pub accusing: usize,
    /// Whether it failed, or a test on it did: the red path begins here.
    pub is_at_fault: bool,
    /// Whether it reads, through others or not, a node at fault.
    pub is_downstream: bool,
}

/// What the page knows of the last run.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The project, edits included.
    pub manifest: &'a Manifest,
    /// The last run of the models.
    pub models: Option<&'a RunReport>,
    /// What was built of the serving layer since.
    pub serving: &'a RunReport,
    /// What the data tests said of it.
    pub tests: Option<&'a TestReport>,
    /// Rows of raw tables by name.
    pub rows: &'a BTreeMap<String, u64>,
    /// Edited models.
    pub edited: &'a BTreeSet<String>,
    /// Why there is no run, where none is on its way.
    pub why_no_data: Option<&'static str>,
}

/// The status of every node of `graph`.
#[must_use]
pub fn statuses(graph: &Graph, facts: &Facts<'_>) -> BTreeMap<String, NodeStatus> {
    let accusing = accusing(graph, facts);
    let at_fault = at_fault(graph, facts, &accusing);
    let downstream = graph.downstream(&at_fault);
    graph
        .nodes()
        .iter()
        .map(|node| {
            let name = node.name.as_str();
            let declared = facts.manifest.tests.iter();
            let declared = declared.filter(|test| test.node.as_deref() == Some(name));
            let mut status = NodeStatus {
                declared: declared.count(),
                tests: facts.tests.map(|report| counts(report, name)),
                accusing: accusing.get(name).copied().unwrap_or_default(),
                is_edited: facts.edited.contains(name),
                is_at_fault: at_fault.contains(name),
                is_downstream: downstream.contains(name),
                ..NodeStatus::default()
            };
            match node.group {
                Group::Model(_) => of_model(&mut status, name, facts),
                Group::Source => {
                    status.rows = facts.rows.get(name).copied();
                    if facts.models.is_some() {
                        status.outcome = Outcome::Loaded;
                    }
                }
                Group::Seed => {
                    let seed = facts.manifest.seed(name);
                    status.rows = seed.map(|seed| seed.rows.len() as u64);
                    if let Some(report) = facts.models {
                        status.outcome = match report.failed_seeds.get(name) {
                            Some(error) => Outcome::Failed(error.clone()),
                            None => Outcome::Loaded,
                        };
                    }
                }
            }
            (node.name.clone(), status)
        })
        .collect()
}

fn of_model(status: &mut NodeStatus, name: &str, facts: &Facts<'_>) {
    let model = facts.manifest.model(name);
    status.is_view = model
        .is_some_and(|model| model.materialized == crate::transformation::Materialization::View);
    let Some(report) = facts.models else {
        return;
    };
    let Some(run) = report.model(name).or_else(|| facts.serving.model(name)) else {
        if model.is_some_and(Model::is_serving) {
            status.outcome = Outcome::WhenNeeded;
        }
        return;
    };
    status.rows = run.rows;
    status.elapsed_ms = (run.state == ModelState::Built).then_some(run.elapsed_ms);
    status.outcome = match &run.state {
        ModelState::Built => Outcome::Built,
        ModelState::Kept => Outcome::Kept,
        ModelState::Failed { error } => Outcome::Failed(error.clone()),
        ModelState::Skipped { because } => Outcome::Skipped(because.clone()),
    };
}

/// Tests declared on a node, as its count says; singular tests are counted where they stand.
fn counts(report: &TestReport, name: &str) -> TestCounts {
    let mut counts = TestCounts::default();
    for test in report.tests.iter() {
        if test.model.as_deref() != Some(name) {
            continue;
        }
        match test.state {
            TestState::Passed => counts.passed += 1,
            TestState::Warned => counts.warned += 1,
            TestState::Failed | TestState::Errored { .. } => counts.failed += 1,
            TestState::Skipped { .. } => counts.skipped += 1,
        }
    }
    counts
}

/// Whether a test says that its data is wrong.
#[must_use]
pub const fn is_failure(test: &TestRun) -> bool {
    matches!(test.state, TestState::Failed | TestState::Errored { .. })
}

/// Nodes a failing test accuses: the one it is declared on; for a test of its own, those it reads
/// that no other table it reads comes from, since there the contradiction shows.
#[must_use]
pub fn accused(graph: &Graph, test: &TestRun) -> Vec<String> {
    if let Some(node) = &test.model {
        return vec![node.clone()];
    }
    let reads: BTreeSet<&String> = test.reads.iter().collect();
    let is_last = |name: &str| {
        let below = graph.downstream(&BTreeSet::from([name.to_owned()]));
        !reads.iter().any(|other| below.contains(*other))
    };
    let last = test.reads.iter().filter(|name| is_last(name));
    last.cloned().collect()
}

/// How many failing tests accuse each node.
fn accusing(graph: &Graph, facts: &Facts<'_>) -> BTreeMap<String, usize> {
    let mut accusing = BTreeMap::new();
    let tests = facts.tests.iter().flat_map(|report| &report.tests);
    for test in tests.filter(|test| is_failure(test)) {
        for name in accused(graph, test) {
            *accusing.entry(name).or_default() += 1;
        }
    }
    accusing
}

/// Nodes where a red path begins.
fn at_fault(
    graph: &Graph,
    facts: &Facts<'_>,
    accusing: &BTreeMap<String, usize>,
) -> BTreeSet<String> {
    let mut at_fault: BTreeSet<String> = accusing.keys().cloned().collect();
    if let Some(report) = facts.models {
        let failed = report.failed().chain(facts.serving.failed());
        at_fault.extend(failed.map(|run| run.name.clone()));
        at_fault.extend(report.failed_seeds.keys().cloned());
    }
    at_fault.retain(|name| graph.node(name).is_some());
    at_fault
}

/// The page's sentence: the state of the project.
#[must_use]
pub fn sentence(
    graph: &Graph,
    statuses: &BTreeMap<String, NodeStatus>,
    facts: &Facts<'_>,
) -> String {
    let models = facts.manifest.models.len();
    let sources = facts.manifest.sources.len();
    if facts.models.is_none() {
        let why = facts.why_no_data.unwrap_or("The first run is in progress.");
        return format!("{models} models read {sources} raw tables. {why}");
    }
    let at_fault: Vec<&str> = graph
        .nodes()
        .iter()
        .map(|node| node.name.as_str())
        .filter(|name| statuses.get(*name).is_some_and(|status| status.is_at_fault))
        .collect();
    let behind = statuses
        .values()
        .filter(|status| status.is_downstream && !status.is_at_fault)
        .count();
    if at_fault.is_empty() {
        let serving = facts.manifest.serving().count();
        let built = models - serving;
        let words = match facts.tests {
            Some(report) => {
                let counts = report.counts();
                let run = report.tests.len() - counts.skipped;
                if counts.warned > 0 {
                    format!(
                        "All {built} models built. {run} data tests ran: no failures, {}.",
                        warnings(counts.warned)
                    )
                } else {
                    format!("All {built} models built, and all {run} data tests pass.")
                }
            }
            None => format!("All {built} models built. Data tests have not run yet."),
        };
        return format!("{words} The {serving} of the serving layer are built when first needed.");
    }
    let behind = match behind {
        0 => String::new(),
        1 => ", and one table downstream".to_owned(),
        many => format!(", and {many} tables downstream"),
    };
    let broken: Vec<&str> = facts
        .models
        .iter()
        .flat_map(|report| report.failed().chain(facts.serving.failed()))
        .map(|run| run.name.as_str())
        .collect();
    if !broken.is_empty() {
        let is_behind = if behind.is_empty() {
            ""
        } else {
            "; downstream models show earlier tables"
        };
        return format!("{} could not be built{is_behind}.", listed(&broken));
    }
    let failing = facts.tests.iter().flat_map(|report| &report.tests);
    let failing = failing.filter(|test| is_failure(test)).count();
    let verb = if failing == 1 {
        "test fails"
    } else {
        "tests fail"
    };
    format!(
        "{failing} data {verb}: {}{behind} can’t be trusted.",
        listed(&at_fault)
    )
}

/// A few names, or how many tables there are.
fn listed(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        many => format!("{} tables", many.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformation::{Layer, ModelRun, Severity};

    fn built(manifest: &Manifest, failed: &str) -> RunReport {
        let models = manifest.models.iter().map(|model| ModelRun {
            name: model.name.clone(),
            layer: Layer::Marts,
            state: if model.name == failed {
                ModelState::Failed {
                    error: "no".to_owned(),
                }
            } else {
                ModelState::Built
            },
            rows: Some(7),
            elapsed_ms: 2.0,
            compiled_sql: String::new(),
            source_lines: Vec::new(),
        });
        RunReport {
            models: models.collect(),
            ..RunReport::default()
        }
    }

    fn failing(model: Option<&str>, reads: &[&str]) -> TestRun {
        TestRun {
            name: "t".to_owned(),
            model: model.map(ToOwned::to_owned),
            reads: reads.iter().map(|name| (*name).to_owned()).collect(),
            column: None,
            kind: "unique".to_owned(),
            description: String::new(),
            severity: Severity::Error,
            state: TestState::Failed,
            failures: 3,
            elapsed_ms: 1.0,
            compiled_sql: String::new(),
            kept: false,
        }
    }

    #[test]
    fn the_red_path_is_what_reads_the_fault() {
        let manifest = Manifest::embedded().unwrap();
        let graph = Graph::new(&manifest);
        let report = built(&manifest, "");
        let tests = TestReport {
            tests: vec![failing(Some("fct_customer_mrr_monthly"), &[])],
            elapsed_ms: 1.0,
        };
        let facts = Facts {
            manifest: &manifest,
            models: Some(&report),
            serving: &RunReport::default(),
            tests: Some(&tests),
            rows: &BTreeMap::new(),
            edited: &BTreeSet::new(),
            why_no_data: None,
        };
        let statuses = statuses(&graph, &facts);
        assert!(statuses["fct_customer_mrr_monthly"].is_at_fault);
        assert!(!statuses["fct_customer_mrr_monthly"].is_downstream);
        for child in ["fct_mrr", "fct_mrr_waterfall", "revenue_retention"] {
            assert!(statuses[child].is_downstream && !statuses[child].is_at_fault);
        }
        assert!(!statuses["fct_signups"].is_downstream);
        assert_eq!(
            statuses["fct_customer_mrr_monthly"].tests.unwrap().failed,
            1
        );
        let sentence = sentence(&graph, &statuses, &facts);
        assert!(
            sentence.starts_with("1 data test fails: fct_customer_mrr_monthly, and"),
            "{sentence}"
        );
    }

    #[test]
    fn a_run_that_was_refused_is_not_in_progress() {
        let manifest = Manifest::embedded().unwrap();
        let graph = Graph::new(&manifest);
        let (rows, edited) = (BTreeMap::new(), BTreeSet::new());
        let none = RunReport::default();
        let facts = |why_no_data| Facts {
            manifest: &manifest,
            models: None,
            serving: &none,
            tests: None,
            rows: &rows,
            edited: &edited,
            why_no_data,
        };
        let said = |why| sentence(&graph, &statuses(&graph, &facts(why)), &facts(why));
        assert!(said(None).ends_with("The first run is in progress."));
        let why = "Nothing was built: it is too large.";
        assert!(said(Some(why)).ends_with(&format!("raw tables. {why}")));
    }

    #[test]
    fn a_failed_model_is_at_fault_without_tests() {
        let manifest = Manifest::embedded().unwrap();
        let graph = Graph::new(&manifest);
        let report = built(&manifest, "anomaly_flags");
        let facts = Facts {
            manifest: &manifest,
            models: Some(&report),
            serving: &RunReport::default(),
            tests: None,
            rows: &BTreeMap::new(),
            edited: &BTreeSet::from(["anomaly_flags".to_owned()]),
            why_no_data: None,
        };
        let statuses = statuses(&graph, &facts);
        let status = &statuses["anomaly_flags"];
        assert!(status.is_at_fault && status.is_edited && status.outcome.is_broken());
        assert_eq!(
            sentence(&graph, &statuses, &facts),
            "anomaly_flags could not be built."
        );
    }

    #[test]
    fn a_test_of_its_own_accuses_where_the_contradiction_shows() {
        let graph = Graph::new(&Manifest::embedded().unwrap());
        let test = failing(
            None,
            &["fct_customer_mrr_monthly", "fct_mrr", "fct_mrr_waterfall"],
        );
        assert_eq!(accused(&graph, &test), ["fct_mrr", "fct_mrr_waterfall"]);
    }
}
