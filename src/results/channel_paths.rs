//! Who was touched by which channels, and who ever paid.

use super::row;

row! {
    /// Users with the same channels before their signup; or, without a stratum, a channel and what
    /// was planted for it.
    pub struct PathCount {
        /// What else decides whether they pay (trial type and activation).
        pub stratum: Option<String>,
        /// The channels that touched them, with commas between them.
        pub channels: String,
        /// By how much the channel truly raises conversion.
        pub uplift: Option<f64>,
        /// How many users there are.
        pub users: i64,
        /// How many of them ever paid.
        pub converted: i64,
    }
}
