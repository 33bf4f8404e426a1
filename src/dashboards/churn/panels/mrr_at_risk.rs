//! How much revenue is at risk?

use crate::dashboards::churn::figures::{count, customers, money};
use crate::dashboards::churn::options::ThresholdPercent;
use crate::dashboards::churn::scored::{list, list_rows};
use crate::dashboards::prelude::*;
use crate::results::churn::PlanRisk;

/// Revenue of the list by plan, with what stands at or above the threshold.
pub struct MrrAtRisk;

impl Source for MrrAtRisk {
    type Row = PlanRisk;
    type Options = ThresholdPercent;
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, threshold: &ThresholdPercent) -> String {
        statement!(
            "mrr_at_risk.sql",
            filters,
            list = list(filters),
            threshold_percent = threshold.0
        )
    }
}

impl Panel for MrrAtRisk {
    const SPEC: PanelSpec = PanelSpec {
        id: "mrr-at-risk",
        title: "How much revenue is at risk?",
        unit: "MRR by plan, US dollars",
        form: "stacked bar chart",
        model: "ml.churn_predictions",
        defined_by: "mrr_at_risk",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "the plan’s customers at or above the threshold",
        span: "span-6",
        keys: &[
            ("At or above the threshold", "orange"),
            ("Below it", "slate"),
            ("Expected loss", "tick"),
        ],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    type Options = ThresholdPercent;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (filters, threshold_percent) = (view.filters.clone(), view.options.0);
        let bars = |name: &str, colour, value: fn(&PlanRisk) -> i64| {
            Series::bars(name, colour, 48, value).stacked("mrr")
        };
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| words(&row.plan))
            .lying()
            .scaled()
            .room(16.0)
            .series(bars("At or above the threshold", theme.orange, |row| {
                row.flagged_cents
            }))
            .series(
                bars("Below it", theme.slate, |row| {
                    row.mrr_cents - row.flagged_cents
                })
                .faint(0.4),
            )
            .total("MRR", |row| Some(whole_dollars(row.mrr_cents as f64)))
            .series(
                Series::ticks("Expected loss", theme.ink, |row: &PlanRisk| {
                    row.expected_cents
                })
                .told_as("Expected loss in 90 days"),
            )
            .line("Customers", |row| Some(count(row.customers)))
            .line("Flagged", |row| Some(count(row.flagged_customers)))
            .mark(move |row| flagged(row, threshold_percent, &filters))
            .figure()
    }
}

/// A plan's customers at or above the threshold.
fn flagged(row: &PlanRisk, threshold_percent: u32, filters: &Filters) -> PanelMark {
    let (plan, filters) = (row.plan.clone(), filters.clone());
    let label = format!("{}, at or above the threshold", words(&plan));
    PanelMark::new(&row.plan, label).counted(
        ("customer", "customers"),
        row.flagged_customers,
        move || {
            statement!(
                "mrr_at_risk_rows.sql",
                &filters,
                scored_rows = list_rows(&filters),
                plan = plan.as_str(),
                threshold_percent = threshold_percent
            )
        },
    )
}

/// How much revenue is at risk?
#[must_use]
pub fn sentence(rows: &[PlanRisk]) -> Option<String> {
    let sum = |value: fn(&PlanRisk) -> i64| rows.iter().map(value).sum::<i64>();
    let all = sum(|row| row.mrr_cents);
    if all <= 0 {
        return None;
    }
    let flagged = sum(|row| row.flagged_cents);
    let reached = sum(|row| row.flagged_customers);
    let (amount, whose) = match reached {
        0 => ("None".to_owned(), "customers".to_owned()),
        _ => (money(flagged as f64), customers(reached)),
    };
    let mut sentence = format!(
        "{amount} of {} MRR belongs to {whose} at or above the threshold",
        money(all as f64)
    );
    if is_enough(sum(|row| row.customers)) && reached > 0 {
        sentence.push_str(&format!(", {}", share(flagged as f64 / all as f64)));
    }
    // A plan of a handful may lose more, which nobody could tell.
    let most = rows.iter().max_by(|one, other| {
        one.expected_cents
            .total_cmp(&other.expected_cents)
            .then(is_enough(one.customers).cmp(&is_enough(other.customers)))
            .then(other.plan.cmp(&one.plan))
    });
    if let Some(most) = most.filter(|most| is_enough(most.customers)) {
        sentence.push_str(&format!(
            "; {} is expected to lose the most, {} in 90 days",
            words(&most.plan),
            money(most.expected_cents)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
