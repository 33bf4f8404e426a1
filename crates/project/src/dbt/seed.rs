//! Seeds: CSV text → typed rows.

use std::collections::BTreeMap;

use serde_json::Value;

/// Splits CSV text into rows; an empty cell is null. Quoted cells may hold commas, doubled quotes
/// and line breaks.
pub(super) fn parse_csv(text: &str) -> Result<Vec<Vec<Option<String>>>, String> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut was_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => row.push(finish(&mut cell, &mut was_quoted)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(finish(&mut cell, &mut was_quoted));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if quoted {
        return Err("a quoted cell does not end".to_owned());
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(finish(&mut cell, &mut was_quoted));
        rows.push(row);
    }
    rows.retain(|cells| cells.len() > 1 || cells.iter().any(Option::is_some));
    Ok(rows)
}

fn finish(cell: &mut String, was_quoted: &mut bool) -> Option<String> {
    let text = std::mem::take(cell);
    // dbt reads "" as null, too.
    *was_quoted = false;
    (!text.is_empty()).then_some(text)
}

/// The SQL type of a column: as configured, else what all its values can be, as dbt guesses it.
pub(super) fn column_type(
    name: &str,
    values: &[Option<&str>],
    configured: &BTreeMap<String, Value>,
) -> String {
    if let Some(Value::String(configured)) = configured.get(name) {
        return configured.clone();
    }
    let all = |fits: fn(&str) -> bool| {
        values.iter().any(Option::is_some) && values.iter().flatten().all(|value| fits(value))
    };
    if all(|value| matches!(value.to_lowercase().as_str(), "true" | "false")) {
        "boolean"
    } else if all(|value| value.parse::<i64>().is_ok()) {
        "integer"
    } else if all(|value| value.parse::<f64>().is_ok()) {
        "double"
    } else {
        "varchar"
    }
    .to_owned()
}
