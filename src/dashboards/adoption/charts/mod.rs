//! The page's charts: pure functions from rows to a chart, one file each.

pub mod active_days;
pub mod adoption_curves;
pub mod feature_heatmap;
pub mod matrix;
pub mod rfm;
pub mod segment_map;
pub mod segment_profiles;
pub mod stickiness;
pub mod time_to_adopt;
