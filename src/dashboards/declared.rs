//! What a panel is: what it asks, what it answers, how it is drawn, and what stands behind its marks.
//!
//! A panel is one file below `<page>/panels/`, with its statements beside it. Nothing in it knows the browser:
//! `show` puts it on the page.

use std::ops::Deref;

use super::fetched::Fetched;
use super::plot::Figure;
use super::spec::PanelSpec;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::ml::Model;
use crate::results::Row;
use crate::state::filters::{Basis, Filters};

/// What is asked of the warehouse; panels that share one ask once.
pub trait Source: 'static {
    /// A row of the answer.
    type Row: Row + 'static;
    /// What the statement depends on besides the filters: the panel's options, or `()`.
    type Options: Clone + PartialEq + Send + Sync + 'static;
    /// What the rows are of; the same is asked of the period before where the filters compare. `None` where
    /// the statement has no period before, or brings it along.
    const COMPARED_ON: Option<Basis>;
    /// The model that must be trained first.
    const LEARNED: Option<Model> = None;

    /// The statement.
    fn sql(filters: &Filters, options: &Self::Options) -> String;
}

/// A panel of a dashboard.
pub trait Panel: 'static {
    /// What it is, besides its data.
    const SPEC: PanelSpec;
    /// How its values are written.
    const TICKS: ValueFormat;
    /// Where its rows come from.
    type Source: Source;
    /// What else it shows depends on: the panel's options, the width of the screen, or `()`.
    type Options: Clone + PartialEq + 'static;

    /// Its sentence; `None` when there is nothing to show.
    fn answer(view: &View<'_, Self>) -> Option<String>;

    /// What is said under the chart.
    fn caption(_view: &View<'_, Self>) -> Option<String> {
        None
    }

    /// Its chart.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure;
}

/// The rows of a panel, with its options.
pub struct View<'a, P: Panel + ?Sized> {
    /// The rows, those of the period before, and the filters they were asked under.
    pub fetched: &'a Fetched<<P::Source as Source>::Row>,
    /// The panel's options.
    pub options: &'a P::Options,
}

impl<P: Panel + ?Sized> Deref for View<'_, P> {
    type Target = Fetched<<P::Source as Source>::Row>;

    fn deref(&self) -> &Self::Target {
        self.fetched
    }
}
