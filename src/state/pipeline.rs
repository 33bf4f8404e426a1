//! Runs the flow whenever the scenario in the URL changes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::lock::Mutex;
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::dataset::Dataset;
use super::edits::Edits;
use super::engine::{Engine, OpenQueries};
use super::filters::Filters;
use super::kept::Keeper;
use super::kept_edits::{self, Built, KeptEdits};
use super::learning::{Learning, LearningEngine};
use super::serving::ServingStatus;
use super::status::TestStatus;
use super::url_state::UrlState;
use super::{Phase, Status, Switches};
use crate::parameters::{Notice, Scenario};
use crate::transformation::Manifest;
use crate::warehouse::{CancelFlag, DuckDbEngine};
use crate::workers::TemplateRenderer;

/// How often the clock of a run goes on.
pub(super) const TICK_MS: u32 = 200;

/// How long the project's own statements have: they end by themselves, and ending the engine would
/// cost the dataset that stands. So long, too, has an edit that is overtaken.
pub(super) const LONG_GRACE_MS: u32 = 2_000;

/// What the engine is busy with while no run is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// A statement of a panel, a page or a script, for so many seconds.
    Statement(u32),
    /// Something in the background, without a sign of life for so many seconds.
    Silent(u32),
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
    pub(super) write_serving: WriteSignal<ServingStatus, LocalStorage>,
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
    pub(super) built: RwSignal<Built>,
    /// The scenario whose run the reader cancelled while another's dataset stood.
    pub cancelled: RwSignal<Option<Scenario>>,
    /// The scenario that stands, while the link goes back to it.
    pub(super) went_back: StoredValue<Option<Scenario>>,
    /// What the engine is busy with besides a run, when it takes long.
    pub busy: ReadSignal<Option<Busy>>,
    /// What is kept on this device.
    pub keeper: Keeper,
    pub(super) url: UrlState,
    pub(super) write_status: WriteSignal<Status>,
    pub(super) write_dataset: WriteSignal<Option<Dataset>, LocalStorage>,
    /// The first result, until it is complete.
    pub(super) first: RwSignal<Option<Dataset>, LocalStorage>,
    /// Behind a lock: a run takes over only when the one before has let go.
    pub(super) engine: StoredValue<Rc<Mutex<Engine>>, LocalStorage>,
    /// Whether the last run was begun with edits.
    pub(super) runs_edits: StoredValue<bool>,
    /// When the dataset before was last built anew.
    pub(super) restored_ms: StoredValue<Option<f64>>,
    /// A size for the scenario whose run got no memory.
    pub smaller: RwSignal<Option<Scenario>>,
    /// The warehouse that runs, whoever holds the lock.
    pub(super) warehouse: StoredValue<Rc<RefCell<Option<DuckDbEngine>>>, LocalStorage>,
    pub(super) cancel: StoredValue<CancelFlag, LocalStorage>,
    pub(super) given_up: StoredValue<CancelFlag, LocalStorage>,
    pub(super) open_queries: StoredValue<OpenQueries, LocalStorage>,
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
}
