//! How far learning has come: what each model's fit is, and the tables that models write.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::lock::Mutex;

use crate::ml::{Card, LEARNERS, Learner, Model, Progress, Table};
use crate::warehouse::{DuckDb, Warehouse, WarehouseError, create_schema_sql, create_table_sql};
use crate::workers::LearningWorker;

/// The state of a model.
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

impl Job {
    /// A model as it is used.
    #[must_use]
    pub const fn of(model: Model) -> Self {
        Self {
            model,
            leaks: false,
        }
    }

    /// The leakage lab.
    #[must_use]
    pub const fn leakage() -> Self {
        Self {
            model: Model::Churn,
            leaks: true,
        }
    }
}

/// How far the models of a dataset have come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Learning {
    /// The run whose dataset is learned from.
    pub revision: u64,
    fits: BTreeMap<Model, u64>,
    pub(super) jobs: BTreeMap<Job, Fit>,
    /// The last fit of each model on this dataset, which its tables hold.
    cards: BTreeMap<Model, Rc<Card>>,
}

impl Learning {
    /// The state of a model.
    #[must_use]
    pub fn of(&self, model: Model) -> Fit {
        self.jobs.get(&Job::of(model)).cloned().unwrap_or_default()
    }

    /// The card of the last fit on this dataset. It stands while the model is fitted again, and
    /// stays when that fails or is stopped, as what the model wrote to its tables does.
    #[must_use]
    pub fn card(&self, model: Model) -> Option<&Rc<Card>> {
        self.cards.get(&model)
    }

    /// How often a model was fitted on any dataset of this page: tells one card from the next. 0
    /// while there is none of this dataset.
    #[must_use]
    pub fn cards(&self, model: Model) -> u64 {
        let has_card = self.cards.contains_key(&model);
        let count = self.fits.get(&model).copied().unwrap_or_default();
        if has_card { count } else { 0 }
    }

    /// How often a model was fitted on any dataset of this page, so that rows are read again; 0 while
    /// it is not fitted on this one.
    #[must_use]
    pub fn fits(&self, model: Model) -> u64 {
        let is_fitted = self.of(model).card().is_some();
        let count = self.fits.get(&model).copied().unwrap_or_default();
        if is_fitted { count } else { 0 }
    }

    /// The state of the leakage lab; `None` until it is opened.
    #[must_use]
    pub fn leakage(&self) -> Option<Fit> {
        self.jobs.get(&Job::leakage()).cloned()
    }

    /// Forgets what was learned from another dataset.
    pub(super) fn begin(&mut self, revision: u64) {
        self.revision = revision;
        self.jobs.clear();
        self.cards.clear();
    }

    /// Takes over what was learned from the same dataset before.
    pub(super) fn restore(&mut self, revision: u64, learned: Vec<(Model, Result<Card, String>)>) {
        if self.revision == revision {
            for (model, outcome) in learned {
                let fit = match outcome {
                    Ok(card) => Fit::Fitted(Rc::new(card)),
                    Err(reason) => Fit::Failed(reason),
                };
                self.note(Job::of(model), fit);
            }
        }
    }

    /// Records the state of a job.
    pub(super) fn note(&mut self, job: Job, fit: Fit) {
        let fit = match (fit, self.cards.get(&job.model)) {
            // What is stopped leaves the fit before it as it was.
            (Fit::Cancelled, Some(card)) if !job.leaks => Fit::Fitted(Rc::clone(card)),
            (Fit::Fitted(card), _) if !job.leaks => {
                *self.fits.entry(job.model).or_default() += 1;
                self.cards.insert(job.model, Rc::clone(&card));
                Fit::Fitted(card)
            }
            (fit, _) => fit,
        };
        self.jobs.insert(job, fit);
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

/// Who stops a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoppedBy {
    /// Somebody on the page: it stays stopped.
    Reader,
    /// A run, which may come to nothing: then it is begun again.
    Run,
}

/// The worker and what it is asked for.
#[derive(Clone, Default)]
pub(super) struct LearningEngine {
    /// Held by the job under way: the worker fits one model at a time.
    pub(super) worker: Rc<Mutex<Option<Rc<LearningWorker>>>>,
    /// How to stop each job that waits or runs.
    pub(super) stops: Rc<RefCell<BTreeMap<Job, oneshot::Sender<StoppedBy>>>>,
    /// How often each job was begun: what an earlier attempt still says is dropped.
    attempts: Rc<RefCell<BTreeMap<Job, u64>>>,
}

impl LearningEngine {
    /// The number of a new attempt, which overtakes those before.
    pub(super) fn attempt(&self, job: Job) -> u64 {
        let mut attempts = self.attempts.borrow_mut();
        let number = attempts.entry(job).or_default();
        *number += 1;
        *number
    }

    pub(super) fn is_overtaken(&self, job: Job, attempt: u64) -> bool {
        self.attempts.borrow().get(&job) != Some(&attempt)
    }
}

/// Makes the tables that models write, empty, so that statements on them never fail.
pub(super) async fn create_learned_tables(warehouse: &DuckDb) -> Result<(), WarehouseError> {
    warehouse.query(&create_schema_sql("ml")).await?;
    for table in LEARNERS.iter().flat_map(|learner| learner.tables) {
        warehouse.query(&empty_table(table)).await?;
    }
    Ok(())
}

/// The statement that makes a table of a model anew.
pub(super) fn empty_table(table: &Table) -> String {
    let columns = table.columns.iter();
    let columns = columns.map(|column| format!("{} {}", column.name, column.kind.sql()));
    create_table_sql(&table.qualified(), &columns.collect::<Vec<_>>())
}
