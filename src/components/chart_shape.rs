//! Whether one drawing of a chart overwrites all of the one before it.

use serde_json::Value;

/// The names of all settings in an ECharts option, but not their values, and not its series. When two
/// options of one shape are merged, nothing of the older one is left.
pub(super) fn shape(option: &Value) -> String {
    let mut shape = String::new();
    let settings = option.as_object().into_iter().flatten();
    for (name, value) in settings.filter(|(name, _)| *name != "series") {
        shape.push_str(name);
        describe(value, &mut shape);
    }
    shape
}

fn describe(value: &Value, shape: &mut String) {
    match value {
        Value::Object(settings) => {
            shape.push('{');
            for (name, value) in settings {
                shape.push_str(name);
                describe(value, shape);
            }
            shape.push('}');
        }
        // Lists of values are replaced whole; lists of axes and grids are merged one by one.
        Value::Array(items) if items.iter().any(Value::is_object) => {
            shape.push('[');
            for item in items {
                describe(item, shape);
            }
            shape.push(']');
        }
        // An axis of another type is another axis.
        Value::String(text) if matches!(text.as_str(), "category" | "value") => {
            shape.push(':');
            shape.push_str(text);
        }
        _ => shape.push(';'),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_setting_more_or_less_is_another_shape_and_other_values_are_not() {
        let axis = json!({ "xAxis": [{ "type": "category", "data": ["Jan", "Feb"] }], "series": [{ "type": "bar" }] });
        let longer = json!({ "xAxis": [{ "type": "category", "data": ["Jan"] }], "series": [] });
        assert_eq!(shape(&axis), shape(&longer));
        let capped = json!({ "xAxis": [{ "type": "category", "data": ["Jan"], "max": 1 }] });
        assert_ne!(shape(&axis), shape(&capped));
        let other = json!({ "xAxis": [{ "type": "value", "data": ["Jan"] }] });
        assert_ne!(shape(&axis), shape(&other));
        let two = json!({ "xAxis": [{ "type": "category", "data": [] }, { "type": "category", "data": [] }] });
        assert_ne!(shape(&axis), shape(&two));
        // Names run on into each other would make {"ab": 1} of {"a": {"b": 1}}.
        assert_ne!(
            shape(&json!({ "ab": 1 })),
            shape(&json!({ "a": { "b": 1 } }))
        );
    }
}
