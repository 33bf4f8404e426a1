//! A whole dataset in memory, as plain columns, for the tests of the generator.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType, UInt8Type,
};
use arrow_array::{Array, RecordBatch};
use metricflow::generation::{Block, ColumnKind, Fingerprint, Plan, Table, TableSet, checksum};
use metricflow::parameters::Scenario;

/// Microseconds in a day.
pub(crate) const DAY: i64 = 86_400_000_000;
/// Microseconds in an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// The value that stands for null in integer columns.
pub(crate) const NULL: i64 = i64::MIN;

/// Reads a scenario, which must have nothing wrong with it.
pub(crate) fn scenario(query: &str) -> Scenario {
    let (scenario, notices) = Scenario::from_query(query);
    assert!(notices.is_empty(), "{query}: {notices:?}");
    scenario
}

/// Makes all blocks on `parts` threads that take them in turn.
pub(crate) fn blocks(plan: &Plan, parts: u64, tables: TableSet) -> Vec<Block> {
    let exposure: u64 = on_parts(plan, parts, |block| plan.exposure(block))
        .iter()
        .sum();
    let mut blocks = on_parts(plan, parts, |block| plan.block(block, exposure, tables));
    blocks.sort_by_key(|block| block.index);
    blocks
}

fn on_parts<T: Send>(plan: &Plan, parts: u64, make: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..parts {
            let (sender, next, make) = (sender.clone(), &next, &make);
            scope.spawn(move || {
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= plan.blocks() || sender.send(make(block)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        receiver.iter().collect()
    })
}

/// Rows and hash of every table.
pub(crate) fn fingerprint(scenario: &Scenario, parts: u64) -> (BTreeMap<Table, u64>, Fingerprint) {
    let plan = Plan::new(scenario);
    let mut rows = BTreeMap::new();
    let mut fingerprint = Fingerprint::new();
    for (table, batch) in plan.global_tables() {
        fingerprint.add(table, 0, checksum(&batch));
        *rows.entry(table).or_default() += batch.num_rows() as u64;
    }
    for block in blocks(&plan, parts, TableSet::BY_BLOCK) {
        for made in block.tables {
            fingerprint.add(made.table, block.index, made.checksum);
            *rows.entry(made.table).or_default() += made.batch.num_rows() as u64;
        }
    }
    (rows, fingerprint)
}

/// Columns of one table: integers (also times, days, booleans and dictionary keys), floats, text.
#[derive(Default)]
pub(crate) struct Columns {
    integers: BTreeMap<&'static str, Vec<i64>>,
    floats: BTreeMap<&'static str, Vec<f64>>,
    texts: BTreeMap<&'static str, Vec<String>>,
    words: BTreeMap<&'static str, &'static [&'static str]>,
}

impl Columns {
    /// An integer column; nulls are [`NULL`].
    pub(crate) fn get(&self, name: &str) -> &[i64] {
        &self.integers[name]
    }

    /// A column of floats; nulls are NaN.
    pub(crate) fn floats(&self, name: &str) -> &[f64] {
        &self.floats[name]
    }

    /// A column of text.
    pub(crate) fn texts(&self, name: &str) -> &[String] {
        &self.texts[name]
    }

    /// The key of a word of a dictionary column.
    pub(crate) fn key(&self, name: &str, word: &str) -> i64 {
        let words = self.words[name];
        words.iter().position(|other| *other == word).unwrap() as i64
    }

    /// Only the rows at which `keeps` holds.
    pub(crate) fn only(&self, keeps: impl Fn(usize) -> bool) -> Self {
        fn taken<T: Clone>(
            columns: &BTreeMap<&'static str, Vec<T>>,
            rows: &[usize],
        ) -> BTreeMap<&'static str, Vec<T>> {
            let take = |values: &Vec<T>| rows.iter().map(|&row| values[row].clone()).collect();
            let columns = columns.iter();
            columns
                .map(|(&name, values)| (name, take(values)))
                .collect()
        }
        let rows: Vec<usize> = (0..self.rows()).filter(|&row| keeps(row)).collect();
        Self {
            integers: taken(&self.integers, &rows),
            floats: taken(&self.floats, &rows),
            texts: taken(&self.texts, &rows),
            words: self.words.clone(),
        }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.integers.values().next().map_or(0, Vec::len)
    }

    fn append(&mut self, table: Table, batch: &RecordBatch) {
        for (column, array) in table.columns().iter().zip(batch.columns()) {
            let nulls = |values: Vec<i64>| -> Vec<i64> {
                let keep = |(index, value)| if array.is_null(index) { NULL } else { value };
                values.into_iter().enumerate().map(keep).collect()
            };
            let integers = match column.kind {
                ColumnKind::BigInt => array.as_primitive::<Int64Type>().values().to_vec(),
                ColumnKind::Timestamp => array
                    .as_primitive::<TimestampMicrosecondType>()
                    .values()
                    .to_vec(),
                ColumnKind::Integer => widened(array.as_primitive::<Int32Type>().values()),
                ColumnKind::Date => widened(array.as_primitive::<Date32Type>().values()),
                ColumnKind::Boolean => array
                    .as_boolean()
                    .iter()
                    .map(|v| i64::from(v.unwrap()))
                    .collect(),
                ColumnKind::Dictionary(words) => {
                    self.words.insert(column.name, words);
                    let keys = array.as_dictionary::<UInt8Type>().keys().values();
                    keys.iter().map(|&key| i64::from(key)).collect()
                }
                ColumnKind::Double => {
                    let values = array.as_primitive::<Float64Type>().iter();
                    self.floats
                        .entry(column.name)
                        .or_default()
                        .extend(values.map(|value| value.unwrap_or(f64::NAN)));
                    continue;
                }
                ColumnKind::Text => {
                    let values = array.as_string::<i32>().iter();
                    self.texts
                        .entry(column.name)
                        .or_default()
                        .extend(values.map(|value| value.unwrap().to_owned()));
                    continue;
                }
            };
            self.integers
                .entry(column.name)
                .or_default()
                .extend(nulls(integers));
        }
    }
}

/// A quotient of whole numbers from 0 on, rounded half up.
pub(crate) fn half_up(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend + divisor) / (2 * divisor)
}

/// The same time of day `months` later; the last day of a shorter month stands in for later days.
pub(crate) fn months_later(instant: i64, months: u32) -> i64 {
    let date = chrono::DateTime::from_timestamp_micros(instant).expect("a time");
    (date + chrono::Months::new(months)).timestamp_micros()
}

fn widened(values: &[i32]) -> Vec<i64> {
    values.iter().map(|&value| i64::from(value)).collect()
}

/// A whole dataset.
pub(crate) struct Dataset {
    pub(crate) scenario: Scenario,
    tables: BTreeMap<Table, Columns>,
}

impl Dataset {
    /// Makes the dataset of a scenario.
    pub(crate) fn new(scenario: Scenario) -> Self {
        Self::with(scenario, TableSet::ALL)
    }

    /// Makes only some tables.
    pub(crate) fn with(scenario: Scenario, wanted: TableSet) -> Self {
        let plan = Plan::new(&scenario);
        let mut tables: BTreeMap<Table, Columns> = BTreeMap::new();
        for (table, batch) in plan.global_tables() {
            tables.entry(table).or_default().append(table, &batch);
        }
        for block in blocks(&plan, 2, wanted) {
            for made in block.tables {
                tables
                    .entry(made.table)
                    .or_default()
                    .append(made.table, &made.batch);
            }
        }
        Self { scenario, tables }
    }

    /// The columns of a table.
    pub(crate) fn table(&self, table: Table) -> &Columns {
        &self.tables[&table]
    }

    /// All periods of subscriptions, with `bill_cents`, `months` of a term and
    /// `monthly_amount_cents`: what a bill asks for, and what the period brings in a month.
    pub(crate) fn periods(&self) -> Columns {
        let mut periods = self.table(Table::Subscriptions).only(|_| true);
        let year = periods.key("billing_interval", "year");
        let get = |column: &str, row: usize| periods.get(column)[row];
        let rows = 0..periods.rows();
        let months = rows.clone().map(|row| match get("billing_interval", row) {
            interval if interval == year => 12,
            _ => get("interval_count", row),
        });
        let months: Vec<i64> = months.collect();
        let bills = rows.clone().map(|row| {
            get("quantity", row) * get("unit_price_cents", row) - get("discount_cents", row)
        });
        let bills: Vec<i64> = bills.collect();
        let monthly = rows.map(|row| half_up(bills[row], months[row])).collect();
        periods.integers.insert("months", months);
        periods.integers.insert("bill_cents", bills);
        periods.integers.insert("monthly_amount_cents", monthly);
        periods
    }

    /// As [`Self::periods`], of the product alone, without what is added to it.
    pub(crate) fn platform(&self) -> Columns {
        let periods = self.periods();
        let platform = periods.key("product", "platform");
        periods.only(|row| periods.get("product")[row] == platform)
    }

    /// First instant after the history.
    pub(crate) fn end(&self) -> i64 {
        let days = self
            .scenario
            .as_of()
            .signed_duration_since(chrono::NaiveDate::default())
            .num_days();
        (days + 1) * DAY
    }
}
