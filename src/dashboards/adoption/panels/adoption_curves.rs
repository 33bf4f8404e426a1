//! Which features do people adopt, week by week?

use chrono::{Days, NaiveDate};

use super::super::features::{category_colour, touched};
use super::super::words::{chance, count, key_of, points};
use crate::dashboards::plot::{Across, across};
use crate::dashboards::prelude::*;
use crate::results::adoption::FeatureWeek;
use crate::results::periods::{Grain, Periodic};

/// Users of each feature over active users, for each whole week of the range, oldest first.
pub struct AdoptionCurves;

impl Source for AdoptionCurves {
    type Row = FeatureWeek;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("adoption_curves.sql", filters)
    }
}

impl Panel for AdoptionCurves {
    const SPEC: PanelSpec = PanelSpec {
        id: "adoption-curves",
        title: "Which features do people adopt?",
        unit: "Users of the feature, % of eligible users",
        form: "line chart",
        model: "fct_feature_adoption",
        defined_by: "feature_adoption",
        acts: ALL_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users of the feature in the last whole week, or its adopters",
        span: "span-12 tall",
        keys: &[
            ("Analysis", "teal"),
            ("Automation", "blue"),
            ("Teamwork", "plum"),
            ("Navigation", "ochre"),
            ("Administration", "slate"),
        ],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let last = view.rows.iter().map(|row| row.week).max()?;
        Some(format!(
            "Complete weeks only. The last one starts on {}.",
            day(last)
        ))
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (features, weeks) = across(&view.rows, |row| &row.feature, |row| row.week);
        let lines = features.iter().enumerate().map(|(line, feature)| {
            let rate = move |week: &Across<FeatureWeek>| week.of(line).map(|row| row.rate);
            let last = weeks.last().and_then(|week| week.of(line));
            let colour = category_colour(theme, &feature.category);
            Series::line(&feature.feature, colour, 1.5, rate)
                .named_at_end()
                .mark_of_all(last.map(|row| users_in(row, &view.filters)))
        });
        Plot::over_time(&weeks, Subject::Usage, Self::TICKS, theme)
            .room(104.0)
            .names_apart(0.078)
            .headed(|week| format!("Week of {}", day(week.one.week)))
            .each(lines)
            .largest_told_first()
            .total("Active users", |week| Some(count(week.one.active_users)))
            .figure()
    }
}

impl Periodic for FeatureWeek {
    const GRAIN: Grain = Grain::Week;

    fn starts_on(&self) -> NaiveDate {
        self.week
    }
}

/// The users of a feature in a week.
fn users_in(row: &FeatureWeek, filters: &Filters) -> PanelMark {
    let days = (row.week, row.week + Days::new(6));
    let mark = PanelMark::new(
        format!("{}.{}", row.week, key_of(&row.feature)),
        format!("{}, week of {}", row.feature, day(row.week)),
    );
    touched(mark, row.users, &row.feature, days, None, filters)
}

/// How much a feature is used over its last weeks, and was over its first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Use<'a> {
    feature: &'a str,
    /// Its users of those active, over the last weeks together.
    rate: f64,
    /// The same over the first.
    earlier: f64,
    /// How many weeks both are of, four at most.
    weeks: usize,
    /// Whether enough people were active in each of those weeks.
    is_enough: bool,
    /// Its users of those active in a mean week of the last ones, and of the first.
    of: [Share; 2],
}

impl Use<'_> {
    /// ", within chance" where both shares may be the same: weeks of the same people count once.
    fn chance(&self) -> String {
        let [now, before] = self.of;
        chance(now, before)
    }
}

/// Each feature's use over its last four weeks and over its first four, most used first.
fn uses(rows: &[FeatureWeek]) -> Vec<Use<'_>> {
    let mut features: Vec<(&str, Vec<&FeatureWeek>)> = Vec::new();
    for row in rows {
        if features
            .last()
            .is_none_or(|(feature, _)| *feature != row.feature)
        {
            features.push((&row.feature, Vec::new()));
        }
        if let Some((_, weeks)) = features.last_mut() {
            weeks.push(row);
        }
    }
    let mean = |weeks: &[&FeatureWeek]| -> f64 {
        let users: i64 = weeks.iter().map(|week| week.users).sum();
        let active: i64 = weeks.iter().map(|week| week.active_users).sum();
        if active == 0 {
            0.0
        } else {
            users as f64 / active as f64
        }
    };
    let mean_week = |weeks: &[&FeatureWeek]| -> Share {
        let of = |value: fn(&FeatureWeek) -> i64| {
            let sum: i64 = weeks.iter().map(|week| value(week)).sum();
            sum / weeks.len().max(1) as i64
        };
        Share::new(of(|week| week.users), of(|week| week.active_users))
    };
    let mut uses: Vec<Use<'_>> = features
        .iter()
        .map(|(feature, weeks)| {
            let count = weeks.len().min(4);
            let (first, last) = (&weeks[..count], &weeks[weeks.len() - count..]);
            Use {
                feature,
                rate: mean(last),
                earlier: mean(first),
                of: [last, first].map(mean_week),
                weeks: count,
                is_enough: first
                    .iter()
                    .chain(last)
                    .all(|week| is_enough(week.active_users)),
            }
        })
        .collect();
    uses.sort_by(|one, other| {
        other
            .rate
            .total_cmp(&one.rate)
            .then(one.feature.cmp(other.feature))
    });
    uses
}

/// The most used feature in words; none where too few people are active for a ranking.
#[must_use]
pub fn leader(rows: &[FeatureWeek]) -> Option<String> {
    let leader = uses(rows).first().copied();
    let leader = leader.filter(|leader| leader.rate > 0.0 && is_enough(largest_week(rows)))?;
    Some(format!(
        "{} is the most used feature, by {} of weekly active users on average over {}",
        leader.feature,
        share(leader.rate),
        span_of(leader.weeks)
    ))
}

fn largest_week(rows: &[FeatureWeek]) -> i64 {
    rows.iter().map(|row| row.active_users).max().unwrap_or(0)
}

/// How many weeks a mean is of: "the last four weeks".
fn span_of(weeks: usize) -> String {
    match weeks {
        0 | 1 => "the last week".to_owned(),
        more => format!(
            "the last {} weeks",
            ["two", "three", "four"][(more - 2).min(2)]
        ),
    }
}

/// Which features do people take up, week by week?
#[must_use]
pub fn sentence(rows: &[FeatureWeek]) -> Option<String> {
    let uses = uses(rows);
    let leader = *uses.first()?;
    if !is_enough(largest_week(rows)) {
        return Some(too_few("people", "week", largest_week(rows)));
    }
    if leader.rate == 0.0 {
        return Some(format!("No feature was used in {}.", span_of(leader.weeks)));
    }
    let mut sentence = format!(
        "{} leads: on average over {}, {} of weekly active users used it",
        leader.feature,
        span_of(leader.weeks),
        share(leader.rate)
    );
    let gain = |one: &Use<'_>| one.rate - one.earlier;
    // A first week of a handful is no beginning to measure from.
    let changed = || uses.iter().filter(|one| one.is_enough);
    let grown = changed()
        .max_by(|one, other| gain(one).total_cmp(&gain(other)))
        .filter(|one| gain(one) >= 0.005);
    let has_grown = grown.is_some();
    if let Some(one) = grown {
        sentence.push_str(&format!(
            "; {} gained the most, {} to {}{}",
            one.feature,
            points(gain(one)),
            share(one.rate),
            one.chance()
        ));
    }
    let lost = changed().min_by(|one, other| gain(one).total_cmp(&gain(other)));
    if let Some(one) = lost.filter(|one| gain(one) <= -0.01) {
        sentence.push_str(&format!(
            "{} {} lost most, {}{}",
            if has_grown { "," } else { ";" },
            one.feature,
            points(gain(one)),
            one.chance()
        ));
    }
    sentence.push('.');
    Some(sentence)
}
