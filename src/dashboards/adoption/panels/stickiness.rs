//! How often do they come back?

use chrono::NaiveDate;

use super::super::features::USERS;
use super::super::options::By;
use super::super::words::{EVERYONE, count, group_name, key_of, one_group, points};
use crate::components::format::month_long;
use crate::dashboards::periods::{in_month, month_so_far};
use crate::dashboards::plot::{Across, across};
use crate::dashboards::prelude::*;
use crate::results::adoption::StickinessMonth;
use crate::results::periods::Periodic;

/// Mean daily over monthly active users, of each group and of everyone, oldest month first.
pub struct Stickiness;

impl Source for Stickiness {
    type Row = StickinessMonth;
    type Options = By;
    const COMPARED_ON: Option<Basis> = Some(Basis::WholeMonths);

    fn sql(filters: &Filters, by: &By) -> String {
        statement!("stickiness.sql", filters, group_by = by.0.key())
    }
}

impl Panel for Stickiness {
    const SPEC: PanelSpec = PanelSpec {
        id: "stickiness",
        title: "How often do they come back?",
        unit: "Mean daily users, % of the month’s users",
        form: "line chart",
        model: "fct_daily_active_users",
        defined_by: "stickiness",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "sets the group",
        rows: "the users of the group who came in the month",
        span: "span-7 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = By;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed, everyone")
    }

    /// A line a group, everyone in ink.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let by_month = |rows: &[StickinessMonth]| across(rows, |row| &row.group, |row| row.month);
        let (groups, months) = by_month(&view.rows);
        let everyone = view.before.iter().filter(|row| row.group == EVERYONE);
        let (_, before) = by_month(&everyone.cloned().collect::<Vec<_>>());
        let is_single = months.len() == 1;
        let lines = groups.iter().enumerate().map(|(line, group)| {
            let name = group_name(&group.group);
            let colour = group_colour(theme, line.wrapping_sub(1), &group.group);
            let width = if group.group == EVERYONE { 2.5 } else { 1.5 };
            let rate = move |month: &Across<StickinessMonth>| Some(month.of(line)?.stickiness);
            let (by, filters) = (view.options.0, view.filters.clone());
            let series = if is_single {
                Series::dotted(name, colour, width, rate)
            } else {
                Series::line(name, colour, width, rate)
            };
            series
                .named_at_end()
                .told_by(move |month| rate(month).map(|rate| PERCENT.full(rate)))
                .mark(move |month| month.of(line).map(|row| came_in(row, by, &filters)))
        });
        Plot::over_time(&months, Subject::Usage, PERCENT, theme)
            .room(96.0)
            .names_apart(0.075)
            .each(lines)
            .before(&before, "Everyone", |month| month.one.stickiness)
            .before_told_here()
            .total("Active users", |month| {
                let everyone = month.rows().find(|row| row.group == EVERYONE)?;
                Some(count(everyone.users))
            })
            .marks_by_series()
            .figure()
    }
}

/// The colour of a group; everyone is ink.
fn group_colour(theme: &Theme, position: usize, group: &str) -> &'static str {
    match group {
        EVERYONE => theme.ink,
        "starter" | "professional" | "enterprise" => theme.plan(group),
        "free" | "inactive" => theme.other,
        _ => [
            theme.teal,
            theme.orange,
            theme.blue,
            theme.ochre,
            theme.plum,
            theme.slate,
            theme.rose,
        ]
        .get(position)
        .copied()
        .unwrap_or(theme.other),
    }
}

/// The users of a group who came in a month.
fn came_in(row: &StickinessMonth, by: Dimension, filters: &Filters) -> PanelMark {
    let month = month_so_far(row.month, filters.as_of());
    let mark = PanelMark::new(
        format!("{}.{}", row.month.format("%Y-%m"), key_of(&row.group)),
        format!("{}, {month}", group_name(&row.group)),
    );
    let group = one_group(&row.group).map(str::to_owned);
    let mark = match &group {
        Some(group) => mark.only(by, group),
        None => mark,
    };
    let (month, filters) = (row.month, filters.clone());
    mark.counted(USERS, row.users, move || {
        statement!(
            "stickiness_rows.sql",
            &filters,
            month = month.to_string(),
            group_by = by.key(),
            group = group.as_deref()
        )
    })
}

/// How often do they come back? By the last month that is over: in fewer days fewer people come, so that
/// an average day brings more of them.
#[must_use]
pub fn sentence(
    rows: &[StickinessMonth],
    before: &[StickinessMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let has_whole = rows.iter().any(|row| row.is_complete(as_of));
    let judged = |row: &&StickinessMonth| !has_whole || row.is_complete(as_of);
    let mut everyone = rows
        .iter()
        .filter(judged)
        .filter(|row| row.group == EVERYONE);
    let first = everyone.next()?;
    let last = everyone.next_back().unwrap_or(first);
    // The period before where it is compared, or else the range's first month.
    let mut everyone_before = before.iter().filter(|row| row.group == EVERYONE);
    let first = everyone_before.next_back().unwrap_or(first);
    if !is_enough(last.users) {
        return Some(format!(
            "Too few people for a rate: {} were active {}.",
            count(last.users),
            in_month(last.month, as_of)
        ));
    }
    let mut sentence = format!(
        "{} {}, {} of the month’s users were active on an average day",
        if has_whole { "In" } else { "So far in" },
        month_long(last.month),
        share(last.stickiness)
    );
    if last.month != first.month && is_enough(first.users) {
        sentence.push_str(&format!(
            ", {} on {}",
            points(last.stickiness - first.stickiness),
            month_long(first.month)
        ));
    }
    let of_month: Vec<&StickinessMonth> = rows
        .iter()
        .filter(|row| row.group != EVERYONE && row.month == last.month && is_enough(row.users))
        .collect();
    let best = { of_month.iter() }
        .max_by(|one, other| one.stickiness.total_cmp(&other.stickiness))
        // The only one of enough people is not the most frequent of any.
        .filter(|_| of_month.len() > 1);
    if let Some(best) = best {
        let groups = rows
            .iter()
            .filter(|row| row.group != EVERYONE && row.month == last.month && row.users > 0);
        let of_which = if groups.count() > of_month.len() {
            " of the larger groups"
        } else {
            ""
        };
        sentence.push_str(&format!(
            "; {} return most often{of_which}, {}",
            group_name(&best.group),
            share(best.stickiness)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
