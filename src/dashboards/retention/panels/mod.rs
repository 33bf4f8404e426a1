//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
use crate::dashboards::spec::PanelSpec;

pub mod cohorts;
pub mod lifecycle;
pub mod retention_curves;
pub mod revenue_cohorts;
pub mod survival;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &cohorts::Cohorts::SPEC,
    &retention_curves::RetentionCurves::SPEC,
    &survival::Survival::SPEC,
    &lifecycle::Lifecycle::SPEC,
    &revenue_cohorts::RevenueCohorts::SPEC,
];

/// The panels that have a chart, in order.
pub const ROOMS: &[Room] = &[
    Room::of::<cohorts::Cohorts>(),
    Room::of::<retention_curves::RetentionCurves>(),
    Room::of::<survival::Survival>(),
    Room::of::<lifecycle::Lifecycle>(),
    Room::of::<revenue_cohorts::RevenueCohorts>(),
];
