//! DuckDB-WASM in a real browser: start, ingest, results, cancelling, failures.
//!
//! The engine's two files come from `public/vendor`; `build.rs` sets `duckdb_vendored` when
//! they are there. They reach the page as blobs, since the test runner serves nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]
#![cfg(all(target_arch = "wasm32", duckdb_vendored))]

mod browser_support;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int64Array, RecordBatch, StringArray, UInt8Array,
};
use arrow_ipc::writer::StreamWriter;
use browser_support::{blob_url, engine_urls, open};
use metricflow::warehouse::{
    CancelFlag, DuckDb, IpcBuffer, Warehouse, WarehouseError, first_number,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// `rows` rows of (id, plan as dictionary, flag), as one complete IPC stream.
fn stream(rows: i64) -> Vec<u8> {
    let plans: ArrayRef = Arc::new(StringArray::from(vec!["free", "starter"]));
    let keys = UInt8Array::from_iter((0..rows).map(|row| match row % 3 {
        0 => Some(0_u8),
        1 => Some(1),
        _ => None,
    }));
    let batch = RecordBatch::try_from_iter([
        (
            "id",
            Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef,
        ),
        (
            "plan",
            Arc::new(DictionaryArray::<UInt8Type>::try_new(keys, plans).unwrap()) as ArrayRef,
        ),
        (
            "flag",
            Arc::new(BooleanArray::from_iter(
                (0..rows).map(|row| Some(row % 2 == 0)),
            )) as ArrayRef,
        ),
    ])
    .unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

async fn number(database: &DuckDb, sql: &str) -> i64 {
    first_number(&database.query(sql).await.unwrap(), 0).unwrap()
}

async fn with_table() -> DuckDb {
    let database = open().await;
    for sql in [
        "create schema raw",
        "create table raw.users (id bigint, plan enum ('free', 'starter'), flag boolean)",
    ] {
        database.query(sql).await.unwrap();
    }
    database
}

#[wasm_bindgen_test]
async fn queries_and_refusals() {
    let database = open().await;
    assert_eq!(number(&database, "select cast(41 + 1 as bigint)").await, 42);
    let error = database.query("select nothing").await.unwrap_err();
    let WarehouseError::Query { sql, message } = error else {
        panic!("{error}")
    };
    assert_eq!(sql, "select nothing");
    assert!(message.contains("Binder Error"), "{message}");
    assert!(database.memory_bytes().await.unwrap() < 100_000_000);
    let (first, second) = futures::join!(
        database.query("select 1"),
        database.query("select 2 where false")
    );
    assert_eq!(first.unwrap()[0].num_rows(), 1);
    assert_eq!(
        second
            .unwrap()
            .iter()
            .map(RecordBatch::num_rows)
            .sum::<usize>(),
        0
    );
    database.terminate();
    let error = database.query("select 1").await.unwrap_err();
    assert!(matches!(error, WarehouseError::Stopped { .. }), "{error}");
}

#[wasm_bindgen_test]
async fn appended_rows_arrive_and_are_counted() {
    let database = with_table().await;
    database
        .append("raw.users", stream(300_000), 300_000)
        .await
        .unwrap();
    let buffer = js_sys::Uint8Array::from(stream(200_000).as_slice()).buffer();
    database
        .append_buffer("raw.users", IpcBuffer::from(buffer.clone()), 200_000)
        .await
        .unwrap();
    assert_eq!(buffer.byte_length(), 0, "the buffer moved");
    assert_eq!(database.count("raw.users").await.unwrap(), 500_000);
    assert_eq!(
        number(
            &database,
            "select count(*) from raw.users where plan = 'starter'"
        )
        .await,
        166_667
    );
    let plans = database
        .query("select plan, count(*) as n from raw.users group by all order by plan")
        .await
        .unwrap();
    let plan = plans[0].column(0).as_dictionary::<UInt8Type>();
    let names = plan.downcast_dict::<StringArray>().unwrap();
    assert_eq!(
        names.into_iter().flatten().collect::<Vec<_>>(),
        ["free", "starter"]
    );
}

#[wasm_bindgen_test]
async fn bad_streams_are_errors_and_the_next_good_one_is_taken() {
    let database = with_table().await;
    let mut cut = stream(1_000);
    cut.truncate(cut.len() / 2);
    for bad in [cut, b"nonsense".repeat(100)] {
        let error = database.append("raw.users", bad, 1_000).await.unwrap_err();
        let WarehouseError::Ingest {
            sent: 1_000,
            arrived: 0,
            message,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert!(!message.is_empty());
    }
    let error = database
        .append("raw.none", stream(10), 10)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("raw.none"), "{error}");
    database
        .append("raw.users", stream(1_000), 1_000)
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn cancellable_queries_keep_enums_and_stop_when_asked() {
    let database = with_table().await;
    database
        .append("raw.users", stream(9_000), 9_000)
        .await
        .unwrap();
    let rows = database
        .query_cancellable(
            "select plan, id, plan from raw.users order by id desc;",
            &CancelFlag::new(),
        )
        .await
        .unwrap();
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 9_000);
    assert_eq!(
        rows[0].column(1).as_primitive::<Int64Type>().value(0),
        8_999
    );
    assert!(rows[0].column(0).is_null(0));
    assert_eq!(rows[0].column(0).as_string::<i32>().value(1), "starter");
    assert_eq!(rows[0].schema().field(2).name(), "plan");

    let none = database
        .query_cancellable("select plan from raw.users where false", &CancelFlag::new())
        .await
        .unwrap();
    assert_eq!(none.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
    for sql in [
        "explain select 1",
        "summarize raw.users",
        "from raw.users limit 1",
        "show tables",
    ] {
        database
            .query_cancellable(sql, &CancelFlag::new())
            .await
            .unwrap();
    }
    let error = database
        .query_cancellable("select nope", &CancelFlag::new())
        .await
        .unwrap_err();
    assert!(matches!(error, WarehouseError::Query { .. }), "{error}");

    let cancel = CancelFlag::new();
    let raise = cancel.clone();
    let timer = gloo::timers::callback::Timeout::new(300, move || raise.set());
    let begun = js_sys::Date::now();
    let error = database
        .query_cancellable(
            "select sum(a.id * b.id) from raw.users a, raw.users b, raw.users c",
            &cancel,
        )
        .await
        .unwrap_err();
    drop(timer);
    assert_eq!(error, WarehouseError::Cancelled);
    web_sys::console::log_1(&format!("cancelled after {} ms", js_sys::Date::now() - begun).into());
    assert_eq!(
        number(&database, "select count(*) from raw.users").await,
        9_000
    );
    let again = database
        .query_cancellable("select 1", &CancelFlag::new())
        .await
        .unwrap();
    assert_eq!(again[0].num_rows(), 1);
}

#[wasm_bindgen_test]
async fn a_terminated_worker_fails_its_pending_calls() {
    let database = with_table().await;
    database
        .append("raw.users", stream(9_000), 9_000)
        .await
        .unwrap();
    let other = database.clone();
    let timer = gloo::timers::callback::Timeout::new(200, move || other.terminate());
    let slow = "select sum(a.id * b.id) from raw.users a, raw.users b, raw.users c";
    let error = database.query(slow).await.unwrap_err();
    drop(timer);
    assert!(matches!(error, WarehouseError::Stopped { .. }), "{error}");
    assert!(database.is_stopped());
}

#[wasm_bindgen_test]
async fn a_missing_worker_or_engine_is_an_error() {
    let error = DuckDb::open("/nowhere.js", "/nowhere.wasm")
        .await
        .err()
        .unwrap();
    assert_eq!(error, WarehouseError::NotLoaded);
}

#[wasm_bindgen_test]
async fn an_engine_that_is_no_program_is_an_error_without_the_browsers_words() {
    let (worker, _) = engine_urls();
    let page = blob_url(b"<!doctype html>", "text/html");
    let error = DuckDb::open(&worker, &page).await.err().unwrap();
    assert_eq!(error, WarehouseError::NotLoaded);
}

/// No answer will ever come from it: only the lock that it held tells of its end.
#[wasm_bindgen_test]
async fn a_worker_that_ends_by_itself_is_noticed() {
    let short = blob_url(
        b"onmessage = () => setTimeout(close, 50)",
        "text/javascript",
    );
    let error = DuckDb::open(&short, "x").await.err().unwrap();
    assert_eq!(error, WarehouseError::NotLoaded);
}

/// A statement under way keeps a lock on the tables it reads; a checkpoint that waited for it would
/// hold the worker's only thread for ever (decision 0146).
#[wasm_bindgen_test]
async fn rows_are_appended_and_compressed_while_a_statement_is_under_way() {
    let database = open().await;
    for sql in [
        "create schema raw",
        "create table raw.users (id bigint, plan enum ('free', 'starter'), flag boolean)",
    ] {
        database.query(sql).await.unwrap();
    }
    database
        .append("raw.users", stream(130_000), 130_000)
        .await
        .unwrap();
    let flag = CancelFlag::new();
    let slow = database.query_until(
        "select count(*) as n from raw.users, range(200) where hash(id, range) % 7 = 0",
        &flag,
    );
    let writing = async {
        for _ in 0..5 {
            database
                .append("raw.users", stream(130_000), 130_000)
                .await
                .unwrap();
            database.checkpoint().await.unwrap();
        }
    };
    let (counted, ()) = futures::future::join(slow, writing).await;
    assert!(first_number(&counted.unwrap(), 0).unwrap() > 0);
    assert_eq!(
        number(&database, "select count(*) from raw.users").await,
        780_000
    );
}
