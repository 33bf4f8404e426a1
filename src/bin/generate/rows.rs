//! Makes all rows of a scenario, in parallel, and writes them where they belong.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

use metricflow::generation::{Fingerprint, Plan, Table, TableSet, checksum};

use super::failure::Failure;
use super::table_file::TableFile;

/// Blocks of users up to which a table is one file.
const BLOCKS_IN_ONE_FILE: u64 = 10;
/// Files that a larger table has at least, and blocks that one of them has at most.
const LEAST_PARTS: u64 = 16;
const MOST_BLOCKS_A_PART: u64 = 10;

/// Blocks in a part, by the number of users alone: the files are the same for any number of
/// threads.
fn blocks_per_part(blocks: u64) -> u64 {
    if blocks <= BLOCKS_IN_ONE_FILE {
        blocks.max(1)
    } else {
        (blocks / LEAST_PARTS).clamp(1, MOST_BLOCKS_A_PART)
    }
}

/// Where the rows of a table go, or those of one part of it.
fn file_of(out: &Path, table: Table, part: Option<u64>) -> PathBuf {
    let path = out
        .join(table.schema_name())
        .join(format!("{}.parquet", table.name()));
    match part {
        Some(part) => path.join(format!("part-{part:05}.parquet")),
        None => path,
    }
}

/// What a part of the blocks came to: table, block, checksum and rows.
type Part = Vec<(Table, u64, u64, u64)>;

/// Rows and checksums of what was made.
#[derive(Default)]
pub(crate) struct Made {
    /// The checksum of everything.
    pub(crate) fingerprint: Fingerprint,
    /// Rows of each table.
    pub(crate) rows: BTreeMap<Table, u64>,
}

impl Made {
    fn add(&mut self, table: Table, block: u64, checksum: u64, rows: u64) {
        self.fingerprint.add(table, block, checksum);
        *self.rows.entry(table).or_default() += rows;
    }
}

/// Makes all rows; each thread takes the next part that is left, so memory holds one block and
/// one row group of each table for each thread.
///
/// Without `out` the rows are only counted and summed.
///
/// # Errors
/// The file that could not be written, or [`Failure::Interrupted`] once `is_interrupted`.
pub(crate) fn make(
    plan: &Plan,
    threads: usize,
    out: Option<&Path>,
    is_interrupted: &AtomicBool,
) -> Result<Made, Failure> {
    let mut made = Made::default();
    for (table, batch) in plan.global_tables() {
        made.add(table, 0, checksum(&batch), batch.num_rows() as u64);
        if let Some(out) = out {
            let mut file = TableFile::create(file_of(out, table, None), table)?;
            file.write(&batch)?;
            file.close()?;
        }
    }
    let exposure = total_exposure(plan, threads);
    let per_part = blocks_per_part(plan.blocks());
    let parts = plan.blocks().div_ceil(per_part);
    let (next, has_failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel::<Result<Part, Failure>>();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(parts as usize) {
            let (sender, next, has_failed) = (sender.clone(), &next, &has_failed);
            scope.spawn(move || {
                while !has_failed.load(Ordering::Relaxed) {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= parts {
                        break;
                    }
                    let end = ((part + 1) * per_part).min(plan.blocks());
                    let blocks = part * per_part..end;
                    let number = (parts > 1).then_some(part);
                    let result = make_part(plan, blocks, exposure, out, number, is_interrupted);
                    has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
                    if sender.send(result).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for part in receiver {
            for (table, block, checksum, rows) in part? {
                made.add(table, block, checksum, rows);
            }
        }
        Ok(made)
    })
}

fn make_part(
    plan: &Plan,
    blocks: Range<u64>,
    exposure: u64,
    out: Option<&Path>,
    number: Option<u64>,
    is_interrupted: &AtomicBool,
) -> Result<Part, Failure> {
    let mut files: BTreeMap<Table, TableFile> = BTreeMap::new();
    let mut part = Vec::new();
    for index in blocks {
        if is_interrupted.load(Ordering::Relaxed) {
            return Err(Failure::Interrupted);
        }
        let block = plan.block(index, exposure, TableSet::BY_BLOCK);
        for rows in block.tables {
            let count = rows.batch.num_rows() as u64;
            part.push((rows.table, index, rows.checksum, count));
            let Some(out) = out else { continue };
            let file = match files.entry(rows.table) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let path = file_of(out, rows.table, number);
                    entry.insert(TableFile::create(path, rows.table)?)
                }
            };
            file.write(&rows.batch)?;
        }
    }
    for file in files.into_values() {
        file.close()?;
    }
    Ok(part)
}

fn total_exposure(plan: &Plan, threads: usize) -> u64 {
    let next = AtomicU64::new(0);
    let total = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= plan.blocks() {
                        break;
                    }
                    total.fetch_add(plan.exposure(index), Ordering::Relaxed);
                }
            });
        }
    });
    total.into_inner()
}
