//! The columns of one table in one block, open to changes.

use arrow_array::Array;
use arrow_array::builder::StringBuilder;

use crate::arrow::Values;
use crate::tables::Table;

/// The columns of one table in one block.
pub(super) struct Draft<'a> {
    pub(super) table: Table,
    values: &'a mut Vec<Values>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(table: Table, values: &'a mut Vec<Values>) -> Self {
        Self { table, values }
    }

    fn column(&mut self, name: &str) -> Option<&mut Values> {
        let index = self
            .table
            .columns()
            .iter()
            .position(|column| column.name == name);
        debug_assert!(index.is_some(), "{} has no {name}", self.table.qualified());
        self.values.get_mut(index?)
    }

    /// A column of whole numbers or instants; empty when there is none of this name, which is a
    /// fault in this crate that the tests of every defect would show.
    pub(super) fn longs(&mut self, name: &str) -> &mut [i64] {
        match self.column(name) {
            Some(Values::Long(values)) => values,
            _ => &mut [],
        }
    }

    /// A column of small whole numbers; see [`Self::longs`].
    pub(super) fn integers(&mut self, name: &str) -> &mut [i32] {
        match self.column(name) {
            Some(Values::Integer(values)) => values,
            _ => &mut [],
        }
    }

    /// A column of dictionary keys; see [`Self::longs`].
    pub(super) fn keys(&mut self, name: &str) -> &mut [u8] {
        match self.column(name) {
            Some(Values::Keys(values) | Values::UnheardKeys(values)) => values,
            _ => &mut [],
        }
    }

    /// The table's key: its first column.
    pub(super) fn ids(&self) -> &[i64] {
        match self.values.first() {
            Some(Values::Long(values)) => values,
            _ => &[],
        }
    }

    /// A number for each row that no other row has: its key, or the day and the campaign.
    pub(super) fn row_keys(&mut self) -> Vec<i64> {
        if self.table != Table::AdSpend {
            return self.ids().to_vec();
        }
        let days = self.integers("spend_date").to_vec();
        let campaigns = self.keys("campaign").iter();
        let keys = days.into_iter().zip(campaigns);
        keys.map(|(day, &campaign)| i64::from(day) * 256 + i64::from(campaign))
            .collect()
    }

    /// Number of rows.
    fn rows(&self) -> usize {
        match self.values.first() {
            Some(Values::Long(values)) => values.len(),
            Some(Values::Integer(values)) => values.len(),
            _ => 0,
        }
    }

    /// Lets a column of dictionary keys hold a word that is not declared.
    pub(super) fn admit_unheard(&mut self, name: &str) {
        if let Some(column) = self.column(name)
            && let Values::Keys(keys) = column
        {
            *column = Values::UnheardKeys(core::mem::take(keys));
        }
    }

    /// Copies text within a column: `source_of` a row is the row whose text it gets.
    pub(super) fn copy_text(&mut self, name: &str, source_of: impl Fn(usize) -> usize) {
        if let Some(Values::Text(builder)) = self.column(name) {
            let before = builder.finish();
            let mut after = StringBuilder::with_capacity(before.len(), before.value_data().len());
            for row in 0..before.len() {
                after.append_value(before.value(source_of(row)));
            }
            *builder = after;
        }
    }

    /// Makes these rows, by their present places, the rows of the table; a place may come twice.
    pub(super) fn take(&mut self, rows: &[usize]) {
        for values in self.values.iter_mut() {
            match values {
                Values::Long(values) => take(values, rows),
                Values::Integer(values) => take(values, rows),
                Values::Double(values) => take(values, rows),
                Values::Boolean(values) => take(values, rows),
                Values::Keys(values) | Values::UnheardKeys(values) => take(values, rows),
                Values::Text(builder) => {
                    let before = builder.finish();
                    let mut after = StringBuilder::new();
                    for &row in rows {
                        after.append_value(before.value(row));
                    }
                    *builder = after;
                }
            }
        }
    }

    /// Drops the rows at which `is_lost` holds; says how many there were.
    pub(super) fn drop_rows(&mut self, is_lost: impl Fn(usize) -> bool) -> u64 {
        let before = self.rows();
        let kept: Vec<usize> = (0..before).filter(|&row| !is_lost(row)).collect();
        if kept.len() < before {
            self.take(&kept);
        }
        (before - kept.len()) as u64
    }

    /// Repeats the rows at which `is_repeated` holds, right behind themselves; gives the places
    /// of the copies.
    pub(super) fn repeat_rows(&mut self, is_repeated: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut rows = Vec::with_capacity(self.rows());
        let mut copies = Vec::new();
        for row in 0..self.rows() {
            rows.push(row);
            if is_repeated(row) {
                copies.push(rows.len());
                rows.push(row);
            }
        }
        if !copies.is_empty() {
            self.take(&rows);
        }
        copies
    }
}

fn take<T: Copy>(values: &mut Vec<T>, rows: &[usize]) {
    *values = rows.iter().map(|&row| values[row]).collect();
}
