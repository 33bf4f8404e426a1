//! Which statements a reader may run: those that the engine itself takes for one `select`.
//!
//! Nothing here reads SQL. The text is handed to the engine as a literal, as the argument of its
//! table function `query`, which takes exactly one SELECT; what it takes is planned, and the plan
//! names the functions that are called. See `docs/decisions/0112-the-engine-decides-what-reads.md`.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use serde_json::Value;

use super::{Warehouse, WarehouseError};

/// What is said of a statement that does not only read.
pub const ONLY_READING: &str = "only a single statement that reads is allowed here (select, describe, show, summarize or explain)";

/// What is said of a model that is more than a SELECT.
pub const ONE_SELECT: &str =
    "a model is one select statement: nothing may stand before or after it";

/// The engine's words for everything that is not one SELECT.
const NO_SINGLE_SELECT: &str = "Expected a single SELECT statement";

/// Table functions that only read, by the names plans have for them, and beginnings of such names.
/// A function that is not here is refused: `enable_logging`, `checkpoint` and their like change the
/// engine from within a SELECT.
const READING: [&str; 9] = [
    "SEQ_SCAN",
    "RANGE",
    "GENERATE_SERIES",
    "REPEAT",
    "REPEAT_ROW",
    "UNNEST",
    "COLLATIONS",
    "TEST_ALL_TYPES",
    "TEST_VECTOR_TYPES",
];
const READING_BEGINNINGS: [&str; 2] = ["DUCKDB_", "PRAGMA_"];

/// Where a statement stands, which decides what is said when it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Typed by a reader or sent by a script.
    Statement,
    /// The text of a model. Its lines are counted as behind `create … as`, from 2.
    Model,
}

/// Gives the statement to run for `sql`, once the engine has taken it for one that only reads.
///
/// That is `sql` itself, or for `explain` a statement of our own around it.
///
/// # Errors
/// [`WarehouseError::Query`] when it is refused, in the engine's words where it can't be read at all.
pub async fn reading(warehouse: &impl Warehouse, sql: &str) -> Result<String, WarehouseError> {
    let Some((explain, explained)) = explained(sql) else {
        prove(warehouse, sql, Place::Statement).await?;
        return Ok(sql.to_owned());
    };
    prove(warehouse, explained, Place::Statement).await?;
    Ok(format!("{explain} {}", as_argument(explained)))
}

/// Asks the engine whether `sql` is one SELECT that calls only functions that read.
///
/// # Errors
/// As [`reading`].
pub async fn prove(
    warehouse: &impl Warehouse,
    sql: &str,
    place: Place,
) -> Result<(), WarehouseError> {
    let refusal = |message: &str| WarehouseError::Query {
        sql: sql.to_owned(),
        message: message.to_owned(),
    };
    // The engine reads up to a NUL: what it was asked about would not be what runs.
    if sql.contains('\0') {
        return Err(refusal("a statement can't hold the character NUL"));
    }
    let proof = format!("explain (format json) {}", as_argument(sql));
    let error = match warehouse.query(&proof).await {
        Ok(plan) => {
            return functions_of(&plan).and_then(|functions| match functions {
                functions if functions.is_empty() => Ok(()),
                functions => Err(refusal(&format!(
                    "functions that may change the engine or reach out of it can't be called here: {}",
                    functions.join(", ")
                ))),
            });
        }
        Err(WarehouseError::Query { message, .. }) => message,
        Err(error) => return Err(error),
    };
    if error.contains(NO_SINGLE_SELECT) {
        return Err(refusal(match place {
            Place::Statement => ONLY_READING,
            Place::Model => ONE_SELECT,
        }));
    }
    // The engine points at our literal. To have it point at the reader's own line, it is asked to
    // prepare the text itself, which runs none of it.
    let again = match place {
        Place::Statement => warehouse.prepare(sql).await,
        Place::Model => warehouse.prepare(&format!("\n{sql}")).await,
    };
    match again {
        Err(WarehouseError::Query { message, .. }) if kind_of(&message) == kind_of(&error) => {
            Err(refusal(&message))
        }
        Err(WarehouseError::Query { .. }) | Ok(()) => Err(refusal(without_line(&error))),
        Err(error) => Err(error),
    }
}

/// The text as a literal argument of the engine's own `query`: whatever it holds, it stays inside.
fn as_argument(sql: &str) -> String {
    format!("from query('{}')", sql.replace('\'', "''"))
}

/// Parts `explain …` into what we put in front and what is explained; `None` for anything else.
///
/// Only plain words between blanks are taken for it. Other spellings are left to the engine, which
/// refuses them as no SELECT.
fn explained(sql: &str) -> Option<(String, &str)> {
    let rest = after_word(blanks(sql), "explain")?;
    let rest = blanks(rest);
    if let Some((options, rest)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let options = options.to_ascii_lowercase();
        let is_known = |option: &str| {
            let mut words = option.split_ascii_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some("analyze"), None, None) => true,
                (Some("format"), Some(format), None) => {
                    ["text", "json", "html", "yaml", "graphviz"].contains(&format)
                }
                _ => false,
            }
        };
        // Other brackets are the SELECT's own, or the engine refuses them.
        if options.split(',').all(is_known) {
            return Some((format!("explain ({options})"), rest));
        }
    }
    match after_word(rest, "analyze") {
        Some(rest) => Some(("explain analyze".to_owned(), rest)),
        None => Some(("explain".to_owned(), rest)),
    }
}

fn blanks(text: &str) -> &str {
    text.trim_ascii_start()
}

/// What follows a word, in whatever case, and at least one blank or bracket.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    let ends = rest.starts_with(|letter: char| letter.is_ascii_whitespace() || letter == '(');
    (head.eq_ignore_ascii_case(word) && ends).then_some(rest)
}

/// Table functions of a plan that do more than read, in lower case.
fn functions_of(plan: &[RecordBatch]) -> Result<Vec<String>, WarehouseError> {
    let unreadable = |message: &str| WarehouseError::Decode {
        message: format!("the plan of a statement could not be read: {message}"),
    };
    let text = plan
        .iter()
        .filter(|batch| batch.num_rows() > 0)
        .find_map(|batch| {
            batch
                .column_by_name("explain_value")?
                .as_string_opt::<i32>()
        })
        .ok_or_else(|| unreadable("there is none"))?
        .value(0);
    let plan: Value = serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
    let mut found = Vec::new();
    collect(&plan, &mut found);
    found.sort();
    found.dedup();
    Ok(found)
}

fn collect(plan: &Value, found: &mut Vec<String>) {
    match plan {
        Value::Array(operators) => operators.iter().for_each(|each| collect(each, found)),
        Value::Object(operator) => {
            let function = operator
                .get("extra_info")
                .and_then(|info| info.get("Function"));
            if let Some(function) = function.and_then(Value::as_str)
                && !READING.contains(&function)
                && !READING_BEGINNINGS
                    .iter()
                    .any(|start| function.starts_with(start))
            {
                found.push(function.to_lowercase());
            }
            if let Some(children) = operator.get("children") {
                collect(children, found);
            }
        }
        _ => {}
    }
}

/// `Parser Error` of `Parser Error: syntax error …`.
fn kind_of(message: &str) -> &str {
    message.split_once(':').map_or("", |(kind, _)| kind)
}

/// An error without the line it points at, which is not the reader's.
fn without_line(message: &str) -> &str {
    message
        .split_once("\n\nLINE ")
        .map_or(message, |(message, _)| message)
}
