//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
use crate::dashboards::spec::PanelSpec;

pub mod active_users;
pub mod drivers;
pub mod headline;
pub mod movements;
pub mod mrr;
pub mod signups;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &mrr::Mrr::SPEC,
    &movements::Movements::SPEC,
    &active_users::ActiveUsers::SPEC,
    &signups::Signups::SPEC,
    &drivers::Drivers::SPEC,
];

/// The panels that have a chart, in order.
pub const ROOMS: &[Room] = &[
    Room::of::<mrr::Mrr>(),
    Room::of::<movements::Movements>(),
    Room::of::<active_users::ActiveUsers>(),
    Room::of::<signups::Signups>(),
];
