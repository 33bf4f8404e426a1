//! How early would we have known?

use charming::element::ItemStyle;

use crate::dashboards::churn::figures::{count, customers};
use crate::dashboards::churn::options::ThresholdPercent;
use crate::dashboards::claims::{count_or_none, share_or_counts};
use crate::dashboards::prelude::*;
use crate::results::churn::LeadTime as Lead;

/// Days a column spans.
const STEP: i64 = 30;

/// Customers who left in the range, by the days between the first warning and that, in steps of 30.
pub struct LeadTime;

impl Source for LeadTime {
    type Row = Lead;
    type Options = ThresholdPercent;
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, threshold: &ThresholdPercent) -> String {
        let departures = departures(filters, threshold.0);
        statement!("lead_time.sql", filters, departures = departures)
    }
}

impl Panel for LeadTime {
    const SPEC: PanelSpec = PanelSpec {
        id: "lead-time",
        title: "How early would we have known?",
        unit: "Churned customers, by days between first warning and churn",
        form: "column chart",
        model: "ml.churn_predictions",
        defined_by: "lead_time",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "the customers who left with that lead time",
        span: "span-6",
        keys: &[("Warned", "accent"), ("Not flagged", "orange")],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ThresholdPercent;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(_view: &View<'_, Self>) -> Option<String> {
        Some(
            "Scored every 30 days by a model that had not seen these customers’ outcomes."
                .to_owned(),
        )
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (filters, threshold_percent) = (view.filters.clone(), view.options.0);
        let total: i64 = view.rows.iter().map(|row| row.churned).sum();
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| name(row.days))
            .headed(|row| match row.days {
                None => "Never flagged".to_owned(),
                days => format!("Flagged {} days before", name(days)),
            })
            .headroom(22.0)
            .series(
                Series::bars("Customers", theme.accent, 68, |row: &Lead| row.churned)
                    .styled(|row| {
                        let is_warned = row.days.is_some();
                        ItemStyle::new().color(if is_warned {
                            theme.accent
                        } else {
                            theme.orange
                        })
                    })
                    .labelled(theme.ink, |row| count(row.churned))
                    .untold(),
            )
            .line("Churned customers", |row| Some(count(row.churned)))
            .line("Share", move |row| {
                share_or_counts(Share::new(row.churned, total))
            })
            .line("Churned MRR", |row| {
                Some(whole_dollars(row.mrr_cents as f64))
            })
            .mark(move |row| warned(row, threshold_percent, &filters))
            .figure()
    }
}

/// SQL of the CTE `departures`: who left in the range, each with the first warning, if there was one.
fn departures(filters: &Filters, threshold_percent: u32) -> String {
    statement!(
        "departures.sql",
        filters,
        threshold_percent = threshold_percent
    )
}

/// A column's name.
fn name(days: Option<i64>) -> String {
    match days {
        None => "Never".to_owned(),
        Some(days) => format!("{days}–{}", days + STEP - 1),
    }
}

/// Who left with as much warning.
fn warned(row: &Lead, threshold_percent: u32, filters: &Filters) -> PanelMark {
    let (days, filters) = (row.days, filters.clone());
    let (key, label) = match days {
        None => ("never".to_owned(), "Never flagged".to_owned()),
        Some(least) => (
            format!("days-{least}"),
            format!("{} days of warning", name(days)),
        ),
    };
    PanelMark::new(key, label).counted(("customer", "customers"), row.churned, move || {
        statement!(
            "lead_time_rows.sql",
            &filters,
            departures = departures(&filters, threshold_percent),
            lead_days = days
        )
    })
}

/// How early would we have known?
#[must_use]
pub fn sentence(rows: &[Lead]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.churned).sum();
    if total == 0 {
        return None;
    }
    let warned_before = |least: i64| -> i64 {
        let early = rows
            .iter()
            .filter(|row| row.days.is_some_and(|days| days >= least));
        early.map(|row| row.churned).sum()
    };
    let warned = warned_before(i64::MIN);
    if warned == 0 {
        return Some(if total == 1 {
            "The one customer who churned was not flagged in advance.".to_owned()
        } else {
            format!(
                "None of {} who churned was flagged in advance.",
                customers(total)
            )
        });
    }
    Some(format!(
        "Of {} who churned, {} were flagged in advance, {} of them at least 30 days before. {} {} never flagged.",
        customers(total),
        if is_enough(total) {
            share(warned as f64 / total as f64)
        } else {
            count(warned)
        },
        count_or_none(warned_before(30)),
        capital(&count_or_none(total - warned)),
        if total - warned < 2 { "was" } else { "were" },
    ))
}
