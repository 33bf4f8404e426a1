//! A column of any result, for table views and CSV.

/// What a column holds, as far as its looks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words: aligned left.
    Text,
    /// Days, moments and times of a day: aligned left.
    Date,
    /// Numbers: aligned right.
    Number,
}

/// A column's name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the result.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}
