//! Reading an earlier dataset beside this one.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use gloo::timers::callback::Timeout;

use super::Dataset;
use crate::results::without_sql;
use crate::warehouse::{CancelFlag, DuckDb, WarehouseError};

/// Longest that one statement may take which compares two datasets; a view of an edit may never end.
const COMPARE_MS: u32 = 5_000;

impl Dataset {
    /// The name of `relation` as this dataset held it, for a statement of another dataset on the
    /// same engine ([`Self::query_beside`]).
    #[must_use]
    pub fn qualified(&self, relation: &str) -> String {
        let home = self.warehouse.as_ref().map(DuckDb::home);
        home.map_or_else(
            || relation.to_owned(),
            |home| format!("{}.{relation}", home.name()),
        )
    }

    /// The models whose edited text this dataset was built with.
    #[must_use]
    pub fn edited_models(&self) -> BTreeSet<String> {
        self.edits.models()
    }

    /// Runs a statement of the page's own that names tables of `before`, an earlier dataset, which stays
    /// attached as long as it is in use (decision 0043).
    ///
    /// # Errors
    /// The engine's own words; also when it takes longer than five seconds, and when the engine was
    /// restarted since, and with it the earlier tables gone.
    pub async fn query_beside(&self, before: &Self, sql: &str) -> Result<Vec<RecordBatch>, String> {
        if before.warehouse.as_ref().is_none_or(DuckDb::is_stopped) {
            return Err("The engine was restarted, so the earlier tables are gone.".to_owned());
        }
        let cancel = CancelFlag::new();
        let watchdog = {
            let cancel = cancel.clone();
            Timeout::new(COMPARE_MS, move || cancel.set())
        };
        let answer = async { self.warehouse()?.query_cancellable(sql, &cancel).await };
        let answer = answer.await;
        drop(watchdog);
        answer.map_err(|error| match error {
            WarehouseError::Cancelled => {
                format!("It takes longer than {} s.", COMPARE_MS / 1_000)
            }
            error => without_sql(&error),
        })
    }
}
