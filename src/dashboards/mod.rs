//! Stage 6, **charts**: the dashboards.

pub mod executive;
