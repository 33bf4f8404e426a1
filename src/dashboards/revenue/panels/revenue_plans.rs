//! Which plans bring the revenue?

use crate::dashboards::executive::panels::mrr::{self, Mrr};
use crate::dashboards::prelude::*;

/// MRR by plan, as on the Executive page.
pub struct RevenuePlans;

impl Panel for RevenuePlans {
    const SPEC: PanelSpec = PanelSpec {
        id: "revenue-plans",
        title: "Which plans bring the revenue?",
        unit: "MRR at the month’s end, US dollars",
        form: "stacked area chart",
        model: "fct_mrr",
        defined_by: "mrr",
        acts: AND_COMPARE,
        plan: PlanOf::Every,
        click: "sets the plan",
        rows: "the customers who paid for the plan at the month’s end",
        span: "span-6",
        keys: &[],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Mrr;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        mrr::answer(view)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        mrr::figure(view, &[], theme)
    }
}
