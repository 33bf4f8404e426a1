//! Stage 5, **results**: record batches as typed rows.

mod json;

pub use json::json_rows;
