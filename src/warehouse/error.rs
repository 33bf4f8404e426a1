//! What can go wrong between the page and the engine.

/// A failure of the warehouse.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WarehouseError {
    /// The engine refused a statement.
    #[error("{message}\n{sql}")]
    Query {
        /// The statement.
        sql: String,
        /// The engine's own words.
        message: String,
    },
    /// Rows did not arrive.
    #[error("{table} took {arrived} of {sent} rows: {message}")]
    Ingest {
        /// The table, with its schema.
        table: String,
        /// Rows sent.
        sent: u64,
        /// Rows counted afterwards.
        arrived: u64,
        /// The engine's own words.
        message: String,
    },
    /// No answer came in time; the worker is taken for dead.
    #[error(
        "the warehouse did not answer within {seconds} s while it was to {what}; run the scenario again to restart it"
    )]
    TimedOut {
        /// What it was doing, as a verb phrase.
        what: String,
        /// How long it was waited for.
        seconds: u32,
    },
    /// The worker ended or could not start.
    #[error("the warehouse stopped ({message}); run the scenario again to restart it")]
    Stopped {
        /// The browser's own words.
        message: String,
    },
    /// The user or a newer scenario cancelled the call.
    #[error("cancelled")]
    Cancelled,
    /// An answer was no Arrow stream, or held a type that was not asked for.
    #[error("the warehouse's answer could not be read: {message}")]
    Decode {
        /// What was wrong with it.
        message: String,
    },
}
