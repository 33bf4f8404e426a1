//! Why a run ends before its charts, and what can be done after it.

use super::size::OutOfMemory;
use crate::warehouse::WarehouseError;
use crate::workers::WorkerError;

/// Why a run ended before its charts.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("the run was cancelled")]
    Cancelled,
    #[error("{0}")]
    Worker(#[from] WorkerError),
    #[error("{0}")]
    Warehouse(#[from] WarehouseError),
    #[error(
        "{table} has {found} rows where {loaded} were loaded, so a statement has changed it; run the scenario again, which makes all rows anew"
    )]
    RawChanged {
        table: &'static str,
        loaded: u64,
        found: u64,
    },
    #[error("{0}")]
    OutOfMemory(#[from] OutOfMemory),
    #[error(
        "The model {name} failed, although nobody edited it: {message}. Run the scenario again, which makes everything anew."
    )]
    Model { name: String, message: String },
    #[error(
        "the page does not name its {name}, so it was not built whole; build it again with `make dist`"
    )]
    MissingAsset { name: String },
}

impl RunError {
    /// Whether the engine, or what it holds, can't be used again after it.
    pub(super) const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::RawChanged { .. }
                | Self::OutOfMemory(_)
                | Self::Model { .. }
                | Self::Warehouse(WarehouseError::Stopped { .. } | WarehouseError::NotLoaded)
        )
    }

    /// Whether a generation worker is gone; the engine with what it holds is not.
    pub(super) const fn is_of_generation(&self) -> bool {
        matches!(
            self,
            Self::Worker(WorkerError::Stopped { .. } | WorkerError::NotLoaded)
        )
    }

    /// Whether the same run may well succeed with a new worker.
    pub(super) const fn is_worth_another_try(&self) -> bool {
        matches!(
            self,
            Self::Worker(WorkerError::Stopped { .. })
                | Self::Warehouse(WarehouseError::Stopped { .. })
        )
    }
}
