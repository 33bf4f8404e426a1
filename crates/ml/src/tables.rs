//! The tables that models write.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

/// A table in schema `ml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name without the schema.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// A column; all may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A column of a table.
pub(super) const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Whole,
    /// Numbers.
    Number,
    /// Days.
    Day,
    /// True or false.
    Flag,
    /// Text.
    Text,
}

impl Table {
    /// Its name with the schema.
    #[must_use]
    pub fn qualified(&self) -> String {
        format!("ml.{}", self.name)
    }

    /// Its columns as Arrow knows them.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        let fields: Vec<Field> = self
            .columns
            .iter()
            .map(|column| Field::new(column.name, column.kind.arrow(), true))
            .collect();
        Arc::new(Schema::new(fields))
    }
}

impl Kind {
    /// Its type in SQL.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Whole => "bigint",
            Self::Number => "double",
            Self::Day => "date",
            Self::Flag => "boolean",
            Self::Text => "varchar",
        }
    }

    const fn arrow(self) -> DataType {
        match self {
            Self::Whole => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Day => DataType::Date32,
            Self::Flag => DataType::Boolean,
            Self::Text => DataType::Utf8,
        }
    }
}
