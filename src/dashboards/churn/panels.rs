//! What the page's panels declare.

use crate::dashboards::spec::{ALL_FILTERS, PanelSpec, USER_FILTERS};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &THRESHOLD,
    &RISK,
    &AT_RISK,
    &MRR_AT_RISK,
    &LEAD_TIME,
    &ROC,
    &CALIBRATION,
    &LIFT,
    &HEALTH,
    &HEALTH_PARTS,
    &HEALTH_FATE,
];

/// Money saved by threshold.
pub const THRESHOLD: PanelSpec = PanelSpec {
    id: "threshold",
    title: "From which risk on does a call pay?",
    unit: "US dollars that contacting everyone at or above the threshold would have saved",
    form: "line chart",
    model: "ml.churn_predictions",
    defined_by: "churn_savings",
    acts: ALL_FILTERS,
    click: "",
    rows: "the customers at or above the threshold, with what became of them",
    span: "span-12",
    keys: &[
        ("Money saved", "accent"),
        ("Precision", "blue"),
        ("Recall", "ochre"),
    ],
};

/// The list's risks.
pub const RISK: PanelSpec = PanelSpec {
    id: "risk",
    title: "How is the risk spread?",
    unit: "Customers by risk of leaving within 90 days, %",
    form: "histogram",
    model: "ml.churn_predictions",
    defined_by: "churn_risk",
    acts: ALL_FILTERS,
    click: "",
    rows: "the customers of that risk",
    span: "span-6",
    keys: &[
        ("At or above the threshold", "orange"),
        ("Below it", "slate"),
    ],
};

/// Who is about to leave.
pub const AT_RISK: PanelSpec = PanelSpec {
    id: "at-risk",
    title: "Whom should somebody call?",
    unit: "Customers at or above the threshold, most expected loss first",
    form: "list",
    model: "ml.churn_predictions",
    defined_by: "churn_risk",
    acts: ALL_FILTERS,
    click: "",
    rows: "all customers at or above the threshold",
    span: "span-12",
    keys: &[],
};

/// Revenue of those at risk.
pub const MRR_AT_RISK: PanelSpec = PanelSpec {
    id: "mrr-at-risk",
    title: "How much revenue is at risk?",
    unit: "MRR by plan, US dollars",
    form: "stacked bar chart",
    model: "ml.churn_predictions",
    defined_by: "mrr_at_risk",
    acts: ALL_FILTERS,
    click: "",
    rows: "the plan’s customers at or above the threshold",
    span: "span-6",
    keys: &[
        ("At or above the threshold", "orange"),
        ("Below it", "slate"),
        ("Expected loss", "tick"),
    ],
};

/// How early warnings come.
pub const LEAD_TIME: PanelSpec = PanelSpec {
    id: "lead-time",
    title: "How early would we have known?",
    unit: "Customers who left, by days from the first warning to that",
    form: "column chart",
    model: "ml.churn_predictions",
    defined_by: "lead_time",
    acts: ALL_FILTERS,
    click: "",
    rows: "the customers who left with that much warning",
    span: "span-6",
    keys: &[("Warned", "accent"), ("Not warned", "orange")],
};

/// The ROC curve.
pub const ROC: PanelSpec = PanelSpec {
    id: "roc",
    title: "Can the model tell who leaves?",
    unit: "Share flagged, for every threshold",
    form: "ROC curve",
    model: "ml.churn_predictions",
    defined_by: "roc",
    acts: ALL_FILTERS,
    click: "",
    rows: "",
    span: "span-4",
    keys: &[("Model", "accent"), ("Chosen threshold", "orange")],
};

/// Predicted and actual risk.
pub const CALIBRATION: PanelSpec = PanelSpec {
    id: "calibration",
    title: "Do the risks mean what they say?",
    unit: "Tenths of the customers by risk, with 95% intervals",
    form: "calibration plot",
    model: "ml.churn_predictions",
    defined_by: "calibration",
    acts: ALL_FILTERS,
    click: "",
    rows: "",
    span: "span-4",
    keys: &[("Tenth of the customers", "accent")],
};

/// Leavers by tenth.
pub const LIFT: PanelSpec = PanelSpec {
    id: "lift",
    title: "How far down the list is it worth going?",
    unit: "Leavers in each tenth, as a multiple of a random one",
    form: "lift chart",
    model: "ml.churn_predictions",
    defined_by: "lift",
    acts: ALL_FILTERS,
    click: "",
    rows: "",
    span: "span-4",
    keys: &[],
};

/// Health of paying customers.
pub const HEALTH: PanelSpec = PanelSpec {
    id: "health",
    title: "How healthy are customers?",
    unit: "Paying customers by health score, 0 to 100",
    form: "stacked histogram",
    model: "fct_health_scores",
    defined_by: "health_score",
    acts: USER_FILTERS,
    click: "",
    rows: "the customers of that health",
    span: "span-6",
    keys: &[
        ("Healthy", "teal"),
        ("Watch", "ochre"),
        ("At risk", "orange"),
    ],
};

/// The health score's parts.
pub const HEALTH_PARTS: PanelSpec = PanelSpec {
    id: "health-parts",
    title: "What do customers at risk lack?",
    unit: "Mean points of each part of the score, of 20",
    form: "grouped column chart",
    model: "fct_health_scores",
    defined_by: "health_score",
    acts: USER_FILTERS,
    click: "",
    rows: "the customers of the status",
    span: "span-6",
    keys: &[
        ("Healthy", "teal"),
        ("Watch", "ochre"),
        ("At risk", "orange"),
    ],
};

/// What became of customers of each health.
pub const HEALTH_FATE: PanelSpec = PanelSpec {
    id: "health-fate",
    title: "Does health foretell churn?",
    unit: "Left within 90 days, %, by the health they had",
    form: "column chart with a line",
    model: "rollups.churn_snapshots",
    defined_by: "health_score",
    acts: ALL_FILTERS,
    click: "",
    rows: "the customers of that health who left",
    span: "span-6",
    keys: &[("Left", "orange"), ("Model’s risk", "accent")],
};
