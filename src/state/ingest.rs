//! Where rows become tables: explicit DDL, and how many blocks go into one insert.

use crate::generation::{ColumnKind, Table, UNHEARD, USERS_PER_BLOCK};
use crate::parameters::{Parameter, Scenario};
use crate::warehouse::{create_table_sql, literal};

/// Rows that one insert should hold: enough to amortise its cost, few enough to bound memory.
const ROWS_PER_INSERT: u64 = 400_000;

/// Raw rows for each event: itself, and its share of a session of about eight.
const ROWS_PER_EVENT: f64 = 1.15;

/// Raw and truth rows for each user besides: touches, periods, payments, outlooks.
const ROWS_PER_USER: f64 = 10.5;

/// Rows of ad spend for each month: two campaigns each of six channels, every day.
const ROWS_PER_MONTH: f64 = 365.0;

/// About how many rows a scenario will have.
#[must_use]
pub fn expected_rows(scenario: &Scenario) -> u64 {
    let per_user = scenario.number(Parameter::EventsPerUser) * ROWS_PER_EVENT + ROWS_PER_USER;
    let of_campaigns = scenario.number(Parameter::Months) * ROWS_PER_MONTH;
    (scenario.users() as f64 * per_user + of_campaigns) as u64
}

/// The statement that makes an empty `table`, replacing one that is there.
///
/// Tables of `raw` take nulls, repeated keys and a word that no category knows: a planted defect
/// must arrive, for the data tests to find it.
#[must_use]
pub fn create_table(table: Table) -> String {
    let columns: Vec<String> = table
        .columns()
        .iter()
        .map(|column| {
            let may_be_null = column.nullable || table.takes_defects();
            let constraint = if may_be_null { "" } else { " not null" };
            format!(
                "{} {}{constraint}",
                column.name,
                sql_type(column.kind, table.takes_defects())
            )
        })
        .collect();
    create_table_sql(table.qualified(), &columns)
}

fn sql_type(kind: ColumnKind, takes_defects: bool) -> String {
    match kind {
        ColumnKind::BigInt => "bigint".to_owned(),
        ColumnKind::Integer => "integer".to_owned(),
        ColumnKind::Timestamp => "timestamp".to_owned(),
        ColumnKind::Date => "date".to_owned(),
        ColumnKind::Text => "varchar".to_owned(),
        ColumnKind::Boolean => "boolean".to_owned(),
        ColumnKind::Double => "double".to_owned(),
        ColumnKind::Dictionary(values) => {
            let quoted: Vec<String> = values
                .iter()
                .chain(takes_defects.then_some(&UNHEARD))
                .map(|value| literal(value))
                .collect();
            format!("enum({})", quoted.join(", "))
        }
    }
}

/// Blocks that one request generates and one insert takes.
#[must_use]
pub fn blocks_per_insert(scenario: &Scenario) -> u64 {
    let rows_per_block = USERS_PER_BLOCK
        * scenario
            .steps(Parameter::EventsPerUser)
            .unsigned_abs()
            .max(1);
    (ROWS_PER_INSERT / rows_per_block).max(1)
}

/// The first table that holds another number of rows than it did, with both numbers; `is_same` says
/// which tables were not made anew since.
#[must_use]
pub fn changed_table(
    before: &[(Table, u64)],
    after: &[(Table, u64)],
    is_same: impl Fn(Table) -> bool,
) -> Option<(Table, u64, u64)> {
    let counted = before.iter().zip(after);
    counted
        .map(|(&(table, loaded), &(_, found))| (table, loaded, found))
        .find(|&(table, loaded, found)| loaded != found && is_same(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_declared_with_their_enums() {
        let sql = create_table(Table::Users);
        assert!(
            sql.starts_with("create or replace table raw.users (\n    user_id bigint,"),
            "{sql}"
        );
        assert!(
            sql.contains("trial_type enum('freemium', 'opt_in', 'opt_out', 'unheard_of')"),
            "{sql}"
        );
        assert!(
            sql.contains("experiment_variant enum('control', 'treatment', 'unheard_of')\n"),
            "{sql}"
        );
    }

    #[test]
    fn an_insert_holds_at_least_one_block() {
        let dense = Scenario::default().with(Parameter::EventsPerUser, 400);
        let sparse = Scenario::default().with(Parameter::EventsPerUser, 5);
        assert_eq!(blocks_per_insert(&dense), 1);
        assert_eq!(blocks_per_insert(&Scenario::default()), 2);
        assert!(blocks_per_insert(&sparse) > 10);
    }

    #[test]
    fn a_table_that_changed_is_noticed_unless_it_was_made_anew() {
        let loaded = [(Table::Users, 500), (Table::Events, 9_000)];
        let fewer = [(Table::Users, 441), (Table::Events, 9_000)];
        let more = [(Table::Users, 500), (Table::Events, 9_001)];
        assert_eq!(changed_table(&loaded, &loaded, |_| true), None);
        assert_eq!(
            changed_table(&loaded, &fewer, |_| true),
            Some((Table::Users, 500, 441))
        );
        assert_eq!(
            changed_table(&loaded, &more, |table| table != Table::Users),
            Some((Table::Events, 9_000, 9_001))
        );
        assert_eq!(
            changed_table(&loaded, &fewer, |table| table != Table::Users),
            None
        );
    }
}
