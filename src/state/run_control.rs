//! Begins runs, lets one take over from another, and hands on what came of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::clock::now_ms;
use super::dataset::Dataset;
use super::edits::Edits;
use super::kept::Asked;
use super::kept_edits::Built;
use super::pipeline::{LONG_GRACE_MS, Pipeline, TICK_MS};
use super::run::{Published, Run};
use super::run_error::RunError;
use super::serving::ServingStatus;
use super::{Phase, StageState, Starting, Status, size};
use crate::parameters::Scenario;
use crate::warehouse::CancelFlag;

/// Why a run is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    /// The scenario or an edit changed: what it does not touch is kept.
    Change,
    /// The reader asks for everything again, with new workers.
    Anew,
    /// The dataset that is drawn has lost its engine: by itself, with its reason, or by a cancel.
    Restore(Option<String>),
    /// Something needs the raw rows of the scenario that is drawn from a copy.
    Rows,
}

impl Pipeline {
    /// Runs the current scenario again from scratch, with new workers.
    pub fn restart(self) {
        self.begin(self.scenario.get_untracked(), Purpose::Anew);
    }

    pub(super) fn start(self, scenario: Scenario) {
        self.begin(scenario, Purpose::Change);
    }

    /// Makes the raw rows of the link's scenario again.
    pub(super) fn begin_rows(self) {
        self.begin(self.scenario.get_untracked(), Purpose::Rows);
    }

    /// Builds the dataset that is drawn once more, since its engine is gone.
    pub(super) fn restore(self, because: Option<String>) {
        if let Some(dataset) = self.dataset.get_untracked() {
            self.begin((*dataset.scenario).clone(), Purpose::Restore(because));
        }
    }

    /// Runs the scenario that was cancelled, or the link's once more.
    pub fn run_again(self) {
        match self.cancelled.get_untracked() {
            Some(scenario) => self.set_scenario(&scenario),
            None => self.restart(),
        }
    }

    /// Says that a run is about to begin, for whoever asks before it has.
    pub(super) fn announce(self) {
        self.write_status
            .update(|status| status.phase = Phase::Running);
    }

    fn begin(self, scenario: Scenario, purpose: Purpose) {
        let is_restoring = matches!(purpose, Purpose::Restore(_));
        if !is_restoring {
            self.cancelled.set(None);
            self.smaller.set(None);
        }
        self.overtake();
        self.give_up_first();
        self.stop_learning();
        let (cancel, given_up) = (CancelFlag::new(), CancelFlag::new());
        self.cancel.set_value(cancel.clone());
        self.given_up.set_value(given_up.clone());
        let revision = self.status.with_untracked(|status| status.revision) + 1;
        if !is_restoring && let Some(refusal) = size::refusal(&scenario, size::budget_of_this_tab())
        {
            self.write_status.set(Status {
                revision,
                phase: Phase::Refused(refusal),
                ..Status::default()
            });
            // The dataset before stays: what the run interrupted goes on.
            spawn_local(self.examine(cancel));
            return;
        }
        let engine = self.engine.get_value();
        let is_held = engine.try_lock().is_none();
        self.write_status.set(Status {
            revision,
            phase: Phase::Running,
            starting: is_held.then_some(Starting::Stopping),
            is_restoring,
            is_making_rows: purpose == Purpose::Rows,
            ..Status::default()
        });
        let run = Rc::new(self.run(revision, scenario, cancel.clone(), given_up, &purpose));
        self.runs_edits.set_value(run.edits.has_texts());
        let ticking = {
            let run = Rc::clone(&run);
            Interval::new(TICK_MS, move || run.tick())
        };
        spawn_local(async move {
            let mut engine = engine.lock().await;
            if purpose == Purpose::Anew {
                engine.shut_down();
            }
            let outcome = if cancel.is_set() {
                Err(RunError::Cancelled)
            } else {
                run.carry_out(&mut engine).await
            };
            drop(ticking);
            run.close_copy(outcome.as_ref().err());
            let is_last = self.status.with_untracked(|status| status.revision) == revision;
            if is_last && outcome.is_err() {
                self.give_up_first();
            }
            let is_fatal = outcome.as_ref().is_err_and(RunError::is_fatal);
            let is_of_generation = outcome.as_ref().is_err_and(RunError::is_of_generation);
            if is_fatal {
                engine.shut_down();
            } else if is_of_generation || (cancel.is_set() && is_last) {
                engine.end_generation();
            }
            drop(engine);
            // An engine that did not answer was ended for it.
            let outcome = match outcome {
                Err(_) if cancel.is_set() => Err(RunError::Cancelled),
                outcome => outcome,
            };
            let is_cancelled = matches!(outcome, Err(RunError::Cancelled));
            let mut set_aside = Vec::new();
            if is_last && (is_cancelled || is_fatal) {
                let standing = self.dataset.with_untracked(|dataset| {
                    dataset.as_ref().map(|dataset| dataset.edits.clone())
                });
                let standing =
                    standing.unwrap_or_else(|| self.edits.with_untracked(Edits::cleared));
                set_aside = self.set_aside(standing);
            }
            let is_by_reader = is_last && is_cancelled;
            if is_by_reader && !is_restoring {
                self.go_back();
            }
            if is_restoring {
                self.restored_ms.set_value(Some(now_ms()));
            }
            if is_last && let Err(RunError::OutOfMemory(_)) = &outcome {
                let asked = self.scenario.get_untracked();
                self.smaller.set(size::smaller(&asked));
            }
            let is_lost = is_by_reader || (is_last && is_fatal);
            if is_lost && !is_restoring && self.is_dataset_lost() {
                let because = outcome.err().filter(|_| !is_cancelled);
                self.restore(because.map(|error| error.to_string()));
                self.note_set_aside(set_aside);
                return;
            }
            let is_done = outcome.is_ok();
            self.finish(revision, outcome, purpose);
            self.note_set_aside(set_aside);
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

    /// Takes away what is drawn of a first result that will not be complete.
    fn give_up_first(self) {
        let first = self.first.get_untracked();
        if let Some(awaited) = first.and_then(|first| first.awaited) {
            self.first.set(None);
            awaited.give_up();
        }
    }

    /// Takes the link back to the scenario that stands, so that what is read, shared and reloaded is
    /// one company; the cancelled one can be run after all.
    fn go_back(self) {
        let standing = self.dataset.with_untracked(|dataset| {
            let dataset = dataset.as_ref()?;
            Some((*dataset.scenario).clone())
        });
        let asked = self.scenario.get_untracked();
        if let Some(standing) = standing.filter(|standing| *standing != asked) {
            self.cancelled.set(Some(asked));
            self.went_back.set_value(Some(standing.clone()));
            self.url.write_back(&standing);
        }
    }

    /// Goes back to `edits`; what differs from them waits as drafts.
    pub(super) fn set_aside(self, edits: Edits) -> Vec<String> {
        let now = self.edits.get_untracked();
        let models: Vec<String> = now
            .edited_since(&edits)
            .into_iter()
            .filter(|model| now.is_edited(model))
            .collect();
        if now != edits {
            self.drafts.update(|drafts| {
                for model in &models {
                    if let Some(text) = now.texts().get(model) {
                        drafts.entry(model.clone()).or_insert_with(|| text.clone());
                    }
                }
            });
            self.write_edits.set(edits);
        }
        models
    }

    /// Says whose edits wait as drafts, beside those that are known already.
    pub(super) fn note_set_aside(self, models: Vec<String>) {
        if !models.is_empty() {
            self.write_status
                .update(|status| status.set_aside.extend(models));
        }
    }

    /// Stops what is under way for a run that takes over.
    fn overtake(self) {
        self.cancel.with_value(CancelFlag::set);
        let has_edits = self.runs_edits.get_value()
            || self.dataset.with_untracked(|dataset| {
                dataset.as_ref().is_some_and(|one| one.edits.has_texts())
            });
        // The project's own statements end by themselves.
        if let Some(engine) = self.engine_now().filter(|_| has_edits) {
            spawn_local(async move {
                engine.end_unless_answering(LONG_GRACE_MS).await;
            });
        }
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

    fn run(
        self,
        revision: u64,
        scenario: Scenario,
        cancel: CancelFlag,
        given_up: CancelFlag,
        purpose: &Purpose,
    ) -> Run {
        let edits = self.edits.get_untracked();
        let standing = self.dataset.get_untracked();
        let may_open = edits.is_empty()
            && matches!(purpose, Purpose::Change | Purpose::Restore(_))
            && self.keeper.keeping.with_untracked(|keeping| keeping.is_on)
            && standing
                .as_ref()
                .is_none_or(|standing| standing.kept.is_some() && *standing.scenario == scenario);
        let completes = standing.and_then(|standing| standing.kept);
        let completes = completes.filter(|_| *purpose == Purpose::Rows);
        let asked = Asked::default();
        let built_with = edits.clone();
        let made_from = Rc::new(scenario.clone());
        let open_queries = self.open_queries.get_value();
        let dataset_of = {
            let open_queries = open_queries.clone();
            move |published: Published, awaited| Dataset {
                revision,
                scenario: Rc::clone(&made_from),
                fingerprint: published.fingerprint.into(),
                models: published.models,
                based_on: published.based_on,
                changed: published.changed.map(Rc::new),
                warehouse: published.warehouse,
                kept: published.kept,
                asked: asked.clone(),
                edits: built_with.clone(),
                open_queries: open_queries.clone(),
                serving: published.serving,
                awaited,
                make_rows: Rc::new(move |dataset| {
                    Box::pin(async move { self.make_rows(&dataset).await })
                }),
            }
        };
        Run {
            revision,
            scenario,
            edits,
            copies: may_open.then_some(self.keeper),
            opened: RefCell::default(),
            completes: completes.clone(),
            cancel,
            given_up,
            report: Rc::new(move |change| self.report(revision, change)),
            publish_early: {
                let dataset_of = dataset_of.clone();
                Box::new(move |published, awaited| {
                    // What is drawn stays until the run is complete.
                    let is_wanted = self.status.with_untracked(|status| status.revision)
                        == revision
                        && self.dataset.with_untracked(Option::is_none);
                    if is_wanted {
                        self.first.set(Some(dataset_of(published, Some(awaited))));
                    }
                })
            },
            withdraw: Box::new(move || self.give_up_first()),
            publish: Box::new(move |published| {
                // What was learned from the dataset before says nothing about this one.
                self.write_learning
                    .update(|learning| learning.begin(revision));
                if let Some(copy) = published.kept.as_ref().or(completes.as_ref())
                    && published.learned
                {
                    self.write_learning
                        .update(|learning| learning.restore(revision, copy.learned()));
                }
                if let Some(copy) = &published.kept {
                    self.write_tests.set(copy.tests(revision));
                }
                let report = published.serving.report();
                self.write_serving.set(ServingStatus { revision, report });
                self.write_dataset.set(Some(dataset_of(published, None)));
                self.first.set(None);
            }),
            on_serving: Rc::new(move |report| {
                // Before it is handed on, a dataset is not the one that is shown.
                if self.serving.with_untracked(|serving| serving.revision) == revision {
                    self.write_serving.set(ServingStatus { revision, report });
                }
            }),
            open_queries,
            renderer: self.renderer.get_value(),
            started_ms: now_ms(),
            began_ms: RefCell::default(),
            moved_ms: Rc::new(Cell::new(now_ms())),
            engine_silent_ms: Box::new(move || {
                let silent_ms = self.engine_now()?.silent_ms();
                (silent_ms > 0.0).then_some(silent_ms)
            }),
        }
    }

    /// Changes the status, unless a newer run has taken over.
    fn report(self, revision: u64, change: &dyn Fn(&mut Status)) {
        if self.status.with_untracked(|status| status.revision) == revision {
            self.write_status.update(|status| change(status));
        }
    }

    fn finish(self, revision: u64, outcome: Result<(), RunError>, purpose: Purpose) {
        self.report(revision, &|status| {
            if outcome.is_err() {
                for stage in &mut status.stages {
                    if stage.state == StageState::Running {
                        stage.state = StageState::Stopped;
                    }
                }
            }
            status.phase = match &outcome {
                Ok(()) => match &purpose {
                    Purpose::Restore(because) if !self.is_as_asked(status) => {
                        because.clone().map_or(Phase::Cancelled, Phase::Failed)
                    }
                    _ => Phase::Ready,
                },
                Err(RunError::Cancelled) => Phase::Cancelled,
                Err(error) => Phase::Failed(error.to_string()),
            };
        });
        if outcome.is_ok() {
            self.note_built();
            self.prepare_filters(revision);
        }
    }

    /// Whether the dataset that stands is what the link and the edits ask for.
    fn is_as_asked(self, status: &Status) -> bool {
        let is_of_link = self.dataset.with_untracked(|dataset| {
            let dataset = dataset.as_ref();
            dataset.is_some_and(|dataset| {
                self.scenario
                    .with_untracked(|scenario| *scenario == *dataset.scenario)
            })
        });
        is_of_link && status.set_aside.is_empty()
    }

    /// Remembers which edits the dataset was built with, so that they are built again after a reload.
    fn note_built(self) {
        let built = self.dataset.with_untracked(|dataset| {
            let dataset = dataset.as_ref()?;
            let serving = dataset.serving.report();
            Some(Built::of(&dataset.edits, &[&dataset.models, &serving]))
        });
        self.built.set(built.unwrap_or_default());
    }

    /// Builds the serving layer behind the reader's back, so that the first filter answers fast.
    fn prepare_filters(self, revision: u64) {
        let Some(dataset) = self.dataset.get_untracked() else {
            return;
        };
        let Some(warehouse) = dataset.warehouse.clone() else {
            return;
        };
        let open_queries = self.open_queries.get_value();
        spawn_local(async move {
            let cancel = || open_queries.cancel();
            let is_wanted = || self.status.with_untracked(|status| status.revision) == revision;
            let built = dataset.serving.build_all(&warehouse, is_wanted, cancel);
            // Whoever reads a table that is missing is told; nobody asked for it yet.
            if let Err(error) = built.await {
                leptos::logging::warn!("the serving layer was not built: {error}");
            }
        });
    }
}
