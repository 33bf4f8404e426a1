//! The page's charts: pure functions from rows to [`charming::Chart`].

pub mod cohorts;
pub mod heatmap;
pub mod lifecycle;
pub mod revenue;
pub mod segments;
pub mod survival;
