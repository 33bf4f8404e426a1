//! A dataset that stands on a copy: statements are answered from it, and what it can't answer from raw rows that are
//! made again.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;

use arrow_array::RecordBatch;
use futures::future::{Either, select};
use futures::lock::Mutex;
use js_sys::Uint8Array;
use tokio::sync::Notify;

use super::copy::{Copy, Facts};
use super::device::Keeper;
use super::{CopyFault, KeptTable, read_from};
use crate::ml::{Card, LEARNERS, Model};
use crate::state::status::TestStatus;
use crate::warehouse::{
    DuckDb, Warehouse as _, WarehouseError, create_schema_sql, create_table_sql, decode_file,
};

/// Most statements that are remembered of a dataset.
const MOST_ASKED: usize = 400;

/// The statements that a dataset's pages asked, for the copy.
#[derive(Clone, Default)]
pub(in crate::state) struct Asked(Rc<RefCell<BTreeSet<String>>>);

impl Asked {
    /// Remembers a statement.
    pub(in crate::state) fn note(&self, sql: &str) {
        let mut asked = self.0.borrow_mut();
        if asked.len() < MOST_ASKED && !asked.contains(sql) {
            asked.insert(sql.to_owned());
        }
    }

    /// All that were asked.
    pub(super) fn all(&self) -> BTreeSet<String> {
        self.0.borrow().clone()
    }
}

/// The database of a copy's tables.
enum Database {
    /// The engine still starts.
    Awaited,
    Here(DuckDb),
    /// The engine did not start.
    GivenUp(WarehouseError),
}

/// A copy that a dataset stands on.
pub(in crate::state) struct Kept {
    pub(super) copy: Rc<Copy>,
    pub(super) keeper: Keeper,
    relations: BTreeSet<String>,
    database: RefCell<Database>,
    /// Somebody waits for the engine.
    wanted: Notify,
    is_wanted: Cell<bool>,
    /// The engine is there, or will not be.
    changed: Notify,
    /// Tables that are loaded; held while one is, so that none is loaded twice.
    loaded: Mutex<BTreeSet<String>>,
    /// Whether something of the copy could not be read.
    is_damaged: Cell<bool>,
}

impl Kept {
    pub(super) fn new(copy: Copy, keeper: Keeper) -> Self {
        let tables = copy.manifest.tables.iter();
        Self {
            relations: tables.map(|table| table.relation.clone()).collect(),
            copy: Rc::new(copy),
            keeper,
            database: RefCell::new(Database::Awaited),
            wanted: Notify::new(),
            is_wanted: Cell::new(false),
            changed: Notify::new(),
            loaded: Mutex::default(),
            is_damaged: Cell::new(false),
        }
    }

    /// Rows of each raw table, by its name with its schema.
    pub(in crate::state) fn raw_rows(&self) -> &BTreeMap<String, u64> {
        &self.facts().raw_rows
    }

    /// What is known of the run that was kept.
    pub(super) fn facts(&self) -> &Facts {
        &self.copy.facts
    }

    /// The fingerprint of the dataset that was kept.
    pub(super) fn fingerprint(&self) -> &str {
        &self.copy.manifest.fingerprint
    }

    /// Answers a statement of the page's own; nothing where raw rows are needed for it.
    ///
    /// # Errors
    /// As the warehouse.
    pub(in crate::state) async fn query(
        &self,
        sql: &str,
    ) -> Result<Option<Vec<RecordBatch>>, WarehouseError> {
        if let Some(batches) = self.answer(sql) {
            return Ok(Some(batches));
        }
        match read_from(sql, &self.relations) {
            Some(tables) if !self.is_damaged.get() => self.ask(sql, &tables).await,
            _ => Ok(None),
        }
    }

    fn answer(&self, sql: &str) -> Option<Vec<RecordBatch>> {
        let answer = self.copy.answers.of(sql)?;
        decode_file(answer.to_vec()).ok()
    }

    /// Asks the copy's tables; nothing where they can't answer.
    async fn ask(
        &self,
        sql: &str,
        tables: &BTreeSet<String>,
    ) -> Result<Option<Vec<RecordBatch>>, WarehouseError> {
        let warehouse = self.warehouse().await?;
        if !self.load(&warehouse, tables).await? {
            return Ok(None);
        }
        match warehouse.query(sql).await {
            Ok(batches) => Ok(Some(batches)),
            // Whether it is wrong, or only of a copy, a whole dataset says.
            Err(WarehouseError::Query { .. } | WarehouseError::Decode { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The database of its tables, once the engine is there.
    pub(super) async fn warehouse(&self) -> Result<DuckDb, WarehouseError> {
        self.is_wanted.set(true);
        self.wanted.notify_waiters();
        loop {
            let changed = self.changed.notified();
            match &*self.database.borrow() {
                Database::Here(warehouse) => return Ok(warehouse.clone()),
                Database::GivenUp(error) => return Err(error.clone()),
                Database::Awaited => {}
            }
            changed.await;
        }
    }

    /// Waits until somebody needs the engine, or `quiet` is over.
    pub(super) async fn until_wanted(&self, quiet: impl Future) {
        if !self.is_wanted.get() {
            match select(pin!(self.wanted.notified()), pin!(quiet)).await {
                Either::Left(_) | Either::Right(_) => {}
            }
        }
    }

    /// The engine is there.
    pub(super) fn stand_on(&self, warehouse: DuckDb) {
        *self.database.borrow_mut() = Database::Here(warehouse);
        self.changed.notify_waiters();
    }

    /// The engine will not be there, unless it is already.
    pub(in crate::state) fn give_up(&self, error: WarehouseError) {
        let mut database = self.database.borrow_mut();
        if matches!(*database, Database::Awaited) {
            *database = Database::GivenUp(error);
            self.changed.notify_waiters();
        }
    }

    /// Whether the engine has ended that its tables were in.
    pub(in crate::state) fn is_stopped(&self) -> bool {
        matches!(&*self.database.borrow(), Database::Here(warehouse) if warehouse.is_stopped())
    }

    /// Loads the tables that are not loaded yet. Says whether all stand.
    async fn load(
        &self,
        warehouse: &DuckDb,
        tables: &BTreeSet<String>,
    ) -> Result<bool, WarehouseError> {
        let mut loaded = self.loaded.lock().await;
        for relation in tables {
            if loaded.contains(relation) {
                continue;
            }
            let Some(table) = self.copy.manifest.table(relation) else {
                return Ok(false);
            };
            if !self.load_one(warehouse, table, true).await? {
                return Ok(false);
            }
            loaded.insert(relation.clone());
        }
        Ok(true)
    }

    /// Loads one table, into one that is made for it where `is_new`. Says whether it stands.
    async fn load_one(
        &self,
        warehouse: &DuckDb,
        table: &KeptTable,
        is_new: bool,
    ) -> Result<bool, WarehouseError> {
        let rows = match self.copy.file(&table.relation).await {
            Ok(rows) => rows,
            Err(fault) => return Ok(self.note_damage(&fault)),
        };
        if is_new {
            let schema = table.relation.split('.').next().unwrap_or_default();
            warehouse.query(&create_schema_sql(schema)).await?;
            warehouse.query(&create_statement(table)).await?;
        }
        if table.rows == 0 {
            return Ok(true);
        }
        let appended = warehouse.append_buffer(&table.relation, rows, table.rows);
        match appended.await {
            Ok(()) => Ok(true),
            Err(WarehouseError::Ingest { .. }) => {
                let fault = CopyFault::Damaged(table.relation.clone());
                Ok(self.note_damage(&fault))
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes the copy, since something of it can't be read; the page goes on with raw rows.
    fn note_damage(&self, fault: &CopyFault) -> bool {
        leptos::logging::warn!("the kept copy is not used any more: {fault}");
        self.is_damaged.set(true);
        self.keeper.delete_copy(&self.copy);
        false
    }

    /// Loads what was learned into the tables for it, which are empty. Says whether all of it stands.
    pub(in crate::state) async fn fill_learned(
        &self,
        warehouse: &DuckDb,
    ) -> Result<bool, WarehouseError> {
        for table in LEARNERS.iter().flat_map(|learner| learner.tables) {
            let relation = table.qualified();
            let Some(kept) = self.copy.manifest.table(&relation) else {
                return Ok(false);
            };
            if !self.load_one(warehouse, kept, false).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What was learned, or why it could not be.
    pub(in crate::state) fn learned(&self) -> Vec<(Model, Result<Card, String>)> {
        self.facts().learned.clone()
    }

    /// What the data tests said, as of the run `revision`.
    pub(in crate::state) fn tests(&self, revision: u64) -> TestStatus {
        let report = self.facts().tests.clone();
        let count = report.tests.len();
        TestStatus {
            revision,
            is_running: false,
            done: count,
            total: count,
            report: Some(Rc::new(report)),
            error: None,
        }
    }

    /// The rows of a statement, as the engine gives them; nothing where the copy can't answer.
    pub(super) async fn bytes_of(&self, sql: &str) -> Option<Uint8Array> {
        if let Some(answer) = self.copy.answers.of(sql) {
            return Some(Uint8Array::from(answer));
        }
        let tables = read_from(sql, &self.relations)?;
        let warehouse = self.warehouse().await.ok()?;
        let stands = !self.is_damaged.get() && self.load(&warehouse, &tables).await.ok()?;
        if !stands {
            return None;
        }
        let rows = warehouse.query_buffer(sql).await.ok()?;
        Some(rows.into_bytes())
    }
}

/// The statement that makes a table anew, empty.
fn create_statement(table: &KeptTable) -> String {
    let columns = table.columns.iter();
    let columns = columns.map(|(name, kind)| format!("\"{}\" {kind}", name.replace('"', "\"\"")));
    create_table_sql(&table.relation, &columns.collect::<Vec<_>>())
}

/// As it is stored: an Arrow IPC stream, which is a file without its first bytes.
pub(super) fn stream_of(file: &Uint8Array) -> Uint8Array {
    const MAGIC_BYTES: u32 = 8;
    file.slice(MAGIC_BYTES.min(file.length()), file.length())
}
