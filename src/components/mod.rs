//! What every page is made of: charts, panels, tiles, fields, and how numbers are written.

pub mod chart_parts;
pub mod chart_spec;
pub mod format;
pub mod kpi;
pub mod panel_state;
pub mod slider_scale;
pub mod sparkline_path;
pub mod table;
pub mod theme;
pub mod tooltip;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod chart;
#[cfg(target_arch = "wasm32")]
pub mod data_table;
#[cfg(target_arch = "wasm32")]
pub mod echarts;
#[cfg(target_arch = "wasm32")]
pub mod error_panel;
#[cfg(target_arch = "wasm32")]
pub mod kpi_tile;
#[cfg(target_arch = "wasm32")]
pub mod panel;
#[cfg(target_arch = "wasm32")]
pub mod slider_field;
#[cfg(target_arch = "wasm32")]
pub mod tooltip_nodes;
