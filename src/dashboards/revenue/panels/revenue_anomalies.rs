//! Which days are unusual?

use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{LineStyle, Symbol};
use charming::series::Line;

use crate::dashboards::claims::count_or_none;
use crate::dashboards::notes::befell_by_word;
use crate::dashboards::prelude::*;
use crate::dashboards::spec::Acts;
use crate::results::revenue::RevenueDay;

/// Each day's revenue, what is usual for it, and who takes it for unusual.
pub struct RevenueAnomalies;

/// What the statement depends on besides the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Finders {
    /// How often the Isolation Forest was trained: its days change under the same statement.
    pub forests: u64,
    /// Whether planted days are shown.
    pub is_truth_shown: bool,
}

impl Source for RevenueAnomalies {
    type Row = RevenueDay;
    type Options = Finders;
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, finders: &Finders) -> String {
        let sql = statement!(
            "revenue_anomalies.sql",
            filters,
            is_truth_shown = finders.is_truth_shown
        );
        format!("{sql}\n-- Isolation Forest, fit {}", finders.forests)
    }
}

impl Panel for RevenueAnomalies {
    const SPEC: PanelSpec = PanelSpec {
        id: "revenue-anomalies",
        title: "Which days are unusual?",
        unit: "Daily revenue, US dollars",
        form: "line chart with marks",
        model: "ml.revenue_anomalies",
        defined_by: "revenue_anomaly",
        acts: &[Acts::Days],
        plan: PlanOf::Every,
        click: "",
        rows: "the payments of the day",
        span: "span-7",
        keys: &[
            ("Usual level", "accent"),
            ("Isolation Forest", "orange"),
            ("Robust z-score", "blue"),
            ("Planted, with truth shown", "hollow"),
        ],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    /// Who finds unusual days, and why the forest does not yet.
    type Options = (Finders, Option<String>);

    fn answer(view: &View<'_, Self>) -> Option<String> {
        let finders = view.options.0;
        sentence(&view.rows, finders.forests > 0, finders.is_truth_shown)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        view.options.1.clone()
    }

    /// Days that the forest flags are large dots, those of the z-scores small ones on them, planted days rings around.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let revenue = |row: &RevenueDay| row.revenue_cents;
        let verdict = |is_unusual| if is_unusual { "unusual" } else { "normal" };
        let filters = view.filters.clone();
        let plot = Plot::over_time(&view.rows, Subject::MarkedPayments, Self::TICKS, theme)
            .series(Series::line("Revenue", theme.slate, 1.0, revenue))
            .series(Series::line(
                "Usual",
                theme.accent,
                2.0,
                |row: &RevenueDay| row.usual_cents,
            ))
            .series(
                Series::dots(
                    "Isolation Forest",
                    theme.orange,
                    10.0,
                    move |row: &RevenueDay| row.is_called.then(|| revenue(row)),
                )
                .told_by(move |row| {
                    let score = ValueFormat::Ratio.full(row.score?);
                    Some(format!("{score}, {}", verdict(row.is_called)))
                }),
            )
            .series(
                Series::dots(
                    "Robust z-score",
                    theme.blue,
                    5.0,
                    move |row: &RevenueDay| row.is_flagged.then(|| revenue(row)),
                )
                .told_by(move |row| Some(verdict(row.is_flagged).to_owned())),
            )
            .series(
                Series::rings("Planted", theme.ink, 16.0, move |row: &RevenueDay| {
                    row.planted.is_some().then(|| revenue(row))
                })
                .told_by(|row| match &row.planted {
                    Some(planted) => Some(befell_by_word(&planted.kind, planted.factor)),
                    None => row
                        .is_after_outage
                        .then(|| "Billing did not run the day before".to_owned()),
                }),
            )
            .overlay(leads(&view.rows, theme))
            .mark(move |row| paid_on(row, &filters));
        plot.figure()
    }
}

/// A hairline over the whole height to each day of the forest: most have little revenue, and their dots lie on the
/// base line.
fn leads(rows: &[RevenueDay], theme: &Theme) -> Line {
    let highest = rows.iter().map(|row| row.revenue_cents).max().unwrap_or(0) as f64;
    let point = |x: usize, y: CompositeValue| DataPoint::from(vec![(x as f64).into(), y]);
    let called = rows.iter().enumerate().filter(|(_, row)| row.is_called);
    // ECharts' word for nothing ends a piece of the line.
    let leads = called.flat_map(|(day, _)| {
        [
            point(day, 0.0.into()),
            point(day, highest.into()),
            point(day, "-".into()),
        ]
    });
    let colour = with_opacity(theme.orange, 0.5);
    Line::new()
        .name("Leads")
        .silent(true)
        .symbol(Symbol::None)
        .line_style(LineStyle::new().color(colour.as_str()).width(1))
        .z(1)
        .data(leads.collect::<Vec<DataPoint>>())
}

/// The payments of a day.
fn paid_on(row: &RevenueDay, filters: &Filters) -> PanelMark {
    let (date, filters) = (row.date, filters.clone());
    PanelMark::new(date.to_string(), format!("Payments of {}", day(date))).summed(
        ("payment", "payments"),
        row.revenue_cents,
        "gross_cents",
        move || {
            statement!(
                "revenue_anomalies_rows.sql",
                &filters,
                day = date.to_string()
            )
        },
    )
}

/// Which days are unusual? By the forest, once it `is_learned`, and by the z-scores; with the
/// truth shown, how many of the planted days each finds.
#[must_use]
pub fn sentence(rows: &[RevenueDay], is_learned: bool, is_truth_shown: bool) -> Option<String> {
    if rows.is_empty() {
        return None;
    }
    let called: Vec<&RevenueDay> = rows.iter().filter(|row| row.is_called).collect();
    let flagged: Vec<&RevenueDay> = rows.iter().filter(|row| row.is_flagged).collect();
    let days = COUNT.full(rows.len() as f64);
    let mut sentence = if is_learned {
        let both = match called.iter().filter(|row| row.is_flagged).count() {
            _ if flagged.is_empty() => String::new(),
            0 => ", on other days".to_owned(),
            both => format!(", {both} of them on the same days"),
        };
        let last = called
            .last()
            .map(|row| format!(", last {}", day(row.date)))
            .unwrap_or_default();
        format!(
            "The Isolation Forest flags {} of {days} days{last}; robust z-scores flag {}{both}",
            count_or_none(called.len() as i64),
            count_or_none(flagged.len() as i64),
        )
    } else {
        format!(
            "Robust z-scores flag {} of {days} days. The Isolation Forest is still training",
            count_or_none(flagged.len() as i64)
        )
    };
    sentence.push('.');
    if is_truth_shown {
        let planted = rows.iter().filter(|row| row.planted.is_some()).count();
        let found = |days: &[&RevenueDay]| days.iter().filter(|row| row.planted.is_some()).count();
        let judged = |name: &str, days: &[&RevenueDay]| {
            let found = found(days);
            // What waits for the day after an outage is odd on that day, and no false alarm.
            let felt = |row: &&&RevenueDay| row.planted.is_none() && row.is_after_outage;
            let alarms = match days.len() - found - days.iter().filter(felt).count() {
                0 => "no false alarm".to_owned(),
                more => counted(more as u64, "false alarm"),
            };
            format!("{name} {} with {alarms}", count_or_none(found as i64))
        };
        let of_planted = match planted {
            0 => " Nothing was planted in these days:".to_owned(),
            1 => " Of the one planted day".to_owned(),
            more => format!(" Of the {more} planted days"),
        };
        let mut parts = Vec::new();
        if is_learned {
            parts.push(judged("the forest finds", &called));
        }
        parts.push(judged("the z-scores find", &flagged));
        sentence.push_str(&format!("{of_planted} {}.", parts.join(", ")));
    }
    Some(sentence)
}
