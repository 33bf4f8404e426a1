//! Rows of a statement, with what is needed to judge them.

use std::any::Any;
use std::rc::Rc;

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

/// Rows of any type. What treats all panels alike sees them so, and is compiled once instead of once a
/// type of row (decision 0165).
pub trait AnyFetched: Any {
    /// As [`Fetched::text`].
    fn text(&self) -> TextTable;
    /// The last day of data.
    fn as_of(&self) -> NaiveDate;
    /// What the rows are limited to.
    fn filters(&self) -> &Filters;
    /// Whether there is no row.
    fn is_empty(&self) -> bool;
}

impl<R: 'static> AnyFetched for Fetched<R> {
    fn text(&self) -> TextTable {
        Self::text(self)
    }

    fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    fn filters(&self) -> &Filters {
        &self.filters
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl dyn AnyFetched {
    /// The rows as what they are; `None` when they are of another type.
    #[must_use]
    pub fn of<R: 'static>(&self) -> Option<&Fetched<R>> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }

    /// The same, shared.
    #[must_use]
    pub fn shared<R: 'static>(self: &Rc<Self>) -> Option<Rc<Fetched<R>>> {
        let any: Rc<dyn Any> = Rc::<Self>::clone(self);
        any.downcast().ok()
    }
}

impl<R: Periodic> Fetched<R> {
    /// The rows of periods that are over.
    #[must_use]
    pub fn whole(&self) -> &[R] {
        whole(&self.rows, self.as_of)
    }
}
