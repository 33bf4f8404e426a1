//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
use crate::dashboards::spec::PanelSpec;

pub mod at_risk;
pub mod calibration;
pub mod health;
pub mod health_fate;
pub mod health_parts;
pub mod lead_time;
pub mod lift;
pub mod mrr_at_risk;
pub mod risk;
pub mod roc;
pub mod threshold;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &threshold::Threshold::SPEC,
    &risk::Risk::SPEC,
    &at_risk::AtRisk::SPEC,
    &mrr_at_risk::MrrAtRisk::SPEC,
    &lead_time::LeadTime::SPEC,
    &roc::Roc::SPEC,
    &calibration::Calibration::SPEC,
    &lift::Lift::SPEC,
    &health::Health::SPEC,
    &health_parts::HealthParts::SPEC,
    &health_fate::HealthFate::SPEC,
];

/// The panels that have a chart, in order.
pub const ROOMS: &[Room] = &[
    Room::of::<threshold::Threshold>(),
    Room::of::<risk::Risk>(),
    Room::of::<mrr_at_risk::MrrAtRisk>(),
    Room::of::<lead_time::LeadTime>(),
    Room::of::<roc::Roc>(),
    Room::of::<calibration::Calibration>(),
    Room::of::<lift::Lift>(),
    Room::of::<health::Health>(),
    Room::of::<health_parts::HealthParts>(),
    Room::of::<health_fate::HealthFate>(),
];
