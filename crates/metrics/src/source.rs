//! Where a pass reads its rows: the model, a mart that answers it, or the page's own table.

use std::collections::BTreeMap;

use crate::declared::Alternative;
use crate::passes::Pass;
use crate::project::Project;
use crate::resolve::{Column, resolve};
use crate::steps::indented;
use crate::{Day, Grain, MetricsError, Request};

/// Which tables a statement may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tables {
    /// Those that metrics are declared on.
    #[default]
    Models,
    /// Marts as well, where they answer the request.
    Marts,
    /// Marts and the page's own tables.
    Page,
}

/// What stands behind `from`, as `facts`, with the date `metric_time` and the measures `m0`, `m1`, ….
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) from: String,
    /// The column of each dimension that is read.
    pub(crate) columns: BTreeMap<String, String>,
    /// Whether measures are sums already.
    pub(crate) is_summed: bool,
    /// How exact `metric_time` is.
    pub(crate) base: Grain,
}

impl Source {
    /// The column of a dimension.
    pub(crate) fn column(&self, name: &str) -> String {
        self.columns
            .get(name)
            .cloned()
            .unwrap_or_else(|| name.to_owned())
    }
}

/// Chooses where to read, the quickest first.
pub(crate) fn source(
    project: &Project,
    pass: &Pass<'_>,
    request: &Request,
    tables: Tables,
) -> Result<Source, MetricsError> {
    let names = names(pass, request);
    let definition = definition(project, pass, &names, &[])?;
    if tables == Tables::Models || !pass.is_usual_time() {
        return Ok(definition);
    }
    let meta = &pass.model.meta;
    let mart = meta
        .marts
        .iter()
        .find(|mart| answers(mart, pass, &names, request, definition.base));
    let serving = meta.serving.as_ref().filter(|serving| {
        tables == Tables::Page && knows(serving, pass) && has_all(serving, &names)
    });
    match mart.or(serving) {
        Some(alternative) => {
            alternative_source(project, alternative, pass, &names, definition.base)
        }
        None => Ok(definition),
    }
}

/// Dimensions that a pass reads: to split by, to filter by, in conditions of its own.
fn names(pass: &Pass<'_>, request: &Request) -> Vec<String> {
    let split = request.dimensions.iter().cloned();
    let filtered = request
        .filters
        .iter()
        .map(|filter| filter.dimension.clone());
    let own = pass
        .conditions
        .iter()
        .flat_map(|condition| condition.dimensions());
    let mut names: Vec<String> = split
        .chain(filtered)
        .chain(own.map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn has_all(alternative: &Alternative, names: &[String]) -> bool {
    names
        .iter()
        .all(|name| alternative.dimensions.contains_key(name))
}

/// Whether a table of rows can tell every measure.
fn knows(serving: &Alternative, pass: &Pass<'_>) -> bool {
    pass.measures.iter().all(|measure| {
        let is_told = serving.only.is_empty() || serving.only.contains(&measure.name);
        is_told && !serving.exceptions.contains(&measure.name)
    })
}

/// Whether a mart has every measure by every dimension, and periods that fit the request's.
fn answers(
    mart: &Alternative,
    pass: &Pass<'_>,
    names: &[String],
    request: &Request,
    base: Grain,
) -> bool {
    let grain = mart.grain.unwrap_or(base);
    let fits = match request.grain {
        Some(asked) => grain.divides(asked),
        None => true,
    };
    // A day in the middle of a mart's month would cut it.
    let is_whole = grain == base || (request.from.is_none() && request.to.is_none());
    let has_measures = pass
        .measures
        .iter()
        .all(|measure| mart.measures.contains_key(&measure.name));
    fits && is_whole && has_measures && has_all(mart, names)
}

fn alternative_source(
    project: &Project,
    alternative: &Alternative,
    pass: &Pass<'_>,
    names: &[String],
    base: Grain,
) -> Result<Source, MetricsError> {
    let relation = match (&alternative.model, &alternative.relation) {
        (Some(model), _) => project.relation(&pass.model.name, model)?,
        (None, relation) => relation.clone().unwrap_or_default(),
    };
    let is_summed = !alternative.measures.is_empty();
    let base = alternative.grain.unwrap_or(base);
    let mut columns = BTreeMap::new();
    let mut items = vec![format!("cast({} as date) as metric_time", alternative.time)];
    for (place, name) in names.iter().enumerate() {
        if let Some(expression) = alternative.dimensions.get(name) {
            items.push(format!("{expression} as d{place}"));
            columns.insert(name.clone(), format!("facts.d{place}"));
        }
    }
    for (place, measure) in pass.measures.iter().enumerate() {
        let sums = alternative.measures.get(&measure.name);
        let column = sums.or_else(|| alternative.columns.get(&measure.name));
        items.push(format!(
            "{} as m{place}",
            column.unwrap_or(&measure.expression)
        ));
    }
    let condition = alternative.condition.as_ref();
    let condition = condition
        .map(|condition| format!("\n\nwhere {condition}"))
        .unwrap_or_default();
    let rows = format!(
        "select\n    {}\n\nfrom {relation}{condition}",
        items.join(",\n    ")
    );
    Ok(Source {
        from: format!("(\n\n{}\n\n) as facts", indented(&rows)),
        columns,
        is_summed,
        base,
    })
}

/// The rows that the metric is declared on, with all their columns.
pub(crate) fn rows_source(
    project: &Project,
    pass: &Pass<'_>,
    request: &Request,
) -> Result<Source, MetricsError> {
    definition(project, pass, &names(pass, request), &["*".to_owned()])
}

/// The rows that the metric is declared on.
fn definition(
    project: &Project,
    pass: &Pass<'_>,
    names: &[String],
    more: &[String],
) -> Result<Source, MetricsError> {
    let time = &pass.model.dimensions[pass.time];
    let base = time.grain.unwrap_or(Grain::Day);
    let mut columns = BTreeMap::new();
    let mut facts = Table {
        items: more.to_vec(),
        ..Table::default()
    };
    facts
        .items
        .push(format!("cast({} as date) as metric_time", time.expression));
    let mut joined: Vec<(String, Table)> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let column = resolve(project, pass.model, name, &pass.metric)?;
        let alias = add_joins(&column, &mut facts, &mut joined);
        let item = format!("{} as d{place}", column.sql());
        match joined.iter_mut().find(|(known, _)| *known == alias) {
            Some((_, table)) => table.items.push(item),
            None => facts.items.push(item),
        }
        columns.insert(name.clone(), format!("{alias}.d{place}"));
    }
    for (place, measure) in pass.measures.iter().enumerate() {
        facts
            .items
            .push(format!("{} as m{place}", measure.expression));
    }
    facts.relation.clone_from(&pass.model.relation);
    let mut from = facts.sql("facts");
    for (alias, table) in &joined {
        from = format!(
            "{from}\n\nleft join {}\n    on {}",
            table.sql(alias),
            table.on
        );
    }
    Ok(Source {
        from,
        columns,
        is_summed: false,
        base,
    })
}

#[derive(Debug, Clone, Default)]
struct Table {
    relation: String,
    items: Vec<String>,
    on: String,
}

impl Table {
    fn sql(&self, alias: &str) -> String {
        let rows = format!(
            "select\n    {}\n\nfrom {}",
            self.items.join(",\n    "),
            self.relation
        );
        format!("(\n\n{}\n\n) as {alias}", indented(&rows))
    }
}

/// Adds what leads to a column, once; returns the alias of the table that has it.
fn add_joins(column: &Column<'_>, facts: &mut Table, joined: &mut Vec<(String, Table)>) -> String {
    let mut before = "facts".to_owned();
    for join in &column.joins {
        let alias = if before == "facts" {
            format!("by_{}", join.entity)
        } else {
            format!("{before}_{}", join.entity)
        };
        if !joined.iter().any(|(known, _)| *known == alias) {
            let key = format!("{} as key_{}", join.from, join.entity);
            let from = match joined.iter_mut().find(|(known, _)| *known == before) {
                Some((_, table)) => table,
                None => &mut *facts,
            };
            if !from.items.contains(&key) {
                from.items.push(key);
            }
            joined.push((
                alias.clone(),
                Table {
                    relation: join.model.relation.clone(),
                    items: vec![format!("{} as id_{}", join.to, join.entity)],
                    on: format!("{before}.key_{0} = {alias}.id_{0}", join.entity),
                },
            ));
        }
        before = alias;
    }
    before
}

/// The periods of a range, for a column of dates. The end is exclusive: DuckDB 1.4.3 turns
/// `date_trunc(…, date) <= day` into a comparison that lets a day too many through.
pub(crate) fn in_range(
    column: &str,
    base: Grain,
    from: Option<&Day>,
    to: Option<&Day>,
) -> Vec<String> {
    let from = from.map(|day| format!("{column} >= {}", base.start_of(&day.literal())));
    let to = to.map(|day| {
        let (start, grain) = (base.start_of(&day.literal()), base.name());
        format!("{column} < cast({start} + interval 1 {grain} as date)")
    });
    from.into_iter().chain(to).collect()
}
