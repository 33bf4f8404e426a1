//! The statements behind the page: one for each way to estimate.
//!
//! Estimates read models; planted values come from `truth`, which a page may read and a model not.

/// A statement, and what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TruthQuery {
    /// Its name in test ids.
    pub key: &'static str,
    /// What it holds, for the sentence that says it failed.
    pub label: &'static str,
    /// Gives rows of [`crate::results::truth::TruthRow`].
    pub sql: &'static str,
    /// Whether it reads learned tables, which change when a model is fitted.
    pub is_learned: bool,
}

/// Every statement that gives rows, in the order in which they are shown.
pub const QUERIES: [TruthQuery; 8] = [
    TruthQuery {
        key: "amounts",
        label: "growth and other amounts",
        sql: include_str!("sql/amounts.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "rates",
        label: "rates",
        sql: include_str!("sql/rates.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "experiment",
        label: "the experiment",
        sql: include_str!("sql/experiment.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "hazards",
        label: "churn hazards",
        sql: include_str!("sql/hazards.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "adoption",
        label: "the new feature’s effect",
        sql: include_str!("sql/adoption.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "costs",
        label: "costs of clicks",
        sql: include_str!("sql/costs.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "channels",
        label: "attribution",
        sql: include_str!("sql/channels.sql"),
        is_learned: false,
    },
    TruthQuery {
        key: "learned",
        label: "learned models",
        sql: include_str!("sql/learned.sql"),
        is_learned: true,
    },
];

/// Gives counts, [`crate::results::channel_paths::PathCount`], that [`super::effects`] makes rows of.
pub const PATHS: TruthQuery = TruthQuery {
    key: "paths",
    label: "channel effects",
    sql: include_str!("sql/paths.sql"),
    is_learned: false,
};

/// Topics in the order of the page, each with the sentence under its heading.
pub const TOPICS: [(&str, &str); 11] = [
    ("Growth", "How signups and usage grow and vary."),
    ("Funnel", "Who activates, who pays, and how quickly."),
    (
        "Experiment",
        "The onboarding experiment compared with the planted lift.",
    ),
    ("Retention", "Who leaves, how, and who comes back."),
    (
        "Hazards",
        "Do customers who look at risk churn more? Their churn compared with other customers’, and the same for the planted hazards.",
    ),
    (
        "Adoption",
        "Do customers who adopt the new feature become more active?",
    ),
    ("Revenue", "How contracts start, expand and contract."),
    (
        "Payments",
        "Failed payments, recoveries, refunds and disputes.",
    ),
    (
        "Marketing",
        "What channels bring, what they cost, and their true effect. All effects are fitted jointly, within trial type and activation.",
    ),
    (
        "Attribution",
        "The share of the credit that each attribution model gives to the wrong channel. A rule that sees only the paths of people who paid can’t know who would have paid anyway.",
    ),
    (
        "Learned models",
        "Whether the trained models recover what was planted.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::wilson_sql;

    fn words(sql: &str) -> String {
        sql.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Those of learned models are of the cards.
    #[test]
    fn shares_have_no_other_interval_than_wilson_s() {
        let expected = wilson_sql("(rate * trials)", "trials").map(|sql| words(&sql));
        for query in [
            include_str!("sql/rates.sql"),
            include_str!("sql/hazards.sql"),
        ] {
            let statement = words(query);
            for sql in &expected {
                assert!(statement.contains(sql), "{statement}");
            }
            assert!(!statement.contains("1.92 "), "{statement}");
        }
    }
}
