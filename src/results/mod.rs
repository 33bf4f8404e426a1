//! Stage 5, **results**: record batches decoded into typed rows.

mod decode;
pub mod executive;
mod json;
mod text;

pub use decode::{Columns, DecodeError, Row};
pub use json::json_rows;
pub use text::{Column, ColumnKind, TextTable};
