//! Stage 5, **results**: record batches decoded into typed rows.

mod decode;
pub mod executive;
mod failure;
mod json;
mod text;

pub use decode::{Columns, DecodeError, Row};
pub use failure::without_sql;
pub use json::json_rows;
pub use text::{Column, ColumnKind, TextTable};
