//! Runs the flow whenever the scenario in the URL changes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrow_array::RecordBatch;
use futures::lock::Mutex;
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::awaited::Awaited;
use super::clock::now_ms;
use super::edits::Edits;
use super::engine::{Engine, OpenQueries, OpenQuery};
use super::filters::Filters;
use super::flow::{Published, Run};
use super::kept::{Asked, Keeper, Kept};
use super::kept_edits::{self, Built, KeptEdits};
use super::learning::{Learning, LearningEngine};
use super::run_error::RunError;
use super::serving::{Serving, ServingStatus};
use super::status::TestStatus;
use super::url_state::UrlState;
use super::vars::values_of;
use super::{Phase, StageState, Starting, Status, Switches, size};
use crate::parameters::{Notice, Scenario};
use crate::results::{is_ambiguous, unreadable_column};
use crate::transformation::{Manifest, ModelRun, ModelState, RunReport};
use crate::warehouse::{
    CancelFlag, DuckDb, DuckDbEngine, IpcBuffer, Warehouse, WarehouseError, reading,
};
use crate::workers::TemplateRenderer;

/// How often the clock of a run goes on.
const TICK_MS: u32 = 200;

/// How long a statement that may be anybody's has to stop, once the reader cancels it.
const GRACE_MS: u32 = 300;

/// How long the project's own statements have: they end by themselves, and ending the engine would
/// cost the dataset that stands. So long, too, has an edit that is overtaken.
const LONG_GRACE_MS: u32 = 2_000;

/// How long a statement runs before its time is shown.
const SHOWN_AFTER_MS: f64 = 1_000.0;

/// How long the engine is silent before that is shown.
const SILENT_AFTER_MS: f64 = 2_000.0;

/// How long a restarted engine must have lived to be restarted once more by itself.
const AGAIN_AFTER_MS: f64 = 20_000.0;

/// What the engine is busy with while no run is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// A statement of a panel, a page or a script, for so many seconds.
    Statement(u32),
    /// Something in the background, without a sign of life for so many seconds.
    Silent(u32),
}

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
    /// Sources that were made anew, and data tests that say something else; `None` when all were.
    pub changed: Option<Rc<BTreeSet<String>>>,
    /// None for one that stands on a copy.
    pub(super) warehouse: Option<DuckDb>,
    /// The copy that it stands on, without raw rows.
    pub(super) kept: Option<Rc<Kept>>,
    /// What its pages asked; none of one whose questions are not remembered.
    pub(super) asked: Asked,
    /// The edits its models were built with.
    pub(super) edits: Edits,
    pub(super) open_queries: OpenQueries,
    pub(super) serving: Rc<Serving>,
    /// Who can make its raw rows again.
    pub(super) pipeline: Pipeline,
    /// Its models, where they are still built.
    awaited: Option<Rc<Awaited>>,
}

impl PartialEq for Dataset {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl Dataset {
    /// Runs a statement of the page's own on the modelled warehouse; what it names of the serving layer
    /// is built first. A statement from outside goes through [`Self::query_foreign`].
    ///
    /// # Errors
    /// As [`Warehouse::query`]; also when it returns a type that cannot be written.
    pub async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        if let Some(kept) = &self.kept {
            let _open = self.open_queries.enter();
            self.asked.note(sql);
            return match kept.query(sql).await? {
                Some(batches) => Ok(batches),
                None => Box::pin(self.whole().await?.query(sql)).await,
            };
        }
        // The project's own models answer soon; what an edit made of them may take for ever. The way
        // on which a statement can be stopped describes it first, which costs each a few milliseconds.
        if self.edits.has_texts() {
            return self.query_stoppable(sql).await;
        }
        self.asked.note(sql);
        let _open = self.prepare(sql).await?;
        let batches = self.warehouse()?.query(sql).await?;
        self.writable(sql, batches).await
    }

    /// As it is, but what it is asked is not remembered.
    #[must_use]
    pub fn unremembered(&self) -> Self {
        Self {
            asked: Asked::default(),
            ..self.clone()
        }
    }

    /// Its database, which one that stands on a copy has not.
    pub(super) fn warehouse(&self) -> Result<&DuckDb, WarehouseError> {
        self.warehouse.as_ref().ok_or(WarehouseError::Cancelled)
    }

    /// As [`Self::query`], for a statement that may be anybody's: it can be stopped.
    ///
    /// # Errors
    /// As [`Self::query`]; [`WarehouseError::Cancelled`] when it was stopped.
    async fn query_stoppable(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        let open = self.prepare(sql).await?;
        let batches = self
            .warehouse()?
            .query_cancellable(sql, &open.cancel)
            .await?;
        self.writable(sql, batches).await
    }

    /// Runs a statement from outside, which the engine must take for one that only reads; it can be
    /// stopped.
    ///
    /// # Errors
    /// As [`Self::query`]; also when the statement is not a single, reading one.
    pub(super) async fn query_foreign(
        &self,
        sql: &str,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
        if self.kept.is_some() {
            return Box::pin(self.whole().await?.query_foreign(sql)).await;
        }
        let open = self.prepare(sql).await?;
        let warehouse = self.warehouse()?;
        let sql = reading(warehouse, sql).await?;
        let batches = warehouse.query_cancellable(&sql, &open.cancel).await?;
        self.writable(&sql, batches).await
    }

    /// Refuses what cannot be written as text, and asks again where Arrow gives two of the engine's
    /// types as one.
    async fn writable(
        &self,
        sql: &str,
        batches: Vec<RecordBatch>,
    ) -> Result<Vec<RecordBatch>, WarehouseError> {
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
            return self.warehouse()?.query_told_apart(sql).await;
        }
        Ok(batches)
    }

    /// As [`Self::query_foreign`], but hands on the rows as an Arrow IPC file outside of this
    /// module's memory.
    ///
    /// # Errors
    /// As [`Self::query_foreign`].
    pub(super) async fn query_arrow(&self, sql: &str) -> Result<IpcBuffer, WarehouseError> {
        if self.kept.is_some() {
            return Box::pin(self.whole().await?.query_arrow(sql)).await;
        }
        let _open = self.prepare(sql).await?;
        let warehouse = self.warehouse()?;
        let sql = reading(warehouse, sql).await?;
        warehouse.query_buffer(&sql).await
    }

    /// Builds what is read and does not stand yet, and counts the query until the guard is dropped.
    async fn prepare(&self, sql: &str) -> Result<OpenQuery, WarehouseError> {
        let open = self.open_queries.enter();
        let cancel = &open.cancel;
        if let Some(awaited) = &self.awaited {
            awaited.ready_for(sql, cancel).await?;
        }
        self.serving
            .ready_for(self.warehouse()?, sql, cancel)
            .await?;
        Ok(open)
    }

    /// Builds a model of the serving layer, unless it stands; others stand already.
    ///
    /// # Errors
    /// Only when nothing more can be built; why one model can't be is in [`Self::run_of`].
    pub async fn build_when_needed(&self, model: &str) -> Result<(), WarehouseError> {
        if self.kept.is_some() {
            if self.is_readable(model) {
                return Ok(());
            }
            return Box::pin(self.whole().await?.build_when_needed(model)).await;
        }
        let open = self.open_queries.enter();
        let names = BTreeSet::from([model.to_owned()]);
        let built = self.serving.ready(self.warehouse()?, &names, &open.cancel);
        built.await.map(|_| ())
    }

    /// What became of a model; `None` for one that nobody has needed yet.
    #[must_use]
    pub fn run_of(&self, model: &str) -> Option<ModelRun> {
        let run = self.models.model(model).cloned();
        run.or_else(|| self.serving.report().model(model).cloned())
    }

    /// What the run that made this dataset did not keep of `before`; of the serving layer the edited models.
    #[must_use]
    pub fn built_by_run(&self, before: &Self) -> Vec<ModelRun> {
        let edited = self.edits.edited_since(&before.edits);
        let (run, serving) = (&self.models.models, self.serving.report());
        let built = run.iter().filter(|run| run.state != ModelState::Kept);
        let serving = serving.models.iter();
        let serving = serving.filter(|run| edited.contains(&run.name));
        built.chain(serving).cloned().collect()
    }

    /// The project that its models were built from, edits included.
    #[must_use]
    pub const fn manifest(&self) -> &Rc<Manifest> {
        self.edits.manifest()
    }

    /// Values of vars that the reader set before it was built.
    #[must_use]
    pub fn vars(&self) -> BTreeMap<String, serde_json::Value> {
        values_of(&self.edits)
    }

    /// Whether a model can be read, be it as an earlier run left it.
    #[must_use]
    pub fn is_readable(&self, model: &str) -> bool {
        self.models.is_readable(model) || self.serving.report().is_readable(model)
    }
}

/// Why a run is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    /// The scenario or an edit changed: what it does not touch is kept.
    Change,
    /// The reader asks for everything anew, with new workers.
    Anew,
    /// The dataset that is drawn has lost its engine: by itself, with its reason, or by a cancel.
    Restore(Option<String>),
    /// Something needs the raw rows of the scenario that is drawn from a copy.
    Rows,
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
    /// What dashboards read: the last complete result or, before there is one, the first while its models
    /// are built. A question waits for the models that it reads.
    pub shown: Signal<Option<Dataset>, LocalStorage>,
    /// How far the data tests of the last complete result have come.
    pub tests: ReadSignal<TestStatus, LocalStorage>,
    /// What was built of the last complete result's serving layer.
    pub serving: ReadSignal<ServingStatus, LocalStorage>,
    /// How far the models have come that learn from the last complete result.
    pub learning: ReadSignal<Learning, LocalStorage>,
    /// Whether the current run, its data tests and its models are all done.
    pub is_at_rest: Memo<bool>,
    pub(super) write_tests: WriteSignal<TestStatus, LocalStorage>,
    write_serving: WriteSignal<ServingStatus, LocalStorage>,
    pub(super) write_learning: WriteSignal<Learning, LocalStorage>,
    pub(super) learning_engine: StoredValue<LearningEngine, LocalStorage>,
    /// Models and vars edited in this tab.
    pub edits: ReadSignal<Edits, LocalStorage>,
    pub(super) write_edits: WriteSignal<Edits, LocalStorage>,
    /// Renders texts of edited models away from the page.
    pub(super) renderer: StoredValue<TemplateRenderer, LocalStorage>,
    /// Texts of models that were typed and not run, or whose run was cancelled.
    pub drafts: RwSignal<BTreeMap<String, String>>,
    /// Edits that a complete run has built.
    built: RwSignal<Built>,
    /// The scenario whose run the reader cancelled while another's dataset stood.
    pub cancelled: RwSignal<Option<Scenario>>,
    /// The scenario that stands, while the link goes back to it.
    went_back: StoredValue<Option<Scenario>>,
    /// What the engine is busy with besides a run, when it takes long.
    pub busy: ReadSignal<Option<Busy>>,
    /// What is kept on this device.
    pub keeper: Keeper,
    url: UrlState,
    write_status: WriteSignal<Status>,
    write_dataset: WriteSignal<Option<Dataset>, LocalStorage>,
    /// The first result, until it is complete.
    first: RwSignal<Option<Dataset>, LocalStorage>,
    /// Behind a lock: a run takes over only when the one before has let go.
    engine: StoredValue<Rc<Mutex<Engine>>, LocalStorage>,
    /// Whether the last run was begun with edits.
    runs_edits: StoredValue<bool>,
    /// When the dataset before was last built anew.
    restored_ms: StoredValue<Option<f64>>,
    /// A size for the scenario whose run got no memory.
    pub smaller: RwSignal<Option<Scenario>>,
    /// The warehouse that runs, whoever holds the lock.
    warehouse: StoredValue<Rc<RefCell<Option<DuckDbEngine>>>, LocalStorage>,
    cancel: StoredValue<CancelFlag, LocalStorage>,
    given_up: StoredValue<CancelFlag, LocalStorage>,
    open_queries: StoredValue<OpenQueries, LocalStorage>,
}

impl Pipeline {
    /// Makes the page's pipeline, provides it as context and runs the URL's scenario; called once,
    /// below `<Router>`.
    pub fn provide() -> Self {
        let url = UrlState::new();
        let (status, write_status) = signal(Status::default());
        let (dataset, write_dataset) = signal_local(None::<Dataset>);
        let first = RwSignal::new_local(None::<Dataset>);
        // One run's result is one, before it is complete and after: whoever asked it does not ask again.
        let shown = Memo::new_with_compare(
            move |_| SendWrapper::new(dataset.get().or_else(|| first.get())),
            |before, now| before.map(|shown| &**shown) != now.map(|shown| &**shown),
        );
        let shown = Signal::derive_local(move || shown.with(|shown| Option::clone(shown)));
        let (tests, write_tests) = signal_local(TestStatus::default());
        let (serving, write_serving) = signal_local(ServingStatus::default());
        let (learning, write_learning) = signal_local(Learning::default());
        // A built program's manifest can be read; without one nothing could be run or edited.
        let project = Manifest::embedded().unwrap_or_default();
        let (edits, drafts) = kept_edits::stored().restore(Edits::none(project));
        let (edits, write_edits) = signal_local(edits);
        let (busy, write_busy) = signal(None);
        let engine = Engine::default();
        let warehouse = Rc::clone(&engine.warehouse);
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
            shown,
            tests,
            serving,
            learning,
            is_at_rest,
            write_tests,
            write_serving,
            write_learning,
            learning_engine: StoredValue::new_local(LearningEngine::default()),
            edits,
            write_edits,
            renderer: StoredValue::new_local(TemplateRenderer::default()),
            drafts: RwSignal::new(drafts),
            built: RwSignal::default(),
            cancelled: RwSignal::new(None),
            went_back: StoredValue::new(None),
            busy,
            keeper: Keeper::new(),
            url,
            write_status,
            write_dataset,
            first,
            engine: StoredValue::new_local(Rc::new(Mutex::new(engine))),
            runs_edits: StoredValue::new(false),
            restored_ms: StoredValue::new(None),
            smaller: RwSignal::new(None),
            warehouse: StoredValue::new_local(warehouse),
            cancel: StoredValue::new_local(CancelFlag::new()),
            given_up: StoredValue::new_local(CancelFlag::new()),
            open_queries: StoredValue::new_local(OpenQueries::default()),
        };
        provide_context(pipeline);
        // The one effect that starts work; it only ever passes on, never back to the URL.
        Effect::new(move |_| {
            let scenario = pipeline.scenario.get();
            // A link that went back to what stands asks for nothing.
            let is_back = pipeline
                .went_back
                .try_update_value(Option::take)
                .flatten()
                .is_some_and(|standing| standing == scenario);
            if !is_back {
                pipeline.start(scenario);
            }
        });
        Effect::new(move |_| {
            let kept = pipeline.edits.with(|edits| {
                let (built, drafts) = (pipeline.built.read(), pipeline.drafts.read());
                KeptEdits::new(edits, &built, &drafts)
            });
            kept_edits::store(&kept);
        });
        // For as long as the page lives.
        Interval::new(TICK_MS, move || {
            let now = pipeline.busy_now();
            if now != busy.get_untracked() {
                write_busy.set(now);
            }
            pipeline.mind_engine();
        })
        .forget();
        pipeline
    }

    /// Why nothing is drawn and nothing will be by itself; `None` while a dataset stands or is on its
    /// way.
    #[must_use]
    pub fn why_no_data(self) -> Option<&'static str> {
        if self.dataset.with(Option::is_some) {
            return None;
        }
        self.status.with(|status| status.phase.why_no_data())
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

    /// Stops what the engine works on: a run, or the statements and tests under way without one.
    ///
    /// They are asked first. An engine that gives no sign of life is ended, and the dataset before is
    /// built anew; what was drawn stays meanwhile.
    pub fn cancel(self) {
        let is_running = self
            .status
            .with_untracked(|status| status.phase == Phase::Running);
        let open_queries = self.open_queries.get_value();
        let has_edits = self.edits.with_untracked(|edits| !edits.is_empty());
        let is_suspect = if is_running {
            has_edits || self.dataset.with_untracked(Option::is_none)
        } else {
            has_edits || !open_queries.is_idle()
        };
        if is_running || open_queries.is_idle() {
            self.cancel.with_value(CancelFlag::set);
        }
        if is_running {
            self.given_up.with_value(CancelFlag::set);
        }
        open_queries.stop();
        let Some(engine) = self.engine_now() else {
            return;
        };
        let grace_ms = if is_suspect { GRACE_MS } else { LONG_GRACE_MS };
        spawn_local(async move {
            let is_ended = engine.end_unless_answering(grace_ms).await;
            // A run notices by itself that its engine is gone.
            if is_ended && !is_running {
                self.replace_engine(None);
            }
        });
    }

    /// Builds the dataset anew whose engine was ended, or ended by itself, while no run was under way.
    fn replace_engine(self, because: Option<String>) {
        // A view that an edit made may be what the engine was lost in.
        let models = self.set_aside(self.edits.with_untracked(Edits::cleared));
        self.restore(because);
        self.note_set_aside(models);
    }

    /// Notices an engine that ended by itself after its run, and builds its dataset anew. A dataset on
    /// which it ends again soon waits for the reader.
    fn mind_engine(self) {
        let is_complete = self.status.with_untracked(|status| {
            matches!(
                status.phase,
                Phase::Ready | Phase::Cancelled | Phase::Refused(_)
            )
        });
        if !is_complete || !self.is_dataset_lost() {
            return;
        }
        let restored_ms = self.restored_ms.get_value();
        if restored_ms.is_none_or(|restored_ms| now_ms() - restored_ms > AGAIN_AFTER_MS) {
            self.replace_engine(Some("The engine stopped.".to_owned()));
        } else {
            let words = "The engine stopped again, soon after it was restarted. What is drawn stays, but can't be asked.";
            self.write_status
                .update(|status| status.phase = Phase::Failed(words.to_owned()));
        }
    }

    /// What the engine is busy with, beside a run.
    fn busy_now(self) -> Option<Busy> {
        let is_running = self
            .status
            .with_untracked(|status| status.phase == Phase::Running);
        if is_running {
            return None;
        }
        let seconds = |ms: f64| (ms / 1_000.0) as u32;
        let oldest_ms = self.open_queries.with_value(OpenQueries::oldest_ms);
        if oldest_ms >= SHOWN_AFTER_MS {
            return Some(Busy::Statement(seconds(oldest_ms)));
        }
        let silent_ms = self.engine_now().map_or(0.0, |engine| engine.silent_ms());
        (silent_ms >= SILENT_AFTER_MS).then(|| Busy::Silent(seconds(silent_ms)))
    }

    /// The engine, also while a run holds it.
    fn engine_now(self) -> Option<DuckDbEngine> {
        self.warehouse.with_value(|engine| engine.borrow().clone())
    }

    /// Goes back to `edits`; what differs from them waits as drafts.
    fn set_aside(self, edits: Edits) -> Vec<String> {
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

    /// Builds the dataset that is drawn anew, since its engine is gone.
    fn restore(self, because: Option<String>) {
        if let Some(dataset) = self.dataset.get_untracked() {
            self.begin((*dataset.scenario).clone(), Purpose::Restore(because));
        }
    }

    /// Runs the current scenario again from scratch, with new workers.
    pub fn restart(self) {
        self.begin(self.scenario.get_untracked(), Purpose::Anew);
    }

    /// Says that a run is about to begin, for whoever asks before it has.
    pub(super) fn announce(self) {
        self.write_status
            .update(|status| status.phase = Phase::Running);
    }

    pub(super) fn start(self, scenario: Scenario) {
        self.begin(scenario, Purpose::Change);
    }

    /// Makes the raw rows of the link's scenario again.
    pub(super) fn begin_rows(self) {
        self.begin(self.scenario.get_untracked(), Purpose::Rows);
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

    /// Runs the scenario that was cancelled, or the link's once more.
    pub fn run_again(self) {
        match self.cancelled.get_untracked() {
            Some(scenario) => self.set_scenario(&scenario),
            None => self.restart(),
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

    /// Whether the engine that holds the dataset is gone.
    fn is_dataset_lost(self) -> bool {
        self.dataset.with_untracked(|dataset| {
            let dataset = dataset.as_ref();
            let is_stopped = |one: &Dataset| match (&one.warehouse, &one.kept) {
                (Some(warehouse), _) => warehouse.is_stopped(),
                (None, kept) => kept.as_ref().is_some_and(|kept| kept.is_stopped()),
            };
            dataset.is_some_and(is_stopped)
        })
    }

    /// Says whose edits wait as drafts, beside those that are known already.
    fn note_set_aside(self, models: Vec<String>) {
        if !models.is_empty() {
            self.write_status
                .update(|status| status.set_aside.extend(models));
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
                pipeline: self,
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
