//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
use crate::dashboards::rooms::Room;
use crate::dashboards::spec::PanelSpec;

pub mod adoption_curves;
pub mod adoption_curves_since_start;
pub mod feature_groups;
pub mod headline;
pub mod power_users;
pub mod rfm;
pub mod segment_map;
pub mod segment_profiles;
pub mod stickiness;
pub mod time_to_adopt;

/// The panels, in order.
pub const PANELS: &[&PanelSpec] = &[
    &adoption_curves::AdoptionCurves::SPEC,
    &feature_groups::FeatureGroups::SPEC,
    &stickiness::Stickiness::SPEC,
    &power_users::PowerUsers::SPEC,
    &time_to_adopt::TimeToAdopt::SPEC,
    &segment_map::SegmentMap::SPEC,
    &segment_profiles::SegmentProfiles::SPEC,
    &rfm::Rfm::SPEC,
];

/// The panels that have a chart, in order; since their start, curves are a choice of the first.
pub const ROOMS: &[Room] = &[
    Room::of::<adoption_curves::AdoptionCurves>(),
    Room::of::<feature_groups::FeatureGroups>(),
    Room::of::<stickiness::Stickiness>(),
    Room::of::<power_users::PowerUsers>(),
    Room::of::<time_to_adopt::TimeToAdopt>(),
    Room::of::<segment_map::SegmentMap>(),
    Room::of::<segment_profiles::SegmentProfiles>(),
    Room::of::<rfm::Rfm>(),
];
