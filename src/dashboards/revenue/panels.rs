//! What the page's panels declare.

use crate::dashboards::spec::{AND_COMPARE, Acts, PanelSpec, USER_FILTERS};

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
    title: "How did MRR get from there to here?",
    unit: "MRR before the range, its movements, and MRR at its end, US dollars",
    form: "waterfall",
    model: "fct_mrr_waterfall",
    defined_by: "mrr_movement",
    acts: AND_COMPARE,
    click: "",
    rows: "the customers behind the movement, or those who pay at the end",
    span: "span-12 tall",
    keys: &[],
};

/// MRR by plan.
pub const PLANS: PanelSpec = PanelSpec {
    id: "revenue-plans",
    title: "Which plan carries it?",
    unit: "MRR at the month’s end, US dollars",
    form: "stacked area chart",
    model: "fct_mrr",
    defined_by: "mrr",
    acts: AND_COMPARE,
    click: "sets the plan",
    rows: "the customers who paid for the plan at the month’s end",
    span: "span-6",
    keys: &[],
};

/// NRR and GRR.
pub const RETENTION: PanelSpec = PanelSpec {
    id: "revenue-retention",
    title: "Do customers grow or shrink?",
    unit: "MRR of customers of twelve months before, over what they paid then, percent",
    form: "line chart",
    model: "revenue_retention",
    defined_by: "nrr",
    acts: AND_COMPARE,
    click: "",
    rows: "the customers of twelve months before, with what they paid then and now",
    span: "span-6",
    keys: &[],
};

/// The quick ratio, with and without reactivation.
pub const QUICK_RATIO: PanelSpec = PanelSpec {
    id: "quick-ratio",
    title: "Is more won than lost?",
    unit: "MRR gained over MRR lost in the month; above 1 it grows",
    form: "line chart",
    model: "fct_mrr_waterfall",
    defined_by: "quick_ratio",
    acts: AND_COMPARE,
    click: "",
    rows: "the movements of the month",
    span: "span-6",
    keys: &[],
};

/// Where failed charges go.
pub const DUNNING: PanelSpec = PanelSpec {
    id: "dunning",
    title: "What becomes of failed charges?",
    unit: "Charges of the range whose first attempt failed, by reason and end",
    form: "sankey",
    model: "fct_payments",
    defined_by: "fct_payments.dunning_outcome",
    acts: AND_COMPARE,
    click: "",
    rows: "the charges of the node or link",
    span: "span-6",
    keys: &[],
};

/// Refunds.
pub const REFUNDS: PanelSpec = PanelSpec {
    id: "refunds",
    title: "How much is paid back?",
    unit: "Refunded in the month, US dollars",
    form: "column chart",
    model: "fct_payments",
    defined_by: "fct_payments.refunded_cents",
    acts: AND_COMPARE,
    click: "",
    rows: "the refunds of the month",
    span: "span-5",
    keys: &[],
};

/// Unusual days.
pub const ANOMALIES: PanelSpec = PanelSpec {
    id: "revenue-anomalies",
    title: "Which days are out of line?",
    unit: "Revenue a day, US dollars",
    form: "line chart with marks",
    model: "ml.revenue_anomalies",
    defined_by: "revenue_anomaly",
    acts: &[Acts::Days],
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
    title: "Do we know early who will pay?",
    unit: "Mean revenue a user brings in the year after the first 30 days, US dollars, by tenths of the prediction; users the model had not seen",
    form: "grouped column chart",
    model: "ml.ltv_predictions",
    defined_by: "ltv_prediction",
    acts: USER_FILTERS,
    click: "",
    rows: "the users of the tenth, with what was predicted and what they paid",
    span: "span-12",
    keys: &[("Predicted", "accent"), ("Actual", "slate")],
};
