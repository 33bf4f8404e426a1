//! Configuration by folder, as `dbt_project.yml` states it.

use std::collections::BTreeMap;

use serde_json::Value;

/// Keys that may be written without the `+`.
const PLAIN_KEYS: [&str; 6] = [
    "materialized",
    "schema",
    "column_types",
    "severity",
    "meta",
    "enabled",
];

/// Collects what `tree` configures for a file: outer folders first, inner ones win.
///
/// `segments` are the project, the folders below `models/` or `seeds/`, and the file's stem.
pub(super) fn configured(tree: &Value, segments: &[&str]) -> BTreeMap<String, Value> {
    let mut config = BTreeMap::new();
    let mut level = Some(tree);
    let mut rest = segments.iter();
    while let Some(Value::Object(entries)) = level {
        for (key, value) in entries {
            if let Some(name) = key.strip_prefix('+') {
                config.insert(name.to_owned(), value.clone());
            } else if PLAIN_KEYS.contains(&key.as_str()) {
                config.insert(key.clone(), value.clone());
            }
        }
        level = rest.next().and_then(|segment| entries.get(*segment));
    }
    config
}

/// A text value of a configuration.
pub(super) fn text(config: &BTreeMap<String, Value>, key: &str) -> Option<String> {
    match config.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}
