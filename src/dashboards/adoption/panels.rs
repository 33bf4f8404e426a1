//! What the page's panels declare.

use crate::dashboards::spec::{ALL_FILTERS, AND_COMPARE, PanelSpec, PlanOf, USER_FILTERS};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &CURVES,
    &FEATURE_GROUPS,
    &STICKINESS,
    &POWER_USERS,
    &TIME_TO_ADOPT,
    &SEGMENT_MAP,
    &SEGMENT_PROFILES,
    &RFM,
];

/// Adoption of each feature over time, or since it could be had.
pub const CURVES: PanelSpec = PanelSpec {
    id: "adoption-curves",
    title: "Which features do people adopt?",
    unit: "Users of the feature, % of eligible users",
    form: "line chart",
    model: "fct_feature_adoption",
    defined_by: "feature_adoption",
    acts: ALL_FILTERS,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users of the feature in the last whole week, or its adopters",
    span: "span-12 tall",
    keys: &[
        ("Analysis", "teal"),
        ("Automation", "blue"),
        ("Teamwork", "plum"),
        ("Navigation", "ochre"),
        ("Administration", "slate"),
    ],
};

/// Features by group of users.
pub const FEATURE_GROUPS: PanelSpec = PanelSpec {
    id: "feature-groups",
    title: "Which groups use what?",
    unit: "Users of the feature in 28 days, % of the group’s active users",
    form: "heatmap",
    model: "srv_feature_days",
    defined_by: "feature_groups",
    acts: AND_COMPARE,
    plan: PlanOf::LastDay,
    click: "sets the group",
    rows: "the users of the group who used the feature",
    span: "span-7 taller",
    keys: &[],
};

/// Users by days active.
pub const POWER_USERS: PanelSpec = PanelSpec {
    id: "power-users",
    title: "Is it a habit?",
    unit: "Users by active days in the last 28",
    form: "column chart",
    model: "srv_feature_days",
    defined_by: "power_user",
    acts: AND_COMPARE,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users who came on that many days",
    span: "span-5 taller",
    keys: &[("16 days or more", "accent"), ("Fewer", "slate")],
};

/// Daily over monthly users by group.
pub const STICKINESS: PanelSpec = PanelSpec {
    id: "stickiness",
    title: "How often do they come back?",
    unit: "Mean daily users, % of the month’s users",
    form: "line chart",
    model: "fct_daily_active_users",
    defined_by: "stickiness",
    acts: AND_COMPARE,
    plan: PlanOf::LastDay,
    click: "sets the group",
    rows: "the users of the group who came in the month",
    span: "span-7 tall",
    keys: &[],
};

/// Days to the first use of each feature.
pub const TIME_TO_ADOPT: PanelSpec = PanelSpec {
    id: "time-to-adopt",
    title: "How long until people find it?",
    unit: "Days to first use: middle half, median, and share who adopted it",
    form: "range chart",
    model: "fct_feature_adoption",
    defined_by: "time_to_adopt",
    acts: AND_COMPARE,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users who adopted the feature in time",
    span: "span-5 tall",
    keys: &[],
};

/// Learned segments on a plane.
pub const SEGMENT_MAP: PanelSpec = PanelSpec {
    id: "segment-map",
    title: "What kinds of users are there?",
    unit: "One dot per user, up to 3,000",
    form: "scatter plot",
    model: "ml.user_segments",
    defined_by: "user_segments",
    acts: USER_FILTERS,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users of the segment",
    span: "span-5 taller",
    keys: &[],
};

/// What learned segments do.
pub const SEGMENT_PROFILES: PanelSpec = PanelSpec {
    id: "segment-profiles",
    title: "What makes each segment different?",
    unit: "The segment’s mean as a multiple of everyone’s",
    form: "heatmap",
    model: "ml.user_segments",
    defined_by: "user_segments",
    acts: USER_FILTERS,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the users of the segment",
    span: "span-7 taller",
    keys: &[("Less than everyone", "orange"), ("More", "blue")],
};

/// Paying customers by recency, frequency and revenue.
pub const RFM: PanelSpec = PanelSpec {
    id: "rfm",
    title: "Which customers carry the revenue?",
    unit: "Area: MRR. On each tile MRR and customers",
    form: "treemap",
    model: "rfm_segmentation",
    defined_by: "rfm_segmentation",
    acts: USER_FILTERS,
    plan: PlanOf::LastDay,
    click: "",
    rows: "the customers of the segment",
    span: "span-12",
    keys: &[],
};
