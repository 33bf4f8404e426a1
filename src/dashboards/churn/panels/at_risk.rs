//! Who should be called?

use crate::dashboards::churn::figures::{count, customers, money};
use crate::dashboards::churn::options::ThresholdPercent;
use crate::dashboards::churn::reasons::reasons;
use crate::dashboards::churn::scored::list;
use crate::dashboards::claims::count_or_none;
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::churn::AtRisk as Customer;

/// The list's customers at or above the threshold, most expected loss first, each with up to three features that
/// raise the risk most.
pub struct AtRisk;

/// What the list depends on besides the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// The threshold.
    pub threshold: ThresholdPercent,
    /// Whether each customer has the planted risk.
    pub has_truth: bool,
}

impl AtRisk {
    /// What the panel is, besides its data.
    pub const SPEC: PanelSpec = PanelSpec {
        id: "at-risk",
        title: "Who should be called?",
        unit: "Customers at or above the threshold, highest expected loss first",
        form: "list",
        model: "ml.churn_predictions",
        defined_by: "churn_risk",
        acts: ALL_FILTERS,
        plan: PlanOf::Score,
        click: "",
        rows: "all customers at or above the threshold",
        span: "span-12",
        keys: &[],
    };
}

impl Source for AtRisk {
    type Row = Customer;
    type Options = Asked;
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, asked: &Asked) -> String {
        statement!(
            "at_risk.sql",
            filters,
            list = list(filters),
            threshold_percent = asked.threshold.0,
            has_truth = asked.has_truth
        )
    }
}

/// Everybody on the list, with reasons.
#[must_use]
pub fn listed(rows: &[Customer], asked: Asked, filters: &Filters) -> PanelMark {
    let filters = filters.clone();
    let label = format!("Risk of {}% or more", asked.threshold.0);
    PanelMark::new("listed", label).counted(
        ("customer", "customers"),
        rows.len() as i64,
        move || AtRisk::sql(&filters, &asked),
    )
}

/// What became of the list, where the truth may be told, and why it gives no reasons.
#[must_use]
pub fn caption(rows: &[Customer], has_truth: bool) -> Option<String> {
    let has_reasons = rows.is_empty() || rows.iter().any(|row| row.reason_1.is_some());
    joined([
        has_truth.then(|| fate(rows)).flatten(),
        (!has_reasons).then(|| "Reasons are available for the latest date only.".to_owned()),
    ])
}

/// Who should be called?
#[must_use]
pub fn sentence(rows: &[Customer], threshold_percent: u32) -> Option<String> {
    let Some(first) = rows.first() else {
        return Some(format!(
            "No customer reaches a risk of {threshold_percent}%. Lower the threshold."
        ));
    };
    let mrr: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let why = reasons(first);
    let because = why
        .first()
        .map_or_else(String::new, |why| format!(" ({why})"));
    Some(format!(
        "{} with {} MRR. Call {} first: {} MRR at a risk of {}{because}.",
        customers(rows.len() as i64),
        money(mrr as f64),
        first.name,
        // As the list below has it.
        whole_dollars(first.mrr_cents as f64),
        share(first.probability),
    ))
}

/// What became of the list; nothing while that is not known.
#[must_use]
pub fn fate(rows: &[Customer]) -> Option<String> {
    let known: Vec<&Customer> = rows.iter().filter(|row| row.is_fate_known).collect();
    if !known.is_empty() {
        let left = known.iter().filter(|row| row.churn_date.is_some()).count();
        return Some(format!(
            "{} of the {} churned within 90 days.",
            capital(&count_or_none(left as i64)),
            customers(known.len() as i64)
        ));
    }
    let true_risks: Vec<f64> = rows.iter().filter_map(|row| row.true_probability).collect();
    if true_risks.is_empty() {
        return None;
    }
    let expected = true_risks.iter().sum::<f64>();
    let said = rows.iter().map(|row| row.probability).sum::<f64>();
    let listed = rows.len() as i64;
    let will_churn = if is_enough(listed) {
        format!(
            "{} of them will churn; the model predicts {}",
            share(expected / true_risks.len() as f64),
            share(said / rows.len() as f64)
        )
    } else {
        format!(
            "{expected:.1} of the {} will churn; the model predicts {said:.1}",
            count(listed)
        )
    };
    Some(format!(
        "Their outcome is not known yet. By the planted hazards {will_churn}."
    ))
}
