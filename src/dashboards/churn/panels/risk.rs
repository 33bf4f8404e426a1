//! How is risk distributed?

use crate::dashboards::churn::figures::{Listed, count, customers};
use crate::dashboards::churn::options::ThresholdPercent;
use crate::dashboards::churn::scored::{list, list_rows};
use crate::dashboards::claims::count_or_none;
use crate::dashboards::prelude::*;
use crate::results::churn::RiskBin;

/// Width of a column, in percent of risk.
const STEP: i64 = 2;

/// The list's customers by hundredths of risk, lowest first.
pub struct Risk;

impl Source for Risk {
    type Row = RiskBin;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("risk.sql", filters, list = list(filters))
    }
}

impl Panel for Risk {
    const SPEC: PanelSpec = PanelSpec {
        id: "risk",
        title: "How is risk distributed?",
        unit: "Customers by risk of churn within 90 days, %",
        form: "histogram",
        model: "ml.churn_predictions",
        defined_by: "churn_risk",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "the customers of that risk",
        span: "span-6",
        keys: &[
            ("At or above the threshold", "orange"),
            ("Below it", "slate"),
        ],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ThresholdPercent;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, view.options.0)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let snapshot = view.rows.first()?.snapshot;
        Some(format!(
            "Horizontal axis: risk of leaving in the 90 days from {}, %.",
            day(snapshot)
        ))
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let columns = columns(&view.rows, view.options.0);
        let filters = view.filters.clone();
        let name = |column: &Column| match column.percent % 10 {
            0 => column.percent.to_string(),
            _ => String::new(),
        };
        let bars = |name: &str, colour, value: fn(&Column) -> i64| {
            let bars = Series::bars(name, colour, 78, value);
            bars.stacked("customers").untold()
        };
        Plot::of_names(&columns, Self::TICKS, theme, name)
            .headed(|column| format!("Risk {} to {}%", column.percent, column.percent + STEP))
            .series(bars("Below the threshold", theme.slate, |column| {
                column.customers - column.flagged
            }))
            .series(bars("At or above it", theme.orange, |column| {
                column.flagged
            }))
            .line("Customers", |column| Some(count(column.customers)))
            .line("MRR", |column| Some(whole_dollars(column.mrr_cents as f64)))
            .mark(move |column| of_risk(column, &filters))
            .figure()
    }
}

/// Customers and their revenue from a risk on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Column {
    /// Lowest risk, in percent.
    percent: i64,
    customers: i64,
    /// Those at or above the threshold.
    flagged: i64,
    mrr_cents: i64,
}

/// The columns from 0% to the highest risk there is.
fn columns(rows: &[RiskBin], threshold_percent: u32) -> Vec<Column> {
    let last = rows.iter().map(|row| row.percent).max().unwrap_or(0) / STEP;
    let starts = (0..=last).map(|place| place * STEP);
    let columns = starts.map(|percent| {
        let mut column = Column {
            percent,
            ..Column::default()
        };
        for row in { rows.iter() }.filter(|row| row.percent / STEP * STEP == percent) {
            column.customers += row.customers;
            column.mrr_cents += row.mrr_cents;
            if row.percent >= i64::from(threshold_percent) {
                column.flagged += row.customers;
            }
        }
        column
    });
    columns.collect()
}

/// The customers of a column.
fn of_risk(column: &Column, filters: &Filters) -> PanelMark {
    let (from, to) = (column.percent, column.percent + STEP);
    let filters = filters.clone();
    PanelMark::new(format!("risk-{from}"), format!("Risk {from} to {to}%")).counted(
        ("customer", "customers"),
        column.customers,
        move || {
            statement!(
                "risk_rows.sql",
                &filters,
                scored_rows = list_rows(&filters),
                first_percent = from,
                last_percent = to - 1
            )
        },
    )
}

/// How is risk distributed?
#[must_use]
pub fn sentence(rows: &[RiskBin], threshold_percent: u32) -> Option<String> {
    let all = Listed::all(rows);
    let of_threshold = Listed::at_least(threshold_percent, rows);
    let (total, flagged) = (all.customers, of_threshold.customers);
    if total == 0 {
        return None;
    }
    if !is_enough(total) {
        return Some(format!(
            "Only {} scored, too few for a distribution: {} of them reach{} the threshold.",
            customers(total),
            count_or_none(flagged),
            if flagged < 2 { "es" } else { "" }
        ));
    }
    let mut so_far = 0;
    let median = rows.iter().find(|bin| {
        so_far += bin.customers;
        2 * so_far >= total
    })?;
    let mut sentence = format!(
        "Half of the {} have a risk below {}%. {} the threshold",
        customers(total),
        median.percent + 1,
        match flagged {
            0 => "None reaches".to_owned(),
            1 => "1 reaches".to_owned(),
            more => format!("{} reach", count(more)),
        },
    );
    if all.expected_cents > 0.0 && flagged > 0 {
        sentence.push_str(&format!(
            " and {} for {} of the expected loss",
            if flagged == 1 { "accounts" } else { "account" },
            share(of_threshold.expected_cents / all.expected_cents)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
