//! Columns that say what a row of a table or file is of: of which period, whether that period is over,
//! and what it is where another column is empty.

use chrono::NaiveDate;

use crate::results::periods::Grain;
use crate::results::{Column, ColumnKind, TextTable};

/// First and last day of a period, both included.
pub type Span = (NaiveDate, NaiveDate);

/// Says of each row whether its week or month is over by `as_of`, in a last column `is_complete`.
///
/// Tables without a column of weeks or months stay as they are, and so do those that say it
/// themselves.
#[must_use]
pub fn with_completeness(mut table: TextTable, as_of: NaiveDate) -> TextTable {
    let is_said = table.columns.iter().any(|one| one.name == "is_complete");
    let found = table.columns.iter().enumerate();
    let found = { found }.find_map(|(place, one)| Some((place, Grain::of_column(&one.name)?)));
    let Some((place, grain)) = found.filter(|_| !is_said) else {
        return table;
    };
    table.columns.push(Column {
        name: "is_complete".to_owned(),
        kind: ColumnKind::Text,
    });
    for row in &mut table.rows {
        let first = row.get(place).and_then(day_of);
        row.push(first.map(|first| grain.is_complete(first, as_of).to_string()));
    }
    table
}

/// Columns that are empty in some rows, and what such a row is, and what the others are.
const KINDS: [(&str, &str, &str); 4] = [
    ("cohort_date", "all cohorts", "cohort"),
    ("expected_dau", "counted", "forecast"),
    ("lead_days", "never flagged", "flagged"),
    ("failure_code", "did not fail", "failed"),
];

/// Says of each row what it is in a first column `kind`, where a column is empty because a row is of
/// something else: a mean of all cohorts has no cohort's date.
#[must_use]
pub fn with_kinds(mut table: TextTable) -> TextTable {
    let find = |name: &str| table.columns.iter().position(|one| one.name == name);
    let found = KINDS
        .into_iter()
        .find_map(|(name, empty, filled)| Some((find(name)?, empty, filled)));
    if let Some((place, empty, filled)) = found {
        for row in &mut table.rows {
            let is_empty = row.get(place).is_none_or(Option::is_none);
            let kind = if is_empty { empty } else { filled };
            row.insert(0, Some(kind.to_owned()));
        }
        table.columns.insert(0, text("kind"));
    }
    table
}

/// Puts the rows of the period `before` first, and says of each row which period it is of, in a
/// first column `range`.
///
/// Where both periods stand in one row, `previous_range` says of which days the columns are whose
/// names begin with `previous_`. Rows of neither period, which are days that lie ahead, name the days
/// of all such rows. A table in which nothing is compared stays as it is.
#[must_use]
pub fn with_ranges(
    mut now: TextTable,
    mut earlier: TextTable,
    span: Span,
    before: Span,
) -> TextTable {
    let days = now.columns.iter().position(|one| one.name == "date_day");
    let day = |row: &Vec<Option<String>>| day_of(row.get(days?)?);
    let is_in = |(from, to): Span, day: NaiveDate| (from..=to).contains(&day);
    let ahead = || {
        let days = now.rows.iter().filter_map(day);
        days.filter(|day| !is_in(span, *day) && !is_in(before, *day))
    };
    let ahead = ahead().min().zip(ahead().max());
    let of_row = |row: &Vec<Option<String>>| match day(row) {
        Some(day) if is_in(before, day) => Some(words(before)),
        Some(day) if !is_in(span, day) => ahead.map(words),
        _ => Some(words(span)),
    };
    let is_in_rows = now
        .columns
        .iter()
        .any(|one| one.name.starts_with("previous_"));
    let ranges: Vec<Option<String>> = now.rows.iter().map(of_row).collect();
    let is_by_day = ranges.contains(&Some(words(before)));
    if earlier.rows.is_empty() && !is_in_rows && !is_by_day {
        return now;
    }
    for (row, range) in now.rows.iter_mut().zip(ranges) {
        row.insert(0, range);
        if is_in_rows {
            row.insert(1, Some(words(before)));
        }
    }
    for row in &mut earlier.rows {
        row.insert(0, Some(words(before)));
        if is_in_rows {
            row.insert(1, None);
        }
    }
    let mut columns = vec![text("range")];
    columns.extend(is_in_rows.then(|| text("previous_range")));
    columns.append(&mut now.columns);
    earlier.rows.append(&mut now.rows);
    TextTable {
        columns,
        rows: earlier.rows,
    }
}

fn words((from, to): Span) -> String {
    format!("{from} to {to}")
}

fn text(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind: ColumnKind::Text,
    }
}

fn day_of(cell: &Option<String>) -> Option<NaiveDate> {
    cell.as_ref()?.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[&str], rows: &[&[&str]]) -> TextTable {
        let columns = columns.iter().map(|name| text(name)).collect();
        let row = |row: &&[&str]| row.iter().map(|cell| Some((*cell).to_owned())).collect();
        let rows = rows.iter().map(row).collect();
        TextTable { columns, rows }
    }

    fn span(from: &str, to: &str) -> Span {
        (from.parse().unwrap(), to.parse().unwrap())
    }

    fn check(table: &TextTable, expected: &[&str]) {
        let names = table.columns.iter().map(|column| column.name.as_str());
        let mut lines = vec![names.collect::<Vec<_>>().join(",")];
        for row in &table.rows {
            let cells = row.iter().map(|cell| cell.as_deref().unwrap_or_default());
            lines.push(cells.collect::<Vec<_>>().join(","));
        }
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_month_under_way_is_said_to_be_incomplete() {
        let months = table(
            &["date_month", "mrr_cents"],
            &[&["2025-11-01", "5"], &["2025-12-01", "6"]],
        );
        check(
            &with_completeness(months.clone(), "2025-12-04".parse().unwrap()),
            &[
                "date_month,mrr_cents,is_complete",
                "2025-11-01,5,true",
                "2025-12-01,6,false",
            ],
        );
        let weeks = table(&["date_week"], &[&["2025-12-01"]]);
        for (as_of, is_complete) in [("2025-12-06", "false"), ("2025-12-07", "true")] {
            let table = with_completeness(weeks.clone(), as_of.parse().unwrap());
            check(
                &table,
                &[
                    "date_week,is_complete",
                    &format!("2025-12-01,{is_complete}"),
                ],
            );
        }
        let said = table(&["date_month", "is_complete"], &[&["2025-12-01", "true"]]);
        let same = with_completeness(said.clone(), "2025-12-04".parse().unwrap());
        assert_eq!(same, said);
    }

    /// A mean of all cohorts stood among them with nothing but an empty date.
    #[test]
    fn a_row_with_an_empty_column_says_what_it_is() {
        let mut cohorts = table(
            &["cohort_date", "retained"],
            &[&["", "9"], &["2025-10-01", "4"]],
        );
        cohorts.rows[0][0] = None;
        check(
            &with_kinds(cohorts),
            &[
                "kind,cohort_date,retained",
                "all cohorts,,9",
                "cohort,2025-10-01,4",
            ],
        );
        let mut days = table(&["dau", "expected_dau"], &[&["7", ""], &["", "6.5"]]);
        days.rows[0][1] = None;
        days.rows[1][0] = None;
        check(
            &with_kinds(days),
            &["kind,dau,expected_dau", "counted,7,", "forecast,,6.5"],
        );
        let plain = table(&["plan"], &[&["starter"]]);
        assert_eq!(with_kinds(plain.clone()), plain);
    }

    #[test]
    fn every_row_says_which_period_it_is_of() {
        let now = span("2025-10-01", "2025-12-15");
        let before = span("2025-07-17", "2025-09-30");
        let dated = with_ranges(
            table(
                &["date_day", "dau"],
                &[
                    &["2025-12-15", "7"],
                    &["2025-12-16", ""],
                    &["2025-12-17", ""],
                ],
            ),
            table(&["date_day", "dau"], &[&["2025-09-30", "5"]]),
            now,
            before,
        );
        check(
            &dated,
            &[
                "range,date_day,dau",
                "2025-07-17 to 2025-09-30,2025-09-30,5",
                "2025-10-01 to 2025-12-15,2025-12-15,7",
                "2025-12-16 to 2025-12-17,2025-12-16,",
                "2025-12-16 to 2025-12-17,2025-12-17,",
            ],
        );
        let channels = with_ranges(
            table(
                &["channel", "signups", "previous_signups"],
                &[&["email", "4", "3"]],
            ),
            TextTable::default(),
            now,
            before,
        );
        check(
            &channels,
            &[
                "range,previous_range,channel,signups,previous_signups",
                "2025-10-01 to 2025-12-15,2025-07-17 to 2025-09-30,email,4,3",
            ],
        );
        let both = with_ranges(
            table(
                &["date_day", "n"],
                &[&["2025-09-30", "1"], &["2025-12-15", "2"]],
            ),
            TextTable::default(),
            now,
            before,
        );
        check(
            &both,
            &[
                "range,date_day,n",
                "2025-07-17 to 2025-09-30,2025-09-30,1",
                "2025-10-01 to 2025-12-15,2025-12-15,2",
            ],
        );
        let alone = table(&["step"], &[&["signup"]]);
        let same = with_ranges(alone.clone(), TextTable::default(), now, before);
        assert_eq!(same, alone);
    }
}
