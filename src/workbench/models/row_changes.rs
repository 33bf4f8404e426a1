//! What a run changed in a model's rows: the statements that find it, and the words that say it.
//!
//! Rows before and after are joined by the model's key. Every statement reads both tables once;
//! above [`MOST_COMPARED`] rows a part of the keys is compared, and the words say so.

use minijinja::Value;

use crate::components::format::{count, counted};
use crate::state::statement::statement;

/// Rows of both tables together that are compared whole.
pub const MOST_COMPARED: u64 = 1_000_000;
/// Rows shown of each kind of change.
pub const SAMPLE: usize = 5;
/// Columns shown besides the key.
const MOST_COLUMNS: usize = 8;

/// A column: its name and its type.
pub type NameAndType = (String, String);

/// Two tables of one model, and how their rows are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The table before, with its database.
    pub before: String,
    /// The table now.
    pub after: String,
    /// Columns that name a row in both tables; empty when rows are compared as wholes.
    pub key: Vec<String>,
    /// Columns of both tables besides the key, and whether their type changed.
    pub shared: Vec<(String, bool)>,
    /// Columns that only the new table has.
    pub new_columns: Vec<String>,
    /// Columns that only the old table had.
    pub lost_columns: Vec<String>,
    /// One of how many keys is compared.
    pub one_in: u64,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowChanges {
    /// Rows with a new key.
    pub added: u64,
    /// Rows whose key is gone.
    pub gone: u64,
    /// Rows with the same key and other values.
    pub changed: u64,
    /// Changed values by column, those without any left out.
    pub by_column: Vec<(String, u64)>,
}

impl RowChanges {
    /// Whether the rows that were compared are all the same.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.added == 0 && self.gone == 0 && self.changed == 0
    }

    /// In a few words: `3 added, 1 gone, 40 changed`.
    #[must_use]
    pub fn short(&self) -> String {
        let parts = [
            (self.added, "added"),
            (self.gone, "gone"),
            (self.changed, "changed"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{} {word}", count(*number)))
            .collect();
        if parts.is_empty() {
            "same rows".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

impl Comparison {
    /// Two tables by their columns. `wanted` is the model's declared key; it is used where both
    /// tables have its columns.
    #[must_use]
    pub fn new(
        (before, after): (String, String),
        (columns_before, columns_after): (&[NameAndType], &[NameAndType]),
        wanted: &[String],
        rows: u64,
    ) -> Self {
        let find = |columns: &[NameAndType], name: &str| {
            let mut found = columns.iter();
            found
                .find(|(other, _)| other == name)
                .map(|(_, kind)| kind.clone())
        };
        let has_key = !wanted.is_empty()
            && wanted.iter().all(|name| {
                let kinds = (find(columns_before, name), find(columns_after, name));
                kinds.0.is_some() && kinds.0 == kinds.1
            });
        let key = if has_key { wanted.to_vec() } else { Vec::new() };
        let shared = columns_after.iter().filter_map(|(name, kind)| {
            let earlier = find(columns_before, name)?;
            (!key.contains(name)).then(|| (name.clone(), earlier != *kind))
        });
        let only = |these: &[NameAndType], those: &[NameAndType]| {
            let names = these.iter().map(|(name, _)| name.clone());
            names.filter(|name| find(those, name).is_none()).collect()
        };
        Self {
            shared: shared.collect(),
            new_columns: only(columns_after, columns_before),
            lost_columns: only(columns_before, columns_after),
            one_in: if has_key {
                rows.div_ceil(MOST_COMPARED).max(1)
            } else {
                1
            },
            before,
            after,
            key,
        }
    }

    /// The same with rows compared as wholes: a key that repeats names no row.
    #[must_use]
    pub fn without_key(mut self) -> Self {
        let key = std::mem::take(&mut self.key);
        let mut shared: Vec<(String, bool)> = key.into_iter().map(|name| (name, false)).collect();
        shared.append(&mut self.shared);
        self.shared = shared;
        self.one_in = 1;
        self
    }

    /// How many rows more than keys each table has: `before`, `after`.
    #[must_use]
    pub fn repeats_sql(&self) -> String {
        self.sql("repeats", &[])
    }

    /// One row: `added`, `gone`, `changed`, then for each shared column `column_0`, `column_1` ….
    #[must_use]
    pub fn counts_sql(&self) -> String {
        self.sql("counts", &[])
    }

    /// A few rows with a new key (`is_new`), or with a key that is gone.
    #[must_use]
    pub fn one_sided_sql(&self, is_new: bool) -> String {
        self.sql(if is_new { "added" } else { "gone" }, &[])
    }

    /// A few changed rows: the key, then each touched column as `old → new` where it differs.
    #[must_use]
    pub fn changed_sql(&self, changes: &RowChanges) -> String {
        let is_touched = |name: &str| changes.by_column.iter().any(|(other, _)| other == name);
        let touched = self.shared.iter().filter(|(name, _)| is_touched(name));
        let touched: Vec<&(String, bool)> = touched.take(MOST_COLUMNS).collect();
        self.sql("changed", &touched)
    }

    /// One of the statements in the file beside this one.
    fn sql(&self, asked: &str, touched: &[&(String, bool)]) -> String {
        let of_column = |(name, is_retyped): &(String, bool)| {
            Value::from_pairs([
                ("name", Value::from(quoted(name))),
                ("is_retyped", Value::from(*is_retyped)),
            ])
        };
        let touched = touched.iter().map(|column| of_column(column));
        let shared = self.shared.iter();
        let names = self.key.iter().chain(shared.clone().map(|(name, _)| name));
        let names: Vec<String> = names.map(|name| quoted(name)).collect();
        statement!(
            "row_changes.sql",
            asked = asked,
            before = &self.before,
            after = &self.after,
            key = names[..self.key.len()].to_vec(),
            shared = shared.map(of_column).collect::<Vec<_>>(),
            columns = names,
            touched = touched.collect::<Vec<_>>(),
            one_in = self.one_in,
            sample = SAMPLE,
            most_columns = MOST_COLUMNS
        )
    }

    /// What is said of the changes, sentence by sentence.
    #[must_use]
    pub fn sentences(&self, changes: &RowChanges) -> Vec<String> {
        let mut sentences = Vec::new();
        let rows = |number: u64| counted(number, "row");
        if changes.is_none() {
            sentences.push("No row changed.".to_owned());
        } else {
            sentences.push(format!(
                "{} added, {} gone, {} changed.",
                rows(changes.added),
                rows(changes.gone),
                rows(changes.changed)
            ));
        }
        if !changes.by_column.is_empty() {
            let columns = changes.by_column.iter();
            let columns = list(columns.map(|(name, rows)| format!("{name} in {}", count(*rows))));
            sentences.push(format!("Columns touched: {columns}."));
        }
        if !self.new_columns.is_empty() {
            sentences.push(format!("New columns: {}.", self.new_columns.join(", ")));
        }
        if !self.lost_columns.is_empty() {
            sentences.push(format!("Columns gone: {}.", self.lost_columns.join(", ")));
        }
        let retyped: Vec<&str> = self
            .shared
            .iter()
            .filter(|(_, is_retyped)| *is_retyped)
            .map(|(name, _)| name.as_str())
            .collect();
        if !retyped.is_empty() {
            sentences.push(format!("Of another type: {}.", retyped.join(", ")));
        }
        sentences.push(if self.key.is_empty() {
            "Rows have no common key, so whole rows were compared.".to_owned()
        } else {
            format!("Rows were matched by {}.", self.key.join(", "))
        });
        if self.one_in > 1 {
            sentences.push(format!(
                "The tables are large: 1 of {} keys was compared, and the figures are of that part.",
                self.one_in
            ));
        }
        sentences
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[(&str, &str)]) -> Vec<NameAndType> {
        let owned = |(name, kind): &(&str, &str)| ((*name).to_owned(), (*kind).to_owned());
        names.iter().map(owned).collect()
    }

    fn comparison(key: &[&str], rows: u64) -> Comparison {
        let before = columns(&[
            ("id", "BIGINT"),
            ("mrr", "BIGINT"),
            ("old", "DATE"),
            ("x", "DATE"),
        ]);
        let after = columns(&[
            ("id", "BIGINT"),
            ("mrr", "DOUBLE"),
            ("new", "DATE"),
            ("x", "DATE"),
        ]);
        let key: Vec<String> = key.iter().map(|name| (*name).to_owned()).collect();
        let tables = ("one.marts.t".to_owned(), "marts.t".to_owned());
        Comparison::new(tables, (&before, &after), &key, rows)
    }

    #[test]
    fn columns_are_told_apart() {
        let found = comparison(&["id"], 10);
        assert_eq!(found.key, ["id"]);
        assert_eq!(
            found.shared,
            [("mrr".to_owned(), true), ("x".to_owned(), false)]
        );
        assert_eq!(
            (found.new_columns.as_slice(), found.lost_columns.as_slice()),
            (&["new".to_owned()][..], &["old".to_owned()][..])
        );
        for key in [&["new"][..], &["mrr"], &[]] {
            let whole = comparison(key, 10);
            assert!(whole.key.is_empty(), "{key:?} names no row of both");
            assert!(whole.counts_sql().contains("except all"));
        }
    }

    #[test]
    fn large_tables_are_compared_in_part_and_say_so() {
        let whole = comparison(&["id"], MOST_COMPARED);
        assert!(!whole.counts_sql().contains("hash("));
        let part = comparison(&["id"], 3 * MOST_COMPARED + 1);
        assert!(
            part.counts_sql()
                .contains("hash(cast(\"id\" as varchar)) % 4 = 0")
        );
        let said = part.sentences(&RowChanges::default()).join(" ");
        assert!(said.contains("1 of 4 keys was compared"), "{said}");
    }

    #[test]
    fn changes_are_said_with_their_columns() {
        let changes = RowChanges {
            added: 1,
            gone: 0,
            changed: 1_200,
            by_column: vec![("mrr".to_owned(), 1_200), ("x".to_owned(), 3)],
        };
        assert_eq!(changes.short(), "1 added, 1,200 changed");
        let said = comparison(&["id"], 10).sentences(&changes);
        assert_eq!(said[0], "1 row added, 0 rows gone, 1,200 rows changed.");
        assert_eq!(said[1], "Columns touched: mrr in 1,200, x in 3.");
        assert_eq!(said.last().unwrap(), "Rows were matched by id.");
        assert_eq!(RowChanges::default().short(), "same rows");
    }
}
