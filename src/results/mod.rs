//! Stage 5, **results**: record batches decoded into typed rows.

mod decode;
pub mod executive;
mod text;

pub use decode::{Columns, DecodeError, Row};
pub use text::{Column, ColumnKind, TextTable};
