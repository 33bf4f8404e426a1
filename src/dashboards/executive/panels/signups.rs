//! Where do new users come from?

use crate::dashboards::claims::{WITHIN_CHANCE, is_within_chance};
use crate::dashboards::compared::period_words;
use crate::dashboards::groups::{self, Group};
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::of_all;
use crate::state::metric::Ask;

const ASK: Ask = Ask::metric("signups").by(Dimension::Channel);

/// Signups of the range by channel, most first.
pub struct Signups;

impl Source for Signups {
    type Row = Group;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, (): &()) -> String {
        ASK.sql(filters)
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
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let earlier = period_words(&view.filters, view.basis);
        let answer = sentence(&view.rows, &view.before, &earlier)?;
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
        let named = ("Signups", ("signup", "signups"));
        groups::bars(view, &ASK, Dimension::Channel, named, theme)
    }
}

/// Where do new users come from? `earlier` says what the range is set against: "the 76 days before".
#[must_use]
pub fn sentence(rows: &[Group], before: &[Group], earlier: &str) -> Option<String> {
    // Of equals, the one that stands first in the chart.
    let leader = rows
        .iter()
        .min_by_key(|row| (std::cmp::Reverse(row.count), &row.name))?;
    let total: i64 = rows.iter().map(|row| row.count).sum();
    if total == 0 {
        return Some("No one signed up in this range.".to_owned());
    }
    if !is_enough(total) {
        return Some(format!(
            "{}: too few people to compare channels.",
            counted(total.unsigned_abs(), "signup")
        ));
    }
    let share = share(leader.count as f64 / total as f64);
    let mut sentence = format!(
        "{} brought {share} of {} signups",
        words(&leader.name),
        COUNT.full(total as f64),
    );
    let before: i64 = before.iter().map(|row| row.count).sum();
    let before = Some(before).filter(|before| is_enough(*before));
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
