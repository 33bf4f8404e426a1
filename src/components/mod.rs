//! What every page is made of: charts, panels, tiles, fields, and how numbers are written.

#[cfg(any(target_arch = "wasm32", test))]
mod cell_text;
pub mod chart_notes;
pub mod chart_parts;
#[cfg(any(target_arch = "wasm32", test))]
mod chart_shape;
pub mod chart_spec;
#[cfg(target_arch = "wasm32")]
pub mod chart_warm_up;
pub mod format;
pub mod kpi;
pub mod panel_state;
pub mod panel_text;
pub mod panel_view;
pub mod running;
pub mod shades;
pub mod slider_scale;
pub mod sparkline_path;
pub mod sql_text;
pub mod table;
pub mod table_sort;
pub mod theme;
pub mod tooltip;
pub mod treemap;

#[cfg(target_arch = "wasm32")]
pub mod breakable;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod chart;
#[cfg(target_arch = "wasm32")]
mod chart_clicks;
#[cfg(target_arch = "wasm32")]
pub mod chart_library;
#[cfg(target_arch = "wasm32")]
pub mod choice;
#[cfg(target_arch = "wasm32")]
pub mod code_editor;
#[cfg(target_arch = "wasm32")]
pub mod data_table;
#[cfg(target_arch = "wasm32")]
pub mod dialog;
#[cfg(target_arch = "wasm32")]
mod drawing_queue;
#[cfg(target_arch = "wasm32")]
pub mod echarts;
#[cfg(target_arch = "wasm32")]
pub mod error_panel;
#[cfg(target_arch = "wasm32")]
mod js_values;
#[cfg(target_arch = "wasm32")]
pub mod kpi_tile;
#[cfg(target_arch = "wasm32")]
pub mod newest;
#[cfg(target_arch = "wasm32")]
pub mod panel;
#[cfg(target_arch = "wasm32")]
pub mod panel_request;
#[cfg(target_arch = "wasm32")]
pub mod picture;
#[cfg(target_arch = "wasm32")]
pub mod popover;
#[cfg(target_arch = "wasm32")]
pub mod script;
#[cfg(target_arch = "wasm32")]
pub mod slider_field;
#[cfg(target_arch = "wasm32")]
pub mod sortable_table;
#[cfg(target_arch = "wasm32")]
pub mod sql_view;
#[cfg(target_arch = "wasm32")]
pub mod tip;
#[cfg(target_arch = "wasm32")]
pub mod tooltip_nodes;
