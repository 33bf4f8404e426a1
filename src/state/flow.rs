//! One run of the flow: `parameters → rows → warehouse → models → results → charts`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures::StreamExt as _;
use gloo::timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use serde_json::Value;

use super::engine::{Engine, Loaded, OpenQueries};
use super::ingest::{blocks_per_insert, create_table, expected_rows};
use super::{Stage, StageState, Status};
use crate::generation::{Fingerprint, Table, TableSet};
use crate::parameters::Scenario;
use crate::transformation::{Manifest, RunOptions, RunProgress, RunReport, Selection, run_models};
use crate::warehouse::{CancelFlag, DuckDb, Warehouse, WarehouseError};
use crate::workers::{BlockChecksum, GenerationPool, Request, Response, Stream, WorkerError};

/// Why a run ended before its charts.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("the run was cancelled")]
    Cancelled,
    #[error("{0}")]
    Worker(#[from] WorkerError),
    #[error("{0}")]
    Warehouse(#[from] WarehouseError),
    #[error(
        "the page does not name its {name}, so it was not built whole; build it again with `make dist`"
    )]
    MissingAsset { name: String },
    #[error("{0}")]
    Models(String),
}

impl RunError {
    /// Whether the workers can't be used again after it.
    pub(super) const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Worker(WorkerError::Stopped { .. } | WorkerError::TimedOut { .. })
                | Self::Warehouse(WarehouseError::Stopped { .. } | WarehouseError::TimedOut { .. })
        )
    }
}

/// Applies a change to the status of the run's own revision.
pub(super) type Report = dyn Fn(&dyn Fn(&mut Status));

/// One run: its scenario, its clock and its way to report.
pub(super) struct Run {
    pub(super) scenario: Scenario,
    pub(super) cancel: CancelFlag,
    /// Applies a change to the status, unless a newer run has taken over.
    pub(super) report: Box<Report>,
    /// Hands on the finished dataset's fingerprint.
    pub(super) publish: Box<dyn Fn(DuckDb, String, Rc<RunReport>)>,
    pub(super) open_queries: OpenQueries,
    pub(super) started_ms: f64,
    /// When each stage began.
    pub(super) began_ms: RefCell<[f64; 6]>,
}

impl Run {
    /// Carries the scenario through all stages.
    pub(super) async fn carry_out(&self, engine: &mut Engine) -> Result<(), RunError> {
        self.begin(Stage::Parameters);
        self.end(Stage::Parameters);

        let pool = engine.pool()?;
        let warehouse = engine.warehouse().await?;
        let stale = engine.stale_tables(&self.scenario);
        let kept = engine.loaded.take();
        let loaded = self.load(&pool, &warehouse, stale, kept).await?;
        let models = self
            .transform(&warehouse, stale, engine.models.take())
            .await?;

        let fingerprint = format!("{:016x}", loaded.fingerprint.dataset());
        engine.loaded = Some(loaded);
        engine.models = Some(models.clone());
        (self.publish)(warehouse, fingerprint, models);
        self.draw().await
    }

    /// Rows and warehouse: they overlap, since rows are loaded as they come.
    async fn load(
        &self,
        pool: &Rc<GenerationPool>,
        warehouse: &DuckDb,
        stale: TableSet,
        kept: Option<Loaded>,
    ) -> Result<Loaded, RunError> {
        self.begin(Stage::Rows);
        let expected = expected_rows(&self.scenario);
        self.stage(Stage::Rows, |stage| {
            stage.total = stale.contains(Table::Events).then_some(expected);
        });
        let blocks = pool.open(&self.scenario.to_query()).await?;
        self.check()?;
        let total_exposure = match &kept {
            Some(kept) if !stale.contains(Table::Events) => kept.total_exposure,
            _ => pool.total_exposure(blocks).await?,
        };
        self.check()?;

        self.begin(Stage::Warehouse);
        for schema in ["raw", "truth"] {
            warehouse
                .query(&format!("create schema if not exists {schema}"))
                .await?;
        }
        let mut loaded = Loaded {
            scenario: self.scenario.clone(),
            total_exposure,
            fingerprint: Fingerprint::new(),
            rows: BTreeMap::new(),
        };
        if let Some(kept) = kept {
            loaded.fingerprint = kept.fingerprint;
            loaded.rows = kept.rows;
        }
        for table in stale.iter() {
            loaded.fingerprint.forget(table);
            loaded.rows.remove(&table);
            warehouse.query(&create_table(table)).await?;
        }
        self.check()?;

        let per_insert = blocks_per_insert(&self.scenario);
        let tables: Vec<String> = stale
            .iter()
            .map(|table| table.qualified().to_owned())
            .collect();
        let size = pool.size() as u64;
        let groups = (0..blocks.div_ceil(per_insert)).map(|group| {
            let request = Request::Blocks {
                first: group * per_insert,
                end: ((group + 1) * per_insert).min(blocks),
                total_exposure,
                tables: tables.clone(),
            };
            pool.ask((group % size) as usize, request)
        });
        // Two requests a worker keep it busy while an insert runs, and bound what waits in memory.
        // Rows are loaded in the order of the blocks, whichever worker is first.
        let mut groups = futures::stream::iter(groups).buffered(2 * pool.size());
        while let Some(answer) = groups.next().await {
            self.take(warehouse, answer?, stale, &mut loaded).await?;
        }
        drop(groups);
        if stale.iter().any(|table| !table.is_by_block()) {
            let answer = pool.ask(0, Request::GlobalTables).await?;
            self.take(warehouse, answer, stale, &mut loaded).await?;
        }
        warehouse.checkpoint().await?;
        self.stage(Stage::Rows, |stage| stage.total = Some(stage.done));
        self.end(Stage::Rows);
        self.end(Stage::Warehouse);
        Ok(loaded)
    }

    /// Loads one answer's streams and notes their checksums; tables that stand already are left out,
    /// since the tables that belong to no user only come together.
    async fn take(
        &self,
        warehouse: &DuckDb,
        (response, buffers): (Response, Vec<Uint8Array>),
        stale: TableSet,
        loaded: &mut Loaded,
    ) -> Result<(), RunError> {
        self.check()?;
        let Response::Rows { streams, checksums } = response else {
            let message = "it answered something else than rows".to_owned();
            return Err(WorkerError::Failed { message }.into());
        };
        let generated: u64 = streams.iter().map(|stream| stream.rows).sum();
        self.stage(Stage::Rows, |stage| stage.done += generated);
        for BlockChecksum {
            table,
            block,
            checksum,
        } in checksums
        {
            if let Some(table) = table_of(&table).filter(|&table| stale.contains(table)) {
                loaded.fingerprint.add(table, block, checksum);
            }
        }
        for (Stream { table: name, rows }, buffer) in streams.into_iter().zip(buffers) {
            let Some(table) = table_of(&name).filter(|&table| stale.contains(table)) else {
                continue;
            };
            self.stage(Stage::Warehouse, |stage| stage.detail.clone_from(&name));
            warehouse.append_buffer(&name, buffer, rows).await?;
            *loaded.rows.entry(table).or_default() += rows;
            self.stage(Stage::Warehouse, |stage| stage.done += rows);
            self.check()?;
        }
        if let Ok(bytes) = warehouse.memory_bytes().await {
            (self.report)(&|status| status.memory_bytes = Some(bytes));
        }
        Ok(())
    }

    /// Models: those that read a changed table, and what reads them.
    async fn transform(
        &self,
        warehouse: &DuckDb,
        stale: TableSet,
        previous: Option<Rc<RunReport>>,
    ) -> Result<Rc<RunReport>, RunError> {
        self.begin(Stage::Models);
        let manifest = Manifest::embedded().map_err(|error| RunError::Models(error.to_string()))?;
        let nodes: BTreeSet<String> = stale
            .iter()
            .map(|table| table.qualified().to_owned())
            .collect();
        let selection = match &previous {
            Some(previous) if stale != TableSet::ALL => Selection::Changed {
                nodes: &nodes,
                previous,
            },
            _ => Selection::All,
        };
        let vars = BTreeMap::from([(
            "as_of".to_owned(),
            Value::from(self.scenario.as_of().to_string()),
        )]);
        let options = RunOptions {
            selection,
            vars: &vars,
            cancel: &self.cancel,
            now_ms: &now_ms,
        };
        let report = run_models(warehouse, &manifest, &options, |progress| match progress {
            RunProgress::Started { model, total, .. } => self.stage(Stage::Models, |stage| {
                stage.total = Some(total as u64);
                model.clone_into(&mut stage.detail);
            }),
            RunProgress::Finished { done, .. } => {
                self.stage(Stage::Models, |stage| stage.done = done as u64)
            }
        })
        .await?;
        self.check()?;
        self.end(Stage::Models);
        Ok(Rc::new(report))
    }

    /// Results and charts: panels read their marts and draw; the run ends when they are quiet.
    async fn draw(&self) -> Result<(), RunError> {
        self.begin(Stage::Results);
        let mut quiet = 0;
        while quiet < 3 {
            TimeoutFuture::new(16).await;
            self.check()?;
            quiet = if self.open_queries.is_idle() {
                quiet + 1
            } else {
                0
            };
        }
        self.end(Stage::Results);
        self.begin(Stage::Charts);
        // Charts are set in the tick after their rows came; two more let them paint.
        for _ in 0..2 {
            TimeoutFuture::new(16).await;
        }
        self.check()?;
        self.end(Stage::Charts);
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), RunError> {
        if self.cancel.is_set() {
            return Err(RunError::Cancelled);
        }
        Ok(())
    }

    fn begin(&self, stage: Stage) {
        self.began_ms.borrow_mut()[stage as usize] = now_ms();
        self.stage(stage, |status| status.state = StageState::Running);
    }

    fn end(&self, stage: Stage) {
        self.stage(stage, |status| {
            status.state = StageState::Done;
            status.detail.clear();
        });
    }

    /// Changes a stage's status; its time runs on with each change.
    fn stage(&self, stage: Stage, change: impl Fn(&mut super::StageStatus)) {
        let now = now_ms();
        let began = self.began_ms.borrow()[stage as usize];
        (self.report)(&|status| {
            let of_stage = status.stage_mut(stage);
            change(of_stage);
            of_stage.elapsed_ms = now - began;
            status.elapsed_ms = now - self.started_ms;
        });
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

fn table_of(name: &str) -> Option<Table> {
    Table::ALL
        .into_iter()
        .find(|table| table.qualified() == name)
}
