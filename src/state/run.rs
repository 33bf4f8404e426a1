//! One run as its stages know it: its scenario, its clock and its way to report.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::pin::pin;
use std::rc::Rc;

use futures::future::{Either, select};

use super::awaited::Awaited;
use super::clock::now_ms;
use super::edits::Edits;
use super::engine::OpenQueries;
use super::kept::{Keeper, Kept};
use super::run_error::RunError;
use super::serving::{Serving, Sources};
use super::{Phase, Stage, StageState, Starting, Status};
use crate::parameters::Scenario;
use crate::transformation::RunReport;
use crate::warehouse::{CancelFlag, DuckDb, StartStep};
use crate::workers::TemplateRenderer;

/// How long a run may stand still before the page says so.
const STILL_AFTER_MS: f64 = 30_000.0;

/// Applies a change to the status of the run's own revision.
pub(super) type Report = dyn Fn(&dyn Fn(&mut Status));

/// A finished dataset, as a run hands it on.
pub(super) struct Published {
    /// None for one that stands on a copy.
    pub(super) warehouse: Option<DuckDb>,
    pub(super) fingerprint: String,
    pub(super) models: Rc<RunReport>,
    pub(super) serving: Rc<Serving>,
    /// The run whose tables it keeps in part.
    pub(super) based_on: Option<u64>,
    /// The sources it made again, and the data tests that read a changed var.
    pub(super) changed: Option<BTreeSet<String>>,
    /// The copy that it stands on.
    pub(super) kept: Option<Rc<Kept>>,
    /// Whether what a copy says was learned stands in it.
    pub(super) learned: bool,
}

/// One run: its scenario, its clock and its way to report.
pub(super) struct Run {
    pub(super) revision: u64,
    pub(super) scenario: Scenario,
    /// The project it builds.
    pub(super) edits: Edits,
    /// Where it may open a copy that this device has.
    pub(super) copies: Option<Keeper>,
    /// The copy that it has opened.
    pub(super) opened: RefCell<Option<Rc<Kept>>>,
    /// The copy whose raw rows it makes again.
    pub(super) completes: Option<Rc<Kept>>,
    /// Raised when the reader cancels it or a newer run takes over.
    pub(super) cancel: CancelFlag,
    /// Raised when the reader cancels it. An engine that starts is then given up; a newer run would
    /// only have to start it again.
    pub(super) given_up: CancelFlag,
    /// Applies a change to the status, unless a newer run has taken over.
    pub(super) report: Rc<Report>,
    /// Hands on the first dataset of the page, whose models are still built.
    pub(super) publish_early: Box<dyn Fn(Published, Rc<Awaited>)>,
    /// Takes the first dataset back that it handed on.
    pub(super) withdraw: Box<dyn Fn()>,
    /// Hands on the finished dataset.
    pub(super) publish: Box<dyn Fn(Published)>,
    /// Hears of the tables of its serving layer.
    pub(super) on_serving: Rc<dyn Fn(Rc<RunReport>)>,
    pub(super) open_queries: OpenQueries,
    /// Renders texts of edited models away from the page.
    pub(super) renderer: TemplateRenderer,
    pub(super) started_ms: f64,
    /// When each stage began.
    pub(super) began_ms: RefCell<[f64; 6]>,
    /// When anything last came on.
    pub(super) moved_ms: Rc<Cell<f64>>,
    /// Milliseconds since the engine last said anything; `None` while nothing is asked of it.
    pub(super) engine_silent_ms: Box<dyn Fn() -> Option<f64>>,
}

impl Run {
    pub(super) fn serving(&self, sources: Sources) -> Rc<Serving> {
        let on_serving = Rc::clone(&self.on_serving);
        Rc::new(Serving::new(sources, move |report| on_serving(report)))
    }

    pub(super) fn check(&self) -> Result<(), RunError> {
        if self.cancel.is_set() {
            return Err(RunError::Cancelled);
        }
        Ok(())
    }

    pub(super) fn begin(&self, stage: Stage) {
        self.began_ms.borrow_mut()[stage as usize] = now_ms();
        if stage > Stage::Parameters {
            (self.report)(&|status| status.starting = None);
        }
        self.stage(stage, |status| status.state = StageState::Running);
    }

    /// Lets the clocks of the run and of its stages go on while nothing else is reported.
    pub(super) fn tick(&self) {
        let now = now_ms();
        let began = *self.began_ms.borrow();
        let still_ms = now - self.moved_ms.get();
        let still_ms = (self.engine_silent_ms)().map_or(still_ms, |silent| silent.min(still_ms));
        (self.report)(&|status| {
            if status.phase != Phase::Running {
                return;
            }
            status.elapsed_ms = now - self.started_ms;
            status.still_secs = (still_ms >= STILL_AFTER_MS).then_some((still_ms / 1_000.0) as u32);
            for stage in &mut status.stages {
                if stage.state == StageState::Running {
                    stage.elapsed_ms = now - began[stage.stage as usize];
                }
            }
        });
    }

    pub(super) fn end(&self, stage: Stage) {
        self.stage(stage, |status| {
            status.state = StageState::Done;
            status.detail.clear();
        });
    }

    /// Changes a stage's status; its time runs on with each change.
    pub(super) fn stage(&self, stage: Stage, change: impl Fn(&mut super::StageStatus)) {
        let now = now_ms();
        self.moved_ms.set(now);
        let began = self.began_ms.borrow()[stage as usize];
        (self.report)(&|status| {
            let of_stage = status.stage_mut(stage);
            change(of_stage);
            of_stage.elapsed_ms = now - began;
            status.elapsed_ms = now - self.started_ms;
        });
    }
}

impl From<StartStep> for Starting {
    fn from(step: StartStep) -> Self {
        match step {
            StartStep::Downloading { bytes, total } => Self::Downloading { bytes, total },
            StartStep::Compiling => Self::Compiling,
            StartStep::Opening => Self::Opening,
        }
    }
}

/// Does `work`, unless `flag` is raised meanwhile: then `work` is dropped.
pub(super) async fn unless<T, E: Into<RunError>>(
    flag: &CancelFlag,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, RunError> {
    match select(pin!(work), pin!(flag.raised())).await {
        Either::Left((outcome, _)) => outcome.map_err(Into::into),
        Either::Right(_) => Err(RunError::Cancelled),
    }
}
