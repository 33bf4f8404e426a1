//! Training: once a dataset is drawn and tested, every model is fitted on it in a worker.

use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::lock::MutexGuard;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::assets::asset;
use super::dataset::Dataset;
use super::learning::{Fit, Job, LearningEngine, StoppedBy, empty_table};
use super::pipeline::Pipeline;
use crate::ml::{Card, LEARNERS, Learner, Settings};
use crate::warehouse::{CancelFlag, Warehouse};
use crate::workers::{LearningError, LearningRequest, LearningWorker, NewRows};

impl Pipeline {
    /// Fits every model on a dataset, one after the other, until a newer run sets `cancel`.
    pub(super) async fn learn(self, dataset: &Dataset, cancel: &CancelFlag) {
        for learner in LEARNERS {
            let job = Job::of(learner.model);
            let fit = self
                .learning
                .with_untracked(|learning| learning.of(job.model));
            let is_asked_for = self
                .learning_engine
                .with_value(|engine| engine.stops.borrow().contains_key(&job));
            // Somebody may have stopped it before its turn, or asked for it.
            if fit != Fit::Waiting || is_asked_for {
                continue;
            }
            // What waits goes on waiting: for the new dataset, or for its turn when there is none.
            if cancel.is_set() {
                return;
            }
            let attempt = self.attempt(job);
            self.fit(dataset, job, attempt, Settings::default()).await;
        }
    }

    fn attempt(self, job: Job) -> u64 {
        self.learning_engine
            .with_value(|engine| engine.attempt(job))
    }

    /// Fits a model again with other hyperparameters, or opens the leakage lab.
    pub fn train(self, job: Job, settings: Settings) {
        self.when_whole(move || self.train_whole(job, settings));
    }

    fn train_whole(self, job: Job, settings: Settings) {
        let Some(dataset) = self.dataset.get_untracked() else {
            return;
        };
        let attempt = self.attempt(job);
        self.stop_training(job);
        self.write_learning.update(|learning| {
            if learning.revision != dataset.revision {
                learning.begin(dataset.revision);
            }
            learning.note(job, Fit::Waiting);
        });
        spawn_local(async move { self.fit(&dataset, job, attempt, settings).await });
    }

    /// Stops a job that waits or runs: its worker is ended, since nothing else could.
    pub fn stop_training(self, job: Job) {
        let stops = self
            .learning_engine
            .with_value(|engine| Rc::clone(&engine.stops));
        let stop = stops.borrow_mut().remove(&job);
        match stop {
            Some(stop) => {
                // A job that ended this moment needs no stop.
                let _ = stop.send(StoppedBy::Reader);
            }
            // Its turn has not come, and now never will.
            None => self.write_learning.update(|learning| {
                if learning
                    .jobs
                    .get(&job)
                    .is_none_or(|fit| *fit == Fit::Waiting)
                {
                    learning.note(job, Fit::Cancelled);
                }
            }),
        }
    }

    /// Closes the leakage lab again.
    pub fn close_leakage_lab(self) {
        let job = Job::leakage();
        self.attempt(job);
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
            let _ = stop.send(StoppedBy::Run);
        }
    }

    /// Says of what still waits that it will not be learned: the engine with its rows is gone.
    pub(super) fn give_up_learning(self) {
        self.write_learning.update(|learning| {
            for learner in LEARNERS {
                if learning.of(learner.model) == Fit::Waiting {
                    let job = Job::of(learner.model);
                    learning.note(job, Fit::Cancelled);
                }
            }
        });
    }

    async fn fit(self, dataset: &Dataset, job: Job, attempt: u64, settings: Settings) {
        let Some(learner) = job.model.learner() else {
            return;
        };
        let engine = self.learning_engine.get_value();
        if engine.is_overtaken(job, attempt) {
            return;
        }
        let (stop, stopped) = oneshot::channel();
        engine.stops.borrow_mut().insert(job, stop);
        let outcome = {
            let work = Box::pin(self.carry_out(&engine, dataset, learner, job, settings));
            match select(work, stopped).await {
                Either::Left((outcome, _)) => {
                    // A newer attempt has put its own way to stop there.
                    if !engine.is_overtaken(job, attempt) {
                        engine.stops.borrow_mut().remove(&job);
                    }
                    outcome.map(Ok)
                }
                // Its way to stop was dropped: nobody asks for it any more.
                Either::Right((stopped, _)) => Ok(Err(stopped.unwrap_or(StoppedBy::Reader))),
            }
        };
        let fit = match outcome {
            // From here on nothing stops it: its tables are written whole or not at all.
            Ok(Ok(mut trained)) => match write(dataset, learner, job, trained.tables).await {
                Ok(()) => {
                    *trained.held = Some(trained.worker);
                    Fit::Fitted(Rc::new(trained.card))
                }
                Err(message) => Fit::Failed(message),
            },
            Ok(Err(by)) => {
                let has_card = self
                    .learning
                    .with_untracked(|learning| learning.card(job.model).is_some());
                // The fit before it stands, and the lab is opened again by hand.
                if by == StoppedBy::Reader || has_card || job.leaks {
                    Fit::Cancelled
                } else {
                    Fit::Waiting
                }
            }
            Err(message) => Fit::Failed(message),
        };
        // A fit that was written counts even when it is overtaken: its tables hold it.
        let is_written = fit.card().is_some() && !job.leaks;
        if is_written || !engine.is_overtaken(job, attempt) {
            self.tell(dataset.revision, job, fit);
        }
    }

    /// Reads the rows and has the model fitted. Dropping it ends the worker.
    async fn carry_out<'engine>(
        self,
        engine: &'engine LearningEngine,
        dataset: &Dataset,
        learner: &Learner,
        job: Job,
        settings: Settings,
    ) -> Result<Trained<'engine>, String> {
        let mut held = engine.worker.lock().await;
        self.tell(dataset.revision, job, Fit::Running(None));
        let mut is_second_try = false;
        loop {
            // Taken out, so that a job that is dropped or fails takes its worker along.
            let worker = match held.take().filter(|worker| !worker.has_ended()) {
                Some(worker) => worker,
                None => {
                    let url = asset("learning-worker").map_err(|error| error.to_string())?;
                    Rc::new(LearningWorker::start(&url).map_err(|error| error.to_string())?)
                }
            };
            let (request, buffers) = self.request(dataset, learner, job, &settings).await?;
            let answer = worker.learn(&request, buffers, |progress| {
                self.tell(dataset.revision, job, Fit::Running(Some(progress)));
            });
            match answer.await {
                Ok((card, tables)) => {
                    return Ok(Trained {
                        held,
                        worker,
                        card,
                        tables,
                    });
                }
                // A worker that ended on the way is replaced, once.
                Err(LearningError::Stopped { .. }) if !is_second_try => is_second_try = true,
                Err(error) => {
                    // Its program goes on loading, for the next attempt.
                    if error == LearningError::NotYet {
                        *held = Some(worker);
                    }
                    return Err(error.to_string());
                }
            }
        }
    }

    /// What a model is fitted on.
    async fn request(
        self,
        dataset: &Dataset,
        learner: &Learner,
        job: Job,
        settings: &Settings,
    ) -> Result<(LearningRequest, Vec<Uint8Array>), String> {
        let (mut inputs, mut buffers) = (Vec::new(), Vec::new());
        for input in learner.inputs {
            if input.is_leaky && !job.leaks {
                continue;
            }
            let rows = dataset.warehouse().map_err(|error| error.to_string())?;
            let rows = rows.query_buffer(input.sql).await;
            buffers.push(rows.map_err(|error| error.to_string())?.into_bytes());
            inputs.push(input.name.to_owned());
        }
        let request = LearningRequest {
            model: job.model,
            scenario: dataset.scenario.to_query(),
            settings: settings.clone(),
            leaks: job.leaks,
            inputs,
        };
        Ok((request, buffers))
    }

    /// Records the state of a job, unless another dataset has taken over.
    fn tell(self, revision: u64, job: Job, fit: Fit) {
        let is_current = self
            .learning
            .try_with_untracked(|learning| learning.revision == revision);
        if is_current == Some(true) {
            self.write_learning
                .update(|learning| learning.note(job, fit));
        }
    }
}

/// A fitted model whose predictions are still to be written; nobody else is fitted until they are.
struct Trained<'engine> {
    held: MutexGuard<'engine, Option<Rc<LearningWorker>>>,
    worker: Rc<LearningWorker>,
    card: Card,
    tables: Vec<NewRows>,
}

/// Writes what a model predicts; of the leakage lab only the card is kept.
async fn write(
    dataset: &Dataset,
    learner: &Learner,
    job: Job,
    tables: Vec<NewRows>,
) -> Result<(), String> {
    if job.leaks {
        return Ok(());
    }
    let warehouse = dataset.warehouse().map_err(|error| error.to_string())?;
    for table in learner.tables {
        let emptied = warehouse.query(&empty_table(table)).await;
        emptied.map_err(|error| error.to_string())?;
    }
    for NewRows { written, stream } in tables {
        if written.rows > 0 {
            let table = &written.table;
            let appended = warehouse.append_buffer(table, stream, written.rows);
            appended.await.map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
