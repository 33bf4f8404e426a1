//! What the page's panels declare.

use crate::dashboards::spec::{AND_COMPARE, Acts, PanelSpec, PlanOf, USER_FILTERS};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &WATERFALL,
    &PLANS,
    &RETENTION,
    &QUICK_RATIO,
    &DUNNING,
    &REFUNDS,
    &ANOMALIES,
    &LTV,
];

/// From opening to closing MRR.
pub const WATERFALL: PanelSpec = PanelSpec {
    id: "waterfall",
    title: "How did MRR get here?",
    unit: "MRR before the range, its movements, and MRR at its end, US dollars",
    form: "waterfall",
    model: "fct_mrr_waterfall",
    defined_by: "mrr_movement",
    acts: AND_COMPARE,
    plan: PlanOf::Month,
    click: "",
    rows: "the customers behind the movement, or those who pay at the end",
    span: "span-12 tall",
    keys: &[],
};

/// MRR by plan.
pub const PLANS: PanelSpec = PanelSpec {
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

/// NRR and GRR.
pub const RETENTION: PanelSpec = PanelSpec {
    id: "revenue-retention",
    title: "Do customers grow or shrink?",
    unit: "MRR of customers of twelve months ago, percent of what they paid then",
    form: "line chart",
    model: "revenue_retention",
    defined_by: "nrr",
    acts: AND_COMPARE,
    plan: PlanOf::YearBefore,
    click: "",
    rows: "the customers of twelve months ago, with what they paid then and now",
    span: "span-6",
    keys: &[],
};

/// The quick ratio, with and without reactivation.
pub const QUICK_RATIO: PanelSpec = PanelSpec {
    id: "quick-ratio",
    title: "Is more gained than lost?",
    unit: "MRR gained divided by MRR lost in the month. Above 1, MRR grows",
    form: "line chart",
    model: "fct_mrr_waterfall",
    defined_by: "quick_ratio",
    acts: AND_COMPARE,
    plan: PlanOf::Month,
    click: "",
    rows: "the movements of the month",
    span: "span-6",
    keys: &[],
};

/// Where failed charges go.
pub const DUNNING: PanelSpec = PanelSpec {
    id: "dunning",
    title: "What happens to failed charges?",
    unit: "Charges in the range that failed on the first attempt, by reason and outcome",
    form: "sankey",
    model: "fct_payments",
    defined_by: "fct_payments.dunning_outcome",
    acts: AND_COMPARE,
    plan: PlanOf::Charge,
    click: "",
    rows: "the charges of the node or link",
    span: "span-6",
    keys: &[],
};

/// Refunds and disputes.
pub const REFUNDS: PanelSpec = PanelSpec {
    id: "refunds",
    title: "How much is refunded or disputed?",
    unit: "Refunded and lost to disputes in the month, US dollars",
    form: "column chart",
    model: "fct_payments",
    defined_by: "fct_payments.refunded_cents",
    acts: AND_COMPARE,
    plan: PlanOf::Charge,
    click: "",
    rows: "the refunds and disputes of the month",
    span: "span-5",
    keys: &[("Refunds", "orange"), ("Disputes", "plum")],
};

/// Unusual days.
pub const ANOMALIES: PanelSpec = PanelSpec {
    id: "revenue-anomalies",
    title: "Which days are unusual?",
    unit: "Daily revenue, US dollars",
    form: "line chart with marks",
    model: "ml.revenue_anomalies",
    defined_by: "revenue_anomaly",
    acts: &[Acts::Days],
    plan: PlanOf::Every,
    click: "",
    rows: "the payments of the day",
    span: "span-7",
    keys: &[
        ("Usual level", "accent"),
        ("Isolation Forest", "orange"),
        ("Robust z-score", "blue"),
        ("Planted, with truth shown", "hollow"),
    ],
};

/// Predicted and actual lifetime value.
pub const LTV: PanelSpec = PanelSpec {
    id: "ltv-deciles",
    title: "Can we predict who will pay?",
    unit: "Mean revenue in the year after a user’s first 30 days, US dollars. Hold-out users, by decile of the prediction",
    form: "grouped column chart",
    model: "ml.ltv_predictions",
    defined_by: "ltv_prediction",
    acts: USER_FILTERS,
    plan: PlanOf::Signup,
    click: "",
    rows: "the users in the decile, with predicted and actual revenue",
    span: "span-12",
    keys: &[("Predicted", "accent"), ("Actual", "slate")],
};
