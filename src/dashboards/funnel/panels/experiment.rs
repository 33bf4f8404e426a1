//! Did the new onboarding work?

use charming::element::ItemStyle;

use super::people::{key_of, people};
use crate::dashboards::funnel::options::{FunnelOptions, Shown};
use crate::dashboards::prelude::*;
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::ExperimentResult;

/// The onboarding experiment's effect on activation, for everyone and by segment.
pub struct Experiment;

impl Source for Experiment {
    type Row = ExperimentResult;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        statement!(
            "experiment.sql",
            filters,
            by = options.by.key(),
            has_truth = options.has_truth,
        )
    }
}

impl Panel for Experiment {
    const SPEC: PanelSpec = PanelSpec {
        id: "experiment",
        title: "Did the new onboarding work?",
        unit: "Difference in activation, percentage points, with its 95% interval",
        form: "dots with intervals",
        model: "fct_experiment_results",
        defined_by: "experiment",
        acts: ALL_FILTERS,
        plan: PlanOf::Signup,
        click: "sets the segment",
        rows: "the people who took part",
        span: "span-5 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = Shown;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        Some(caption(&view.rows, view.options.chosen.by))
    }

    /// Each row's difference as a dot on its interval, against the line of no effect; the planted difference is a
    /// dashed line in ink.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let by = view.options.chosen.by;
        let filters = view.filters.clone();
        let planted = view.rows.first().and_then(|row| row.true_difference);
        let intervals = |width, of_everyone| {
            let only = move |row: &ExperimentResult, end: Option<f64>| {
                end.filter(|_| is_everyone(row) == of_everyone)
            };
            Series::whiskers(
                theme.accent,
                width,
                move |row: &ExperimentResult| only(row, row.lower),
                move |row| only(row, row.upper),
            )
        };
        Plot::of_names(&view.rows, PERCENT, theme, move |row| row_name(row, by))
            .lying()
            .scaled()
            .room(20.0)
            .series(
                Series::dots(
                    "Difference",
                    theme.accent,
                    10.0,
                    |row: &ExperimentResult| row.difference,
                )
                .styled(|_| ItemStyle::new().border_width(0))
                .told_by(|row| row.difference.map(points)),
            )
            .series(intervals(2.5, true))
            .series(intervals(1.5, false))
            .baseline(0.0)
            .reference("Truth", theme.ink, planted)
            .series(
                Series::diamonds("Planted", theme.ink, 15.0, |row: &ExperimentResult| {
                    row.true_difference.filter(|_| is_everyone(row))
                })
                .untold(),
            )
            .line("95% interval", |row| {
                let (lower, upper) = (points(row.lower?), points(row.upper?));
                Some(format!("{lower} to {upper}"))
            })
            .line("Treatment", |row| {
                rate_of(row.treatment_rate, row.treatment_users)
            })
            .line("Control", |row| {
                rate_of(row.control_rate, row.control_users)
            })
            .line("p", |row| row.p_value.map(|p| format!("{p:.3}")))
            .total("Planted", |row| row.true_difference.map(points))
            .mark(move |row| participants(row, by, &filters))
            .figure()
    }
}

fn points(value: f64) -> String {
    PERCENT.difference(value)
}

fn rate_of(rate: Option<f64>, users: i64) -> Option<String> {
    let (rate, users) = (PERCENT.full(rate?), COUNT.full(users as f64));
    Some(format!("{rate} of {users}"))
}

fn is_everyone(row: &ExperimentResult) -> bool {
    row.segment == "all"
}

/// The name of a row on screen.
fn row_name(row: &ExperimentResult, dimension: Dimension) -> String {
    if is_everyone(row) {
        "Everyone".to_owned()
    } else {
        segment_name(dimension, &row.segment)
    }
}

/// Those who took part. A click sets the segment.
fn participants(row: &ExperimentResult, by: Dimension, filters: &Filters) -> PanelMark {
    let segment = (!is_everyone(row)).then(|| row.segment.clone());
    let mark = PanelMark::new(
        key_of(&row.segment),
        format!("{}: participants", row_name(row, by)),
    );
    let mark = match &segment {
        Some(segment) => mark.only(by, segment),
        None => mark,
    };
    let count = row.control_users + row.treatment_users;
    people(mark, count, filters, move |filters| {
        statement!(
            "experiment_people.sql",
            filters,
            by = by.key(),
            segment = segment.clone(),
        )
    })
}

/// Did the new onboarding work?
#[must_use]
pub fn sentence(rows: &[ExperimentResult]) -> Option<String> {
    let all = rows.iter().find(|row| is_everyone(row))?;
    let (difference, lower, upper) = (all.difference?, all.lower?, all.upper?);
    let verdict = match (all.is_enough(), all.is_clear()) {
        (false, _) => "Too few people to tell",
        (true, true) if difference > 0.0 => "Yes",
        (true, true) => "No, it hurts",
        (true, false) => "Inconclusive",
    };
    let mut sentence = format!(
        "{verdict}: activation moved by {} ({} to {})",
        points(difference),
        points(lower),
        points(upper)
    );
    // Without a clear effect its size in relative terms would claim one.
    if let Some(lift) = all.lift.filter(|_| all.is_clear()) {
        sentence.push_str(&format!(", {} in relative terms", change(lift)));
    }
    if let Some(truth) = all.true_difference {
        let is_held = (lower..=upper).contains(&truth);
        sentence.push_str(&format!(
            "; the interval {} the planted {}",
            if is_held { "holds" } else { "misses" },
            points(truth)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Whether the split is sound, and what many looks cost.
#[must_use]
pub fn caption(rows: &[ExperimentResult], dimension: Dimension) -> String {
    let Some(all) = rows.iter().find(|row| is_everyone(row)) else {
        return String::new();
    };
    let split = format!(
        "{} with the change and {} without",
        COUNT.full(all.treatment_users as f64),
        COUNT.full(all.control_users as f64)
    );
    let check = match all.srm_p_value {
        _ if !all.is_enough() => format!("Too few people to check the split: {split}."),
        Some(p) if p < 0.001 => {
            format!("The split is broken ({split}; p = {p:.4}). Do not trust the result.")
        }
        Some(p) => format!("The split is balanced: {split} (p = {p:.2})."),
        None => String::new(),
    };
    let segments = || rows.iter().filter(|row| !is_everyone(row));
    let clear: Vec<String> = segments()
        .filter(|row| row.is_clear())
        .map(|row| row_name(row, dimension))
        .collect();
    let looks = if !segments().any(ExperimentResult::is_enough) {
        "No segment has enough people to show an effect.".to_owned()
    } else if clear.is_empty() {
        "No single segment shows a clear effect.".to_owned()
    } else {
        format!(
            "Of {} segments {} shows a clear effect; about one in twenty would by chance.",
            segments().count(),
            clear.join(", ")
        )
    };
    format!("{check} {looks}")
}
