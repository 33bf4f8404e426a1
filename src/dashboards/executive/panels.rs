//! What the page's panels ask and say besides their data.

use super::queries;
use crate::components::panel::PanelFrame;

/// MRR over time, by plan.
pub const MRR_BY_PLAN: PanelFrame = PanelFrame {
    id: "mrr",
    title: "Is recurring revenue growing?",
    definition: "Monthly recurring revenue of all running paid subscriptions at each month’s end; yearly plans count a twelfth.",
    unit: "MRR at the month’s end, US dollars",
    sql: queries::MRR_BY_PLAN,
    span: "span-7 tall",
    keys: &[],
};

/// The last twelve months’ movements.
pub const MRR_MOVEMENTS: PanelFrame = PanelFrame {
    id: "movements",
    title: "What moved it?",
    definition: "The month’s gains and losses; together with the opening balance they give the closing one, to the cent.",
    unit: "MRR gained and lost in the month, US dollars",
    sql: queries::MRR_MOVEMENTS,
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
pub const ACTIVE_USERS: PanelFrame = PanelFrame {
    id: "active-users",
    title: "Do people use it?",
    definition: "Users with at least one event on the day, in the 7 days to it, and in the 30 days to it.",
    unit: "Active users, last 365 days",
    sql: queries::ACTIVE_USERS,
    span: "span-7",
    keys: &[],
};

/// The last month’s signups by channel.
pub const SIGNUPS: PanelFrame = PanelFrame {
    id: "signups",
    title: "Where do new users come from?",
    definition: "Signups by the channel of the last touch before them.",
    unit: "Signups in the last month",
    sql: queries::SIGNUPS_BY_CHANNEL,
    span: "span-5",
    keys: &[
        ("Last month", "accent"),
        ("Usual month, mean of the year before", "tick"),
    ],
};

/// The driver tree.
pub const DRIVERS: PanelFrame = PanelFrame {
    id: "drivers",
    title: "What drives it?",
    definition: "The north star is the number of paying customers who did something that matters in the last seven days.",
    unit: "Last day of data, change against 28 days before",
    sql: queries::DRIVERS,
    span: "span-12",
    keys: &[],
};
