//! The page's panels, a file each, with their statements.

use crate::dashboards::declared::Panel;
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
