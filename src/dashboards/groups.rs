//! A metric split by a dimension: one row a value, drawn as bars.

use std::collections::BTreeMap;

use super::claims::{WITHIN_CHANCE, is_within_chance};
use super::fetched::Fetched;
use super::marks::PanelMark;
use super::plot::{Figure, Plot, Series};
use crate::components::format::{ValueFormat, change, relative_change, words};
use crate::components::theme::Theme;
use crate::results::{Cells, Columns, DecodeError, Row};
use crate::state::filters::Dimension;
use crate::state::metric::Ask;

/// A value of a dimension, with what was counted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The value, as spelled in the data.
    pub name: String,
    /// How many there were.
    pub count: i64,
}

impl Row for Group {
    /// The dimension stands first, the metric second, each under its own name.
    fn read(columns: &Columns<'_>) -> Result<Vec<Self>, DecodeError> {
        let (names, counts) = (columns.at(0)?, columns.at(1)?);
        let group = |row: usize| {
            Ok(Self {
                name: names.at(row)?,
                count: counts.at(row)?,
            })
        };
        (0..columns.count_rows()).map(group).collect()
    }
}

/// Bars with their counts, the largest on top, and ticks where the period before stood. With some values of the
/// dimension chosen, the others are pale; a click on one chooses it, and the rows behind it are the metric's own.
#[must_use]
pub fn bars(
    groups: &Fetched<Group>,
    ask: &Ask,
    dimension: Dimension,
    (name, noun): (&'static str, (&'static str, &'static str)),
    theme: &'static Theme,
) -> Figure {
    let total: i64 = groups.rows.iter().map(|group| group.count).sum();
    let before = groups.before.iter();
    let before = before.map(|group| (group.name.clone(), group.count));
    let before: BTreeMap<String, i64> = before.collect();
    let then = before.clone();
    let chosen = groups.filters.values(dimension).to_vec();
    let (filters, ask) = (groups.filters.clone(), ask.clone());
    Plot::of_names(&groups.rows, ValueFormat::Count, theme, |group| {
        words(&group.name)
    })
    .lying()
    .room(44.0)
    .series(Series::bars(name, theme.accent, 58, |group: &Group| group.count).with_figures())
    .line("Share", move |group| {
        (total > 0).then(|| ValueFormat::Percent.full(group.count as f64 / total as f64))
    })
    .series(Series::ticks(
        "Period before",
        theme.ink,
        move |group: &Group| before.get(&group.name).copied(),
    ))
    .line("Change", move |group| {
        let before = *then.get(&group.name)?;
        let growth = change(relative_change(group.count as f64, before as f64)?);
        Some(if is_within_chance(group.count, before) {
            format!("{growth}, {WITHIN_CHANCE}")
        } else {
            growth
        })
    })
    .pale(move |group| !chosen.is_empty() && !chosen.contains(&group.name.as_str()))
    .mark(move |group| {
        let (filters, ask, value) = (filters.clone(), ask.clone(), group.name.clone());
        PanelMark::new(&group.name, words(&group.name))
            .only(dimension, &group.name)
            .counted(noun, group.count, move || ask.rows_sql(&filters, &value))
    })
    .figure()
}
