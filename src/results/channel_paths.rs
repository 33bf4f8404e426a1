//! Who was touched by which channels, and who ever paid.

use super::typed::rows;

rows! {
    /// Users with the same channels before their signup; or, without a stratum, a channel and what
    /// was planted for it.
    PathCount {
        /// What else decides whether they pay (trial type and activation).
        stratum: maybe_text = "stratum",
        /// The channels that touched them, with commas between them.
        channels: text = "channels",
        /// By how much the channel truly raises conversion.
        uplift: maybe_number = "uplift",
        /// How many users there are.
        users: integer = "users",
        /// How many of them ever paid.
        converted: integer = "converted",
    }
}
