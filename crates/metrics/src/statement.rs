//! Puts passes together: every group in every period, each metric beside the others.

use std::fmt::Write;

use crate::pass_sql::pass_sql;
use crate::passes::{Pass, PassKind};
use crate::project::Project;
use crate::source::{Tables, in_range, source};
use crate::steps::{Steps, conditions, same, written};
use crate::{Grain, MetricsError, Request};

/// The statement of a request whose metrics are columns of passes.
pub(crate) fn statement(
    project: &Project,
    request: &Request,
    passes: &[Pass<'_>],
    columns: &[(String, String)],
    tables: Tables,
) -> Result<String, MetricsError> {
    let mut steps = Steps::default();
    for (place, pass) in passes.iter().enumerate() {
        let source = source(project, pass, request, tables)?;
        let needs_days = pass.offset.is_some() || !matches!(pass.kind, PassKind::Plain);
        if needs_days {
            add_days(project, &pass.metric, &mut steps)?;
        }
        pass_sql(place, pass, &source, request, &mut steps);
    }
    let keys = keys(request);
    let from = if keys.is_empty() {
        let names: Vec<String> = (0..passes.len())
            .map(|place| format!("pass_{place}"))
            .collect();
        names.join("\n\ncross join ")
    } else {
        add_frame(project, request, passes, &mut steps)?;
        let joins = (0..passes.len()).map(|place| {
            let on = keys
                .iter()
                .map(|key| same(&format!("frame.{key}"), &format!("pass_{place}.{key}"), key));
            let on: Vec<String> = on.collect();
            format!(
                "\n\nleft join pass_{place}\n    on {}",
                on.join("\n    and ")
            )
        });
        format!("frame{}", joins.collect::<String>())
    };
    let mut items: Vec<String> = keys
        .iter()
        .enumerate()
        .map(
            |(place, key)| match place.checked_sub(usize::from(request.grain.is_some())) {
                Some(dimension) => format!("frame.{key} as {}", request.dimensions[dimension]),
                None => format!("frame.{key} as metric_time"),
            },
        )
        .collect();
    items.extend(
        columns
            .iter()
            .map(|(name, value)| format!("{} as {name}", unwrapped(value))),
    );
    let select = format!("select\n    {}\n\nfrom {from}", items.join(",\n    "));
    let order = order(request)?;
    let limit = request
        .limit
        .map(|limit| format!("\n\nlimit {limit}"))
        .unwrap_or_default();
    Ok(format!("{}{select}{order}{limit}\n", written(&steps)))
}

/// Names of the columns that tell groups apart, within the statement.
pub(crate) fn keys(request: &Request) -> Vec<String> {
    let time = request.grain.map(|_| "metric_time".to_owned());
    let dimensions = (0..request.dimensions.len()).map(|place| format!("k{place}"));
    time.into_iter().chain(dimensions).collect()
}

/// Adds every day there is.
fn add_days(project: &Project, metric: &str, steps: &mut Steps) -> Result<(), MetricsError> {
    let spine = project.spine(metric)?;
    let (column, relation) = (&spine.column, &spine.relation);
    steps.add(
        "days",
        format!("select cast({column} as date) as date_day\n\nfrom {relation}"),
    );
    Ok(())
}

/// Adds the groups and periods that the answer has: all groups that any pass saw, each in every period.
fn add_frame(
    project: &Project,
    request: &Request,
    passes: &[Pass<'_>],
    steps: &mut Steps,
) -> Result<(), MetricsError> {
    let all = (0..passes.len()).map(|place| format!("pass_{place}"));
    let all: Vec<String> = all.collect();
    let union = |columns: &str| {
        let parts = all
            .iter()
            .map(|pass| format!("select {columns}\n\nfrom {pass}"));
        parts.collect::<Vec<_>>().join("\n\nunion\n\n")
    };
    let keys = keys(request);
    let Some(grain) = request.grain.filter(|_| !request.leave_gaps) else {
        steps.add("frame", union(&keys.join(", ")));
        return Ok(());
    };
    let metric = passes
        .first()
        .map(|pass| pass.metric.as_str())
        .unwrap_or_default();
    add_days(project, metric, steps)?;
    let spine = format!(
        "select {} as metric_time\n\nfrom days{}",
        grain.start_of("date_day"),
        conditions(&in_range(
            "date_day",
            Grain::Day,
            request.from.as_ref(),
            request.to.as_ref()
        )),
    );
    let periods = format!("{spine}\n\nunion\n\n{}", union("metric_time"));
    let groups = &keys[1..];
    if groups.is_empty() {
        steps.add("frame", periods);
        return Ok(());
    }
    steps.add("periods", periods);
    steps.add("groups", union(&groups.join(", ")));
    let columns = groups
        .iter()
        .fold("periods.metric_time".to_owned(), |mut columns, group| {
            let _ = write!(columns, ",\n    groups.{group}");
            columns
        });
    steps.add(
        "frame",
        format!("select\n    {columns}\n\nfrom periods\n\ncross join groups"),
    );
    Ok(())
}

fn order(request: &Request) -> Result<String, MetricsError> {
    let time = request.grain.map(|_| "metric_time".to_owned());
    let keys: Vec<String> = time
        .into_iter()
        .chain(request.dimensions.iter().cloned())
        .collect();
    let mut terms = Vec::new();
    for order in &request.order {
        if !keys.contains(&order.by) && !request.metrics.contains(&order.by) {
            return Err(MetricsError::UnknownOrder(order.by.clone()));
        }
        let direction = if order.descending { " desc" } else { "" };
        terms.push(format!("{}{direction} nulls last", order.by));
    }
    let asked = |key: &String| request.order.iter().any(|order| order.by == *key);
    terms.extend(
        keys.iter()
            .filter(|key| !asked(key))
            .map(|key| format!("{key} nulls last")),
    );
    Ok(if terms.is_empty() {
        String::new()
    } else {
        format!("\n\norder by\n    {}", terms.join(",\n    "))
    })
}

/// Without the parentheses around the whole.
fn unwrapped(value: &str) -> &str {
    let inner = value
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let is_whole = |inner: &str| {
        let mut depth = 0_i32;
        inner.chars().all(|character| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth >= 0
        })
    };
    inner.filter(|inner| is_whole(inner)).unwrap_or(value)
}
