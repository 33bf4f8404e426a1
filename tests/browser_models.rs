//! The whole dbt project on generated rows in DuckDB-WASM: every model is built and every data
//! test can be run on the engine that the tab has.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]
#![cfg(all(target_arch = "wasm32", duckdb_vendored))]

mod browser_support;

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::RecordBatch;
use browser_support::open;
use metricflow::generation::{Plan, Table, TableSet, ipc_stream};
use metricflow::parameters::Scenario;
use metricflow::quality::{TestOptions, TestState, run_tests};
use metricflow::state::create_table;
use metricflow::transformation::{
    Compiler, DataTest, InOrder, Manifest, ModelState, RunOptions, Selection, run_model, run_models,
};
use metricflow::warehouse::{CancelFlag, DuckDb, Warehouse};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

async fn load(database: &DuckDb, scenario: &Scenario) {
    for schema in ["raw", "truth"] {
        database
            .query(&format!("create schema {schema}"))
            .await
            .unwrap();
    }
    for table in TableSet::ALL.iter() {
        database.query(&create_table(table)).await.unwrap();
    }
    let plan = Plan::new(scenario);
    let total: u64 = (0..plan.blocks()).map(|block| plan.exposure(block)).sum();
    for block in 0..plan.blocks() {
        for part in plan.block(block, total, TableSet::ALL).tables {
            append(database, part.table, part.batch).await;
        }
    }
    for (table, batch) in plan.global_tables() {
        append(database, table, batch).await;
    }
}

async fn append(database: &DuckDb, table: Table, batch: RecordBatch) {
    let rows = batch.num_rows() as u64;
    let stream = ipc_stream(&table.schema(), &[batch]).unwrap();
    database
        .append(table.qualified(), stream, rows)
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn every_model_is_built_and_every_test_runs() {
    let database = open().await;
    let (scenario, _) = Scenario::from_query("preset=tiny");
    load(&database, &scenario).await;
    let manifest = Manifest::embedded().unwrap();
    let vars = BTreeMap::from([("as_of".to_owned(), scenario.as_of().to_string().into())]);
    let cancel = CancelFlag::new();
    let now_ms = || js_sys::Date::now();
    let options = RunOptions {
        selection: Selection::All,
        edited: &BTreeMap::new(),
        vars: &vars,
        cancel: &cancel,
        now_ms: &now_ms,
    };
    let models = run_models(&database, &manifest, &options, &InOrder, |_| {})
        .await
        .unwrap();
    let compiler = Compiler::new(&manifest, &vars);
    let mut serving = Vec::new();
    for model in manifest.serving() {
        let none = BTreeSet::new();
        let run = run_model(&database, model, &compiler, &none, &options).await;
        serving.push(run.unwrap());
    }
    let failed: Vec<String> = models
        .models
        .iter()
        .chain(&serving)
        .filter(|run| run.state != ModelState::Built)
        .map(|run| format!("{}: {:?}", run.name, run.state))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));

    let options = TestOptions {
        models: &models,
        previous: None,
        changed: &BTreeSet::new(),
        vars: &vars,
        cancel: &cancel,
        now_ms: &now_ms,
    };
    let ready = async |_: &DataTest| Ok(None);
    let tests = run_tests(&database, &manifest, &options, ready, |_| {})
        .await
        .unwrap();
    web_sys::console::log_1(
        &format!(
            "{} models in {} ms, {} tests in {} ms: {:?}",
            models.models.len(),
            models.elapsed_ms,
            tests.tests.len(),
            tests.elapsed_ms,
            tests.counts()
        )
        .into(),
    );
    let faulty: Vec<String> = tests
        .not_passed()
        .filter(|test| test.state != TestState::Warned)
        .map(|test| format!("{}: {:?} ({} rows)", test.name, test.state, test.failures))
        .collect();
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}
