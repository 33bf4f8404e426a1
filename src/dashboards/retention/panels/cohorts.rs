//! Do people come back?

use chrono::NaiveDate;

use super::super::cohort_heatmap::{self, Look, Observed, periods};
use super::super::options::{CohortSpan, Grain, OnScreen, RetentionOptions, month_index};
use super::super::people::{PEOPLE, came_back, observed, shown};
use crate::components::format::{ValueFormat, capital, share};
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{counts_or_none, is_enough};
use crate::dashboards::compared::{period_words, told};
use crate::dashboards::declared::{Panel, Source, View};
use crate::dashboards::marks::PanelMark;
use crate::dashboards::plot::Figure;
use crate::dashboards::plot::heatmap::Curve;
use crate::dashboards::remarks::joined;
use crate::dashboards::spec::{AND_COMPARE, PanelSpec, PlanOf};
use crate::results::retention::CohortCell;
use crate::results::shares::{FEWEST_FOR_A_CLAIM, Share};
use crate::state::filters::{Basis, Filters};
use crate::state::statement::statement;

const COUNT: ValueFormat = ValueFormat::Count;
const PERCENT: ValueFormat = ValueFormat::Percent;

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
            observed = observed(filters, options),
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
        let (filters, options) = (view.filters.clone(), view.options.chosen);
        let span = CohortSpan::of(options.grain, &filters);
        let cells = drawn(&view.rows);
        let columns = periods(&cells);
        // The first column is 100% by definition: colour tells the others apart.
        let firm = cells.iter().filter(|cell| cell.is_firm && cell.period > 0);
        let highest = firm.map(|cell| cell.share).fold(0.0, f64::max);
        let mut curves = vec![Curve {
            name: "Mean",
            colour: theme.accent,
            values: mean(&view.rows, columns),
        }];
        if !view.before.is_empty() {
            curves.push(Curve {
                name: "",
                colour: theme.muted,
                values: mean(&view.before, columns),
            });
        }
        let look = Look {
            span,
            size_width: 6,
            scale: (0.0, highest.max(0.01)),
            shades: |theme, deepest| {
                let shades = [0.02, deepest].map(|opacity| with_opacity(theme.accent, opacity));
                shades.to_vec()
            },
            is_narrow: view.options.is_narrow,
        };
        let tell = move |cell: &Observed<CohortCell>| tooltip(cell, span, options.grain, theme);
        let mark = |cell: &Observed<CohortCell>| people_of(cell, &filters, options);
        cohort_heatmap::figure(cells, curves, &look, theme, tell, mark)
    }
}

/// The cells that are drawn: those of cohorts of which somebody was observed.
fn drawn(rows: &[CohortCell]) -> Vec<Observed<CohortCell>> {
    let drawn = rows.iter().filter_map(|row| {
        Some(Observed {
            of: row.clone(),
            cohort: row.cohort?,
            period: row.period,
            size: row.cohort_size,
            share: row.rate?,
            is_firm: row.is_complete && is_enough(row.eligible),
        })
    });
    drawn.collect()
}

/// How many cohorts are drawn.
#[must_use]
pub fn count(rows: &[CohortCell]) -> usize {
    let mut cohorts: Vec<NaiveDate> = drawn(rows).iter().map(|cell| cell.cohort).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    cohorts.len()
}

/// The share of all cohorts together that came back in each of `columns` periods, where it is of enough people.
fn mean(rows: &[CohortCell], columns: i64) -> Vec<Option<f64>> {
    let rate = |period| {
        let mut all = rows.iter().filter(|row| row.cohort.is_none());
        let all = all.find(|row| row.period == period);
        all.filter(|row| is_enough(row.eligible))?.rate
    };
    (0..columns).map(rate).collect()
}

fn tooltip(cell: &Observed<CohortCell>, span: CohortSpan, grain: Grain, theme: &Theme) -> Tooltip {
    let heading = format!(
        "{}, {} {}",
        span.name(cell.cohort),
        grain.key(),
        cell.period
    );
    let count = |value: i64| COUNT.full(value as f64);
    let tooltip = Tooltip::new(heading)
        .mark(theme.accent, "Came back", PERCENT.full(cell.share))
        .line("People", count(cell.of.retained))
        .line("of observed", count(cell.of.eligible))
        .line("Cohort", count(cell.size));
    if !cell.of.is_complete {
        tooltip.remark("The cohort is not complete, or not all of it has been observed this long.")
    } else if !cell.is_firm {
        tooltip.remark("Too few people for a rate.")
    } else {
        tooltip
    }
}

/// The people of the cohort who came back.
fn people_of(
    cell: &Observed<CohortCell>,
    filters: &Filters,
    options: RetentionOptions,
) -> PanelMark {
    let (filters, grain) = (filters.clone(), options.grain.key());
    let (first, period) = (cell.cohort, cell.period);
    let span = CohortSpan::of(options.grain, &filters);
    let first_index = match options.grain {
        Grain::Month => i64::from(month_index(first)),
        Grain::Week => week_index(first),
    };
    PanelMark::new(
        format!("{first}.{period}"),
        format!("{}, {grain} {period}", span.name(first)),
    )
    .counted(PEOPLE, cell.of.retained, move || {
        let people = statement!(
            "cohorts_rows.sql",
            &filters,
            came_back = came_back(&filters, &options),
            period = period,
            grain = grain,
            first_index = first_index,
            last_index = first_index + span.length() - 1,
        );
        shown(&filters, people)
    })
}

/// Weeks since the first Monday of 2000, as rollups count them.
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
            capital(&counts_or_none(Share::new(first.retained, first.eligible)))
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
    if let (Some(now), Some(then)) = (first.rate, then.and_then(|row| row.rate)) {
        sentence.push_str(&format!(
            ", {} on {earlier}",
            ValueFormat::Percent.difference(now - then)
        ));
    }
    // The oldest and the newest third of cohorts that have been wholly observed through period 1.
    let seen: Vec<&CohortCell> = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.period == 1 && row.is_complete)
        .collect();
    let third = seen.len() / 3;
    if third > 0 {
        let came_back = |rows: &[&CohortCell]| {
            let sum =
                |value: fn(&CohortCell) -> i64| rows.iter().map(|row| value(row)).sum::<i64>();
            Share::new(sum(|row| row.retained), sum(|row| row.eligible))
        };
        let old = came_back(&seen[..third]);
        let new = came_back(&seen[seen.len() - third..]);
        let verdict = if new.is_clearly_above(old) {
            "retains better than the oldest"
        } else if old.is_clearly_above(new) {
            "retains worse than the oldest"
        } else {
            "is not clearly different from the oldest"
        };
        if let (true, true, Some(one), Some(other)) =
            (new.is_enough(), old.is_enough(), new.rate(), old.rate())
        {
            let points = ValueFormat::Percent.difference(one - other);
            sentence.push_str(&format!(
                "; the newest third of cohorts {verdict} ({points})"
            ));
        }
    }
    sentence.push('.');
    Some(sentence)
}

/// Remarks under the cohort table: what dashes mean, and what is not shown.
fn caption(rows: &[CohortCell], cohort: CohortSpan, grain: Grain) -> String {
    let mut drawn = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.eligible > 0);
    let is_incomplete = drawn.clone().any(|row| !row.is_complete);
    let is_small = drawn.any(|row| row.is_complete && !is_enough(row.eligible));
    let mut reasons = Vec::new();
    if is_incomplete {
        reasons.push(
            "the cohort is not complete, or not all of it has been observed that long".to_owned(),
        );
    }
    if is_small {
        reasons.push(format!("fewer than {FEWEST_FOR_A_CLAIM} people"));
    }
    let mut caption = String::new();
    if !reasons.is_empty() {
        reasons.reverse();
        caption = format!("Pale, dashed cells: {}. ", reasons.join("; or "));
    }
    if is_incomplete {
        caption
            .push_str("The mean leaves out cells that are not complete, not those of few people. ");
    }
    let shown = rows
        .iter()
        .filter(|row| row.cohort.is_some() && row.period == 0)
        .count();
    let (most, _) = grain.shown();
    if i64::try_from(shown).is_ok_and(|shown| shown == most) {
        caption.push_str(&format!("Showing the newest {most} cohorts of the range. "));
    }
    caption.push_str(cohort.remark());
    caption.push_str("Each cohort’s size is beside its name; the mean is weighted by size.");
    caption
}
