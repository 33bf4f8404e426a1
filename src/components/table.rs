//! A table as it is shown: headings and written-out cells.

/// Headings and cells, already written out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<TableColumn>,
    /// Each row's cells, in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its heading.
    pub name: String,
    /// Whether its cells are figures, aligned right.
    pub is_number: bool,
}
