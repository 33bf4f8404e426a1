//! Do people use the product?

use chrono::{Months, NaiveDate};

use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::periods::{Grain, Periodic};

row! {
    /// A day of the audience: counted where it has been, expected where it lies ahead.
    pub struct AudienceDay {
        /// The day.
        pub date: NaiveDate = "date_day",
        /// Users active on it; none of a day that lies ahead.
        pub dau: Option<i64>,
        /// Users active in the 7 days to it.
        pub wau: Option<i64>,
        /// Users active in the 30 days to it.
        pub mau: Option<i64>,
        /// Daily active users, as expected; only of a day that lies ahead.
        pub expected: Option<f64> = "expected_dau",
        /// Lower end of the 80% band.
        pub lower: Option<f64> = "lower_dau",
        /// Upper end of it.
        pub upper: Option<f64> = "upper_dau",
    }
}

impl Periodic for AudienceDay {
    const GRAIN: Grain = Grain::Day;

    fn starts_on(&self) -> NaiveDate {
        self.date
    }
}

/// Active users of each day of the range, oldest first; for everyone, up to the last day there is, followed by the
/// days that the forecast looks ahead, once it is trained.
pub struct ActiveUsers;

impl Source for ActiveUsers {
    type Row = AudienceDay;
    /// How often the forecast was trained: its days change under the same statement.
    type Options = u64;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, fits: &u64) -> String {
        let has_forecast = has_forecast(filters);
        let sql = statement!("active_users.sql", filters, has_forecast = has_forecast);
        if has_forecast {
            format!("{sql}\n-- Forecast, fit {fits}")
        } else {
            sql
        }
    }
}

/// Whether the forecast can stand behind the days of the range: it is of everyone, and begins on the day after the
/// last.
fn has_forecast(filters: &Filters) -> bool {
    !filters.has_users() && filters.to == filters.as_of()
}

/// What is known of the forecast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forecast {
    /// Why there is none yet.
    pub why_missing: Option<String>,
    /// The share of days that its band contained in back-tests.
    pub coverage: Option<f64>,
}

impl Panel for ActiveUsers {
    const SPEC: PanelSpec = PanelSpec {
        id: "active-users",
        title: "Do people use it?",
        unit: "Users active on the day, in 7 days, and in 30",
        form: "line chart with a forecast band",
        model: "fct_daily_active_users",
        defined_by: "active_user",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users active on the day",
        span: "span-7",
        keys: &[],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = Forecast;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let before = told(&view.filters, view.basis, "Dashed in grey, monthly users");
        joined([forecast_words(view), before])
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let is_ahead = view.rows.iter().any(|row| row.expected.is_some());
        let daily = Series::line("Daily", theme.slate, 1.0, |row: &AudienceDay| row.dau);
        let filters = view.filters.clone();
        let plot = Plot::over_time(&view.rows, Subject::Usage, COUNT, theme)
            .room(if is_ahead { 44.0 } else { 64.0 })
            .series(
                Series::line("Monthly", theme.teal, 2.0, |row: &AudienceDay| row.mau)
                    .named_at_end(),
            )
            .series(
                Series::line("Weekly", theme.blue, 1.5, |row: &AudienceDay| row.wau).named_at_end(),
            )
            // The daily line goes on ahead and is named at its end there.
            .series(if is_ahead {
                daily
            } else {
                daily.named_at_end()
            })
            .line("Daily of monthly", |row| {
                let mau = row.mau.filter(|mau| *mau > 0)?;
                Some(PERCENT.full(row.dau? as f64 / mau as f64))
            })
            .before(&counted_days(&view.before), "Monthly", |row| row.mau)
            .mark(move |row| active_on(row, &filters));
        if !is_ahead {
            return plot.figure();
        }
        plot.series(
            Series::line("Expected", theme.slate, 1.25, |row: &AudienceDay| {
                row.expected
            })
            .dashed()
            .told_as("Daily, expected")
            .end_name("Daily"),
        )
        .line("80% band", |row| {
            Some(format!(
                "{} to {}",
                COUNT.full(row.lower?),
                COUNT.full(row.upper?)
            ))
        })
        .series(Series::band(
            theme.slate,
            |row: &AudienceDay| row.lower,
            |row| row.upper,
        ))
        .figure()
    }
}

/// The users active on a day; nobody has been on a day that lies ahead.
fn active_on(row: &AudienceDay, filters: &Filters) -> PanelMark {
    let (filters, date) = (filters.clone(), row.date);
    let mark = PanelMark::new(date.to_string(), format!("Active on {}", day(date)));
    match row.dau {
        None => mark,
        Some(dau) => mark.counted(("user", "users"), dau, move || {
            statement!("active_users_rows.sql", &filters, day = date.to_string())
        }),
    }
}

/// What the dashed line ahead is and how far it can be trusted, or why there is none.
fn forecast_words(view: &View<'_, ActiveUsers>) -> Option<String> {
    if view.filters.has_users() {
        return Some("The forecast covers all users. Clear the filters to see it.".to_owned());
    }
    if view.filters.to != view.as_of {
        let words = "The forecast starts after the last day of data, which the range leaves out.";
        return Some(words.to_owned());
    }
    if let Some(why) = &view.options.why_missing {
        return Some(why.clone());
    }
    let ahead = view
        .rows
        .iter()
        .filter(|row| row.expected.is_some())
        .count();
    let held = match view.options.coverage {
        Some(coverage) => format!(" and contained {} in back-tests", share(coverage)),
        None => " as designed".to_owned(),
    };
    (ahead > 0).then(|| {
        format!(
            "Dashed: forecast of daily users for the next {ahead} days. The band should contain 80% of them{held}."
        )
    })
}

fn counted_days(days: &[AudienceDay]) -> Vec<AudienceDay> {
    let counted = days.iter().filter(|day| day.dau.is_some());
    counted.cloned().collect()
}

/// The mean over the last seven days.
fn last_week(ahead: &[&AudienceDay], value: fn(&AudienceDay) -> Option<f64>) -> f64 {
    let week = &ahead[ahead.len().saturating_sub(7)..];
    let values = week.iter().filter_map(|day| value(day));
    values.sum::<f64>() / week.len().max(1) as f64
}

/// Days that monthly active users are counted over.
const DAYS_OF_MAU: usize = 30;

/// Do people use it? `before` is the period before, where it is compared.
#[must_use]
pub fn sentence(rows: &[AudienceDay], before: &[AudienceDay]) -> Option<String> {
    let counts: Vec<(NaiveDate, i64, i64)> = rows
        .iter()
        .filter_map(|row| Some((row.date, row.dau?, row.mau?)))
        .collect();
    let (date, _, mau) = *counts.last()?;
    let mut sentence = match mau {
        0 => "Nobody was active in the last 30 days".to_owned(),
        1 => "1 person was active in the last 30 days".to_owned(),
        more => format!(
            "{} were active in the last 30 days",
            counted(more.unsigned_abs(), "person")
        ),
    };
    // A handful is set against nothing, and has no rate.
    let growth_on = |then: i64| {
        is_enough(mau.min(then))
            .then(|| relative_change(mau as f64, then as f64))
            .flatten()
    };
    let compared = match before
        .iter()
        .rev()
        .find_map(|row| Some((row.date, row.mau?)))
    {
        Some((date, then)) => growth_on(then).map(|growth| (growth, day(date))),
        // A year earlier, if the range reaches back to that day or, less one, nearly so.
        None => date
            .checked_sub_months(Months::new(12))
            .and_then(|year_earlier| {
                let mut counts = counts.iter();
                counts.find(|(date, ..)| (*date - year_earlier).num_days().abs() <= 1)
            })
            .and_then(|(.., then)| growth_on(*then))
            .map(|growth| (growth, "a year earlier".to_owned())),
    };
    if let Some((growth, then)) = compared {
        sentence.push_str(&format!(", {} on {then}", change(growth)));
    }
    // Of the people just named: each of the thirty days has people of these alone.
    let month = &counts[counts.len().saturating_sub(DAYS_OF_MAU)..];
    if month.len() == DAYS_OF_MAU && is_enough(mau) {
        let days: i64 = month.iter().map(|(_, dau, _)| dau).sum();
        let mean = days as f64 / DAYS_OF_MAU as f64;
        let share = share(mean / mau as f64);
        sentence.push_str(&format!("; on an average day {share} of them were"));
    }
    sentence.push('.');
    let ahead: Vec<&AudienceDay> = rows.iter().filter(|row| row.expected.is_some()).collect();
    if let Some(end) = ahead.last() {
        sentence.push_str(&format!(
            " Forecast for the week to {}: {} a day, {} to {} with 80% confidence.",
            day(end.date),
            COUNT.full(last_week(&ahead, |day| day.expected)),
            COUNT.full(last_week(&ahead, |day| day.lower)),
            COUNT.full(last_week(&ahead, |day| day.upper)),
        ));
    }
    Some(sentence)
}
