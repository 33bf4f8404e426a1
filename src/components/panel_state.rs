//! What a panel shows.

use std::rc::Rc;

use super::table::Table;

/// Where a panel's data stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum PanelState {
    /// Not there yet.
    #[default]
    Loading,
    /// There, and there is nothing to show; says why.
    Empty(&'static str),
    /// Not to be had.
    Failed(PanelFailure),
    /// There.
    Ready(Rc<PanelContent>),
}

/// Why a panel has no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelFailure {
    /// The engine's or the decoder's own words.
    pub message: String,
}

/// What stands beside a panel's chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PanelContent {
    /// The answer to the panel's question.
    pub answer: String,
    /// A remark under the chart; may be empty.
    pub caption: String,
    /// The chart's figures.
    pub table: Table,
    /// The same, raw, as CSV.
    pub csv: String,
}
