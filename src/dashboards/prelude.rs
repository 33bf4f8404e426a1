//! What nearly every panel needs: `use crate::dashboards::prelude::*;`. What is special to a few, a panel names itself.

pub(crate) use crate::components::format::{
    ValueFormat, capital, change, counted, day, relative_change, share, whole_dollars, words,
};
pub(crate) use crate::components::theme::{Theme, with_opacity};
pub(crate) use crate::components::tooltip::Tooltip;
pub(crate) use crate::dashboards::claims::{PALE, is_enough, too_few};
pub(crate) use crate::dashboards::compared::told;
pub(crate) use crate::dashboards::declared::{Panel, Source, View};
pub(crate) use crate::dashboards::marks::PanelMark;
pub(crate) use crate::dashboards::notes::Subject;
pub(crate) use crate::dashboards::plot::{Figure, Plot, Series};
pub(crate) use crate::dashboards::spec::{
    ALL_FILTERS, AND_COMPARE, PanelSpec, PlanOf, USER_FILTERS,
};
pub(crate) use crate::ml::Model;
pub(crate) use crate::results::row;
pub(crate) use crate::results::shares::Share;
pub(crate) use crate::state::filters::{Basis, Dimension, Filters};
pub(crate) use crate::state::statement::statement;

/// Whole things.
pub(crate) const COUNT: ValueFormat = ValueFormat::Count;
/// Cents, as dollars.
pub(crate) const MONEY: ValueFormat = ValueFormat::Money;
/// Shares, as percent.
pub(crate) const PERCENT: ValueFormat = ValueFormat::Percent;
