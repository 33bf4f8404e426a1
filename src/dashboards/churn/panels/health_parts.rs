//! Where do customers at risk fall short?

use super::health::{colour, customers_sql};
use crate::dashboards::churn::figures::count;
use crate::dashboards::claims::count_or_none;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::prelude::*;
use crate::results::churn::HealthParts as Parts;

/// A part of the score: its name and its mean.
type Part = (&'static str, fn(&Parts) -> f64);

/// The parts, each worth 20 points at most.
const PARTS: [Part; 5] = [
    ("Recency", |row| row.recency),
    ("Frequency", |row| row.frequency),
    ("Value", |row| row.value),
    ("Trend", |row| row.trend),
    ("No trouble", |row| row.trouble),
];

/// Mean points of the health score's parts at the last day of data, by status.
pub struct HealthParts;

impl Source for HealthParts {
    type Row = Parts;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("health_parts.sql", filters)
    }
}

impl Panel for HealthParts {
    const SPEC: PanelSpec = PanelSpec {
        id: "health-parts",
        title: "Where do customers at risk fall short?",
        unit: "Mean points for each part of the score, out of 20",
        form: "grouped column chart",
        model: "fct_health_scores",
        defined_by: "health_score",
        acts: USER_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the customers with the status",
        span: "span-6",
        keys: &[
            ("Healthy", "teal"),
            ("Watch", "ochre"),
            ("At risk", "orange"),
        ],
    };
    const TICKS: ValueFormat = ValueFormat::Ratio;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        // The range does not act.
        Some(format!("As of {}.", day(view.as_of)))
    }

    /// The parts across, a column a status in each; those of few customers are pale.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let plot = Plot::of_names(&PARTS, Self::TICKS, theme, |part| part.0.to_owned())
            .headed(|part| format!("{}, of 20", part.0))
            .headroom(18.0)
            .reach(20.0);
        let statuses = view.rows.iter().map(|row| {
            let points = {
                let row = row.clone();
                move |part: &Part| part.1(&row)
            };
            let (labelled, told) = (points.clone(), points.clone());
            let name = words(&row.status);
            let opacity = if is_enough(row.customers) { 1.0 } else { PALE };
            Series::beside(&name, colour(theme, &row.status), points)
                .faint(opacity)
                .labelled(theme.muted, move |part| format!("{:.0}", labelled(part)))
                .told_as(format!("{name}, {} customers", count(row.customers)))
                .told_by(move |part| Some(format!("{:.1}", told(part))))
                .mark_of_all(Some(of_status(row, &view.filters)))
        });
        statuses.fold(plot, Plot::series).figure()
    }
}

/// The customers behind each column.
#[must_use]
pub fn people(fetched: &Fetched<Parts>) -> Vec<i64> {
    fetched.rows.iter().map(|row| row.customers).collect()
}

/// The customers of a status, whichever part of their score is meant.
fn of_status(row: &Parts, filters: &Filters) -> PanelMark {
    let (status, filters) = (row.status.clone(), filters.clone());
    PanelMark::new(&row.status, words(&row.status)).counted(
        ("customer", "customers"),
        row.customers,
        move || customers_sql(&status, None, &filters),
    )
}

/// Where do customers at risk fall short?
#[must_use]
pub fn sentence(rows: &[Parts]) -> Option<String> {
    let healthy = rows.iter().find(|row| row.status == "healthy")?;
    let Some(risky) = rows.iter().find(|row| row.status == "at_risk") else {
        return Some("No customer is at risk by this score.".to_owned());
    };
    if !is_enough(risky.customers.min(healthy.customers)) {
        return Some(format!(
            "Too few customers to compare: {} at risk, {} healthy.",
            count_or_none(risky.customers),
            count_or_none(healthy.customers)
        ));
    }
    let by_gap = |one: &&Part, other: &&Part| {
        let gap = |part: &Part| part.1(healthy) - part.1(risky);
        gap(one).total_cmp(&gap(other))
    };
    let (most, points) = PARTS.iter().max_by(by_gap)?;
    let (least, _) = PARTS.iter().min_by(by_gap)?;
    Some(format!(
        "{most} differs most: {:.1} of 20 points, against {:.1} for healthy customers. {least} differs least.",
        points(risky),
        points(healthy),
    ))
}
