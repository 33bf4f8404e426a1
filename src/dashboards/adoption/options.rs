//! What the reader of the page can choose besides the filters; all of it is in the URL.

use crate::dashboards::choices::choices;
use crate::state::filters::Dimension;

choices! {
    /// How adoption curves run.
    Curve {
        /// Over the calendar: of each week's active users.
        #[default]
        OverTime = "weekly", "Week by week";
        /// Since the user could first have the feature.
        SinceStart = "since_start", "Since first possible";
    }
}

/// Dimensions that split the page's panels.
pub const GROUPS: [Dimension; 4] = [
    Dimension::Segment,
    Dimension::Plan,
    Dimension::Size,
    Dimension::Channel,
];

/// What splits users into groups: usually the segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By(pub Dimension);

impl Default for By {
    fn default() -> Self {
        Self(Dimension::Segment)
    }
}

/// The dimension of the URL key `by`; anything else is the segment.
#[must_use]
pub fn group_of(key: Option<&str>) -> Dimension {
    let named = |dimension: &Dimension| Some(dimension.key()) == key;
    GROUPS.into_iter().find(named).unwrap_or(Dimension::Segment)
}

/// Days within which a feature must be taken up to count.
pub const WINDOWS: [u32; 3] = [7, 30, 90];

/// The days within which a feature must be taken up to count: usually 30.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within(pub u32);

impl Default for Within {
    fn default() -> Self {
        Self(30)
    }
}

/// The window of the URL key `within`; anything else is 30 days.
#[must_use]
pub fn window_of(key: Option<&str>) -> u32 {
    let given = key.and_then(|key| key.parse().ok());
    given.filter(|days| WINDOWS.contains(days)).unwrap_or(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_link_says_is_one_of_what_there_is() {
        for curve in Curve::ALL {
            assert_eq!(Curve::of(Some(curve.key())), curve);
        }
        assert_eq!(Curve::of(Some("'; drop table x")), Curve::OverTime);
        assert_eq!(group_of(Some("plan")), Dimension::Plan);
        assert_eq!(group_of(Some("country")), Dimension::Segment);
        assert_eq!(
            (
                window_of(Some("90")),
                window_of(Some("91")),
                window_of(None)
            ),
            (90, 30, 30)
        );
    }
}
