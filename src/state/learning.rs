//! Learning: once a dataset is drawn and tested, every model is fitted on it in a worker.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::engine::asset;
use super::{Dataset, Pipeline};
use crate::ml::{Card, LEARNERS, Learner, Model, Progress, Settings};
use crate::warehouse::{CancelFlag, DuckDb, Warehouse, WarehouseError};
use crate::workers::{LearningRequest, LearningWorker};

/// Where a model stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Fit {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// Under way; `None` while its rows are read.
    Running(Option<Progress>),
    /// Done.
    Fitted(Rc<Card>),
    /// It could not be fitted; says why and what to do.
    Failed(String),
    /// Somebody stopped it.
    Cancelled,
}

impl Fit {
    /// Whether nothing more will come by itself.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Fitted(_) | Self::Failed(_) | Self::Cancelled)
    }

    /// The card of a fitted model.
    #[must_use]
    pub const fn card(&self) -> Option<&Rc<Card>> {
        match self {
            Self::Fitted(card) => Some(card),
            _ => None,
        }
    }
}

/// A thing to fit: a model, or the churn model with leaky features, of which only the card is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// Which model.
    pub model: Model,
    /// Whether leaky features are let in.
    pub leaks: bool,
}

/// How far the models of a dataset have come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Learning {
    /// The run whose dataset is learned from.
    pub revision: u64,
    fits: BTreeMap<Model, u64>,
    jobs: BTreeMap<Job, Fit>,
}

impl Learning {
    /// Where a model stands.
    #[must_use]
    pub fn of(&self, model: Model) -> Fit {
        let job = Job {
            model,
            leaks: false,
        };
        self.jobs.get(&job).cloned().unwrap_or_default()
    }

    /// How often a model was fitted on any dataset of this page, so that rows are read anew; 0 while
    /// it is not fitted on this one.
    #[must_use]
    pub fn fits(&self, model: Model) -> u64 {
        let is_fitted = self.of(model).card().is_some();
        let count = self.fits.get(&model).copied().unwrap_or_default();
        if is_fitted { count } else { 0 }
    }

    /// Where the leakage lab stands; `None` while nobody asked for it.
    #[must_use]
    pub fn leakage(&self) -> Option<Fit> {
        let job = Job {
            model: Model::Churn,
            leaks: true,
        };
        self.jobs.get(&job).cloned()
    }

    /// Forgets what was learned from another dataset.
    fn begin(&mut self, revision: u64) {
        self.revision = revision;
        self.jobs.clear();
    }

    /// What became of each model, for scripts.
    #[must_use]
    pub fn outcomes(&self) -> BTreeMap<&'static str, Outcome> {
        let outcome = |learner: &Learner| {
            let fit = self.of(learner.model);
            let state = match &fit {
                Fit::Waiting => "waiting",
                Fit::Running(_) => "running",
                Fit::Fitted(_) => "fitted",
                Fit::Failed(_) => "failed",
                Fit::Cancelled => "cancelled",
            };
            let reason = match &fit {
                Fit::Failed(reason) => Some(reason.clone()),
                _ => None,
            };
            let card = fit.card().map(|card| Card::clone(card));
            (
                learner.model.key(),
                Outcome {
                    state,
                    reason,
                    card,
                },
            )
        };
        LEARNERS.iter().map(outcome).collect()
    }

    /// Whether every model of this build has settled.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        LEARNERS
            .iter()
            .all(|learner| self.of(learner.model).is_settled())
    }
}

/// What became of a model, for scripts.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Outcome {
    /// "waiting", "running", "fitted", "failed" or "cancelled".
    pub state: &'static str,
    /// Why it failed.
    pub reason: Option<String>,
    /// Its card, when it is fitted.
    pub card: Option<Card>,
}

/// The worker and what it is asked for.
#[derive(Clone, Default)]
pub(super) struct LearningEngine {
    /// Held by the job under way: the worker fits one model at a time.
    worker: Rc<Mutex<Option<Rc<LearningWorker>>>>,
    /// How to stop each job that waits or runs.
    stops: Rc<RefCell<BTreeMap<Job, oneshot::Sender<()>>>>,
}

/// Makes the tables that models write, empty, so that statements on them never fail.
pub(super) async fn create_learned_tables(warehouse: &DuckDb) -> Result<(), WarehouseError> {
    warehouse.query("create schema if not exists ml").await?;
    for table in LEARNERS.iter().flat_map(|learner| learner.tables) {
        warehouse.query(&table.create()).await?;
    }
    Ok(())
}

impl Pipeline {
    /// Fits every model on a dataset, one after the other, until a newer run sets `cancel`.
    pub(super) async fn learn(self, dataset: &Dataset, cancel: &CancelFlag) {
        self.write_learning
            .update(|learning| learning.begin(dataset.revision));
        for learner in LEARNERS {
            if cancel.is_set() {
                return;
            }
            let job = Job {
                model: learner.model,
                leaks: false,
            };
            self.fit(dataset, job, Settings::default()).await;
        }
    }

    /// Fits a model again with other hyperparameters, or opens the leakage lab.
    pub fn train(self, job: Job, settings: Settings) {
        let Some(dataset) = self.dataset.get_untracked() else {
            return;
        };
        self.stop_training(job);
        self.write_learning.update(|learning| {
            if learning.revision != dataset.revision {
                learning.begin(dataset.revision);
            }
            learning.jobs.insert(job, Fit::Waiting);
        });
        spawn_local(async move { self.fit(&dataset, job, settings).await });
    }

    /// Stops a job that waits or runs: its worker is ended, since nothing else could.
    pub fn stop_training(self, job: Job) {
        let stops = self
            .learning_engine
            .with_value(|engine| Rc::clone(&engine.stops));
        let stop = stops.borrow_mut().remove(&job);
        if let Some(stop) = stop {
            // A job that ended this moment needs no stop.
            let _ = stop.send(());
        }
    }

    /// Closes the leakage lab again.
    pub fn close_leakage_lab(self) {
        let job = Job {
            model: Model::Churn,
            leaks: true,
        };
        self.stop_training(job);
        self.write_learning.update(|learning| {
            learning.jobs.remove(&job);
        });
    }

    /// Stops whatever is learned from a dataset that a new run is about to replace.
    pub(super) fn stop_learning(self) {
        let stops = self
            .learning_engine
            .with_value(|engine| Rc::clone(&engine.stops));
        for stop in std::mem::take(&mut *stops.borrow_mut()).into_values() {
            let _ = stop.send(());
        }
    }

    async fn fit(self, dataset: &Dataset, job: Job, settings: Settings) {
        let Some(learner) = job.model.learner() else {
            return;
        };
        let engine = self.learning_engine.get_value();
        let (stop, stopped) = oneshot::channel();
        engine.stops.borrow_mut().insert(job, stop);
        let outcome = {
            let work = Box::pin(self.carry_out(dataset, learner, job, settings));
            match select(work, stopped).await {
                Either::Left((outcome, _)) => {
                    engine.stops.borrow_mut().remove(&job);
                    outcome
                }
                Either::Right(_) => Ok(None),
            }
        };
        let fit = match outcome {
            Ok(Some(card)) => Fit::Fitted(Rc::new(card)),
            Ok(None) => Fit::Cancelled,
            Err(message) => Fit::Failed(message),
        };
        self.tell(dataset.revision, job, fit);
    }

    /// Reads the rows, has the model fitted, writes what it predicts. Dropping it ends the worker.
    async fn carry_out(
        self,
        dataset: &Dataset,
        learner: &Learner,
        job: Job,
        settings: Settings,
    ) -> Result<Option<Card>, String> {
        let engine = self.learning_engine.get_value();
        let mut held = engine.worker.lock().await;
        self.tell(dataset.revision, job, Fit::Running(None));
        // Taken out, so that a job that is dropped or fails takes its worker along.
        let worker = match held.take() {
            Some(worker) => worker,
            None => {
                let url = asset("learning-worker").map_err(|error| error.to_string())?;
                Rc::new(LearningWorker::start(&url).map_err(|error| error.to_string())?)
            }
        };
        let (mut inputs, mut buffers) = (Vec::new(), Vec::new());
        for input in learner.inputs {
            if input.is_leaky && !job.leaks {
                continue;
            }
            let rows = dataset.warehouse.query_buffer(input.sql).await;
            buffers.push(rows.map_err(|error| error.to_string())?.into_bytes());
            inputs.push(input.name.to_owned());
        }
        let request = LearningRequest {
            model: job.model,
            scenario: dataset.scenario.to_query(),
            settings,
            leaks: job.leaks,
            inputs,
        };
        let answer = worker.learn(&request, buffers, |progress| {
            self.tell(dataset.revision, job, Fit::Running(Some(progress)));
        });
        let (card, tables) = answer.await.map_err(|error| error.to_string())?;
        if !job.leaks {
            for table in learner.tables {
                let emptied = dataset.warehouse.query(&table.create()).await;
                emptied.map_err(|error| error.to_string())?;
            }
            for rows in tables {
                let written = rows.written;
                if written.rows == 0 {
                    continue;
                }
                let appended =
                    dataset
                        .warehouse
                        .append_buffer(&written.table, rows.stream, written.rows);
                appended.await.map_err(|error| error.to_string())?;
            }
        }
        *held = Some(worker);
        Ok(Some(card))
    }

    /// Notes where a job stands, unless another dataset has taken over.
    fn tell(self, revision: u64, job: Job, fit: Fit) {
        let is_current = self
            .learning
            .try_with_untracked(|learning| learning.revision == revision);
        if is_current == Some(true) {
            self.write_learning.update(|learning| {
                if fit.card().is_some() && !job.leaks {
                    *learning.fits.entry(job.model).or_default() += 1;
                }
                learning.jobs.insert(job, fit);
            });
        }
    }
}
