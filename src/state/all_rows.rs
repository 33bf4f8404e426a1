//! All rows of a statement, for a file.

use arrow_array::RecordBatch;

use super::Dataset;
use crate::results::without_sql;
use crate::warehouse::{count_sql, first_number, first_rows_sql};

/// Most rows of a file: a spreadsheet takes 1,048,576, and a tab's memory has an end.
pub const MOST_EXPORTED: u64 = 1_000_000;

/// What a file holds.
#[derive(Debug, Clone)]
pub struct AllRows {
    /// The rows, [`MOST_EXPORTED`] at most.
    pub batches: Vec<RecordBatch>,
    /// Rows that the statement has.
    pub count: u64,
}

impl Dataset {
    /// The rows of `sql`, all of them up to [`MOST_EXPORTED`].
    ///
    /// # Errors
    /// The engine's own words.
    pub async fn all_rows(&self, sql: &str) -> Result<AllRows, String> {
        let sql = sql.trim().trim_end_matches(';');
        let counted = self.query(&count_sql(sql)).await;
        let count = counted
            .and_then(|batches| first_number(&batches, 0))
            .map_err(|error| without_sql(&error))?;
        let count = u64::try_from(count).unwrap_or_default();
        let batches = if count > MOST_EXPORTED {
            self.query(&first_rows_sql(sql, MOST_EXPORTED)).await
        } else {
            self.query(sql).await
        };
        let batches = batches.map_err(|error| without_sql(&error))?;
        Ok(AllRows { batches, count })
    }
}
