//! What every page is made of: charts, panels, tiles, fields, and how numbers are written.

pub mod chart_parts;
pub mod chart_spec;
pub mod format;
pub mod sparkline_path;
pub mod theme;
pub mod tooltip;
