//! Compact tables that carry the filterable dimensions, so that any choice of users answers fast.
//!
//! They live in the warehouse's schema `rollups` and are no models: each is one file here, built
//! once a run from the marts, by [`statement`]. A statement that names one has it built first.

/// A compact table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// Its name below the schema `rollups`.
    pub name: &'static str,
    /// The statement that gives its rows; `{{ as_of }}` stands for the last day of data.
    pub sql: &'static str,
}

macro_rules! rollups {
    ($($name:literal),* $(,)?) => {
        &[$(Rollup { name: $name, sql: include_str!(concat!($name, ".sql")) }),*]
    };
}

/// Every rollup; one stands after those it reads.
pub const ROLLUPS: &[Rollup] = rollups![
    "users",
    "mrr_months",
    "retained_mrr",
    "active_days",
    "weekly_changes",
    "monthly_changes",
    "active_customers",
    "customer_changes",
    "payments",
    "retention_periods",
    "retention_users",
    "lifecycle_changes",
    "subscription_spells",
    "customer_months",
    "funnel_users",
    "path_touches",
    "feature_days",
    "features",
    "feature_weeks",
    "feature_months",
    "feature_adopters",
    "churn_snapshots",
];

/// The statement that builds a rollup.
#[must_use]
pub fn statement(rollup: &Rollup, as_of: &str) -> String {
    let rows = rollup.sql.replace("{{ as_of }}", as_of);
    format!("create or replace table rollups.{} as\n{rows}", rollup.name)
}

/// The rollups that a statement reads, with those they read in turn, in the order to build them.
#[must_use]
pub fn read_by(sql: &str) -> Vec<&'static Rollup> {
    let mut wanted: Vec<&'static str> = named_in(sql);
    for rollup in ROLLUPS.iter().rev() {
        if wanted.contains(&rollup.name) {
            wanted.extend(named_in(rollup.sql));
        }
    }
    let built = ROLLUPS.iter();
    built
        .filter(|rollup| wanted.contains(&rollup.name))
        .collect()
}

fn named_in(sql: &str) -> Vec<&'static str> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let names = sql.split("rollups.").skip(1);
    let names =
        names.map(|rest| &rest[..rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())]);
    names
        .filter_map(|name| ROLLUPS.iter().find(|rollup| rollup.name == name))
        .map(|rollup| rollup.name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollup_stands_after_what_it_reads() {
        for (position, rollup) in ROLLUPS.iter().enumerate() {
            for read in named_in(rollup.sql) {
                let place = ROLLUPS.iter().position(|other| other.name == read);
                assert!(place < Some(position), "{} reads {read}", rollup.name);
            }
        }
    }

    #[test]
    fn what_a_rollup_reads_is_built_too() {
        let names = |sql| -> Vec<&str> { read_by(sql).iter().map(|one| one.name).collect() };
        assert_eq!(
            names("select * from rollups.retained_mrr where true"),
            ["users", "mrr_months", "retained_mrr"]
        );
        assert_eq!(names("select 1 from marts.fct_mrr"), [""; 0]);
        assert_eq!(names("select 1 from rollups.users_of_old"), [""; 0]);
    }

    #[test]
    fn the_last_day_is_written_in() {
        let customers = ROLLUPS.iter().find(|one| one.name == "active_customers");
        let statement = statement(customers.unwrap(), "2025-12-31");
        assert!(statement.contains("date '2025-12-31'") && !statement.contains("{{"));
    }
}
