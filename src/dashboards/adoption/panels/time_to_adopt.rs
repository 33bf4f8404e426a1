//! How long until people find it?

use charming::element::ItemStyle;

use super::super::features::{adopters, category_colour};
use super::super::options::Within;
use super::super::words::count;
use crate::dashboards::claims::interval;
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::adoption::TimeToAdopt as FeatureTime;

/// How many of those who could have a feature took it up within some days, and how fast. Users for whom those days
/// have not passed yet are left out.
pub struct TimeToAdopt;

impl Source for TimeToAdopt {
    type Row = FeatureTime;
    type Options = Within;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, within: &Within) -> String {
        statement!("time_to_adopt.sql", filters, within_days = within.0)
    }
}

impl Panel for TimeToAdopt {
    const SPEC: PanelSpec = PanelSpec {
        id: "time-to-adopt",
        title: "How long until people find it?",
        unit: "Days to first use: middle half, median, and share who adopted it",
        form: "range chart",
        model: "fct_feature_adoption",
        defined_by: "time_to_adopt",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users who adopted the feature in time",
        span: "span-5 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = Within;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, view.options.0)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let share = format!(
            "Beside the bars: share of users who adopted the feature within {} days.",
            view.options.0,
        );
        let before = told(&view.filters, view.basis, "Orange ticks, medians");
        joined([Some(share), before])
    }

    /// The middle half of a feature's adopters as a bar and their median as a tick, the quickest feature on top; the
    /// share that took it up at all stands beside the bar. Orange is the median of the period before. Bars of few
    /// people are pale.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let within = view.options.0;
        let (before, filters) = (view.before.clone(), view.filters.clone());
        let earlier = move |row: &FeatureTime| -> Option<FeatureTime> {
            let mut before = before.iter();
            before.find(|other| other.feature == row.feature).cloned()
        };
        let (share_before, days_before) = (earlier.clone(), earlier.clone());
        let percent = |share: f64| PERCENT.full(share);
        let width = |row: &FeatureTime| Some(row.three_quarters? - row.quarter?);
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| row.feature.clone())
            .lying()
            .scaled()
            .room(56.0)
            .stack([
                Series::bars("First quarter", "transparent", 52, |row: &FeatureTime| {
                    row.quarter
                })
                .untold(),
                Series::bars("Middle half", theme.slate, 52, width)
                    .styled(|row| {
                        let pale = if is_enough(row.adopters) { 1.0 } else { PALE };
                        ItemStyle::new()
                            .color(category_colour(theme, &row.category))
                            .opacity(0.45 * pale)
                    })
                    .figures(theme.muted, |row| Some(PERCENT.short(row.share)))
                    .untold(),
            ])
            .series(
                Series::ticks("Period before", theme.orange, move |row| {
                    earlier(row)?.median
                })
                .untold(),
            )
            .series(Series::ticks("Median", theme.ink, |row: &FeatureTime| row.median).untold())
            .line("Eligible users", |row| Some(count(row.eligible)))
            .line(format!("Adopted within {within} days"), |row| {
                Some(count(row.adopters))
            })
            .line("Share", move |row| Some(percent(row.share)))
            .line("95% interval", |row| {
                let interval = interval(Share::new(row.adopters, row.eligible));
                Some(interval.unwrap_or_default())
            })
            .line("A quarter within", |row| row.quarter.map(days_text))
            .line("Half adopted within", |row| row.median.map(days_text))
            .line("Three quarters within", |row| {
                row.three_quarters.map(days_text)
            })
            .line("Share, period before", move |row| {
                Some(percent(share_before(row)?.share))
            })
            .line("Half within, period before", move |row| {
                Some(days_text(days_before(row)?.median?))
            })
            .mark(move |row| adopted(row, within, &filters))
            .figure()
    }
}

/// Days in words: `0 days` are those of the first day.
fn days_text(days: f64) -> String {
    match days {
        few if few < 1.0 => "the first day".to_owned(),
        one if one < 1.25 => "a day".to_owned(),
        whole if (whole - whole.round()).abs() < 0.05 => format!("{whole:.0} days"),
        _ => format!("{days:.1} days"),
    }
}

/// The users who took up a feature within some days.
fn adopted(row: &FeatureTime, within: u32, filters: &Filters) -> PanelMark {
    let within_words = days_text(f64::from(within));
    let mark = PanelMark::new(
        row.key.clone(),
        format!("{}, within {within_words}", row.feature),
    );
    let within = i64::from(within);
    adopters(mark, row.adopters, &row.feature, within, filters)
}

/// How long until people find it?
#[must_use]
pub fn sentence(rows: &[FeatureTime], within: u32) -> Option<String> {
    let mut taken: Vec<&FeatureTime> = rows.iter().filter(|row| row.adopters > 0).collect();
    let rarest = taken.clone();
    // Half of a handful says little of how long it takes.
    let largest = taken.iter().map(|row| row.adopters).max()?;
    taken.retain(|row| is_enough(row.adopters));
    let (Some(quick), Some(slow)) = (taken.first(), taken.last()) else {
        return Some(format!(
            "Too few people to compare: {} at most adopted a feature within {within} days.",
            count(largest)
        ));
    };
    let half = |row: &FeatureTime| row.median.map(days_text).unwrap_or_default();
    let eligible = taken.iter().map(|row| row.eligible).max()?;
    if !is_enough(eligible) {
        return Some(format!(
            "Too few people to compare: only {} have been observed for {within} days.",
            count(eligible)
        ));
    }
    let mut sentence = format!(
        "Of those who adopt {} within {within} days, half do so within {}",
        quick.feature,
        half(quick)
    );
    if slow.feature != quick.feature {
        sentence.push_str(&format!("; {} takes {}", slow.feature, half(slow)));
    }
    let least = rarest
        .iter()
        .filter(|row| is_enough(row.eligible))
        .min_by(|one, other| one.share.total_cmp(&other.share));
    if let Some(least) = least.filter(|_| rarest.len() > 1) {
        sentence.push_str(&format!(
            "; only {} adopt {} within {within} days",
            share(least.share),
            least.feature
        ));
    }
    sentence.push('.');
    Some(sentence)
}
