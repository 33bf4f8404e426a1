//! Runs the flow whenever the scenario in the URL changes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use arrow_array::RecordBatch;
use futures::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::data_tests::TestStatus;
use super::edits::Edits;
use super::engine::{Engine, OpenQueries, OpenQuery};
use super::filters::Filters;
use super::flow::{Run, RunError, now_ms};
use super::learning::{Learning, LearningEngine};
use super::rollups::Rollups;
use super::scripting;
use super::url::UrlState;
use super::{Phase, StageState, Status, Switches};
use crate::parameters::{Notice, Scenario};
use crate::results::{is_ambiguous, unreadable_column};
use crate::transformation::{Manifest, RunReport};
use crate::warehouse::{CancelFlag, DuckDb, IpcBuffer, Warehouse, WarehouseError, is_read_only};

/// The last complete result: a modelled warehouse and what it was made from.
#[derive(Clone)]
pub struct Dataset {
    /// The run that made it.
    pub revision: u64,
    /// What it was made from.
    pub scenario: Rc<Scenario>,
    /// Hash of all raw rows, 16 hexadecimal digits.
    pub fingerprint: Rc<str>,
    /// What became of each model.
    pub models: Rc<RunReport>,
    /// The run whose tables it keeps in part.
    pub based_on: Option<u64>,
    /// Sources that were made anew; `None` when all were.
    pub changed: Option<Rc<BTreeSet<String>>>,
    pub(super) warehouse: DuckDb,
    open_queries: OpenQueries,
    rollups: Rc<Rollups>,
}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl Dataset {
    /// Runs a read-only statement on the modelled warehouse; rollups it names are built first.
    ///
    /// # Errors
    /// As [`Warehouse::query`]; also when the statement is not a single, reading one, or returns a
    /// type that cannot be written.
    pub async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        let _open = self.prepare(sql).await?;
        let batches = self.warehouse.query(sql).await?;
        let Some(first) = batches.first() else {
            return Ok(batches);
        };
        if let Some((column, kind)) = unreadable_column(first.schema_ref()) {
            return Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message: format!(
                    "Column {column} has the type {kind}, which this page cannot write; cast it to varchar."
                ),
            });
        }
        if is_ambiguous(first.schema_ref()) {
            return self.warehouse.query_told_apart(sql).await;
        }
        Ok(batches)
    }

    /// As [`Self::query`], but hands on the rows as an Arrow IPC file outside of this module's
    /// memory.
    ///
    /// # Errors
    /// As [`Self::query`].
    pub(super) async fn query_arrow(&self, sql: &str) -> Result<IpcBuffer, WarehouseError> {
        let _open = self.prepare(sql).await?;
        self.warehouse.query_buffer(sql).await
    }

    /// Refuses what does not only read, builds what is read and does not stand yet, and counts the
    /// query until the guard is dropped.
    async fn prepare(&self, sql: &str) -> Result<OpenQuery, WarehouseError> {
        if !is_read_only(sql) {
            return Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message: "only a single statement that reads is allowed here".to_owned(),
            });
        }
        let open = self.open_queries.enter();
        self.rollups.ready_for(&self.warehouse, sql).await?;
        Ok(open)
    }
}

/// Handle on the one pipeline of the page; copied freely, provided as context.
#[derive(Clone, Copy)]
pub struct Pipeline {
    /// The scenario of the URL.
    pub scenario: Signal<Scenario>,
    /// What could not be used of the URL.
    pub notices: Signal<Vec<Notice>>,
    /// What the page's figures are limited to, by the URL.
    pub filters: Signal<Filters>,
    /// What the dashboards show besides, by the URL.
    pub switches: Signal<Switches>,
    /// How far the current run has come.
    pub status: ReadSignal<Status>,
    /// The last complete result; older than `scenario` while a run is under way.
    pub dataset: ReadSignal<Option<Dataset>, LocalStorage>,
    /// How far the data tests of the last complete result have come.
    pub tests: ReadSignal<TestStatus, LocalStorage>,
    /// How far the models have come that learn from the last complete result.
    pub learning: ReadSignal<Learning, LocalStorage>,
    /// Whether the current run, its data tests and its models are all done.
    pub is_at_rest: Memo<bool>,
    pub(super) write_tests: WriteSignal<TestStatus, LocalStorage>,
    pub(super) write_learning: WriteSignal<Learning, LocalStorage>,
    pub(super) learning_engine: StoredValue<LearningEngine, LocalStorage>,
    /// Models edited in this tab.
    pub edits: ReadSignal<Edits, LocalStorage>,
    pub(super) write_edits: WriteSignal<Edits, LocalStorage>,
    url: UrlState,
    write_status: WriteSignal<Status>,
    write_dataset: WriteSignal<Option<Dataset>, LocalStorage>,
    /// Behind a lock: a run takes over only when the one before has let go.
    engine: StoredValue<Rc<Mutex<Engine>>, LocalStorage>,
    cancel: StoredValue<CancelFlag, LocalStorage>,
    open_queries: StoredValue<OpenQueries, LocalStorage>,
}

impl Pipeline {
    /// Makes the page's pipeline, provides it as context and runs the URL's scenario; called once,
    /// below `<Router>`.
    pub fn provide() -> Self {
        let url = UrlState::new();
        let (status, write_status) = signal(Status::default());
        let (dataset, write_dataset) = signal_local(None);
        let (tests, write_tests) = signal_local(TestStatus::default());
        let (learning, write_learning) = signal_local(Learning::default());
        // A built program's manifest can be read; without one nothing could be run or edited.
        let project = Manifest::embedded().unwrap_or_default();
        let (edits, write_edits) = signal_local(Edits::none(project));
        let is_at_rest = Memo::new(move |_| {
            let done = status.with(|status| {
                let is_ready = matches!(status.phase, Phase::Ready);
                is_ready.then_some(status.revision)
            });
            done.is_some_and(|revision| {
                tests.with(|tests| tests.revision == revision && !tests.is_running)
                    && learning
                        .with(|learning| learning.revision == revision && learning.is_settled())
            })
        });
        let pipeline = Self {
            scenario: url.scenario,
            notices: url.notices,
            filters: url.filters,
            switches: url.switches,
            status,
            dataset,
            tests,
            learning,
            is_at_rest,
            write_tests,
            write_learning,
            learning_engine: StoredValue::new_local(LearningEngine::default()),
            edits,
            write_edits,
            url,
            write_status,
            write_dataset,
            engine: StoredValue::new_local(Rc::default()),
            cancel: StoredValue::new_local(CancelFlag::new()),
            open_queries: StoredValue::new_local(OpenQueries::default()),
        };
        provide_context(pipeline);
        scripting::expose(pipeline);
        // The one effect that starts work; it only ever passes on, never back to the URL.
        Effect::new(move |_| pipeline.start(pipeline.scenario.get(), false));
        pipeline
    }

    /// Writes a scenario to the URL, which starts a run; the caller debounces.
    pub fn set_scenario(self, scenario: &Scenario) {
        self.url.write(scenario);
    }

    /// Writes filters to the URL.
    pub fn set_filters(self, filters: &Filters) {
        self.url.write_filters(filters);
    }

    /// A key that the URL holds for the page, as it changes; one of `parameters::PAGE_KEYS`.
    #[must_use]
    pub fn page_key(self, key: &'static str) -> Memo<Option<String>> {
        self.url.key(key)
    }

    /// Writes keys of the page to the URL, as a step to go back from.
    pub fn set_page_keys(self, changes: &[(&str, Option<String>)]) {
        self.url.write_keys(changes, false);
    }

    /// Cancels the run under way; what was drawn stays.
    pub fn cancel(self) {
        self.cancel.with_value(CancelFlag::set);
    }

    /// Runs the current scenario again from scratch, with new workers.
    pub fn restart(self) {
        self.start(self.scenario.get_untracked(), true);
    }

    /// Says that a run is about to begin, for whoever asks before it has.
    pub(super) fn announce(self) {
        self.write_status
            .update(|status| status.phase = Phase::Running);
    }

    pub(super) fn start(self, scenario: Scenario, from_scratch: bool) {
        self.cancel();
        self.stop_learning();
        let cancel = CancelFlag::new();
        self.cancel.set_value(cancel.clone());
        let revision = self.status.with_untracked(|status| status.revision) + 1;
        self.write_status.set(Status {
            revision,
            phase: Phase::Running,
            ..Status::default()
        });
        let engine = self.engine.get_value();
        spawn_local(async move {
            let mut engine = engine.lock().await;
            if from_scratch {
                engine.shut_down();
            }
            let outcome = if cancel.is_set() {
                Err(RunError::Cancelled)
            } else {
                let run = self.run(revision, scenario, cancel.clone());
                run.carry_out(&mut engine).await
            };
            let is_fatal = outcome.as_ref().is_err_and(RunError::is_fatal);
            if is_fatal {
                engine.shut_down();
            }
            drop(engine);
            let is_done = outcome.is_ok();
            self.finish(revision, outcome);
            let is_last = self.status.with_untracked(|status| status.revision) == revision;
            if is_fatal {
                self.give_up_learning();
            } else if is_done {
                self.examine(cancel).await;
            } else if is_last {
                // The dataset before is still whole: what the run interrupted goes on.
                let cancel = CancelFlag::new();
                self.cancel.set_value(cancel.clone());
                self.examine(cancel).await;
            }
        });
    }

    /// Tests the dataset and learns from it in the background, as far as that is not done yet; a newer
    /// run sets `cancel`.
    async fn examine(self, cancel: CancelFlag) {
        let Some(dataset) = self.dataset.get_untracked() else {
            return;
        };
        let is_tested = self
            .tests
            .with_untracked(|tests| tests.revision == dataset.revision && tests.report.is_some());
        if !is_tested {
            self.test_data(&dataset, &cancel).await;
        }
        self.learn(&dataset, &cancel).await;
    }

    fn run(self, revision: u64, scenario: Scenario, cancel: CancelFlag) -> Run {
        let made_from = Rc::new(scenario.clone());
        let open_queries = self.open_queries.get_value();
        Run {
            revision,
            scenario,
            edits: self.edits.get_untracked(),
            cancel,
            report: Box::new(move |change| self.report(revision, change)),
            publish: {
                let open_queries = open_queries.clone();
                Box::new(move |published| {
                    // What was learned from the dataset before says nothing about this one.
                    self.write_learning
                        .update(|learning| learning.begin(revision));
                    self.write_dataset.set(Some(Dataset {
                        revision,
                        scenario: Rc::clone(&made_from),
                        fingerprint: published.fingerprint.into(),
                        models: published.models,
                        based_on: published.based_on,
                        changed: published.changed.map(Rc::new),
                        warehouse: published.warehouse,
                        open_queries: open_queries.clone(),
                        rollups: Rc::new(Rollups::new(made_from.as_of().to_string())),
                    }));
                })
            },
            open_queries,
            started_ms: now_ms(),
            began_ms: RefCell::default(),
        }
    }

    /// Changes the status, unless a newer run has taken over.
    fn report(self, revision: u64, change: &dyn Fn(&mut Status)) {
        if self.status.with_untracked(|status| status.revision) == revision {
            self.write_status.update(|status| change(status));
        }
    }

    fn finish(self, revision: u64, outcome: Result<(), RunError>) {
        self.report(revision, &|status| {
            if outcome.is_err() {
                for stage in &mut status.stages {
                    if stage.state == StageState::Running {
                        stage.state = StageState::Stopped;
                    }
                }
            }
            status.phase = match &outcome {
                Ok(()) => Phase::Ready,
                Err(RunError::Cancelled) => Phase::Cancelled,
                Err(error) => Phase::Failed(error.to_string()),
            };
        });
        if outcome.is_ok() {
            self.prepare_filters(revision);
        }
    }

    /// Builds the rollups behind the reader's back, so that the first filter answers fast.
    fn prepare_filters(self, revision: u64) {
        let Some(dataset) = self.dataset.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let is_wanted = || self.status.with_untracked(|status| status.revision) == revision;
            let built = dataset.rollups.build_all(&dataset.warehouse, is_wanted);
            // Whoever reads the table that failed is told; nobody asked for it yet.
            if let Err(error) = built.await {
                leptos::logging::warn!("a rollup could not be built: {error}");
            }
        });
    }
}
