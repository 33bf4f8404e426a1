//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::spec::PanelSpec;

pub mod activation;
pub mod attribution;
pub mod dropped;
pub mod experiment;
pub mod funnel;
pub mod funnel_segments;
pub mod paths;
mod people;
pub mod time_to_convert;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &funnel::Funnel::SPEC,
    &funnel_segments::FunnelSegments::SPEC,
    &time_to_convert::TimeToConvert::SPEC,
    &dropped::Dropped::SPEC,
    &activation::Activation::SPEC,
    &paths::Paths::SPEC,
    &attribution::Attribution::SPEC,
    &experiment::Experiment::SPEC,
];
