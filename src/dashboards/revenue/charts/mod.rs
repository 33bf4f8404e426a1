//! The page's charts: pure functions from rows to [`charming::Chart`].

pub mod anomalies;
pub mod dunning;
pub mod lines;
pub mod ltv_deciles;
pub mod refunds;
pub mod waterfall;
