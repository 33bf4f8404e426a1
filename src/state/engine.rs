//! What a run works with and what stays from one run to the next.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::generation::{Fingerprint, Table, TableSet, tables_affected};
use crate::parameters::{PARAMETERS, Scenario};
use crate::transformation::RunReport;
use crate::warehouse::{CancelFlag, DuckDb, DuckDbEngine, Home, StartStep};
use crate::workers::GenerationPool;

use super::MOST_WORKERS;
use super::assets::asset;
use super::clock::now_ms;
use super::edits::Edits;
use super::ingest::expected_rows;
use super::run_error::RunError;
use super::serving::Serving;

/// Raw rows of two scenarios that one engine may hold: about 2.5 of WebAssembly's 4 GB.
const MOST_ROWS_AT_ONCE: u64 = 26_000_000;

/// Workers, warehouse, and what the warehouse holds.
#[derive(Default)]
pub(super) struct Engine {
    pool: Option<Rc<GenerationPool>>,
    /// The warehouse that runs, for those who can't wait for the run under way: they may end it.
    pub(super) warehouse: Rc<RefCell<Option<DuckDbEngine>>>,
    /// The last complete dataset; a run that fails or is cancelled leaves it as it was.
    pub(super) loaded: Option<Loaded>,
}

/// A scenario whose rows and models all stand in a database.
#[derive(Clone)]
pub(super) struct Loaded {
    /// The run that made it.
    pub(super) revision: u64,
    pub(super) warehouse: DuckDb,
    /// Which database holds each table, raw or modelled, by `schema.table`.
    pub(super) homes: BTreeMap<String, Home>,
    /// What became of the models.
    pub(super) models: Rc<RunReport>,
    pub(super) serving: Rc<Serving>,
    /// The edits the models were built with.
    pub(super) edits: Edits,
    /// What each model that stands as a view selects, by its name.
    pub(super) views: BTreeMap<String, String>,
    pub(super) scenario: Scenario,
    /// Rows of each raw table as they were loaded.
    pub(super) raw_rows: Vec<(Table, u64)>,
    pub(super) total_exposure: u64,
    pub(super) fingerprint: Fingerprint,
}

impl Engine {
    /// The generation workers, started when there are none.
    pub(super) fn pool(&mut self) -> Result<Rc<GenerationPool>, RunError> {
        if let Some(pool) = self.pool.as_ref().filter(|pool| pool.is_whole()) {
            return Ok(Rc::clone(pool));
        }
        let pool = Rc::new(GenerationPool::start(
            &asset("generation-worker")?,
            workers(),
        )?);
        self.pool = Some(Rc::clone(&pool));
        Ok(pool)
    }

    /// An empty database for a run, in the engine that is there or in a new one.
    ///
    /// The database before it stays until the run is complete, so that what is drawn can still be
    /// asked; only when both would not fit is it given up first.
    pub(super) async fn new_database(
        &mut self,
        scenario: &Scenario,
        on_step: impl Fn(StartStep) + 'static,
    ) -> Result<DuckDb, RunError> {
        let standing = self.loaded.as_ref().map(|loaded| &loaded.scenario);
        let rows = expected_rows(scenario) + standing.map_or(0, expected_rows);
        // A run over the same rows adds none.
        let is_new = self.stale_tables(scenario) != TableSet::EMPTY;
        if standing.is_some() && is_new && rows > MOST_ROWS_AT_ONCE {
            self.shut_down();
        }
        let standing = self.warehouse.borrow().clone();
        let engine = match standing.filter(|engine| !engine.is_stopped()) {
            Some(engine) => engine,
            None => {
                self.loaded = None;
                let (worker, wasm) = (asset("duckdb-worker")?, asset("duckdb-wasm")?);
                let engine = DuckDbEngine::start(&worker, &wasm, on_step).await?;
                *self.warehouse.borrow_mut() = Some(engine.clone());
                engine
            }
        };
        Ok(engine.new_database().await?)
    }

    /// Ends all workers; the next run starts new ones.
    pub(super) fn shut_down(&mut self) {
        self.end_generation();
        self.loaded = None;
        if let Some(engine) = self.warehouse.take() {
            engine.terminate();
        }
    }

    /// Ends the generation workers with whatever they still work on.
    pub(super) fn end_generation(&mut self) {
        self.pool = None;
    }

    /// The tables whose rows `scenario` changes.
    pub(super) fn stale_tables(&self, scenario: &Scenario) -> TableSet {
        let standing = self.loaded.as_ref();
        let Some(loaded) = standing.filter(|loaded| !loaded.warehouse.is_stopped()) else {
            return TableSet::ALL;
        };
        PARAMETERS
            .iter()
            .map(|specification| specification.parameter)
            .filter(|&parameter| loaded.scenario.steps(parameter) != scenario.steps(parameter))
            .map(tables_affected)
            .fold(TableSet::EMPTY, TableSet::union)
    }
}

/// How many generation workers this machine gets; the page key `workers` overrides it.
fn workers() -> usize {
    let Some(window) = web_sys::window() else {
        return 1;
    };
    let search = window.location().search().unwrap_or_default();
    let asked = form_urlencoded::parse(search.trim_start_matches('?').as_bytes())
        .find(|(key, _)| key == "workers")
        .and_then(|(_, value)| value.parse().ok())
        .filter(|asked| (1..=MOST_WORKERS).contains(asked));
    let cores = window.navigator().hardware_concurrency() as usize;
    asked.unwrap_or(cores).clamp(1, MOST_WORKERS)
}

/// The queries that panels and scripts have under way: tells when a page is complete, and how long
/// the oldest has been waited for.
#[derive(Clone, Default)]
pub(super) struct OpenQueries(Rc<Queries>);

#[derive(Default)]
struct Queries {
    count: Cell<u64>,
    /// Stops all that are under way; a new one for those after them.
    cancel: RefCell<CancelFlag>,
    /// When each that is under way began, by its number.
    began_ms: RefCell<BTreeMap<u64, f64>>,
}

impl OpenQueries {
    /// Counts one until the guard is dropped.
    pub(super) fn enter(&self) -> OpenQuery {
        let number = self.0.count.get();
        self.0.count.set(number + 1);
        self.0.began_ms.borrow_mut().insert(number, now_ms());
        OpenQuery {
            queries: self.clone(),
            number,
            cancel: self.cancel(),
        }
    }

    /// Stops those under way, as far as they can be stopped.
    pub(super) fn stop(&self) {
        self.0.cancel.take().set();
    }

    /// Raised when those under way are stopped.
    pub(super) fn cancel(&self) -> CancelFlag {
        self.0.cancel.borrow().clone()
    }

    /// Whether none is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.0.began_ms.borrow().is_empty()
    }

    /// Milliseconds since the oldest was started; 0 when none is under way.
    pub(super) fn oldest_ms(&self) -> f64 {
        let began_ms = self.0.began_ms.borrow();
        let oldest = began_ms.values().copied().min_by(f64::total_cmp);
        oldest.map_or(0.0, |began_ms| now_ms() - began_ms)
    }
}

/// One query under way.
pub(super) struct OpenQuery {
    queries: OpenQueries,
    number: u64,
    /// Raised when it is to stop.
    pub(super) cancel: CancelFlag,
}

impl Drop for OpenQuery {
    fn drop(&mut self) {
        self.queries.0.began_ms.borrow_mut().remove(&self.number);
    }
}
