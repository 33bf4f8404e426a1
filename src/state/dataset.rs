//! The last complete result, and what can be asked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrow_array::RecordBatch;
use futures::future::LocalBoxFuture;

use super::awaited::Awaited;
use super::edits::Edits;
use super::engine::{OpenQueries, OpenQuery};
use super::kept::{Asked, Kept};
use super::serving::Serving;
use super::vars::values_of;
use crate::parameters::Scenario;
use crate::results::{is_ambiguous, unreadable_column};
use crate::transformation::{Manifest, ModelRun, ModelState, RunReport};
use crate::warehouse::{DuckDb, IpcBuffer, Warehouse, WarehouseError, reading};

/// Gives a dataset with its raw rows for one without.
pub(super) type MakeRows =
    Rc<dyn Fn(Dataset) -> LocalBoxFuture<'static, Result<Dataset, WarehouseError>>>;

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
    /// Sources that were made again, and data tests that read a changed var; `None` when all were.
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
    /// Makes its raw rows again, where it stands on a copy.
    pub(super) make_rows: MakeRows,
    /// Its models, where they are still built.
    pub(super) awaited: Option<Rc<Awaited>>,
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

    /// Whether it stands on what an earlier visit kept on this device, without raw rows.
    #[must_use]
    pub const fn is_from_device(&self) -> bool {
        self.kept.is_some()
    }

    /// Rows of each raw table, by its name with its schema, as they were counted when it was kept.
    #[must_use]
    pub fn kept_raw_rows(&self) -> Option<&BTreeMap<String, u64>> {
        self.kept.as_ref().map(|kept| kept.raw_rows())
    }

    /// This dataset with its raw rows, which are made again where it stands on a copy.
    ///
    /// # Errors
    /// [`WarehouseError::Cancelled`] when the reader cancels that or goes on to another scenario, and why they could
    /// not be made.
    pub(super) async fn whole(&self) -> Result<Self, WarehouseError> {
        match &self.kept {
            None => Ok(self.clone()),
            Some(_) => (self.make_rows)(self.clone()).await,
        }
    }
}
