//! The parts of the warehouse that need no engine.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use metricflow::warehouse::{
    Warehouse, WarehouseError, decode_file, decode_stream, first_number, reading,
};

/// Answers each statement as told, and records it.
struct Fake {
    answers: RefCell<Vec<Result<&'static str, &'static str>>>,
    asked: RefCell<Vec<String>>,
}

impl Warehouse for Fake {
    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        self.asked.borrow_mut().push(sql.to_owned());
        match self.answers.borrow_mut().remove(0) {
            Ok(plan) => {
                let plan: ArrayRef = Arc::new(StringArray::from(vec![plan]));
                Ok(vec![
                    RecordBatch::try_from_iter([("explain_value", plan)]).unwrap(),
                ])
            }
            Err(message) => Err(WarehouseError::Query {
                sql: sql.to_owned(),
                message: message.to_owned(),
            }),
        }
    }

    async fn prepare(&self, sql: &str) -> Result<(), WarehouseError> {
        self.query(&format!("prepare: {sql}")).await.map(|_| ())
    }

    async fn append(&self, _: &str, _: Vec<u8>, _: u64) -> Result<(), WarehouseError> {
        Ok(())
    }
}

const PLAN: &str = r#"[{"name": "SEQ_SCAN", "children": [], "extra_info": {"Table": "users"}}]"#;

/// Runs a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a fake warehouse answers at once"),
    }
}

/// Asks the guard; gives what it says and the statements it put to the engine.
fn ask(
    sql: &str,
    answers: &[Result<&'static str, &'static str>],
) -> (Result<String, String>, Vec<String>) {
    let fake = Fake {
        answers: RefCell::new(answers.to_vec()),
        asked: RefCell::default(),
    };
    let said = now(reading(&fake, sql)).map_err(|error| match error {
        WarehouseError::Query { message, .. } => message,
        other => other.to_string(),
    });
    (said, fake.asked.into_inner())
}

#[test]
fn a_statement_is_put_to_the_engine_as_a_literal_and_then_runs_as_it_is() {
    for sql in [
        "select 'it''s' ; ",
        "select 1 --\r; delete from raw.users",
        "explain_this",
        "select $$ '); drop table raw.users; -- $$",
        "explain/**/select 1",
        "explain\u{200b}select 1",
        "-- note\nexplain select 1",
        "",
    ] {
        let (said, asked) = ask(sql, &[Ok(PLAN)]);
        assert_eq!(said.as_deref(), Ok(sql));
        let inside = asked[0]
            .strip_prefix("explain (format json) from query('")
            .and_then(|rest| rest.strip_suffix("')"))
            .unwrap();
        // Every quote inside is a pair, so none ends the literal.
        assert!(!inside.replace("''", "").contains('\''), "{inside}");
        assert_eq!(inside.replace("''", "'"), sql);
        assert_eq!(asked.len(), 1);
    }
}

#[test]
fn explain_is_written_by_us_and_only_what_it_explains_is_the_readers() {
    for (sql, runs) in [
        ("explain select 'a'", "explain from query('select ''a''')"),
        (
            " EXPLAIN\tAnalyze (select 1)",
            "explain analyze from query(' (select 1)')",
        ),
        (
            "explain (ANALYZE, format JSON) from t; drop table t",
            "explain (analyze, format json) from query(' from t; drop table t')",
        ),
        ("explain (select 1)", "explain from query('(select 1)')"),
        (
            "explain (format json, drop) select 1",
            "explain from query('(format json, drop) select 1')",
        ),
        (
            "explain analyze\u{200b}delete from t",
            "explain from query('analyze\u{200b}delete from t')",
        ),
    ] {
        let (said, asked) = ask(sql, &[Ok(PLAN)]);
        assert_eq!(said.as_deref(), Ok(runs));
        let proven = asked[0]
            .split_once("from query(")
            .unwrap()
            .1
            .trim_start_matches("' ");
        let run = runs
            .split_once("from query(")
            .unwrap()
            .1
            .trim_start_matches("' ");
        assert_eq!(run, proven);
    }
}

#[test]
fn what_is_no_single_select_is_refused_with_a_sentence() {
    let refusal = "Parser Error: Expected a single SELECT statement\n\nLINE 1: from query('x')";
    let (said, asked) = ask("drop table x", &[Err(refusal)]);
    assert!(said.unwrap_err().starts_with("only a single statement"));
    assert_eq!(asked.len(), 1, "{asked:?}");
}

#[test]
fn functions_that_change_the_engine_are_refused_wherever_they_stand_in_the_plan() {
    let plan = r#"[{"name": "CTE", "children": [
        {"name": "X", "children": [], "extra_info": {"Function": "ENABLE_LOGGING"}},
        {"name": "DUCKDB_TABLES", "children": [{"name": "Y", "extra_info": {"Function": "CHECKPOINT"}}],
         "extra_info": {"Function": "DUCKDB_TABLES"}}]}]"#;
    let (said, _) = ask("from x", &[Ok(plan)]);
    assert_eq!(
        said.unwrap_err(),
        "functions that may change the engine or reach out of it can't be called here: checkpoint, enable_logging"
    );
    // A plan that can't be read proves nothing.
    for plan in ["", "{", "nonsense"] {
        assert!(ask("from x", &[Ok(plan)]).0.is_err());
    }
}

#[test]
fn errors_point_at_the_readers_own_line_and_nothing_runs_meanwhile() {
    let bind = "Binder Error: no x\n\nLINE 1: explain (format json) from query('select x')";
    let own = "Binder Error: no x\n\nLINE 1: select x";
    let (said, asked) = ask("select x", &[Err(bind), Err(own)]);
    assert_eq!(
        (said.unwrap_err().as_str(), asked[1].as_str()),
        (own, "prepare: select x")
    );
    // Whatever else preparing says, the statement is refused for its first error.
    for again in [Ok(PLAN), Err("Invalid Input Error: multiple statements")] {
        let (said, _) = ask("select x", &[Err(bind), again]);
        assert_eq!(said.unwrap_err(), "Binder Error: no x");
    }
}

#[test]
fn a_text_that_the_engine_would_read_in_part_is_not_put_to_it() {
    let (said, asked) = ask("delete from raw.users\0", &[]);
    assert!(said.unwrap_err().contains("NUL"));
    assert!(asked.is_empty());
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
