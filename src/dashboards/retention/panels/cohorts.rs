//! Do people come back?

use chrono::NaiveDate;

use super::super::cohort_heatmap::{self, Look, Observed};
use super::super::options::{CohortSpan, Grain, OnScreen, RetentionOptions, month_index};
use super::super::people::{self, PEOPLE, came_back, shown};
use crate::dashboards::claims::counts_or_none;
use crate::dashboards::compared::period_words;
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::retention::CohortCell;
use crate::results::shares::FEWEST_FOR_A_CLAIM;

/// How many of each cohort came back in each period, and of all cohorts together, which come first.
pub struct Cohorts;

impl Source for Cohorts {
    type Row = CohortCell;
    type Options = RetentionOptions;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, options: &RetentionOptions) -> String {
        let cohort = CohortSpan::of(options.grain, filters);
        let (most_cohorts, last_period) = options.grain.shown();
        statement!(
            "cohorts.sql",
            filters,
            grain = options.grain.key(),
            days_in_period = options.grain.days(),
            observed = people::observed(filters, options),
            came_back = came_back(filters, options),
            cohort = cohort.key(),
            cohort_length = cohort.length(),
            most_cohorts = most_cohorts,
            last_period = last_period,
        )
    }
}

impl Panel for Cohorts {
    const SPEC: PanelSpec = PanelSpec {
        id: "cohorts",
        title: "Do people come back?",
        unit: "Share of each cohort that came back, percent, by periods since signup",
        form: "cohort heatmap under a mean curve",
        model: "cohort_retention",
        defined_by: "retention",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "",
        rows: "the people of the cohort who came back in the period",
        span: "span-12",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = OnScreen;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let earlier = period_words(&view.filters, view.basis);
        sentence(&view.rows, &view.before, &earlier, &view.options.chosen)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let grain = view.options.chosen.grain;
        let words = caption(&view.rows, CohortSpan::of(grain, &view.filters), grain);
        let before = told(&view.filters, view.basis, "Dashed, the mean of signups");
        joined([Some(words), before])
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (filters, options) = (&view.filters, view.options.chosen);
        let cells = observed(&view.rows);
        // The first column is 100% by definition: colour tells the others apart.
        let coloured = cells.iter().filter(|cell| {
            let is_drawn = cell.cohort.is_some() && cell.period > 0;
            is_drawn && cell.is_firm()
        });
        let highest = coloured.map(|cell| cell.share).fold(0.01, f64::max);
        let mut curves = vec![("Mean", theme.accent, observed(&view.rows))];
        if !view.before.is_empty() {
            curves.push(("", theme.muted, observed(&view.before)));
        }
        let look = Look {
            span: CohortSpan::of(options.grain, filters),
            unit: options.grain.key(),
            size_width: 6,
            scale: (0.0, highest),
            shades: |theme, deepest| {
                let shades = [0.02, deepest].map(|opacity| with_opacity(theme.accent, opacity));
                shades.to_vec()
            },
            tell: |cell: &Observed<CohortCell>, tooltip, theme| {
                let count = |value: i64| COUNT.full(value as f64);
                tooltip
                    .mark(theme.accent, "Came back", PERCENT.full(cell.share))
                    .line("People", count(cell.of.retained))
                    .line("of observed", count(cell.of.eligible))
                    .line("Cohort", count(cell.size))
            },
            remarks: [
                "The cohort is not complete, or not all of it has been observed this long.",
                "Too few people for a rate.",
            ],
        };
        let mark = |cell: &Observed<CohortCell>, cohort, label| {
            people_of(&cell.of, (cohort, label), filters, options)
        };
        cohort_heatmap::figure(cells, curves, look, *view.options, theme, mark)
    }
}

/// What was observed of cohorts.
#[must_use]
pub fn observed(rows: &[CohortCell]) -> Vec<Observed<CohortCell>> {
    let observed = rows.iter().filter_map(|row| {
        Some(Observed {
            of: row.clone(),
            cohort: row.cohort,
            period: row.period,
            size: row.cohort_size,
            share: row.rate?,
            is_complete: row.is_complete,
            is_enough: is_enough(row.eligible),
        })
    });
    observed.collect()
}

/// The people of the cohort who came back.
fn people_of(
    row: &CohortCell,
    (first, label): (NaiveDate, String),
    filters: &Filters,
    options: RetentionOptions,
) -> PanelMark {
    let (filters, period, grain) = (filters.clone(), row.period, options.grain);
    PanelMark::new(format!("{first}.{period}"), label).counted(PEOPLE, row.retained, move || {
        let first_index = match grain {
            Grain::Month => i64::from(month_index(first)),
            Grain::Week => week_index(first),
        };
        let people = statement!(
            "cohorts_rows.sql",
            &filters,
            came_back = came_back(&filters, &options),
            period = period,
            grain = grain.key(),
            first_index = first_index,
            last_index = first_index + CohortSpan::of(grain, &filters).length() - 1,
        );
        shown(&filters, people)
    })
}

/// Weeks since the first Monday of 2000, as the serving tables count them.
fn week_index(day: NaiveDate) -> i64 {
    let monday = NaiveDate::from_ymd_opt(2000, 1, 3);
    monday.map_or(0, |monday| (day - monday).num_days() / 7)
}

/// Retention of all cohorts together in a period.
#[must_use]
pub fn pooled(rows: &[CohortCell], period: i64) -> Option<&CohortCell> {
    rows.iter()
        .find(|row| row.cohort.is_none() && row.period == period && row.eligible > 0)
}

/// Do people come back? `before` are the cohorts of the period before, where they are compared, and
/// `earlier` names it: "the 76 days before".
#[must_use]
pub fn sentence(
    rows: &[CohortCell],
    before: &[CohortCell],
    earlier: &str,
    options: &RetentionOptions,
) -> Option<String> {
    let unit = options.grain.key();
    let Some(first) = pooled(rows, 1) else {
        let people = pooled(rows, 0).or_else(|| rows.iter().find(|row| row.eligible > 0));
        return people.map(|_| {
            format!("No cohort is complete and has been observed for a whole {unit} yet.")
        });
    };
    if !is_enough(first.eligible) {
        return Some(format!(
            "{} people came back in {unit} 1: too few people for a rate.",
            capital(&counts_or_none(came_back_of(first)))
        ));
    }
    let mut sentence = format!(
        "{} of {} people were active {} in {unit} 1",
        match first.retained {
            0 => "None".to_owned(),
            _ => share(first.rate?),
        },
        COUNT.full(first.eligible as f64),
        options
            .mode
            .meaning()
            .replace("the period", &format!("the {unit}")),
    );
    let then = pooled(before, 1).filter(|row| is_enough(row.eligible));
    if let Some((now, then)) = first.rate.zip(then.and_then(|row| row.rate)) {
        let points = PERCENT.difference(now - then);
        sentence.push_str(&format!(", {points} on {earlier}"));
    }
    sentence.push_str(&by_age(rows).unwrap_or_default());
    sentence.push('.');
    Some(sentence)
}

/// How the newest third of cohorts does beside the oldest, of those wholly observed through period 1.
fn by_age(rows: &[CohortCell]) -> Option<String> {
    let seen = rows.iter().filter(|row| row.cohort.is_some());
    let seen = seen.filter(|row| row.period == 1 && row.is_complete);
    let seen: Vec<Share> = seen.map(came_back_of).collect();
    let sum = |of: &[Share]| {
        let (parts, wholes) = (
            of.iter().map(|one| one.part),
            of.iter().map(|one| one.whole),
        );
        Share::new(parts.sum(), wholes.sum())
    };
    let third = seen.len() / 3;
    let (old, new) = (sum(&seen[..third]), sum(&seen[seen.len() - third..]));
    if !old.is_enough() || !new.is_enough() {
        return None;
    }
    let verdict = if new.is_clearly_above(old) {
        "retains better than the oldest"
    } else if old.is_clearly_above(new) {
        "retains worse than the oldest"
    } else {
        "is not clearly different from the oldest"
    };
    let points = PERCENT.difference(new.rate()? - old.rate()?);
    Some(format!(
        "; the newest third of cohorts {verdict} ({points})"
    ))
}

fn came_back_of(row: &CohortCell) -> Share {
    Share::new(row.retained, row.eligible)
}

/// Remarks under the cohort table: what dashes mean, and what is not shown.
fn caption(rows: &[CohortCell], cohort: CohortSpan, grain: Grain) -> String {
    let of_cohorts = || rows.iter().filter(|row| row.cohort.is_some());
    let drawn = || of_cohorts().filter(|row| row.eligible > 0);
    let is_incomplete = drawn().any(|row| !row.is_complete);
    let is_small = drawn().any(|row| row.is_complete && !is_enough(row.eligible));
    let few = format!("fewer than {FEWEST_FOR_A_CLAIM} people");
    let young = "the cohort is not complete, or not all of it has been observed that long";
    let mut caption = match (is_small, is_incomplete) {
        (true, true) => format!("Pale, dashed cells: {few}; or {young}. "),
        (true, false) => format!("Pale, dashed cells: {few}. "),
        (false, true) => format!("Pale, dashed cells: {young}. "),
        (false, false) => String::new(),
    };
    if is_incomplete {
        caption
            .push_str("The mean leaves out cells that are not complete, not those of few people. ");
    }
    let shown = of_cohorts().filter(|row| row.period == 0).count();
    let (most, _) = grain.shown();
    if i64::try_from(shown).is_ok_and(|shown| shown == most) {
        caption.push_str(&format!("Showing the newest {most} cohorts of the range. "));
    }
    caption.push_str(cohort.remark());
    caption.push_str("Each cohort’s size is beside its name; the mean is weighted by size.");
    caption
}
