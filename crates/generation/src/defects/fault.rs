//! A defect at work in one block.

use super::super::random::Purpose;

/// A defect that is switched on, in one block.
pub(super) struct Fault<'a> {
    pub(super) active: &'a Active,
    pub(super) scope: &'a Scope,
    /// The block's first user.
    pub(super) first_user: i64,
    /// Users in the block.
    pub(super) users: i64,
}

impl Fault<'_> {
    /// Whether the row with this key is hit.
    pub(super) fn hits(&self, key: i64) -> bool {
        self.active
            .purpose
            .stream(key as u64)
            .chance(self.active.share)
    }
}

/// A defect that is switched on.
#[derive(Debug, Clone)]
pub(super) struct Active {
    pub(super) index: usize,
    /// Share of rows, where the parameter is a percentage.
    pub(super) share: f64,
    /// The parameter's number: hours, where it is no percentage and no count.
    pub(super) number: i64,
    /// Spans of time that are hit, where the parameter counts days or months.
    pub(super) spans: Vec<(i64, i64)>,
    pub(super) purpose: Purpose,
}

/// What defects know of the whole data set.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) users: i64,
    pub(super) end: i64,
}
