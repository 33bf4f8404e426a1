//! Planted defects: what is planted is what `truth.defects` says, and nothing else moves.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generation;

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use generation::{blocks, fingerprint, scenario};
use metricflow::generation::{Plan, Table, TableSet, tables_affected};
use metricflow::parameters::{Group, PARAMETERS, Specification, Unit};
use metricflow::results::json_rows;

const BASE: &str = "users=1500&events=20&months=18&failure=20&refund=15&churn=8&seed=5";

fn defects() -> impl Iterator<Item = &'static Specification> {
    PARAMETERS
        .iter()
        .filter(|specification| specification.group == Group::Defects)
}

/// A size at which every kind hits something.
fn size(specification: &Specification) -> &'static str {
    if specification.unit == Unit::Percent {
        "10"
    } else {
        "3"
    }
}

/// The rows of a table as text, in order.
fn rows(query: &str, table: Table) -> Vec<String> {
    let plan = Plan::new(&scenario(query));
    let mut rows = Vec::new();
    for block in blocks(&plan, 2, TableSet::of(&[table])) {
        for made in block.tables {
            rows.extend(text(&made.batch));
        }
    }
    rows
}

fn text(batch: &RecordBatch) -> Vec<String> {
    json_rows(std::slice::from_ref(batch))
        .iter()
        .map(|row| serde_json::to_string(row).unwrap())
        .collect()
}

/// Rows that `truth.defects` claims for a kind and a table.
fn claimed(query: &str, kind: &str, table: Table) -> usize {
    let plan = Plan::new(&scenario(query));
    let mut sum = 0;
    for block in blocks(&plan, 2, TableSet::of(&[Table::TruthDefects])) {
        let batch = &block.tables[0].batch;
        let (kinds, tables) = (batch.column(0).as_string::<i32>(), batch.column(1));
        let counts = batch.column(2).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let is_asked = kinds.value(row) == kind
                && tables.as_string::<i32>().value(row) == table.qualified();
            sum += if is_asked { counts.value(row) } else { 0 };
        }
    }
    sum as usize
}

#[test]
fn every_kind_changes_as_many_rows_as_the_truth_says() {
    assert!(defects().count() >= 18);
    for specification in defects() {
        let key = specification.key;
        let query = format!("{BASE}&{key}={}", size(specification));
        let affected = tables_affected(specification.parameter);
        let mut touched = 0;
        for table in affected.iter().filter(|table| table.schema_name() == "raw") {
            let (clean, dirty) = (rows(BASE, table), rows(&query, table));
            let changes = if clean.len() == dirty.len() {
                let pairs = clean.iter().zip(&dirty);
                pairs.filter(|(clean, dirty)| clean != dirty).count()
            } else {
                clean.len().abs_diff(dirty.len())
            };
            assert_eq!(
                changes,
                claimed(&query, key, table),
                "{key} in {}",
                table.qualified()
            );
            assert!(changes < clean.len(), "{key} leaves most rows alone");
            touched += changes;
        }
        assert!(touched > 0, "{key} plants nothing");
    }
}

#[test]
fn without_defects_none_are_told_of() {
    let plan = Plan::new(&scenario(BASE));
    for block in blocks(&plan, 1, TableSet::of(&[Table::TruthDefects])) {
        assert_eq!(block.tables[0].batch.num_rows(), 0);
    }
}

#[test]
fn a_larger_share_hits_the_same_rows_and_more() {
    for (key, table) in [
        ("defect_negative", Table::Payments),
        ("defect_orphans", Table::Sessions),
        ("defect_reason", Table::Subscriptions),
    ] {
        let hit = |share: &str| -> BTreeSet<String> {
            let clean: BTreeSet<String> = rows(BASE, table).into_iter().collect();
            let dirty = rows(&format!("{BASE}&{key}={share}"), table);
            dirty
                .into_iter()
                .filter(|row| !clean.contains(row))
                .collect()
        };
        let (few, many) = (hit("4"), hit("12"));
        assert!(!few.is_empty() && few.len() < many.len(), "{key}");
        assert!(few.is_subset(&many), "{key}");
    }
}

#[test]
fn all_defects_together_are_the_same_for_any_number_of_parts() {
    let all: String = defects()
        .map(|specification| format!("&{}={}", specification.key, size(specification)))
        .collect();
    let scenario = scenario(&format!("{BASE}{all}"));
    let (_, one) = fingerprint(&scenario, 1);
    for parts in [2, 8] {
        let (_, other) = fingerprint(&scenario, parts);
        assert_eq!(one.to_string(), other.to_string(), "{parts} parts");
    }
}
