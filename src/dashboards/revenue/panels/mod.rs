//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
use crate::dashboards::spec::PanelSpec;

pub mod dunning;
pub mod ltv_deciles;
pub mod quick_ratio;
pub mod refunds;
pub mod revenue_anomalies;
pub mod revenue_plans;
pub mod revenue_retention;
pub mod waterfall;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &waterfall::Waterfall::SPEC,
    &revenue_plans::RevenuePlans::SPEC,
    &revenue_retention::RevenueRetention::SPEC,
    &quick_ratio::QuickRatio::SPEC,
    &dunning::Dunning::SPEC,
    &refunds::Refunds::SPEC,
    &revenue_anomalies::RevenueAnomalies::SPEC,
    &ltv_deciles::LtvDeciles::SPEC,
];

/// The panels that have a chart, in order.
pub const ROOMS: &[Room] = &[
    Room::of::<waterfall::Waterfall>(),
    Room::of::<revenue_plans::RevenuePlans>(),
    Room::of::<revenue_retention::RevenueRetention>(),
    Room::of::<quick_ratio::QuickRatio>(),
    Room::of::<dunning::Dunning>(),
    Room::of::<refunds::Refunds>(),
    Room::of::<revenue_anomalies::RevenueAnomalies>(),
    Room::of::<ltv_deciles::LtvDeciles>(),
];
