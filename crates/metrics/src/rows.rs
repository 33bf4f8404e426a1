//! The rows behind a figure.

use crate::declared::{Aggregation, Choice};
use crate::pass_sql::among;
use crate::passes::{Pass, PassKind, Running};
use crate::project::{Measure, Metric, MetricKind, Project};
use crate::source::{in_range, rows_source};
use crate::steps::conditions;
use crate::{Grain, MetricsError, Request};

/// The statement of the rows that count for a request's one metric, in the range and by the filters of the request:
/// a group of an answer is a filter more. Its columns and their order are the semantic model's own.
///
/// # Errors
/// When the metric is made of several measures, or the request names what is not there.
pub fn rows_behind(project: &Project, request: &Request) -> Result<String, MetricsError> {
    let [name] = request.metrics.as_slice() else {
        return Err(MetricsError::NoMetrics);
    };
    let metric = project.metric(name)?;
    let (measure, kind) = counted(project, metric)?;
    let pass = Pass {
        model: &project.models[&measure.model],
        metric: name.clone(),
        time: &measure.time,
        conditions: metric.conditions.clone(),
        offset: None,
        kind,
        measures: vec![measure],
    };
    let source = rows_source(project, &pass, request)?;
    let mut wanted = when(project, &pass, request, source.base)?;
    let own = pass.conditions.iter();
    wanted.extend(own.map(|condition| format!("({})", condition.sql(|name| source.column(name)))));
    let asked = request.filters.iter();
    wanted.extend(asked.map(|filter| among(&source.column(&filter.dimension), filter)));
    wanted.push(match measure.aggregation {
        Aggregation::Sum => "facts.m0 <> 0".to_owned(),
        Aggregation::SumBoolean => "facts.m0".to_owned(),
        _ => "facts.m0 is not null".to_owned(),
    });
    let rows = &pass.model.meta.rows;
    let columns = if rows.columns.is_empty() {
        "facts.*".to_owned()
    } else {
        let columns = rows.columns.iter().map(|column| format!("facts.{column}"));
        columns.collect::<Vec<_>>().join(",\n    ")
    };
    let order = if rows.order.is_empty() {
        String::new()
    } else {
        let terms = rows
            .order
            .iter()
            .map(|term| format!("facts.{term} nulls last"));
        format!(
            "\n\norder by\n    {}",
            terms.collect::<Vec<_>>().join(",\n    ")
        )
    };
    let limit = request
        .limit
        .map(|limit| format!("\n\nlimit {limit}"))
        .unwrap_or_default();
    let from = format!("{}{}", source.from, conditions(&wanted));
    Ok(format!(
        "select\n    {columns}\n\nfrom {from}{order}{limit}\n"
    ))
}

/// The one measure of a metric.
fn counted<'a>(
    project: &'a Project,
    metric: &'a Metric,
) -> Result<(&'a Measure, PassKind), MetricsError> {
    match &metric.kind {
        MetricKind::Simple(input) => {
            let measure = &project.measures[&input.name];
            Ok((measure, PassKind::of(measure)))
        }
        MetricKind::Cumulative {
            measure,
            window,
            to_date,
            period,
        } => {
            let running = Running::new(*window, *to_date, *period);
            Ok((&project.measures[&measure.name], PassKind::Running(running)))
        }
        MetricKind::Ratio(..) | MetricKind::Derived { .. } => {
            Err(MetricsError::Several(metric.name.clone()))
        }
    }
}

/// When a row must have been, to count.
fn when(
    project: &Project,
    pass: &Pass<'_>,
    request: &Request,
    base: Grain,
) -> Result<Vec<String>, MetricsError> {
    let time = "facts.metric_time";
    let (from, to) = (request.from.as_ref(), request.to.as_ref());
    if matches!(pass.kind, PassKind::Plain) {
        return Ok(in_range(time, base, from, to));
    }
    let spine = project.spine(&pass.metric)?;
    let date = format!("cast({} as date)", spine.column);
    let range = conditions(&in_range(&date, Grain::Day, from, to))
        .replace("\n\n", " ")
        .replace("\n   ", "");
    let end = |function: &str| {
        let (start, relation) = (base.start_of(&date), &spine.relation);
        format!("(select {function}({start}) from {relation}{range})")
    };
    Ok(match pass.kind {
        PassKind::Plain => Vec::new(),
        PassKind::Balance(Choice::Min) => vec![format!("{} = {}", base.start_of(time), end("min"))],
        PassKind::Balance(Choice::Max) => vec![format!("{} = {}", base.start_of(time), end("max"))],
        PassKind::Running(running) => {
            let last = end("max");
            // An exclusive end, as in a range.
            let mut wanted = vec![format!("{time} < {last} + interval 1 {}", base.name())];
            match (running.window, running.to_date) {
                (Some(window), _) => {
                    let interval = window.interval();
                    let next = format!("{last} + interval 1 {}", base.name());
                    wanted.push(format!("{time} >= {next} - {interval}"));
                }
                (None, Some(grain)) => wanted.push(format!("{time} >= {}", grain.start_of(&last))),
                (None, None) => {}
            }
            wanted
        }
    })
}
