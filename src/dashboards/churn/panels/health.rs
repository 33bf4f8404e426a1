//! How healthy are customers?

use crate::dashboards::churn::figures::{count, customers, money};
use crate::dashboards::prelude::*;
use crate::results::churn::HealthBin;

/// Points a column spans.
const STEP: i64 = 5;

/// Statuses from the worst.
const STATUSES: [&str; 3] = ["at_risk", "watch", "healthy"];

/// Paying customers by health score at the last day of data, in steps of five points.
pub struct Health;

impl Source for Health {
    type Row = HealthBin;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("health.sql", filters)
    }
}

impl Panel for Health {
    const SPEC: PanelSpec = PanelSpec {
        id: "health",
        title: "How healthy are customers?",
        unit: "Paying customers by health score, 0 to 100",
        form: "stacked histogram",
        model: "fct_health_scores",
        defined_by: "health_score",
        acts: USER_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the customers with that health score",
        span: "span-6",
        keys: &[
            ("Healthy", "teal"),
            ("Watch", "ochre"),
            ("At risk", "orange"),
        ],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        // The range does not act.
        Some(format!("As of {}.", day(view.as_of)))
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let places = (0..100 / STEP).map(|place| Place {
            points: place * STEP,
            bins: { view.rows.iter() }
                .filter(|row| row.points == place * STEP)
                .cloned()
                .collect(),
        });
        let places: Vec<Place> = places.collect();
        let name = |place: &Place| match place.points % 20 {
            0 => place.points.to_string(),
            _ => String::new(),
        };
        let last = |place: &Place| (place.points + STEP - 1).min(100);
        let statuses = STATUSES.map(|status| {
            let of = move |place: &Place| place.of(status).map(|bin| bin.customers);
            let filters = view.filters.clone();
            Series::bars(words(status), colour(theme, status), 78, move |place| {
                of(place).unwrap_or(0)
            })
            .told_by(move |place| of(place).map(count))
            .mark(move |place: &Place| Some(of_health(place.of(status)?, &filters)))
            .for_place_if_largest()
        });
        Plot::of_names(&places, Self::TICKS, theme, name)
            .headed(move |place| format!("{} to {} points", place.points, last(place)))
            .stack(statuses)
            .total("MRR", |place| {
                let mrr: i64 = place.bins.iter().map(|bin| bin.mrr_cents).sum();
                (!place.bins.is_empty()).then(|| whole_dollars(mrr as f64))
            })
            .remark(|place| { place.bins.is_empty() }.then(|| "No customers.".to_owned()))
            .figure()
    }
}

/// The customers with so many points.
#[derive(Debug, Clone)]
struct Place {
    points: i64,
    /// By status.
    bins: Vec<HealthBin>,
}

impl Place {
    fn of(&self, status: &str) -> Option<&HealthBin> {
        self.bins.iter().find(|bin| bin.status == status)
    }
}

/// The colour of a status.
#[must_use]
pub fn colour(theme: &Theme, status: &str) -> &'static str {
    match status {
        "healthy" => theme.teal,
        "watch" => theme.ochre,
        "at_risk" => theme.orange,
        _ => theme.other,
    }
}

/// The customers of a health and status.
fn of_health(bin: &HealthBin, filters: &Filters) -> PanelMark {
    let HealthBin { points, status, .. } = bin.clone();
    let label = format!("{points} points or more, {}", words(&status).to_lowercase());
    let filters = filters.clone();
    PanelMark::new(format!("{points}.{status}"), label).counted(
        ("customer", "customers"),
        bin.customers,
        move || customers_sql(&status, Some(points), &filters),
    )
}

/// SQL of the customers of a status, and of a health score if one is given.
#[must_use]
pub fn customers_sql(status: &str, points: Option<i64>, filters: &Filters) -> String {
    statement!(
        "health_rows.sql",
        filters,
        status = status,
        health_points = points
    )
}

/// How healthy are customers?
#[must_use]
pub fn sentence(rows: &[HealthBin]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.customers).sum();
    if total == 0 {
        return None;
    }
    let sum = |status: &str, value: fn(&HealthBin) -> i64| -> i64 {
        let of = rows.iter().filter(|row| row.status == status);
        of.map(value).sum()
    };
    let healthy = sum("healthy", |row| row.customers);
    let mrr = money(sum("at_risk", |row| row.mrr_cents) as f64);
    Some(format!(
        "{} of {} are healthy. {}.",
        if healthy == 0 {
            "None".to_owned()
        } else if is_enough(total) {
            share(healthy as f64 / total as f64)
        } else {
            count(healthy)
        },
        customers(total),
        match sum("at_risk", |row| row.customers) {
            0 => "None is at risk".to_owned(),
            1 => format!("1 is at risk, with {mrr} MRR"),
            more => format!("{} are at risk, with {mrr} MRR", count(more)),
        }
    ))
}
