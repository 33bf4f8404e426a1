//! Rows of a statement, with what is needed to judge them.

use arrow_array::RecordBatch;
use chrono::NaiveDate;

use super::period_columns::{with_completeness, with_kinds, with_ranges};
use crate::results::TextTable;
use crate::results::periods::{Periodic, whole};
use crate::state::filters::{Basis, Filters};

/// Rows of the last complete dataset, with what is needed to judge them.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched<R> {
    /// The typed rows.
    pub rows: Vec<R>,
    /// Those of the period before; none unless they were asked for.
    pub before: Vec<R>,
    /// The same as they came: those of the period before, and the others.
    pub batches: (Vec<RecordBatch>, Vec<RecordBatch>),
    /// The last day of data.
    pub as_of: NaiveDate,
    /// What the rows are limited to; nothing for statements that know no filters.
    pub filters: Filters,
    /// What the rows are of, and so what they are set against.
    pub basis: Basis,
}

impl<R> Fetched<R> {
    /// What the rows of the period before are limited to, where they are compared.
    #[must_use]
    pub fn compared(&self) -> Option<Filters> {
        self.filters.compared_on(self.basis)
    }

    /// All rows as text, for tables and files, the period before first: each says which period it is
    /// of where periods are compared, whether its week or month is over, and what it is of where that
    /// is not the same for all.
    #[must_use]
    pub fn text(&self) -> TextTable {
        let (earlier, now) = &self.batches;
        let text =
            |rows: &[RecordBatch]| with_kinds(with_completeness(TextTable::new(rows), self.as_of));
        let now = text(now);
        let Some(before) = self.compared() else {
            return now;
        };
        let earlier = text(earlier);
        let span = self.filters.span(self.basis);
        with_ranges(now, earlier, span, before.span(self.basis))
    }
}

impl<R: Periodic> Fetched<R> {
    /// The rows of periods that are over.
    #[must_use]
    pub fn whole(&self) -> &[R] {
        whole(&self.rows, self.as_of)
    }
}
