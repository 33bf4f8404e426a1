//! Models and data tests → plain SQL.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::jinja::{Captured, Names, Renderer, from_json, this};
use super::{DataTest, MacroFile, Manifest, Model, ProjectError, TestKind};

/// dbt's own generic tests.
const BUILTIN_TESTS: &str = "
{% macro test_unique(model, column_name) %}
select
    {{ column_name }} as unique_field,
    count(*) as n_records
from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1
{% endmacro %}

{% macro test_not_null(model, column_name) %}
select * from {{ model }} where {{ column_name }} is null
{% endmacro %}

{% macro test_accepted_values(model, column_name, values, quote=true) %}
with all_values as (
    select
        {{ column_name }} as value_field,
        count(*) as n_records
    from {{ model }}
    group by {{ column_name }}
)
select *
from all_values
where value_field not in (
    {% for value in values %}{% if quote %}'{{ value }}'{% else %}{{ value }}{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}
)
{% endmacro %}

{% macro test_relationships(model, column_name, to, field) %}
with child as (
    select {{ column_name }} as from_field
    from {{ model }}
    where {{ column_name }} is not null
),
parent as (
    select {{ field }} as to_field from {{ to }}
)
select from_field
from child
left join parent on child.from_field = parent.to_field
where parent.to_field is null
{% endmacro %}
";

/// The file of dbt's own generic tests; the project may define its own of the same name.
pub(super) fn builtin_tests() -> MacroFile {
    MacroFile::new("dbt/generic_tests.sql".to_owned(), BUILTIN_TESTS)
}

impl MacroFile {
    /// Finds a file's macros, and turns `{% test x %}` into `{% macro test_x %}`.
    pub(super) fn new(path: String, text: &str) -> Self {
        let mut source = String::with_capacity(text.len());
        let mut names = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{%") {
            source.push_str(before);
            source.push_str("{%");
            let Some((tag, after)) = after.split_once("%}") else {
                rest = after;
                continue;
            };
            let words = tag.trim_start_matches('-').trim_start();
            let dash = if tag.starts_with('-') { "-" } else { "" };
            let end = if tag.ends_with('-') { "-" } else { "" };
            if let Some(signature) = words.strip_prefix("test ") {
                let signature = signature.trim();
                names.push(format!("test_{}", macro_name(signature)));
                source.push_str(&format!(
                    "{dash} macro test_{}{end}",
                    signature.trim_end_matches('-')
                ));
            } else if words.starts_with("endtest") {
                source.push_str(&format!("{dash} endmacro {end}"));
            } else {
                if let Some(signature) = words.strip_prefix("macro ") {
                    names.push(macro_name(signature.trim()).to_owned());
                }
                source.push_str(tag);
            }
            source.push_str("%}");
            rest = after;
        }
        source.push_str(rest);
        Self {
            path,
            names,
            source,
        }
    }
}

fn macro_name(signature: &str) -> &str {
    signature.split('(').next().unwrap_or(signature).trim()
}

/// Compiles a project's models and tests.
pub struct Compiler {
    renderer: Renderer,
    relations: BTreeMap<String, String>,
}

impl Compiler {
    /// Prepares the project's macros and names; `vars` go before the project's own defaults.
    ///
    /// # Errors
    /// [`ProjectError::Template`] when a macro file can't be parsed.
    pub fn new(manifest: &Manifest, vars: &BTreeMap<String, Value>) -> Result<Self, ProjectError> {
        let models = manifest
            .models
            .iter()
            .map(|model| (&model.name, model.relation()));
        let seeds = manifest
            .seeds
            .iter()
            .map(|seed| (&seed.name, seed.relation()));
        let sources = manifest
            .sources
            .iter()
            .map(|source| (source.name.clone(), source.relation.clone()));
        let mut names = Names {
            refs: models
                .chain(seeds)
                .map(|(name, relation)| (name.clone(), relation))
                .collect(),
            sources: sources.collect(),
            vars: manifest.vars.clone(),
            strict: true,
        };
        names.vars.extend(vars.clone());
        let mut relations = names.refs.clone();
        relations.extend(names.sources.clone());
        Ok(Self {
            renderer: Renderer::new(names, &manifest.macros)?,
            relations,
        })
    }

    pub(super) const fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Compiles a model to one SELECT.
    ///
    /// # Errors
    /// [`ProjectError::Template`] with file and line.
    pub fn model(&self, model: &Model) -> Result<String, ProjectError> {
        let (sql, _) =
            self.renderer
                .render(&model.path, &model.raw_sql, &this(&model.relation()))?;
        Ok(sql)
    }

    /// Compiles a statement that is no part of the project; `variables` are what it may name besides.
    ///
    /// # Errors
    /// [`ProjectError::Template`] with file and line.
    pub fn statement(
        &self,
        path: &str,
        source: &str,
        variables: &BTreeMap<String, minijinja::Value>,
    ) -> Result<String, ProjectError> {
        let (sql, _) = self.renderer.render(path, source, variables)?;
        Ok(sql)
    }

    /// Compiles a data test to one SELECT that returns the failing rows.
    ///
    /// # Errors
    /// [`ProjectError::Template`] with its file.
    pub fn test(&self, test: &DataTest) -> Result<String, ProjectError> {
        let relation = test
            .node
            .as_ref()
            .and_then(|node| self.relations.get(node))
            .map_or("", String::as_str);
        let (sql, _) = render_test(&self.renderer, test, relation)?;
        Ok(sql)
    }
}

/// Models and seeds, sources, and vars that a test reads.
type Read = (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>);

/// Finds out what a test reads.
pub(super) fn capture_test(renderer: &Renderer, test: &DataTest) -> Result<Read, ProjectError> {
    let node = test.node.clone().unwrap_or_default();
    let (_, (mut refs, mut sources, vars)) = render_test(renderer, test, &node)?;
    if node.contains('.') {
        sources.insert(node);
    } else if !node.is_empty() {
        refs.insert(node);
    }
    Ok((refs, sources, vars))
}

fn render_test(
    renderer: &Renderer,
    test: &DataTest,
    relation: &str,
) -> Result<(String, Read), ProjectError> {
    let (arguments, name) = match &test.kind {
        TestKind::Singular { raw_sql } => {
            let (sql, captured) = renderer.render(&test.path, raw_sql, &this(""))?;
            let sql = match &test.condition {
                Some(condition) => format!("select * from (\n{sql}\n) as test where {condition}"),
                None => sql,
            };
            return Ok((sql, (captured.refs, captured.sources, captured.vars)));
        }
        TestKind::Generic { test, arguments } => (arguments, test),
    };
    let mut read = Read::default();
    let mut variables = this(relation);
    let model = match &test.condition {
        Some(condition) => {
            format!("(select * from {relation} where {condition}) as dbt_subquery")
        }
        None => relation.to_owned(),
    };
    variables.insert("model".to_owned(), minijinja::Value::from(model));
    if let Some(column) = &test.column {
        variables.insert(
            "column_name".to_owned(),
            minijinja::Value::from(column.as_str()),
        );
    }
    for (key, value) in arguments {
        let value = evaluated(renderer, &test.path, value, &mut read)?;
        variables.insert(key.clone(), from_json(&value));
    }
    let keywords: Vec<String> = variables
        .keys()
        .filter(|key| *key != "this")
        .map(|key| format!("{key}={key}"))
        .collect();
    let call = format!("{{{{ test_{name}({}) }}}}", keywords.join(", "));
    let (sql, captured) = renderer.render(&test.path, &call, &variables)?;
    add(&mut read, captured);
    Ok((sql, read))
}

fn add((refs, sources, vars): &mut Read, captured: Captured) {
    refs.extend(captured.refs);
    sources.extend(captured.sources);
    vars.extend(captured.vars);
}

/// Evaluates an argument: `ref('x')` and text with `{{ … }}` are templates, as in dbt.
fn evaluated(
    renderer: &Renderer,
    path: &str,
    value: &Value,
    read: &mut Read,
) -> Result<Value, ProjectError> {
    match value {
        Value::String(text) => {
            let is_call = ["ref(", "source(", "var("]
                .iter()
                .any(|call| text.trim_start().starts_with(call));
            let template = if is_call {
                format!("{{{{ {text} }}}}")
            } else if text.contains("{{") {
                text.clone()
            } else {
                return Ok(value.clone());
            };
            let (text, captured) = renderer.render(path, &template, &this(""))?;
            add(read, captured);
            Ok(Value::String(text))
        }
        Value::Array(values) => values
            .iter()
            .map(|value| evaluated(renderer, path, value, read))
            .collect(),
        other => Ok(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::jinja::FUEL;
    use super::*;

    /// The bound on templates is far above what the project's own models and tests need.
    #[test]
    fn the_project_takes_less_than_a_tenth_of_the_fuel() {
        let manifest = Manifest::embedded().unwrap();
        let mut compiler = Compiler::new(&manifest, &BTreeMap::new()).unwrap();
        compiler.renderer.set_fuel(FUEL / 10);
        for model in &manifest.models {
            compiler.model(model).unwrap();
        }
        for test in &manifest.tests {
            compiler.test(test).unwrap();
        }
    }
}
