//! What the page's panels declare.

use crate::dashboards::spec::{ALL_FILTERS, AND_COMPARE, PanelSpec, PlanOf};

/// The page's panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &STEPS,
    &SEGMENTS,
    &TIMES,
    &DROPPED,
    &ACTIVATION,
    &PATHS,
    &ATTRIBUTION,
    &EXPERIMENT,
];

/// The ordered funnel.
pub const STEPS: PanelSpec = PanelSpec {
    id: "funnel",
    title: "Where do people drop off?",
    unit: "People who signed up in the range, by furthest step within the window",
    form: "funnel of bars aligned left",
    model: "funnel_analysis",
    defined_by: "ordered_funnel",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "",
    rows: "the people who reached the step, who still can, or who dropped before it",
    span: "span-7 tall",
    keys: &[
        ("Reached", "teal"),
        ("Still in the window", "waiting"),
        ("Dropped", "faint"),
        ("Dropped before the selected step", "lost"),
    ],
};

/// The funnel by segment.
pub const SEGMENTS: PanelSpec = PanelSpec {
    id: "funnel-segments",
    title: "Which segments convert best?",
    unit: "Share of all signups of the segment that reached the step",
    form: "bars by segment and step",
    model: "funnel_analysis",
    defined_by: "ordered_funnel",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "sets the segment",
    rows: "the people of the segment who reached the step",
    span: "span-5 tall",
    keys: &[],
};

/// Time to a step.
pub const TIMES: PanelSpec = PanelSpec {
    id: "time-to-convert",
    title: "How long does it take?",
    unit: "Share of people who reached the selected step, percent, by time since signup",
    form: "histogram",
    model: "funnel_analysis",
    defined_by: "time_to_convert",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "",
    rows: "the people who took that long",
    span: "span-6",
    keys: &[],
};

/// Those who dropped.
pub const DROPPED: PanelSpec = PanelSpec {
    id: "dropped",
    title: "Who dropped off?",
    unit: "People who reached the previous step and whose window for this one has closed",
    form: "list",
    model: "dim_users",
    defined_by: "funnel_analysis.dropped",
    acts: ALL_FILTERS,
    plan: PlanOf::Signup,
    click: "",
    rows: "all people who dropped",
    span: "span-6",
    keys: &[],
};

/// Activation by channel.
pub const ACTIVATION: PanelSpec = PanelSpec {
    id: "activation",
    title: "Which channels activate?",
    unit: "Activated within seven days of signup. Lines: 95% interval",
    form: "bars with intervals",
    model: "fct_activation",
    defined_by: "activation",
    acts: AND_COMPARE,
    plan: PlanOf::Signup,
    click: "sets the channel",
    rows: "the people of the channel who activated",
    span: "span-5 tall",
    keys: &[],
};

/// First actions.
pub const PATHS: PanelSpec = PanelSpec {
    id: "paths",
    title: "What do people do first, and does it lead to payment?",
    unit: "People, by their first three actions within seven days, activation and payment",
    form: "sankey",
    model: "int_events_enriched",
    defined_by: "first_actions",
    acts: ALL_FILTERS,
    plan: PlanOf::Signup,
    click: "",
    rows: "the people on that path",
    span: "span-7 tall",
    keys: &[],
};

/// Attribution.
pub const ATTRIBUTION: PanelSpec = PanelSpec {
    id: "attribution",
    title: "Which channels deserve the credit?",
    unit: "Share of first payments credited, percent",
    form: "dots by model and channel",
    model: "attribution_comparison",
    defined_by: "attribution",
    acts: ALL_FILTERS,
    plan: PlanOf::Signup,
    click: "",
    rows: "the channel’s touches with the credit the model gives each",
    span: "span-7 tall",
    keys: &[
        ("First touch", "blue"),
        ("Last touch", "orange"),
        ("Linear", "slate"),
        ("Position", "ochre"),
        ("Time decay", "rose"),
        ("Markov", "teal"),
        ("Shapley", "plum"),
        ("Truth, when shown", "diamond"),
    ],
};

/// The experiment.
pub const EXPERIMENT: PanelSpec = PanelSpec {
    id: "experiment",
    title: "Did the new onboarding work?",
    unit: "Difference in activation, percentage points, with its 95% interval",
    form: "dots with intervals",
    model: "fct_experiment_results",
    defined_by: "experiment",
    acts: ALL_FILTERS,
    plan: PlanOf::Signup,
    click: "sets the segment",
    rows: "the people who took part",
    span: "span-5 tall",
    keys: &[],
};
