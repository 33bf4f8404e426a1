//! The page's charts: pure functions from rows to a chart, one file each.

pub mod active_users;
pub mod mrr_by_plan;
pub mod mrr_movements;
pub mod signups_by_channel;
