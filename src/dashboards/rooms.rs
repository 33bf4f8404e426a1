//! Declared panels as a list: what documents, tests and tools walk over.

use arrow_array::RecordBatch;
use serde::Serialize;

use super::declared::{Panel, Source, View};
use super::fetched::Fetched;
use super::marks::Measure;
use super::spec::PanelSpec;
use crate::components::chart_parts::finish;
use crate::components::chart_spec::ChartMark;
use crate::components::theme::LIGHT;
use crate::results::{DecodeError, Row};
use crate::state::filters::{Basis, Filters};

type Show = fn(&Filters, &[RecordBatch], &[RecordBatch]) -> Result<Shown, DecodeError>;

/// A panel, whatever its rows are, with the options it usually has.
pub struct Room {
    /// What it is, besides its data.
    pub spec: &'static PanelSpec,
    /// Whether a model must be trained first.
    pub is_learned: bool,
    ask: fn(&Filters) -> Asked,
    show: Show,
}

/// The statements behind a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// For the range.
    pub sql: String,
    /// For the period before, where the filters compare.
    pub before: Option<String>,
}

/// A panel over rows: what a reader sees of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// Its sentence; `None` when there is nothing to show.
    pub answer: Option<String>,
    /// What is said under the chart.
    pub caption: Option<String>,
    /// The chart, as ECharts takes it.
    pub chart: serde_json::Value,
    /// What its tooltips say of each place along the axis.
    pub tooltips: Vec<String>,
    /// Its marks.
    pub marks: Vec<ShownMark>,
}

/// A mark, with what the rows behind it must come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownMark {
    /// Names it in links.
    pub key: String,
    /// Names it for readers.
    pub label: String,
    /// What it shows; `None` where no rows stand behind it.
    pub value: Option<f64>,
    /// The column that its rows add up to the value; none where they are counted.
    pub column: Option<&'static str>,
    /// The statement of its rows.
    pub sql: Option<String>,
}

impl Room {
    /// A declared panel.
    #[must_use]
    pub const fn of<P: Panel>() -> Self
    where
        P::Options: Default,
        <P::Source as Source>::Options: Default,
    {
        Self {
            spec: &P::SPEC,
            is_learned: P::Source::LEARNED.is_some(),
            ask: ask::<P>,
            show: show::<P>,
        }
    }

    /// What it asks under some filters.
    #[must_use]
    pub fn ask(&self, filters: &Filters) -> Asked {
        (self.ask)(filters)
    }

    /// What it shows of the rows, and of those of the period before.
    ///
    /// # Errors
    /// When the rows are not those of its statement.
    pub fn show(
        &self,
        filters: &Filters,
        rows: &[RecordBatch],
        before: &[RecordBatch],
    ) -> Result<Shown, DecodeError> {
        (self.show)(filters, rows, before)
    }
}

fn ask<P: Panel>(filters: &Filters) -> Asked
where
    <P::Source as Source>::Options: Default,
{
    let sql = |filters: &Filters| P::Source::sql(filters, &Default::default());
    let before = P::Source::COMPARED_ON.and_then(|basis| filters.compared_on(basis));
    Asked {
        sql: sql(filters),
        before: before.map(|before| sql(&before)),
    }
}

fn show<P: Panel>(
    filters: &Filters,
    rows: &[RecordBatch],
    before: &[RecordBatch],
) -> Result<Shown, DecodeError>
where
    P::Options: Default,
{
    let fetched = Fetched {
        rows: <P::Source as Source>::Row::read_all(rows)?,
        before: <P::Source as Source>::Row::read_all(before)?,
        batches: (before.to_vec(), rows.to_vec()),
        as_of: filters.as_of(),
        filters: filters.clone(),
        basis: P::Source::COMPARED_ON.unwrap_or(Basis::Days),
    };
    let options = P::Options::default();
    let view = View::<P> {
        fetched: &fetched,
        options: &options,
    };
    let figure = P::figure(&view, &LIGHT);
    let mut chart = serde_json::to_value(&figure.chart).unwrap_or_default();
    finish(&mut chart);
    let tooltips = (0..).map_while(|index| {
        let place = ChartMark {
            index,
            ..ChartMark::default()
        };
        let told = (figure.tooltip)(&place)?;
        let lines = told
            .lines
            .iter()
            .map(|line| format!("{} {}", line.name, line.value));
        let all: Vec<String> = std::iter::once(told.heading.clone()).chain(lines).collect();
        Some(all.join("; "))
    });
    let marks = figure.marks.iter().map(|mark| ShownMark {
        key: mark.key.clone(),
        label: mark.label.clone(),
        value: mark.rows.as_ref().map(|rows| rows.value),
        column: mark.rows.as_ref().and_then(|rows| match rows.measure {
            Measure::Count => None,
            Measure::Sum(column, _) => Some(column),
        }),
        sql: mark.rows.as_ref().map(|rows| rows.sql.text()),
    });
    Ok(Shown {
        answer: P::answer(&view),
        caption: P::caption(&view),
        tooltips: tooltips.collect(),
        marks: marks.collect(),
        chart,
    })
}

#[cfg(test)]
mod tests {
    use crate::dashboards::pages::Page;
    use crate::state::filters::Filters;

    /// A fault in a file would show in the browser only.
    #[test]
    fn every_statement_can_be_rendered() {
        let day = |text: &str| text.parse().unwrap();
        let queries = [
            "",
            "compare=previous&from=2025-03-10&to=2025-06-05",
            "plan=starter,enterprise&channel=email&country=DE&size=1-10&segment=power",
        ];
        for query in queries {
            let (filters, _) = Filters::from_query(query, day("2023-01-01"), day("2025-12-15"));
            for room in Page::ALL.into_iter().flat_map(Page::rooms) {
                let asked = room.ask(&filters);
                for sql in [Some(asked.sql), asked.before].into_iter().flatten() {
                    let is_whole = !sql.contains("select error(") && !sql.contains("{{");
                    assert!(is_whole, "{}: {sql}", room.spec.id);
                }
            }
        }
    }
}
