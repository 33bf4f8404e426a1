//! The page's charts: pure functions from rows to a chart, one file each.

pub mod calibration;
pub mod health;
pub mod health_fate;
pub mod health_parts;
pub mod lead_time;
pub mod lift;
pub mod mrr_at_risk;
pub mod risk_distribution;
pub mod roc;
pub mod savings;
