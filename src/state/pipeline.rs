//! Runs the flow whenever the scenario in the URL changes.

use std::cell::RefCell;
use std::rc::Rc;

use arrow_array::RecordBatch;
use futures::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::engine::{Engine, OpenQueries};
use super::flow::{Run, RunError, now_ms};
use super::scripting;
use super::url::UrlState;
use super::{Phase, StageState, Status};
use crate::parameters::{Notice, Scenario};
use crate::transformation::RunReport;
use crate::warehouse::{CancelFlag, DuckDb, Warehouse, WarehouseError, is_read_only};

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
    warehouse: DuckDb,
    open_queries: OpenQueries,
}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl Dataset {
    /// Runs a read-only statement on the modelled warehouse.
    ///
    /// # Errors
    /// As [`Warehouse::query`]; also when the statement is not a single, reading one.
    pub async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        if !is_read_only(sql) {
            return Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message: "only a single statement that reads is allowed here".to_owned(),
            });
        }
        let _open = self.open_queries.enter();
        self.warehouse.query(sql).await
    }
}

/// Handle on the one pipeline of the page; copied freely, provided as context.
#[derive(Clone, Copy)]
pub struct Pipeline {
    /// The scenario of the URL.
    pub scenario: Signal<Scenario>,
    /// What could not be used of the URL.
    pub notices: Signal<Vec<Notice>>,
    /// How far the current run has come.
    pub status: ReadSignal<Status>,
    /// The last complete result; older than `scenario` while a run is under way.
    pub dataset: ReadSignal<Option<Dataset>, LocalStorage>,
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
        let pipeline = Self {
            scenario: url.scenario,
            notices: url.notices,
            status,
            dataset,
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

    fn start(self, scenario: Scenario, from_scratch: bool) {
        self.cancel();
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
            if cancel.is_set() {
                self.finish(revision, Err(RunError::Cancelled));
                return;
            }
            let run = self.run(revision, scenario, cancel);
            let outcome = run.carry_out(&mut engine).await;
            if outcome.as_ref().is_err_and(RunError::is_fatal) {
                engine.shut_down();
            }
            self.finish(revision, outcome);
        });
    }

    fn run(self, revision: u64, scenario: Scenario, cancel: CancelFlag) -> Run {
        let made_from = Rc::new(scenario.clone());
        let open_queries = self.open_queries.get_value();
        Run {
            scenario,
            cancel,
            report: Box::new(move |change| self.report(revision, change)),
            publish: {
                let open_queries = open_queries.clone();
                Box::new(move |warehouse, fingerprint, models| {
                    self.write_dataset.set(Some(Dataset {
                        revision,
                        scenario: Rc::clone(&made_from),
                        fingerprint: fingerprint.into(),
                        models,
                        warehouse,
                        open_queries: open_queries.clone(),
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
    }
}
