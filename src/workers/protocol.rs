//! What the page and a generation worker say to each other.

use serde::{Deserialize, Serialize};

/// From the page to a worker; each is answered by one [`Response`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Make ready to generate a scenario.
    Open {
        /// The scenario's canonical query.
        query: String,
    },
    /// Sum the expected activity of blocks `first..end`.
    Exposure {
        /// First block.
        first: u64,
        /// One past the last block.
        end: u64,
    },
    /// Generate blocks `first..end`.
    Blocks {
        /// First block.
        first: u64,
        /// One past the last block.
        end: u64,
        /// Expected activity of the whole scenario.
        total_exposure: u64,
        /// The tables wanted, by name ("raw.users").
        tables: Vec<String>,
    },
    /// Generate the tables that do not belong to users.
    GlobalTables,
}

/// From a worker to the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Response {
    /// The worker has started and listens.
    Ready,
    /// The scenario is open.
    Opened {
        /// Blocks it has.
        blocks: u64,
    },
    /// The expected activity asked for.
    Exposure {
        /// In the generator's fixed-point unit.
        sum: u64,
    },
    /// Rows; buffer `i` of the message holds stream `i`.
    Rows {
        /// One Arrow IPC stream a table.
        streams: Vec<Stream>,
        /// Checksums of each table in each block.
        checksums: Vec<BlockChecksum>,
    },
    /// The request could not be met.
    Failed {
        /// Why.
        message: String,
    },
}

/// One complete Arrow IPC stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// The table it belongs to ("raw.users").
    pub table: String,
    /// Rows it holds.
    pub rows: u64,
}

/// The checksum of one table's rows in one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockChecksum {
    /// The table ("raw.users").
    pub table: String,
    /// The block; 0 for tables that do not belong to users.
    pub block: u64,
    /// Hash of the rows.
    pub checksum: u64,
}
