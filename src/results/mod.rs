//! Stage 5, **results**: record batches decoded into typed rows.

pub mod adoption;
mod bignum;
mod cell;
pub mod channel_paths;
pub mod churn;
mod column;
mod decode;
mod export;
mod failure;
mod from_column;
pub mod funnel;
mod json;
pub mod periods;
pub mod retention;
pub mod revenue;
mod row;
pub mod shares;
#[cfg(test)]
mod tests;
mod text;
pub mod truth;
mod value;
mod written;

pub use cell::{is_ambiguous, unreadable_column};
pub use column::{Column, ColumnKind};
pub(crate) use decode::Cells;
pub use decode::{Columns, DecodeError, Row};
pub use failure::without_sql;
pub use json::json_rows;
pub(crate) use row::row;
pub use text::{TextTable, csv_parts};
