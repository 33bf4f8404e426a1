//! Data tests as YAML declares them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::config::text;
use super::{DataTest, ProjectError, Severity, TestKind};

/// Keys of a test's configuration that dbt also takes beside the arguments.
const CONFIG_KEYS: [&str; 12] = [
    "severity",
    "where",
    "error_if",
    "warn_if",
    "fail_calc",
    "limit",
    "tags",
    "meta",
    "enabled",
    "store_failures",
    "store_failures_as",
    "group",
];

/// Where a test is declared.
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    /// The model, seed or `source.table`.
    pub(super) node: &'a str,
    pub(super) is_source: bool,
    pub(super) column: Option<&'a str>,
}

/// Reads one entry of `data_tests`: a name, or a name with arguments and configuration.
pub(super) fn generic_test(place: &Place<'_>, entry: &Value) -> Result<DataTest, ProjectError> {
    let invalid = |message: String| ProjectError::Invalid {
        path: place.path.to_owned(),
        message: format!("tests of {}: {message}", place.node),
    };
    let (test, body) = match entry {
        Value::String(name) => (name.clone(), Map::new()),
        Value::Object(entries) => {
            let mut entries = entries.clone();
            // Also `- test_name: x` with the arguments beside it.
            let named = entries.remove("test_name");
            match (named, entries.len()) {
                (Some(Value::String(name)), _) => (name, entries),
                (None, 1) => {
                    let (name, body) = entries.into_iter().next().unwrap_or_default();
                    match body {
                        Value::Object(body) => (name, body),
                        Value::Null => (name, Map::new()),
                        _ => return Err(invalid(format!("{name} needs a mapping"))),
                    }
                }
                _ => return Err(invalid(format!("{entry} is no test"))),
            }
        }
        _ => return Err(invalid(format!("{entry} is no test"))),
    };
    let mut arguments: BTreeMap<String, Value> = BTreeMap::new();
    let mut config: BTreeMap<String, Value> = BTreeMap::new();
    let (mut name, mut description) = (None, String::new());
    for (key, value) in body {
        match (key.as_str(), value) {
            ("arguments", Value::Object(given)) => arguments.extend(given),
            ("config", Value::Object(given)) => config.extend(given),
            ("name", Value::String(given)) => name = Some(given),
            ("description", Value::String(given)) => description = given,
            (key, value) if CONFIG_KEYS.contains(&key) => {
                config.insert(key.to_owned(), value);
            }
            (key, value) => {
                arguments.insert(key.to_owned(), value);
            }
        }
    }
    let test = test.rsplit('.').next().unwrap_or(&test).to_owned();
    let name = name.unwrap_or_else(|| generated_name(place, &test, &arguments));
    configured_test(
        DataTest {
            name,
            kind: TestKind::Generic { test, arguments },
            node: Some(place.node.to_owned()),
            column: place.column.map(str::to_owned),
            description,
            path: place.path.to_owned(),
            ..plain_test()
        },
        &config,
    )
    .map_err(invalid)
}

/// A singular test: a file of its own.
pub(super) fn singular_test(path: &str, name: &str, raw_sql: &str) -> DataTest {
    DataTest {
        name: name.to_owned(),
        kind: TestKind::Singular {
            raw_sql: raw_sql.to_owned(),
        },
        path: path.to_owned(),
        ..plain_test()
    }
}

fn plain_test() -> DataTest {
    DataTest {
        name: String::new(),
        kind: TestKind::Singular {
            raw_sql: String::new(),
        },
        node: None,
        column: None,
        description: String::new(),
        severity: Severity::Error,
        condition: None,
        error_if: "!= 0".to_owned(),
        warn_if: "!= 0".to_owned(),
        path: String::new(),
        refs: std::collections::BTreeSet::new(),
        sources: std::collections::BTreeSet::new(),
        vars: std::collections::BTreeSet::new(),
    }
}

/// Settings that would change a test's verdict and that the tab's runner does not have.
const UNSUPPORTED: [&str; 2] = ["fail_calc", "limit"];

/// Applies a configuration to a test.
///
/// # Errors
/// A severity that is none, or a setting without which the verdict would not be dbt's.
pub(super) fn configured_test(
    mut test: DataTest,
    config: &BTreeMap<String, Value>,
) -> Result<DataTest, String> {
    if let Some(key) = UNSUPPORTED.iter().find(|key| config.contains_key(**key)) {
        return Err(format!(
            "{}: {key} is not supported in the tab, which counts a test's rows; count or cut them in the test's SQL",
            test.name
        ));
    }
    if config.get("enabled").and_then(Value::as_bool) == Some(false) {
        return Err(format!(
            "{}: enabled: false is not supported in the tab; delete the test instead",
            test.name
        ));
    }
    if let Some(severity) = text(config, "severity") {
        test.severity = match severity.to_lowercase().as_str() {
            "error" => Severity::Error,
            "warn" => Severity::Warn,
            other => return Err(format!("severity {other} is neither error nor warn")),
        };
    }
    if let Some(condition) = text(config, "where") {
        test.condition = Some(condition);
    }
    if let Some(error_if) = text(config, "error_if") {
        test.error_if = error_if;
    }
    if let Some(warn_if) = text(config, "warn_if") {
        test.warn_if = warn_if;
    }
    Ok(test)
}

/// dbt's own name: `not_null_dim_users_user_id`, `accepted_values_x_plan__free__starter`.
fn generated_name(place: &Place<'_>, test: &str, arguments: &BTreeMap<String, Value>) -> String {
    let node = place.node.replace('.', "_");
    let prefix = if place.is_source { "source_" } else { "" };
    let mut flat: BTreeMap<&str, Vec<String>> = arguments
        .iter()
        .map(|(key, value)| (key.as_str(), parts(value)))
        .collect();
    if let Some(column) = place.column {
        flat.insert("column_name", vec![column.to_owned()]);
    }
    let clean: Vec<String> = flat
        .into_values()
        .flatten()
        .map(|part| cleaned(&part))
        .collect();
    format!("{prefix}{test}_{node}_{}", clean.join("__"))
}

fn parts(value: &Value) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    };
    match value {
        Value::Array(values) => values.iter().map(plain).collect(),
        Value::Object(values) => values.values().map(plain).collect(),
        other => vec![plain(other)],
    }
}

/// Replaces each run of other letters by one underscore.
fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut in_run = false;
    for letter in text.chars() {
        let fits = letter.is_ascii_alphanumeric() || letter == '_';
        if fits {
            clean.push(letter);
        } else if !in_run {
            clean.push('_');
        }
        in_run = !fits;
    }
    clean
}
