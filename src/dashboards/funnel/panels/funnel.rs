//! Where do people drop off?

use charming::element::{BorderType, ItemStyle};

use super::people::{at_step, people, unless_nobody};
use super::time_to_convert::span;
use crate::dashboards::claims::{count_or_none, interval};
use crate::dashboards::compared::period_words;
use crate::dashboards::funnel::options::{FunnelOptions, Shown, Step};
use crate::dashboards::prelude::*;
use crate::results::funnel::FunnelStep;

/// How many people reached each step within the window.
pub struct Funnel;

impl Source for Funnel {
    type Row = FunnelStep;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        steps_sql(filters, options, None)
    }
}

/// How many people reached each step, of everyone or by the values of a dimension.
pub(super) fn steps_sql(
    filters: &Filters,
    options: &FunnelOptions,
    by: Option<&'static str>,
) -> String {
    let window_secs = options.window_secs();
    statement!("funnel.sql", filters, by = by, window_secs = window_secs)
}

impl Panel for Funnel {
    const SPEC: PanelSpec = PanelSpec {
        id: "funnel",
        title: "Where do people drop off?",
        unit: "People who signed up in the range, by furthest step within the window",
        form: "funnel of bars aligned left",
        model: "funnel_analysis",
        defined_by: "ordered_funnel",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "",
        rows: "the people who reached the step, who still can, or who dropped before it",
        span: "span-7 tall",
        keys: &[
            ("Reached", "teal"),
            ("Still in the window", "waiting"),
            ("Dropped", "faint"),
            ("Dropped before the selected step", "lost"),
        ],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = Shown;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let earlier = period_words(&view.filters, view.basis);
        sentence(&view.rows, &view.options.chosen, &earlier)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let mark = "Ticks, at the rates of those whose window has closed";
        told(&view.filters, view.basis, mark)
    }

    /// How many reached each step, who still can, and who no longer can (in colour before the chosen step).
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let Shown { chosen, is_narrow } = *view.options;
        let steps = of_everyone(&view.rows);
        let signups = steps.first().map_or(0, |row| row.reached);
        let bars = |name, colour, count: fn(&FunnelStep) -> i64| {
            Series::bars(name, colour, 62, count).stacked("people")
        };
        let mark = |outcome, label, count: fn(&FunnelStep) -> i64| {
            let filters = view.filters.clone();
            move |row: &FunnelStep| {
                let mark = people_at(row, (outcome, label), count(row), &filters, &chosen);
                unless_nobody(mark)
            }
        };
        let waiting = with_opacity(theme.teal, 0.16);
        let after_first =
            |row: &FunnelStep, count: i64| (row.number > 1).then(|| COUNT.full(count as f64));
        let rate = |row: &FunnelStep, rate: Option<f64>| {
            rate.filter(|_| row.number > 1)
                .map(|rate| PERCENT.full(rate))
        };
        let settled = |row: &FunnelStep| row.settled_overall_rate.zip(row.previous_overall_rate);
        Plot::of_names(&steps, COUNT, theme, step_name)
            .lying()
            .room(if is_narrow { 56.0 } else { 130.0 })
            .reach(signups.max(1) as f64)
            .series(
                bars("Reached", theme.teal, |row| row.reached)
                    .figures(theme.ink, move |row| Some(rates(row, is_narrow)))
                    .mark(mark("reached", "reached", |row| row.reached)),
            )
            .series(
                bars("Still in the window", theme.teal, |row| row.still_in_window)
                    .untold()
                    .styled(move |_| {
                        ItemStyle::new()
                            .color(waiting.as_str())
                            .border_color(theme.teal)
                            .border_width(1)
                            .border_type(BorderType::Dashed)
                    })
                    .mark(mark("open", "still in the window", |row| {
                        row.still_in_window
                    })),
            )
            .line("Still in the window", move |row| {
                after_first(row, row.still_in_window)
            })
            .series(
                bars("Dropped", theme.other, |row| row.dropped)
                    .told_by(move |row| after_first(row, row.dropped))
                    .styled(move |row| {
                        let is_chosen = Step::named(&row.step) == Some(chosen.step);
                        let (hue, opacity) = if is_chosen {
                            (theme.orange, 0.6)
                        } else {
                            (theme.other, 0.28)
                        };
                        ItemStyle::new().color(with_opacity(hue, opacity).as_str())
                    })
                    .mark(mark("dropped", "dropped before it", |row| row.dropped)),
            )
            .total("Reached the step before", move |row| {
                after_first(row, row.entered)
            })
            .line("Of the step", move |row| {
                rate(row, row.step_rate.and(row.overall_rate).and(row.step_rate))
            })
            .line("Of all", move |row| {
                rate(row, row.step_rate.and(row.overall_rate))
            })
            .line("95% interval", move |row| {
                rate(row, row.step_rate.and(row.overall_rate))?;
                interval(Share::new(row.reached, signups))
            })
            .line("Of those whose window has closed", move |row| {
                settled(row).map(|(now, _)| PERCENT.full(now))
            })
            .series(
                Series::ticks("Period before", theme.ink, move |row: &FunnelStep| {
                    Some(row.previous_overall_rate? * signups as f64)
                })
                .told_as("The same, period before")
                .told_by(move |row| settled(row).map(|(_, before)| PERCENT.full(before))),
            )
            .line("Median since the step before", |row| {
                row.median_hours.map(span)
            })
            .figure()
    }
}

/// Those who reached a step, who still can, or who dropped before it.
fn people_at(
    row: &FunnelStep,
    (outcome, label): (&'static str, &str),
    count: i64,
    filters: &Filters,
    options: &FunnelOptions,
) -> PanelMark {
    let (step, options) = (Step::named(&row.step).unwrap_or_default(), *options);
    let mark = PanelMark::new(
        format!("{}.{outcome}", step.key()),
        format!("{}: {label}", step_name(row)),
    );
    people(mark, count, filters, move |filters| {
        at_step(filters, &options, step, outcome)
    })
}

/// The steps of everyone together, in order.
#[must_use]
pub fn of_everyone(rows: &[FunnelStep]) -> Vec<FunnelStep> {
    let steps = rows.iter().filter(|row| row.segment == "all");
    let mut steps: Vec<FunnelStep> = steps.cloned().collect();
    steps.sort_by_key(|row| row.number);
    steps
}

/// The name of a step on screen.
#[must_use]
pub fn step_name(row: &FunnelStep) -> String {
    Step::named(&row.step).map_or_else(|| row.step.clone(), |step| step.label().to_owned())
}

/// "2,618 · 71.2% of step · 26.4% of all", or, on two lines, "2,618" and "26.4%".
fn rates(row: &FunnelStep, is_narrow: bool) -> String {
    let reached = COUNT.full(row.reached as f64);
    match (row.number, row.step_rate, row.overall_rate) {
        (1, _, _) | (_, None, _) | (_, _, None) => reached,
        (_, _, Some(overall)) if is_narrow => format!("{reached}\n{}", share(overall)),
        // The step before is the signup: both rates are the same.
        (2 | 3, Some(step), _) => format!("{reached} · {}", share(step)),
        (_, Some(step), Some(overall)) => {
            let (step, overall) = (share(step), share(overall));
            format!("{reached} · {step} of step · {overall} of all")
        }
    }
}

/// The step that loses the largest share of those who reached the step before, of those whose time
/// is over; `None` while a step has too few of them to be ranked, or where nobody was lost.
pub(crate) fn worst(steps: &[FunnelStep]) -> Option<&FunnelStep> {
    let lost = |row: &FunnelStep| row.dropped as f64 / (row.reached + row.dropped) as f64;
    let after = || steps.iter().filter(|row| row.number > 1);
    if !after().all(|row| is_enough(row.reached + row.dropped)) {
        return None;
    }
    after()
        .max_by(|one, other| lost(one).total_cmp(&lost(other)))
        .filter(|row| row.dropped > 0)
}

/// People whose time is over, at most: those who still have time stand at the step they have not
/// reached.
fn settled(steps: &[FunnelStep]) -> i64 {
    let signed_up = steps.first().map_or(0, |first| first.reached);
    signed_up - steps.iter().map(|row| row.still_in_window).sum::<i64>()
}

/// Whether somebody's window has not closed.
pub(crate) fn has_time(steps: &[FunnelStep]) -> bool {
    steps.iter().any(|row| row.still_in_window > 0)
}

/// Said of a rate that those whose window has not closed may still raise.
pub(crate) fn so_far(steps: &[FunnelStep]) -> &'static str {
    if has_time(steps) { " so far" } else { "" }
}

/// Where do people drop off? `earlier` names what the range is set against: "the 76 days before".
#[must_use]
pub fn sentence(rows: &[FunnelStep], options: &FunnelOptions, earlier: &str) -> Option<String> {
    let steps = of_everyone(rows);
    let (first, last) = (steps.first()?, steps.last()?);
    if first.reached == 0 {
        return None;
    }
    let mut sentence = format!(
        "Of {} signups {} went through all steps and {} within {} days of the signup",
        COUNT.full(first.reached as f64),
        count_or_none(last.reached),
        Step::named(&last.step).map_or("went on", Step::deed),
        options.window
    );
    if !is_enough(first.reached) {
        sentence.push_str(": too few people for a rate.");
        return Some(sentence);
    }
    match last.reached {
        0 => sentence.push_str(so_far(&steps)),
        _ => {
            let rate = share(last.overall_rate?);
            sentence.push_str(&format!(" ({rate}{})", so_far(&steps)));
        }
    }
    let comparable = last
        .previous_overall_rate
        .filter(|_| last.reached > 0 && is_enough(settled(&steps)));
    if let Some(difference) =
        comparable.and_then(|before| relative_change(last.settled_overall_rate?, before))
    {
        let of_which = if has_time(&steps) {
            " among those whose window has closed"
        } else {
            ""
        };
        sentence.push_str(&format!(", {} on {earlier}{of_which}", change(difference)));
    }
    if let Some(worst) = worst(&steps) {
        let lost = worst.dropped as f64 / (worst.reached + worst.dropped) as f64;
        sentence.push_str(&format!(
            "; the largest drop-off is before “{}”: {} of people whose window has closed never got there",
            step_name(worst).to_lowercase(),
            share(lost)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
