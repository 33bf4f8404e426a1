//! Stage 2, **rows** (placeholder until the generator is merged).
#![allow(missing_docs, dead_code, unused_imports)]

mod arrow;
mod random;
mod tables;
use crate::parameters::{Parameter, Scenario};
pub use arrow::{Fingerprint, checksum, ipc_stream};
use arrow_array::RecordBatch;
pub use tables::*;
pub const USERS_PER_BLOCK: u64 = 1_000;
pub struct Plan;
pub struct TableRows {
    pub table: Table,
    pub batch: RecordBatch,
    pub checksum: u64,
}
pub struct Block {
    pub index: u64,
    pub tables: Vec<TableRows>,
}
impl Plan {
    pub fn new(_: &Scenario) -> Self {
        Self
    }
    pub fn blocks(&self) -> u64 {
        0
    }
    pub fn exposure(&self, _: u64) -> u64 {
        0
    }
    pub fn block(&self, index: u64, _: u64, _: TableSet) -> Block {
        Block {
            index,
            tables: vec![],
        }
    }
    pub fn global_tables(&self) -> Vec<(Table, RecordBatch)> {
        vec![]
    }
}
pub fn tables_affected(_: Parameter) -> TableSet {
    TableSet::ALL
}
