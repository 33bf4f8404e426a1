//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
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

/// The panels that have a chart, in order.
pub const ROOMS: &[Room] = &[
    Room::of::<funnel::Funnel>(),
    Room::of::<funnel_segments::FunnelSegments>(),
    Room::of::<time_to_convert::TimeToConvert>(),
    Room::of::<activation::Activation>(),
    Room::of::<paths::Paths>(),
    Room::of::<attribution::Attribution>(),
    Room::of::<experiment::Experiment>(),
];
