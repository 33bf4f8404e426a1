//! Rows and warehouse: what the scenario changes is generated, and loaded as it comes.

use std::collections::BTreeSet;
use std::rc::Rc;

use futures::StreamExt as _;
use js_sys::Uint8Array;

use super::engine::Loaded;
use super::ingest::{blocks_per_insert, changed_table, create_table, expected_rows};
use super::run::{Run, unless};
use super::run_error::RunError;
use super::{Stage, StageState};
use crate::generation::{Fingerprint, Table, TableSet};
use crate::warehouse::{
    DuckDb, Warehouse, WarehouseError, counts_sql, create_schema_sql, first_number,
};
use crate::workers::{BlockChecksum, GenerationPool, Request, Response, Stream, WorkerError};

/// What loading leaves to know.
pub(super) struct LoadedRows {
    pub(super) total_exposure: u64,
    pub(super) fingerprint: Fingerprint,
}

impl Run {
    /// Rows and warehouse: they overlap, since rows are loaded as they come.
    pub(super) async fn load(
        &self,
        pool: &Rc<GenerationPool>,
        warehouse: &DuckDb,
        stale: TableSet,
        kept: Option<&Loaded>,
    ) -> Result<LoadedRows, RunError> {
        self.begin(Stage::Rows);
        let expected = expected_rows(&self.scenario);
        self.stage(Stage::Rows, |stage| {
            stage.total = stale.contains(Table::Events).then_some(expected);
        });
        if let Some(kept) = kept.filter(|_| stale == TableSet::EMPTY) {
            return self.keep_rows(warehouse, kept).await;
        }
        self.stage(Stage::Rows, |stage| stage.detail = "planning".to_owned());
        let query = self.scenario.to_query();
        let blocks = unless(&self.cancel, pool.open(&query)).await?;
        let total_exposure = match kept {
            Some(kept) if !stale.contains(Table::Events) => kept.total_exposure,
            _ => unless(&self.cancel, pool.total_exposure(blocks)).await?,
        };
        self.stage(Stage::Rows, |stage| stage.detail.clear());

        self.begin(Stage::Warehouse);
        for schema in ["raw", "truth"] {
            warehouse.query(&create_schema_sql(schema)).await?;
        }
        let mut loaded = LoadedRows {
            total_exposure,
            fingerprint: kept.map_or_else(Fingerprint::new, |kept| kept.fingerprint.clone()),
        };
        for table in Table::ALL {
            let relation = table.qualified();
            let home = kept.and_then(|kept| kept.homes.get(relation));
            if let Some(home) = home.filter(|_| !stale.contains(table)) {
                warehouse.adopt(relation, home).await?;
            }
        }
        for table in stale.iter() {
            loaded.fingerprint.forget(table);
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
        loop {
            let next = async { groups.next().await.transpose() };
            let Some(answer) = unless(&self.cancel, next).await? else {
                break;
            };
            self.take(warehouse, answer, stale, &mut loaded).await?;
        }
        drop(groups);
        if stale.iter().any(|table| !table.is_by_block()) {
            let answer = unless(&self.cancel, pool.ask(0, Request::GlobalTables)).await?;
            self.take(warehouse, answer, stale, &mut loaded).await?;
        }
        warehouse.checkpoint().await?;
        self.stage(Stage::Rows, |stage| stage.total = Some(stage.done));
        self.end(Stage::Rows);
        self.end(Stage::Warehouse);
        Ok(loaded)
    }

    /// No row changes: all raw tables stay where they are.
    pub(super) async fn keep_rows(
        &self,
        warehouse: &DuckDb,
        kept: &Loaded,
    ) -> Result<LoadedRows, RunError> {
        for table in Table::ALL {
            let relation = table.qualified();
            if let Some(home) = kept.homes.get(relation) {
                warehouse.adopt(relation, home).await?;
            }
        }
        for stage in [Stage::Rows, Stage::Warehouse] {
            self.stage(stage, |stage| stage.state = StageState::Reused);
        }
        Ok(LoadedRows {
            total_exposure: kept.total_exposure,
            fingerprint: kept.fingerprint.clone(),
        })
    }

    /// Loads one answer's streams and notes their checksums; tables that stand already are left out,
    /// since the tables that belong to no user only come together.
    async fn take(
        &self,
        warehouse: &DuckDb,
        (response, buffers): (Response, Vec<Uint8Array>),
        stale: TableSet,
        loaded: &mut LoadedRows,
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
            if !table_of(&name).is_some_and(|table| stale.contains(table)) {
                continue;
            }
            self.stage(Stage::Warehouse, |stage| stage.detail.clone_from(&name));
            warehouse.append_buffer(&name, buffer, rows).await?;
            self.stage(Stage::Warehouse, |stage| stage.done += rows);
            self.check()?;
        }
        if let Ok(bytes) = warehouse.memory_bytes().await {
            (self.report)(&|status| status.memory_bytes = Some(bytes));
        }
        Ok(())
    }
}

/// Rows of each raw table; the engine knows them without reading any.
pub(super) async fn raw_rows(warehouse: &DuckDb) -> Result<Vec<(Table, u64)>, WarehouseError> {
    let counts = counts_sql(Table::ALL.map(Table::qualified));
    let batches = warehouse.query(&counts).await?;
    let tables = Table::ALL.into_iter().enumerate();
    tables
        .map(|(column, table)| {
            let rows = first_number(&batches, column)?;
            Ok((table, u64::try_from(rows).unwrap_or_default()))
        })
        .collect()
}

/// Fails a run in which somebody else than the loading changed a raw table.
pub(super) fn check_raw_rows(
    before: &[(Table, u64)],
    after: &[(Table, u64)],
    is_same: impl Fn(Table) -> bool,
) -> Result<(), RunError> {
    match changed_table(before, after, is_same) {
        None => Ok(()),
        Some((table, loaded, found)) => Err(RunError::RawChanged {
            table: table.qualified(),
            loaded,
            found,
        }),
    }
}

pub(super) fn names_of(tables: TableSet) -> BTreeSet<String> {
    let names = tables.iter().map(|table| table.qualified().to_owned());
    names.collect()
}

fn table_of(name: &str) -> Option<Table> {
    Table::ALL
        .into_iter()
        .find(|table| table.qualified() == name)
}
