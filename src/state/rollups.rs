//! Builds the tables of `results::rollups` in the warehouse, each once a dataset.

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures::lock::Mutex;

use crate::results::rollups::{ROLLUPS, Rollup, read_by, statement};
use crate::warehouse::{CancelFlag, DuckDb, Warehouse as _, WarehouseError};

/// Which rollups of a dataset stand.
pub(super) struct Rollups {
    as_of: String,
    built: RefCell<BTreeSet<&'static str>>,
    /// Held while one is built, so that none is built twice.
    building: Mutex<()>,
}

impl Rollups {
    /// None has been built yet.
    pub(super) fn new(as_of: String) -> Self {
        Self {
            as_of,
            built: RefCell::default(),
            building: Mutex::new(()),
        }
    }

    /// Builds what `sql` reads and does not stand yet.
    pub(super) async fn ready_for(
        &self,
        warehouse: &DuckDb,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<(), WarehouseError> {
        for rollup in read_by(sql) {
            self.build(warehouse, rollup, cancel).await?;
        }
        Ok(())
    }

    /// Builds all of them, as long as `is_wanted`; between two, others may ask the warehouse.
    pub(super) async fn build_all(
        &self,
        warehouse: &DuckDb,
        is_wanted: impl Fn() -> bool,
        cancel: impl Fn() -> CancelFlag,
    ) -> Result<(), WarehouseError> {
        for rollup in ROLLUPS {
            if !is_wanted() {
                break;
            }
            self.build(warehouse, rollup, &cancel()).await?;
        }
        Ok(())
    }

    async fn build(
        &self,
        warehouse: &DuckDb,
        rollup: &'static Rollup,
        cancel: &CancelFlag,
    ) -> Result<(), WarehouseError> {
        if self.built.borrow().contains(rollup.name) {
            return Ok(());
        }
        let _building = self.building.lock().await;
        if self.built.borrow().contains(rollup.name) {
            return Ok(());
        }
        warehouse
            .query("create schema if not exists rollups")
            .await?;
        let sql = statement(rollup, &self.as_of);
        warehouse.query_until(&sql, cancel).await?;
        self.built.borrow_mut().insert(rollup.name);
        Ok(())
    }
}
