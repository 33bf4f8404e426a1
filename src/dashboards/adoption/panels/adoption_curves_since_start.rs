//! Which features do people adopt, since they first could?

use super::super::features::{adopters, category_colour};
use super::super::words::{count, key_of};
use super::adoption_curves::AdoptionCurves;
use crate::dashboards::plot::{Across, across};
use crate::dashboards::prelude::*;
use crate::results::adoption::FeatureAge;

/// Weeks that curves run for.
const CURVE_WEEKS: u32 = 12;

/// Share of those who could have a feature and touched it within 0 to 12 weeks; what the panel of adoption curves
/// shows if the reader wishes.
pub struct SinceStart;

impl Source for SinceStart {
    type Row = FeatureAge;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!(
            "adoption_curves_since_start.sql",
            filters,
            curve_weeks = CURVE_WEEKS
        )
    }
}

impl Panel for SinceStart {
    const SPEC: PanelSpec = AdoptionCurves::SPEC;
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(_view: &View<'_, Self>) -> Option<String> {
        Some(format!(
            "Horizontal axis: weeks since the feature became available to the user. Only users with all {CURVE_WEEKS} weeks behind them count."
        ))
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (features, ages) = across(&view.rows, |row| &row.feature, |row| row.weeks);
        let lines = features.iter().enumerate().map(|(line, feature)| {
            let rate = move |age: &Across<FeatureAge>| age.of(line).map(|row| row.rate);
            let last = ages.last().and_then(|age| age.of(line));
            let colour = category_colour(theme, &feature.category);
            Series::line(&feature.feature, colour, 1.5, rate)
                .named_at_end()
                .mark_of_all(last.map(|row| adopters_by(row, &view.filters)))
        });
        Plot::of_names(&ages, Self::TICKS, theme, |age| age.one.weeks.to_string())
            .room(104.0)
            .names_apart(0.078)
            .headed(|age| match age.one.weeks {
                0 => "On the first day".to_owned(),
                1 => "Within a week".to_owned(),
                weeks => format!("Within {weeks} weeks"),
            })
            .each(lines)
            .largest_told_first()
            .total("Users observed", |age| {
                let by_rate = |one: &&FeatureAge, other: &&FeatureAge| {
                    let by_name = other.feature.cmp(&one.feature);
                    one.rate.total_cmp(&other.rate).then(by_name)
                };
                Some(count(age.rows().max_by(by_rate)?.eligible))
            })
            .figure()
    }
}

/// Who took up a feature in as many weeks.
fn adopters_by(row: &FeatureAge, filters: &Filters) -> PanelMark {
    let weeks = row.weeks;
    let mark = PanelMark::new(
        format!("within-{weeks}-weeks.{}", key_of(&row.feature)),
        format!("{}, within {weeks} weeks", row.feature),
    );
    adopters(mark, row.adopters, &row.feature, weeks * 7, filters)
}

/// Which features do people take up, since they first could?
#[must_use]
pub fn sentence(rows: &[FeatureAge]) -> Option<String> {
    let last = rows.iter().map(|row| row.weeks).max()?;
    let at = |weeks: i64| rows.iter().filter(move |row| row.weeks == weeks);
    let eligible = at(last).map(|row| row.eligible).max()?;
    if !is_enough(eligible) {
        return Some(format!(
            "Too few people to compare: only {} have been observed for {last} weeks.",
            count(eligible)
        ));
    }
    // A feature of a handful is neither the best nor the worst.
    let at = |weeks: i64| at(weeks).filter(|row| is_enough(row.eligible));
    let best = at(last).max_by(|one, other| one.rate.total_cmp(&other.rate))?;
    let first = at(0).find(|row| row.feature == best.feature)?;
    let worst = at(last).min_by(|one, other| one.rate.total_cmp(&other.rate))?;
    let mut sentence = format!(
        "{} reaches {} of eligible users within {last} weeks, {} on the first day",
        best.feature,
        share(best.rate),
        share(first.rate),
    );
    if worst.feature != best.feature {
        sentence.push_str(&format!(
            "; {} reaches only {}",
            worst.feature,
            share(worst.rate)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
