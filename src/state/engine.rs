//! What a run works with and what stays from one run to the next.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::generation::{Fingerprint, Table, TableSet, tables_affected};
use crate::parameters::{PARAMETERS, Scenario};
use crate::transformation::RunReport;
use crate::warehouse::DuckDb;
use crate::workers::GenerationPool;

use super::flow::RunError;

/// Most workers that generate at once; beyond it the warehouse is the slower part.
const MOST_WORKERS: usize = 4;

/// Workers, warehouse, and what the warehouse holds.
#[derive(Default)]
pub(super) struct Engine {
    pool: Option<Rc<GenerationPool>>,
    warehouse: Option<DuckDb>,
    /// What stands in the warehouse as a whole; `None` while it is being written.
    pub(super) loaded: Option<Loaded>,
    /// What became of the models of `loaded`.
    pub(super) models: Option<Rc<RunReport>>,
}

/// A scenario whose rows and models all stand in the warehouse.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) scenario: Scenario,
    pub(super) total_exposure: u64,
    pub(super) fingerprint: Fingerprint,
    pub(super) rows: BTreeMap<Table, u64>,
}

impl Engine {
    /// The generation workers, started when there are none.
    pub(super) fn pool(&mut self) -> Result<Rc<GenerationPool>, RunError> {
        if let Some(pool) = &self.pool {
            return Ok(Rc::clone(pool));
        }
        let pool = Rc::new(GenerationPool::start(
            &asset("generation-worker")?,
            workers(),
        )?);
        self.pool = Some(Rc::clone(&pool));
        Ok(pool)
    }

    /// The warehouse, opened when there is none or it has ended.
    pub(super) async fn warehouse(&mut self) -> Result<DuckDb, RunError> {
        if let Some(warehouse) = self
            .warehouse
            .as_ref()
            .filter(|warehouse| !warehouse.is_stopped())
        {
            return Ok(warehouse.clone());
        }
        self.loaded = None;
        let warehouse = DuckDb::open(&asset("duckdb-worker")?, &asset("duckdb-wasm")?).await?;
        self.warehouse = Some(warehouse.clone());
        Ok(warehouse)
    }

    /// Ends all workers; the next run starts new ones.
    pub(super) fn shut_down(&mut self) {
        self.pool = None;
        self.loaded = None;
        self.models = None;
        if let Some(warehouse) = self.warehouse.take() {
            warehouse.terminate();
        }
    }

    /// The tables whose rows `scenario` changes.
    pub(super) fn stale_tables(&self, scenario: &Scenario) -> TableSet {
        let Some(loaded) = &self.loaded else {
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
        .and_then(|(_, value)| value.parse().ok());
    let cores = window.navigator().hardware_concurrency() as usize;
    asked.unwrap_or(cores).clamp(1, MOST_WORKERS)
}

/// The absolute address of a file that the build names in a `<meta name="asset:…">`.
fn asset(name: &str) -> Result<String, RunError> {
    let missing = || RunError::MissingAsset {
        name: name.to_owned(),
    };
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(missing)?;
    let content = document
        .query_selector(&format!("meta[name='asset:{name}']"))
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(missing)?;
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(&content, &base)
        .map(|url| url.href())
        .map_err(|_| missing())
}

/// Counts the queries that panels have under way, to tell when a page is complete.
#[derive(Clone, Default)]
pub(super) struct OpenQueries(Rc<Cell<u32>>);

impl OpenQueries {
    /// Counts one until the guard is dropped.
    pub(super) fn enter(&self) -> OpenQuery {
        self.0.set(self.0.get() + 1);
        OpenQuery(self.clone())
    }

    /// Whether none is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.0.get() == 0
    }
}

/// One query under way.
pub(super) struct OpenQuery(OpenQueries);

impl Drop for OpenQuery {
    fn drop(&mut self) {
        let count = &self.0.0;
        count.set(count.get().saturating_sub(1));
    }
}
