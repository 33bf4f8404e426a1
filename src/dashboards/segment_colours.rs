//! How the values of a dimension are named and coloured, the same on every page.

use super::filter_words::value_label;
use crate::components::theme::Theme;
use crate::state::filters::Dimension;

/// The colour of a value; `position` decides where a dimension has more values than colours.
#[must_use]
pub fn segment_colour(
    theme: &Theme,
    dimension: Dimension,
    value: &str,
    position: usize,
) -> &'static str {
    let categories = [
        theme.teal,
        theme.orange,
        theme.blue,
        theme.ochre,
        theme.plum,
        theme.slate,
        theme.rose,
    ];
    let place = match dimension {
        Dimension::Plan => return theme.plan(value),
        // More countries than colours: the largest first.
        Dimension::Country => Some(position),
        _ => dimension.values().iter().position(|other| *other == value),
    };
    place
        .and_then(|place| categories.get(place).copied())
        .unwrap_or(theme.other)
}

/// The name of a value in a chart, short; [`value_label`] has more room.
///
/// [`value_label`]: super::filter_words::value_label
#[must_use]
pub fn segment_name(dimension: Dimension, value: &str) -> String {
    match dimension {
        Dimension::Size => value.replace('-', "–"),
        _ => value_label(dimension, value),
    }
}
