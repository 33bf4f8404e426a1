//! The parts of the warehouse that need no engine.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use metricflow::warehouse::{
    WarehouseError, decode_file, decode_stream, first_number, is_read_only,
};

fn check(sql: &str, expected: bool) {
    assert_eq!(is_read_only(sql), expected, "{sql}");
}

#[test]
fn reading_statements_pass() {
    for sql in [
        "select 1",
        "  SELECT ';' ;; ",
        "with a as (select 1) select * from a",
        "-- drop table x\nselect 1",
        "/* drop table x; */ from marts.fct_mrr",
        "describe select 1",
        "explain analyze select 1",
        "explain (analyze, format json) select 1",
        "show tables",
        "summarize marts.fct_mrr",
        "values (1), (2)",
        "select \"drop;\", 'it''s; fine', e'x' from t",
        "select $$ ; drop table x $$",
        "select sum(load), replace(x, 'a', 'b') as \"set\" from t",
        "select created_at, updates from t where copy = 1",
    ] {
        check(sql, true);
    }
}

#[test]
fn everything_else_is_refused() {
    for sql in [
        "",
        ";",
        "-- only a comment",
        "drop table x",
        "select 1; drop table x",
        "select 1; select 2",
        "with a as (select 1) insert into t select * from a",
        "with a as (select 1), b as (select 2) delete from t",
        "explain analyze delete from t",
        "explain (format json) drop table t",
        "pragma database_size",
        "set memory_limit = '1GB'",
        "copy t to 'x.csv'",
        "select 'unterminated",
        "select e'\\'' ; drop table x --'",
        "select 1 /* /* */ ' */ ; drop table x -- '",
        "select $a$ $$ $a$; drop table x",
    ] {
        check(sql, false);
    }
}

fn batch() -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
    RecordBatch::try_from_iter([("n", numbers)]).unwrap()
}

#[test]
fn answers_are_decoded() {
    let batch = batch();
    let mut file = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    let file = decode_file(file.into_inner().unwrap()).unwrap();
    assert_eq!(file, std::slice::from_ref(&batch));
    assert_eq!(first_number(&file, 0), Ok(7));

    let mut stream = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    let stream = stream.into_inner().unwrap();
    assert_eq!(decode_stream(stream).unwrap(), [batch]);
}

#[test]
fn nonsense_is_a_decode_error() {
    assert_eq!(decode_file(Vec::new()), Ok(Vec::new()));
    for bytes in [b"ARROW1".to_vec(), vec![0; 100], b"nonsense".repeat(10)] {
        let error = decode_file(bytes).unwrap_err();
        assert!(matches!(error, WarehouseError::Decode { .. }), "{error}");
    }
    assert!(first_number(&[], 0).is_err());
    assert!(first_number(&[batch()], 1).is_err());
}
