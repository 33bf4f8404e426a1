//! Where do new users come from?

use crate::components::format::{ValueFormat, change, counted, relative_change, share, words};
use crate::components::theme::Theme;
use crate::dashboards::claims::{WITHIN_CHANCE, is_enough, is_within_chance};
use crate::dashboards::compared::{period_words, told};
use crate::dashboards::declared::{Panel, Source, View};
use crate::dashboards::marks::PanelMark;
use crate::dashboards::plot::{Figure, Plot, Series};
use crate::dashboards::remarks::of_all;
use crate::dashboards::spec::{AND_COMPARE, PanelSpec, PlanOf};
use crate::results::executive::ChannelSignups;
use crate::state::filters::{Basis, Dimension, Filters};
use crate::state::statement::statement;

/// Signups of the range by channel, most first, beside those of the period before.
pub struct Signups;

impl Source for Signups {
    type Row = ChannelSignups;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("signups.sql", filters)
    }
}

impl Panel for Signups {
    const SPEC: PanelSpec = PanelSpec {
        id: "signups",
        title: "Where do new users come from?",
        unit: "Signups in the range, by last-touch channel",
        form: "bar chart",
        model: "fct_signups",
        defined_by: "fct_signups",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "sets the channel",
        rows: "the people who signed up through the channel",
        span: "span-5",
        keys: &[],
    };
    const TICKS: ValueFormat = ValueFormat::Count;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let answer = sentence(&view.rows, &period_words(&view.filters, view.basis))?;
        Some(of_all(
            answer,
            &view.filters,
            Dimension::Channel,
            "channels",
        ))
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Ticks")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let total: i64 = view.rows.iter().map(|row| row.signups).sum();
        let chosen = view.filters.values(Dimension::Channel).to_vec();
        let filters = view.filters.clone();
        let count = |row: &ChannelSignups| row.signups;
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| words(&row.channel))
            .lying()
            .room(44.0)
            .series(Series::bars("Signups", theme.accent, 58, count).with_figures())
            .line("Share", move |row| {
                (total > 0).then(|| ValueFormat::Percent.full(row.signups as f64 / total as f64))
            })
            .series(Series::ticks(
                "Period before",
                theme.ink,
                |row: &ChannelSignups| row.before,
            ))
            .line("Change", since_before)
            .pale(move |row| !chosen.is_empty() && !chosen.contains(&row.channel.as_str()))
            .mark(move |row| {
                let (filters, channel) = (filters.clone(), row.channel.clone());
                PanelMark::new(&row.channel, words(&row.channel))
                    .only(Dimension::Channel, &row.channel)
                    .counted(("signup", "signups"), row.signups, move || {
                        statement!("signups_rows.sql", &filters, channel = channel.as_str())
                    })
            })
            .figure()
    }
}

fn since_before(row: &ChannelSignups) -> Option<String> {
    let before = row.before?;
    let growth = change(relative_change(row.signups as f64, before as f64)?);
    Some(if is_within_chance(row.signups, before) {
        format!("{growth}, {WITHIN_CHANCE}")
    } else {
        growth
    })
}

/// Where do new users come from? `earlier` says what the range is set against: "the 76 days before".
#[must_use]
pub fn sentence(rows: &[ChannelSignups], earlier: &str) -> Option<String> {
    // Of equals, the one that stands first in the chart.
    let leader = rows
        .iter()
        .min_by_key(|row| (std::cmp::Reverse(row.signups), &row.channel))?;
    let total: i64 = rows.iter().map(|row| row.signups).sum();
    if total == 0 {
        return Some("No one signed up in this range.".to_owned());
    }
    if !is_enough(total) {
        return Some(format!(
            "{}: too few people to compare channels.",
            counted(total.unsigned_abs(), "signup")
        ));
    }
    let share = share(leader.signups as f64 / total as f64);
    let mut sentence = format!(
        "{} brought {share} of {} signups",
        words(&leader.channel),
        ValueFormat::Count.full(total as f64),
    );
    let before: Option<i64> = rows.iter().map(|row| row.before).sum();
    let before = before.filter(|before| is_enough(*before));
    if let Some((before, difference)) =
        before.and_then(|before| Some((before, relative_change(total as f64, before as f64)?)))
    {
        if total == before {
            sentence.push_str(&format!("; overall, as many as in {earlier}"));
        } else {
            sentence.push_str(&format!("; overall, {} on {earlier}", change(difference)));
        }
        if total != before && is_within_chance(total, before) {
            sentence.push_str(&format!(", which is {WITHIN_CHANCE}"));
        }
    }
    sentence.push('.');
    Some(sentence)
}
