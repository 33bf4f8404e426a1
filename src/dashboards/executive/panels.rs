//! What the page's panels declare.

use crate::dashboards::spec::{AND_COMPARE, PanelSpec, PlanOf};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &MRR_BY_PLAN,
    &MRR_MOVEMENTS,
    &ACTIVE_USERS,
    &SIGNUPS,
    &DRIVERS,
];

/// MRR over time, by plan.
pub const MRR_BY_PLAN: PanelSpec = PanelSpec {
    id: "mrr",
    title: "Is recurring revenue growing?",
    unit: "MRR at the month’s end, US dollars",
    form: "stacked area chart with marks",
    model: "fct_mrr",
    defined_by: "mrr",
    acts: AND_COMPARE,
    plan: PlanOf::Every,
    click: "sets the plan",
    rows: "the customers who paid for the plan at the month’s end",
    span: "span-7 tall",
    keys: &[],
};

/// The movements of each month.
pub const MRR_MOVEMENTS: PanelSpec = PanelSpec {
    id: "movements",
    title: "What moved it?",
    unit: "MRR gained and lost in the month, US dollars",
    form: "stacked column chart",
    model: "fct_mrr_waterfall",
    defined_by: "mrr_movement",
    acts: AND_COMPARE,
    plan: PlanOf::Month,
    click: "",
    rows: "the customers with that movement in the month",
    span: "span-5 tall",
    keys: &[
        ("New", "blue"),
        ("Expansion", "teal"),
        ("Reactivation", "plum"),
        ("Contraction", "ochre"),
        ("Churn", "orange"),
        ("Net", "ink"),
    ],
};

/// Daily, weekly and monthly active users.
pub const ACTIVE_USERS: PanelSpec = PanelSpec {
    id: "active-users",
    title: "Do people use it?",
    unit: "Users active on the day, in 7 days, and in 30",
    form: "line chart with a forecast band",
    model: "fct_daily_active_users",
    defined_by: "active_user",
    acts: AND_COMPARE,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users active on the day",
    span: "span-7",
    keys: &[],
};

/// Signups by channel.
pub const SIGNUPS: PanelSpec = PanelSpec {
    id: "signups",
    title: "Where do new users come from?",
    unit: "Signups in the range, by last-touch channel",
    form: "bar chart",
    model: "fct_signups",
    defined_by: "fct_signups",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "sets the channel",
    rows: "the people who signed up through the channel",
    span: "span-5",
    keys: &[],
};

/// The driver tree.
pub const DRIVERS: PanelSpec = PanelSpec {
    id: "drivers",
    title: "What drives it?",
    unit: "Last day of the range, and its change",
    form: "driver tree",
    model: "north_star_metrics",
    defined_by: "north_star",
    acts: AND_COMPARE,
    plan: PlanOf::Paid,
    click: "",
    rows: "",
    span: "span-12",
    keys: &[],
};
