//! How long do customers keep paying?

use super::super::curves::{Curves, Form, Group, LEAST_OBSERVED, Point};
use crate::dashboards::prelude::*;
use crate::results::retention::SurvivalMonth;

/// Plans in the order they are drawn and named.
const ORDER: [&str; 3] = ["enterprise", "professional", "starter"];

/// Kaplan and Meier's estimate for each plan that runs of paid periods began on.
pub struct Survival;

impl Source for Survival {
    type Row = SurvivalMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("survival.sql", filters)
    }
}

impl Panel for Survival {
    const SPEC: PanelSpec = PanelSpec {
        id: "survival",
        title: "How long do customers keep paying?",
        unit: "Share still paying, percent, by months since the start. Bands: 95% interval",
        form: "Kaplan–Meier curve with bands",
        model: "subscription_survival",
        defined_by: "survival",
        acts: AND_COMPARE,
        plan: PlanOf::Start,
        click: "",
        rows: "the customers who left in the month",
        span: "span-6 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed, customers who began")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let group = |plan: &str| Group {
            key: plan.to_owned(),
            name: words(plan),
            colour: theme.plan(plan),
        };
        let curves = Curves {
            form: Form::Steps,
            unit: "months",
            groups: ORDER.map(group).to_vec(),
            points: view.rows.iter().map(point).collect(),
            before: view.before.iter().map(point).collect(),
            heading: Box::new(|month| format!("Beyond month {month}")),
        };
        let marks = view.rows.iter();
        let marks = marks.map(|row| churned_in(row, &view.filters)).collect();
        curves.figure(marks, theme)
    }
}

fn point(row: &SurvivalMonth) -> Point {
    let count = |value: i64| COUNT.full(value as f64);
    Point {
        group: row.plan.clone(),
        period: row.month,
        rate: row.survival,
        interval: Some([row.lower, row.upper]),
        is_firm: true,
        told: PERCENT.full(row.survival),
        beside: vec![
            ("At risk", count(row.at_risk)),
            ("Churned", count(row.churned)),
        ],
    }
}

/// The customers who left in the month.
fn churned_in(row: &SurvivalMonth, filters: &Filters) -> PanelMark {
    let (filters, plan, month) = (filters.clone(), row.plan.clone(), row.month);
    let label = format!("{}, churned in month {month}", words(&plan));
    let mark = PanelMark::new(format!("{plan}.{month}"), label).only(Dimension::Plan, &plan);
    if row.churned == 0 {
        return mark;
    }
    mark.counted(("customer", "customers"), row.churned, move || {
        statement!(
            "survival_rows.sql",
            &filters,
            plan = plan.as_str(),
            month_number = month,
        )
    })
}

/// The steps of a plan, in order.
fn of_plan<'a>(rows: &'a [SurvivalMonth], plan: &str) -> Vec<&'a SurvivalMonth> {
    rows.iter().filter(|row| row.plan == plan).collect()
}

/// The first month by which half of a plan's customers have left; `None` while more than half stay.
fn median_month(rows: &[SurvivalMonth], plan: &str) -> Option<i64> {
    let steps = of_plan(rows, plan);
    let step = steps.into_iter().find(|row| row.survival <= 0.5);
    step.map(|row| row.month)
}

/// How long do customers keep paying?
#[must_use]
pub fn sentence(rows: &[SurvivalMonth]) -> Option<String> {
    // The latest month at which enough of every plan's customers are still observed.
    let plans: Vec<(&str, i64)> = ["enterprise", "professional", "starter"]
        .into_iter()
        .filter_map(|plan| {
            let steps = of_plan(rows, plan);
            let everyone = steps.first()?.at_risk;
            let watched = steps
                .iter()
                .filter(|row| row.at_risk * LEAST_OBSERVED >= everyone);
            Some((plan, watched.map(|row| row.month).max()?))
        })
        .collect();
    let month = plans.iter().map(|(_, month)| *month).min()?;
    let customers = |plan: &str| of_plan(rows, plan).first().map_or(0, |row| row.at_risk);
    let largest = plans.iter().map(|(plan, _)| customers(plan)).max()?;
    let mut at: Vec<(&str, f64)> = plans
        .iter()
        .filter(|(plan, _)| is_enough(customers(plan)))
        .filter_map(|(plan, _)| {
            let steps = of_plan(rows, plan);
            let step = steps.into_iter().find(|row| row.month == month)?;
            Some((*plan, step.survival))
        })
        .collect();
    at.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    if at.is_empty() {
        return Some(too_few("customers", "plan", largest));
    }
    let parts: Vec<String> = at
        .iter()
        .map(|(plan, rate)| format!("{} of {}", share(*rate), words(plan)))
        .collect();
    let mut sentence = format!(
        "{} customers still pay after month {month}",
        parts.join(", ")
    );
    let halved = at
        .last()
        .and_then(|(plan, _)| Some((*plan, median_month(rows, plan)?)));
    if let Some((plan, month)) = halved {
        sentence.push_str(&format!(
            "; half of {} customers have left by month {month}",
            words(plan)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
