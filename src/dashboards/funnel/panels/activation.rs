//! Which channels activate?

use charming::element::ItemStyle;

use super::people::people;
use super::time_to_convert::span;
use crate::dashboards::claims::larger;
use crate::dashboards::prelude::*;
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::ChannelActivation;

/// How many of each channel's signups activated within seven days, the best first.
pub struct Activation;

impl Source for Activation {
    type Row = ChannelActivation;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("activation.sql", filters)
    }
}

impl Panel for Activation {
    const SPEC: PanelSpec = PanelSpec {
        id: "activation",
        title: "Which channels activate?",
        unit: "Activated within seven days of signup. Lines: 95% interval",
        form: "bars with intervals",
        model: "fct_activation",
        defined_by: "activation",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "sets the channel",
        rows: "the people of the channel who activated",
        span: "span-5 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Orange ticks")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let filters = view.filters.clone();
        let ends = view
            .rows
            .iter()
            .flat_map(|row| [row.upper, row.previous_rate]);
        let highest = ends.flatten().fold(0.0, f64::max);
        Plot::of_names(&view.rows, PERCENT, theme, name)
            .lying()
            .room(56.0)
            .reach((highest * 1.02).max(0.01))
            .figures_aligned()
            .series(
                Series::bars("Activated", theme.accent, 58, |row: &ChannelActivation| {
                    row.rate.unwrap_or(0.0)
                })
                .told_by(|row| row.rate.map(|rate| PERCENT.full(rate)))
                .styled(|row| {
                    let is_enough = row.activation().is_enough();
                    let opacity = if is_enough { 0.75 } else { PALE };
                    let colour = with_opacity(theme.accent, opacity);
                    ItemStyle::new().color(colour.as_str())
                })
                .figures(theme.ink, |row| {
                    Some(row.rate.map_or_else(|| "–".to_owned(), share))
                }),
            )
            .series(Series::whiskers(
                theme.ink,
                1.25,
                |row: &ChannelActivation| row.lower,
                |row| row.upper,
            ))
            .line("95% interval", |row| {
                let (lower, upper) = (PERCENT.full(row.lower?), PERCENT.full(row.upper?));
                Some(format!("{lower} to {upper}"))
            })
            .series(Series::ticks(
                "Period before",
                theme.orange,
                |row: &ChannelActivation| row.previous_rate,
            ))
            .line("People", |row| Some(COUNT.full(row.activated as f64)))
            .line("of signups", |row| Some(COUNT.full(row.eligible as f64)))
            .line("Median time to activation", |row| {
                row.median_hours.map(span)
            })
            .mark(move |row| activated(row, &filters))
            .figure()
    }
}

fn name(row: &ChannelActivation) -> String {
    segment_name(Dimension::Channel, &row.channel)
}

/// The people of a channel who activated. A click sets the channel.
fn activated(row: &ChannelActivation, filters: &Filters) -> PanelMark {
    let channel = row.channel.clone();
    let mark = PanelMark::new(&row.channel, format!("{}: activated", name(row)));
    let mark = mark.only(Dimension::Channel, &row.channel);
    people(mark, row.activated, filters, move |filters| {
        let channel = channel.as_str();
        statement!("activation_people.sql", filters, channel = channel)
    })
}

/// Which channels bring people who activate?
#[must_use]
pub fn sentence(rows: &[ChannelActivation]) -> Option<String> {
    let eligible: i64 = rows.iter().map(|row| row.eligible).sum();
    let activated: i64 = rows.iter().map(|row| row.activated).sum();
    let mut rated: Vec<&ChannelActivation> = rows.iter().filter(|row| row.rate.is_some()).collect();
    let largest = rated.iter().map(|row| row.eligible).max()?;
    let all = rated.len();
    rated.retain(|row| row.activation().is_enough());
    let (Some(best), Some(worst)) = (rated.first(), rated.last()) else {
        return Some(too_few("people", "channel", largest));
    };
    let (high, low) = (share(best.rate?), share(worst.rate?));
    if rated.len() == 1 {
        return Some(format!("{high} of signups from {} activate.", name(best)));
    }
    let is_clear = best
        .activation()
        .is_clearly_first_of(rated.len(), worst.activation());
    let channels = if is_clear {
        let (best, worst) = (name(best), name(worst));
        format!(": {high} from {best}, but only {low} from {worst}.")
    } else {
        let larger = larger(rated.len() < all);
        format!(". The {larger}channels range from {low} to {high} and cannot be told apart.")
    };
    let mean = share(activated as f64 / eligible as f64);
    Some(format!(
        "{mean} of signups activate within seven days{channels}"
    ))
}
