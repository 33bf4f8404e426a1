//! What the page's panels declare.

use crate::dashboards::spec::{ALL_FILTERS, AND_COMPARE, PanelSpec, PlanOf};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[&COHORTS, &CURVES, &SURVIVAL, &LIFECYCLE, &REVENUE];

/// The cohort heatmap.
pub const COHORTS: PanelSpec = PanelSpec {
    id: "cohorts",
    title: "Do people come back?",
    unit: "Share of each cohort that came back, percent, by periods since signup",
    form: "cohort heatmap under a mean curve",
    model: "cohort_retention",
    defined_by: "retention",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "",
    rows: "the people of the cohort who came back in the period",
    span: "span-12",
    keys: &[],
};

/// Curves by segment.
pub const CURVES: PanelSpec = PanelSpec {
    id: "retention-curves",
    title: "Who stays the longest?",
    unit: "Share that came back, percent, by time since signup",
    form: "line chart",
    model: "cohort_retention",
    defined_by: "retention",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "sets the segment",
    rows: "the people of the segment who came back in the period",
    span: "span-6 tall",
    keys: &[],
};

/// Kaplan–Meier by plan.
pub const SURVIVAL: PanelSpec = PanelSpec {
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

/// Lifecycle states.
pub const LIFECYCLE: PanelSpec = PanelSpec {
    id: "lifecycle",
    title: "Who is active and who is dormant?",
    unit: "Everyone who has signed up, by state at the month’s end",
    form: "stacked column chart",
    model: "int_user_lifecycle",
    defined_by: "lifecycle_state",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "",
    rows: "the people in the state at the month’s end",
    span: "span-12",
    keys: &[
        ("Active", "teal"),
        ("New", "blue"),
        ("At risk", "ochre"),
        ("Churned", "orange"),
        ("Dormant", "other"),
    ],
};

/// Revenue cohorts.
pub const REVENUE: PanelSpec = PanelSpec {
    id: "revenue-cohorts",
    title: "Do customers pay more over time?",
    unit: "MRR of each customer cohort, percent of its first month, by months since",
    form: "cohort heatmap under curves of NRR and GRR",
    model: "revenue_retention",
    defined_by: "nrr",
    acts: ALL_FILTERS,
    plan: PlanOf::Start,
    click: "",
    rows: "the customers of the cohort who pay in the month",
    span: "span-12",
    keys: &[],
};
