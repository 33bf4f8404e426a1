//! Values of `var` that statements are compiled with.

use std::collections::BTreeMap;

use serde_json::Value;

use super::edits::Edits;
use crate::parameters::Scenario;

/// Values of `var` that are not the project's own: the scenario's day, and what the reader set.
pub(super) fn vars_of(scenario: &Scenario, edits: &Edits) -> BTreeMap<String, Value> {
    let mut vars = values_of(edits);
    vars.insert(
        "as_of".to_owned(),
        Value::from(scenario.as_of().to_string()),
    );
    vars
}

/// Values of `var` that the reader set.
pub(super) fn values_of(edits: &Edits) -> BTreeMap<String, Value> {
    let set = edits.vars().iter();
    set.map(|(var, value)| (var.clone(), Value::from(*value)))
        .collect()
}
