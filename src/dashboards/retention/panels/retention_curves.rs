//! Who stays the longest?

use super::super::curves::{Curves, Form, Group, LEAST_OBSERVED, Point};
use super::super::options::{Grain, RetentionOptions};
use super::super::people::{PEOPLE, came_back, observed, shown};
use crate::dashboards::claims::{larger, range};
use crate::dashboards::prelude::*;
use crate::dashboards::segment_colours::{segment_colour, segment_name};
use crate::results::retention::SegmentPeriod;
use crate::results::shares::FEWEST_FOR_A_CLAIM;

/// How many people of each of the largest segments came back in each period.
pub struct RetentionCurves;

impl Source for RetentionCurves {
    type Row = SegmentPeriod;
    type Options = RetentionOptions;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, options: &RetentionOptions) -> String {
        let (_, last_period) = options.grain.shown();
        statement!(
            "retention_curves.sql",
            filters,
            by = options.by.key(),
            days_in_period = options.grain.days(),
            observed = observed(filters, options),
            came_back = came_back(filters, options),
            last_period = last_period,
            least_observed = LEAST_OBSERVED,
        )
    }
}

impl Panel for RetentionCurves {
    const SPEC: PanelSpec = PanelSpec {
        id: "retention-curves",
        title: "Who stays the longest?",
        unit: "Share that came back, percent, by time since signup",
        form: "line chart",
        model: "cohort_retention",
        defined_by: "retention",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "sets the segment",
        rows: "the people of the segment who came back in the period",
        span: "span-6 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = RetentionOptions;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, view.options)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed, signups")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (options, filters) = (*view.options, &view.filters);
        let groups = segments(&view.rows).into_iter().enumerate();
        let groups = groups.map(|(position, segment)| Group {
            name: segment_name(options.by, &segment),
            colour: segment_colour(theme, options.by, &segment, position),
            key: segment,
        });
        let curves = Curves {
            form: Form::Lines,
            unit: match options.grain {
                Grain::Week => "weeks",
                Grain::Month => "months",
            },
            groups: groups.collect(),
            points: view.rows.iter().filter_map(point).collect(),
            before: view.before.iter().filter_map(point).collect(),
            heading: Box::new(move |period| {
                format!("{} {period} after the signup", words(options.grain.key()))
            }),
        };
        let marks = view.rows.iter().filter(|row| row.rate.is_some());
        let marks = marks.map(|row| people_of(row, filters, options)).collect();
        curves.figure(marks, theme)
    }
}

/// What is drawn of a row: nothing of nobody.
fn point(row: &SegmentPeriod) -> Option<Point> {
    let rate = row.rate?;
    let people = COUNT.full(row.eligible as f64);
    Some(Point {
        group: row.segment.clone(),
        period: row.period,
        rate,
        interval: row.retention().interval(),
        is_firm: row.retention().is_enough(),
        told: format!("{} of {people}", PERCENT.full(rate)),
        beside: Vec::new(),
    })
}

/// The people of the segment who came back. A click sets the segment.
fn people_of(row: &SegmentPeriod, filters: &Filters, options: RetentionOptions) -> PanelMark {
    let (filters, segment, period) = (filters.clone(), row.segment.clone(), row.period);
    let name = segment_name(options.by, &segment);
    PanelMark::new(
        format!("{}.{period}", segment.replace('+', "up")),
        format!("{name}, {} {period}", options.grain.key()),
    )
    .only(options.by, &row.segment)
    .counted(PEOPLE, row.retained, move || {
        let people = statement!(
            "retention_curves_rows.sql",
            &filters,
            came_back = came_back(&filters, &options),
            period = period,
            by = options.by.key(),
            segment = segment.as_str(),
        );
        shown(&filters, people)
    })
}

/// The segments, the best kept at the last period they share first; those with too few people last.
fn segments(rows: &[SegmentPeriod]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| row.segment.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let shared = shared_period(rows, &names);
    let kept = |name: &str| retention_at(rows, name, shared);
    let has_enough = |name: &str| kept(name).is_some_and(Share::is_enough);
    let rate = |name: &str| kept(name).and_then(Share::rate).unwrap_or(-1.0);
    names.sort_by(|one, other| {
        has_enough(other)
            .cmp(&has_enough(one))
            .then_with(|| rate(other).total_cmp(&rate(one)))
            .then_with(|| one.cmp(other))
    });
    names
}

/// The last period in which every segment still has enough people, of those that had enough after the first; where
/// none had, in which every segment still has people.
fn shared_period(rows: &[SegmentPeriod], names: &[String]) -> i64 {
    let last_of = |name: &String, fewest: i64| {
        let of_segment = rows.iter().filter(|row| row.segment == *name);
        let periods = of_segment.filter(|row| row.eligible >= fewest);
        periods.map(|row| row.period).max()
    };
    let with_enough = names.iter();
    let with_enough = with_enough.filter_map(|name| last_of(name, FEWEST_FOR_A_CLAIM));
    let with_people = || names.iter().filter_map(|name| last_of(name, 1)).min();
    let shared = with_enough.filter(|period| *period > 0).min();
    shared.or_else(with_people).unwrap_or(0)
}

/// How many of a segment came back in a period.
fn retention_at(rows: &[SegmentPeriod], name: &str, period: i64) -> Option<Share> {
    let mut of_segment = rows.iter().filter(|row| row.segment == name);
    let row = of_segment.find(|row| row.period == period);
    row.map(SegmentPeriod::retention)
}

/// Who stays the longest?
#[must_use]
pub fn sentence(rows: &[SegmentPeriod], options: &RetentionOptions) -> Option<String> {
    let names = segments(rows);
    let period = shared_period(rows, &names);
    let unit = options.grain.key();
    let mut kept: Vec<(&String, Share)> = names
        .iter()
        .filter_map(|name| Some((name, retention_at(rows, name, period)?)))
        .collect();
    let largest = kept.iter().map(|(_, kept)| kept.whole).max()?;
    let all = kept.len();
    kept.retain(|(_, kept)| kept.is_enough());
    let (Some(best), Some(worst)) = (kept.first(), kept.last()) else {
        return Some(too_few("people", "segment", largest));
    };
    let (high, low) = (best.1.rate()?, worst.1.rate()?);
    let name = |value: &str| segment_name(options.by, value);
    if kept.len() == 1 {
        return Some(format!(
            "{}: {} of {} are still active in {unit} {period}.",
            name(best.0),
            share(high),
            counted(best.1.whole.unsigned_abs(), "person")
        ));
    }
    Some(if best.1.is_clearly_first_of(kept.len(), worst.1) {
        format!(
            "{} retains best, {} in {unit} {period}; {} retains {}.",
            name(best.0),
            share(high),
            name(worst.0),
            share(low)
        )
    } else {
        format!(
            "No clear difference: in {unit} {period} each {}segment retains {}.",
            larger(kept.len() < all),
            range(low, high)
        )
    })
}
