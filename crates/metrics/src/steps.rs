//! A statement in parts: its steps, and the clauses that steps share.

/// A statement's common table expressions, in order.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(String, String)>);

impl Steps {
    pub(crate) fn add(&mut self, name: impl Into<String>, sql: impl Into<String>) {
        let name = name.into();
        if !self.0.iter().any(|(known, _)| *known == name) {
            self.0.push((name, sql.into()));
        }
    }
}

/// Equality of keys. A period is never null; a dimension may be.
pub(crate) fn same(left: &str, right: &str, key: &str) -> String {
    let operator = if key == "metric_time" || key == "base_date" {
        "="
    } else {
        "is not distinct from"
    };
    format!("{left} {operator} {right}")
}

/// A `where` clause.
pub(crate) fn conditions(conditions: &[String]) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!("\n\nwhere\n    {}", conditions.join("\n    and "))
    }
}

/// The steps as the head of a statement.
pub(crate) fn written(steps: &Steps) -> String {
    if steps.0.is_empty() {
        return String::new();
    }
    let steps = steps.0.iter();
    let steps: Vec<String> = steps
        .map(|(name, sql)| format!("{name} as (\n\n{}\n\n)", indented(sql)))
        .collect();
    format!("with\n\n{}\n\n", steps.join(",\n\n"))
}

/// Moved to the right by one level.
pub(crate) fn indented(sql: &str) -> String {
    let lines = sql.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!("    {line}")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
