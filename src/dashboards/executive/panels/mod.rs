//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
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
