//! Request → statement: metrics are taken apart to measures, and put together again.

use std::collections::BTreeMap;

use crate::declared::{Aggregation, PeriodAggregation};
use crate::expression::{Condition, substitute};
use crate::passes::{Pass, PassKind, Running};
use crate::project::{MeasureInput, MetricInput, MetricKind, Project};
use crate::source::Tables;
use crate::statement::statement;
use crate::{Grain, Metric, MetricsError, Request, Window};

/// Compiles a request to one statement.
///
/// # Errors
/// When the request names what is not there, or asks for what the data can't tell.
pub fn compile(
    project: &Project,
    request: &Request,
    tables: Tables,
) -> Result<String, MetricsError> {
    if request.metrics.is_empty() {
        return Err(MetricsError::NoMetrics);
    }
    if let (Some(from), Some(to)) = (&request.from, &request.to)
        && from > to
    {
        return Err(MetricsError::EmptyRange {
            from: from.to_string(),
            to: to.to_string(),
        });
    }
    let mut compiler = Compiler {
        project,
        grain: request.grain,
        passes: Vec::new(),
    };
    let mut columns = Vec::new();
    for name in &request.metrics {
        let metric = project.metric(name)?;
        columns.push((name.clone(), compiler.metric(metric, &[], None)?));
    }
    statement(project, request, &compiler.passes, &columns, tables)
}

struct Compiler<'a> {
    project: &'a Project,
    grain: Option<Grain>,
    passes: Vec<Pass<'a>>,
}

impl<'a> Compiler<'a> {
    /// A metric's value, in columns of passes.
    fn metric(
        &mut self,
        metric: &'a Metric,
        conditions: &[Condition],
        offset: Option<Window>,
    ) -> Result<String, MetricsError> {
        let conditions = [conditions, &metric.conditions].concat();
        match &metric.kind {
            MetricKind::Simple(measure) => self.simple(metric, measure, conditions, offset),
            MetricKind::Cumulative {
                measure,
                window,
                to_date,
                period,
            } => {
                let running = Running::new(*window, *to_date, *period);
                self.cumulative(metric, measure, conditions, offset, running)
            }
            MetricKind::Ratio(numerator, denominator) => {
                let numerator = self.input(metric, numerator, &conditions, offset)?;
                let denominator = self.input(metric, denominator, &conditions, offset)?;
                Ok(format!(
                    "(cast({numerator} as double) / nullif({denominator}, 0))"
                ))
            }
            MetricKind::Derived { expression, inputs } => {
                let mut by_name = BTreeMap::new();
                for input in inputs {
                    let value = self.input(metric, input, &conditions, offset)?;
                    by_name.insert(input.alias.as_str(), value);
                }
                Ok(format!("({})", substitute(expression, &by_name)))
            }
        }
    }

    fn input(
        &mut self,
        metric: &Metric,
        input: &'a MetricInput,
        conditions: &[Condition],
        offset: Option<Window>,
    ) -> Result<String, MetricsError> {
        if offset.is_some() && input.offset.is_some() {
            return Err(unsupported(metric, "an offset within an offset"));
        }
        let conditions = [conditions, &input.conditions].concat();
        let below = self.project.metric(&input.name)?;
        self.metric(below, &conditions, offset.or(input.offset))
    }

    fn simple(
        &mut self,
        metric: &Metric,
        input: &'a MeasureInput,
        conditions: Vec<Condition>,
        offset: Option<Window>,
    ) -> Result<String, MetricsError> {
        let measure = &self.project.measures[&input.name];
        let kind = PassKind::of(measure);
        let column = self.column(metric, input, conditions, offset, kind)?;
        let is_whole = metric.meta.is_whole()
            && !matches!(
                measure.aggregation,
                Aggregation::Average | Aggregation::Median
            );
        Ok(filled(&column, input.fill, is_whole))
    }

    fn cumulative(
        &mut self,
        metric: &Metric,
        input: &'a MeasureInput,
        conditions: Vec<Condition>,
        offset: Option<Window>,
        running: Running,
    ) -> Result<String, MetricsError> {
        let measure = &self.project.measures[&input.name];
        let base = self.project.models[&measure.model].dimensions[&measure.time].grain;
        let base = base.unwrap_or(Grain::Day);
        if measure.balance.is_some() {
            return Err(unsupported(metric, "a window over a balance"));
        }
        let is_distinct = match measure.aggregation {
            Aggregation::CountDistinct => true,
            Aggregation::Average | Aggregation::Median => {
                return Err(unsupported(metric, "a window over a mean or a median"));
            }
            _ => false,
        };
        let fits = |window: Window| {
            window.grain == base || (base, window.grain) == (Grain::Day, Grain::Week)
        };
        if is_distinct
            && (running.to_date.is_some() || running.window.is_some_and(|window| !fits(window)))
        {
            return Err(unsupported(
                metric,
                "a distinct count over a window that is no number of its own periods",
            ));
        }
        if running.window.is_some_and(|window| window.grain < base) {
            return Err(unsupported(metric, "a window finer than its data"));
        }
        let kind = PassKind::Running(Running {
            is_distinct,
            ..running
        });
        let column = self.column(metric, input, conditions, offset, kind)?;
        let is_mean = running.period == PeriodAggregation::Average;
        Ok(filled(
            &column,
            input.fill,
            metric.meta.is_whole() && !is_mean,
        ))
    }

    /// The column in which a pass returns a measure.
    fn column(
        &mut self,
        metric: &Metric,
        input: &'a MeasureInput,
        conditions: Vec<Condition>,
        offset: Option<Window>,
        kind: PassKind,
    ) -> Result<String, MetricsError> {
        let measure = &self.project.measures[&input.name];
        let model = &self.project.models[&measure.model];
        let finest = model.dimensions[&measure.time].grain.unwrap_or(Grain::Day);
        if let Some(grain) = self.grain
            && !finest.divides(grain)
        {
            return Err(MetricsError::GrainTooFine {
                metric: metric.name.clone(),
                grain,
                finest,
            });
        }
        let pass = Pass {
            model,
            metric: metric.name.clone(),
            time: &measure.time,
            conditions: [conditions, input.conditions.clone()].concat(),
            offset,
            kind,
            measures: vec![measure],
        };
        let place = match self.passes.iter().position(|known| known.takes(&pass)) {
            Some(place) => place,
            None => {
                self.passes.push(pass);
                self.passes.len() - 1
            }
        };
        let measures = &mut self.passes[place].measures;
        let known = measures.iter().position(|known| known.name == measure.name);
        let column = known.unwrap_or_else(|| {
            measures.push(measure);
            measures.len() - 1
        });
        Ok(format!("pass_{place}.v{column}"))
    }
}

/// A value where there are no rows, and its type.
fn filled(column: &str, fill: Option<i64>, is_whole: bool) -> String {
    let value = match fill {
        Some(fill) => format!("coalesce({column}, {fill})"),
        None => column.to_owned(),
    };
    // Sums of whole numbers are wider than any reader of Arrow likes.
    if is_whole {
        format!("cast({value} as bigint)")
    } else {
        value
    }
}

fn unsupported(metric: &Metric, what: &str) -> MetricsError {
    MetricsError::Unsupported {
        declared_by: format!("metric {}", metric.name),
        what: what.to_owned(),
    }
}
