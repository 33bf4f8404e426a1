//! SQL as it stands in declarations: dbt's templates in it, and the names that stand for metrics.

use std::collections::BTreeMap;

use minijinja::{Environment, Error, ErrorKind};

use crate::MetricsError;

/// Stand around a dimension's name in rendered text; no SQL has them.
const OPEN: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// Renders what dbt renders in metrics: `var`, and `Dimension`, `TimeDimension`, `Entity` in filters.
pub(crate) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    pub(crate) fn new(vars: &BTreeMap<String, String>) -> Self {
        let mut environment = Environment::new();
        let vars = vars.clone();
        environment.add_function("var", move |name: String| {
            let value = vars.get(&name).cloned();
            value.ok_or_else(|| {
                Error::new(ErrorKind::UndefinedError, format!("there is no var {name}"))
            })
        });
        let marked = |name: String| format!("{OPEN}{name}{CLOSE}");
        environment.add_function("Dimension", marked);
        environment.add_function("Entity", marked);
        environment.add_function(
            "TimeDimension",
            move |name: String, grain: Option<String>| {
                marked(grain.map_or_else(|| name.clone(), |grain| format!("{name}__{grain}")))
            },
        );
        Self { environment }
    }

    pub(crate) fn render(&self, declared_by: &str, text: &str) -> Result<String, MetricsError> {
        if !text.contains("{{") && !text.contains("{%") {
            return Ok(text.trim().to_owned());
        }
        let rendered = self.environment.render_str(text, ());
        let rendered = rendered.map_err(|error| MetricsError::Template {
            declared_by: declared_by.to_owned(),
            message: error
                .detail()
                .map_or_else(|| error.to_string(), str::to_owned),
        })?;
        Ok(rendered.trim().to_owned())
    }

    /// A filter as it stands in YAML.
    pub(crate) fn condition(
        &self,
        declared_by: &str,
        text: &str,
    ) -> Result<Condition, MetricsError> {
        let rendered = self.render(declared_by, text)?;
        let mut parts = Vec::new();
        for piece in rendered.split(OPEN) {
            match piece.split_once(CLOSE) {
                Some((name, sql)) => {
                    parts.push(Part::Dimension(name.to_owned()));
                    parts.push(Part::Sql(sql.to_owned()));
                }
                None => parts.push(Part::Sql(piece.to_owned())),
            }
        }
        Ok(Condition { parts })
    }
}

/// A filter of a metric's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Condition {
    pub(crate) parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Sql(String),
    Dimension(String),
}

impl Condition {
    /// Names of the dimensions in it.
    pub(crate) fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Dimension(name) => Some(name.as_str()),
            Part::Sql(_) => None,
        })
    }

    /// As SQL, given each dimension's column.
    pub(crate) fn sql(&self, column: impl Fn(&str) -> String) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Sql(sql) => sql.clone(),
            Part::Dimension(name) => column(name),
        });
        parts.collect()
    }
}

/// Puts an expression in the place of each name that has one; text in quotes stays.
pub(crate) fn substitute(expression: &str, by_name: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' || first == '"' {
            rest[1..].find(first).map_or(rest.len(), |end| end + 2)
        } else if first.is_alphanumeric() || first == '_' {
            let is_word = |character: char| character.is_alphanumeric() || character == '_';
            rest.find(|character| !is_word(character))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        match by_name.get(token) {
            Some(sql) if !out.ends_with('.') => out.push_str(sql),
            _ => out.push_str(token),
        }
        rest = after;
    }
    out
}

/// A text as SQL writes it.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_are_replaced_and_nothing_else() {
        let names = BTreeMap::from([("mrr", "(a)".to_owned()), ("arr", "(b)".to_owned())]);
        let check = |text: &str, expected: &str| assert_eq!(substitute(text, &names), expected);
        check("mrr * 12 - arr", "(a) * 12 - (b)");
        check("mrr_growth + t.mrr", "mrr_growth + t.mrr");
        check(
            "case when 'mrr' = \"arr\" then mrr end",
            "case when 'mrr' = \"arr\" then (a) end",
        );
        check(
            "'it''s mrr' || é || 'open mrr",
            "'it''s mrr' || é || 'open mrr",
        );
    }

    #[test]
    fn templates_know_vars_and_dimensions() {
        let templates = Templates::new(&BTreeMap::from([("margin".to_owned(), "0.8".to_owned())]));
        let render = |text: &str| templates.render("metric ltv", text);
        assert_eq!(render("a * {{ var('margin') }}"), Ok("a * 0.8".to_owned()));
        assert_eq!(
            render("{{ var('gone') }}").unwrap_err().to_string(),
            "metric ltv: there is no var gone"
        );
        let condition = templates.condition(
            "m",
            "{{ Dimension('payment__status') }} = 'failed' and {{ TimeDimension('metric_time', 'day') }} > x",
        );
        let condition = condition.unwrap();
        assert_eq!(
            condition.dimensions().collect::<Vec<_>>(),
            ["payment__status", "metric_time__day"]
        );
        assert_eq!(
            condition.sql(|name| name.to_uppercase()),
            "PAYMENT__STATUS = 'failed' and METRIC_TIME__DAY > x"
        );
    }
}
