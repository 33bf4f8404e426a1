//! Reading an earlier dataset beside this one.

use arrow_array::RecordBatch;

use super::Dataset;
use crate::results::without_sql;
use crate::warehouse::Warehouse;

impl Dataset {
    /// The name of `relation` as this dataset held it, for a statement of another dataset on the
    /// same engine ([`Self::query_beside`]).
    #[must_use]
    pub fn qualified(&self, relation: &str) -> String {
        format!("{}.{relation}", self.warehouse.home().name())
    }

    /// Runs a statement of the page's own that names tables of `before`, an earlier dataset, which stays
    /// attached as long as it is in use (decision 0043).
    ///
    /// # Errors
    /// The engine's own words; also when the engine was restarted since, and with it the earlier
    /// tables gone.
    pub async fn query_beside(&self, before: &Self, sql: &str) -> Result<Vec<RecordBatch>, String> {
        if before.warehouse.is_stopped() {
            return Err("The engine was restarted, so the earlier tables are gone.".to_owned());
        }
        let answer = self.warehouse.query(sql).await;
        answer.map_err(|error| without_sql(&error))
    }
}
