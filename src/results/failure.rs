//! Failures as a panel says them.

use crate::warehouse::WarehouseError;

/// The failure in words, without its statement: a panel shows that on demand.
#[must_use]
pub fn without_sql(error: &WarehouseError) -> String {
    match error {
        WarehouseError::Query { message, .. } => message.clone(),
        WarehouseError::Ingest { .. }
        | WarehouseError::NotLoaded
        | WarehouseError::Stopped { .. }
        | WarehouseError::Cancelled
        | WarehouseError::Decode { .. } => error.to_string(),
    }
}
