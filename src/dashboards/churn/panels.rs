//! What the page's panels declare.

use crate::dashboards::spec::{ALL_FILTERS, PanelSpec, PlanOf, USER_FILTERS};

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
    title: "At what risk is a call worth it?",
    unit: "US dollars saved by contacting everyone at or above the threshold",
    form: "line chart",
    model: "ml.churn_predictions",
    defined_by: "churn_savings",
    acts: ALL_FILTERS,
    plan: PlanOf::Score,
    click: "",
    rows: "the customers at or above the threshold, with their outcome",
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

/// Who is about to leave.
pub const AT_RISK: PanelSpec = PanelSpec {
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

/// Revenue of those at risk.
pub const MRR_AT_RISK: PanelSpec = PanelSpec {
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

/// How early warnings come.
pub const LEAD_TIME: PanelSpec = PanelSpec {
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

/// The ROC curve.
pub const ROC: PanelSpec = PanelSpec {
    id: "roc",
    title: "Can the model tell who leaves?",
    unit: "Share flagged, for every threshold",
    form: "ROC curve",
    model: "ml.churn_predictions",
    defined_by: "roc",
    acts: ALL_FILTERS,
    plan: PlanOf::Score,
    click: "",
    rows: "",
    span: "span-4",
    keys: &[("Model", "accent"), ("Chosen threshold", "orange")],
};

/// Predicted and actual risk.
pub const CALIBRATION: PanelSpec = PanelSpec {
    id: "calibration",
    title: "Are the risks calibrated?",
    unit: "Deciles of customers by risk, with 95% intervals",
    form: "calibration plot",
    model: "ml.churn_predictions",
    defined_by: "calibration",
    acts: ALL_FILTERS,
    plan: PlanOf::Score,
    click: "",
    rows: "",
    span: "span-4",
    keys: &[("Decile of customers", "accent")],
};

/// Leavers by tenth.
pub const LIFT: PanelSpec = PanelSpec {
    id: "lift",
    title: "How far down the list is it worth going?",
    unit: "Churned customers in each decile, as a multiple of chance",
    form: "lift chart",
    model: "ml.churn_predictions",
    defined_by: "lift",
    acts: ALL_FILTERS,
    plan: PlanOf::Score,
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
    plan: PlanOf::LastDay,
    click: "",
    rows: "the customers with that health score",
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
    title: "Where do customers at risk fall short?",
    unit: "Mean points for each part of the score, out of 20",
    form: "grouped column chart",
    model: "fct_health_scores",
    defined_by: "health_score",
    acts: USER_FILTERS,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the customers with the status",
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
    title: "Does health predict churn?",
    unit: "Customers who churned within 90 days, %, by their health score at the time",
    form: "column chart with a line",
    model: "srv_churn_snapshots",
    defined_by: "health_score",
    acts: ALL_FILTERS,
    plan: PlanOf::Score,
    click: "",
    rows: "the customers with that health score who left",
    span: "span-6",
    keys: &[("Churned", "orange"), ("Model’s risk", "accent")],
};
