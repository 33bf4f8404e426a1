//! Do customers pay more over time?

use chrono::NaiveDate;

use super::super::cohort_heatmap::{self, Look, Observed};
use super::super::options::{CohortSpan, Grain, OnScreen, Revenue, month_index};
use crate::dashboards::prelude::*;
use crate::results::retention::RevenueCell;
use crate::results::shares::FEWEST_FOR_A_CLAIM;

/// The distance from 100% that is coloured deepest.
const FURTHEST: f64 = 0.35;

/// What the customers of each cohort still pay, and of all cohorts together, which come first.
pub struct RevenueCohorts;

impl Source for RevenueCohorts {
    type Row = RevenueCell;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        let as_of = filters.as_of();
        let tomorrow = as_of.succ_opt().unwrap_or(as_of);
        statement!(
            "revenue_cohorts.sql",
            filters,
            cohort = span(filters).key(),
            last_month_index = month_index(as_of),
            last_whole_month_index = month_index(tomorrow) - 1,
        )
    }
}

impl Panel for RevenueCohorts {
    const SPEC: PanelSpec = PanelSpec {
        id: "revenue-cohorts",
        title: "Do customers pay more over time?",
        unit: "MRR of each customer cohort, percent of its first month, by months since",
        form: "cohort heatmap under curves of NRR and GRR",
        model: "revenue_retention",
        defined_by: "nrr",
        acts: ALL_FILTERS,
        plan: PlanOf::Start,
        click: "",
        rows: "the customers of the cohort who pay in the month",
        span: "span-12",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = OnScreen;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let (pale, quarters) = (pale_cells(&view.rows), span(&view.filters).remark());
        Some(format!(
            "{pale}{quarters}Blue: more than in the first month. Orange: less."
        ))
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (filters, revenue) = (&view.filters, view.options.chosen.revenue);
        let curves = vec![
            ("NRR", theme.up, observed(&view.rows, Revenue::Net)),
            ("GRR", theme.slate, observed(&view.rows, Revenue::Gross)),
        ];
        let look = Look {
            span: span(filters),
            unit: "month",
            size_width: 5,
            scale: (1.0 - FURTHEST, 1.0 + FURTHEST),
            shades: |theme, deepest| {
                let middle = with_opacity(theme.paper, 0.0);
                let [low, high] =
                    [theme.down, theme.up].map(|colour| with_opacity(colour, deepest));
                vec![low, middle, high]
            },
            tell,
            remarks: [
                "The month is not complete, or not all of the cohort has been observed this long.",
                "Too few customers for a rate.",
            ],
        };
        let mark = |cell: &Observed<RevenueCell>, cohort, label| {
            customers_of(&cell.of, (cohort, label), filters, revenue)
        };
        let cells = observed(&view.rows, revenue);
        cohort_heatmap::figure(cells, curves, look, *view.options, theme, mark)
    }
}

/// Customers are of months or of quarters.
fn span(filters: &Filters) -> CohortSpan {
    CohortSpan::of(Grain::Month, filters)
}

/// What was observed of cohorts.
#[must_use]
pub fn observed(rows: &[RevenueCell], revenue: Revenue) -> Vec<Observed<RevenueCell>> {
    let observed = rows.iter().filter_map(|row| {
        Some(Observed {
            of: row.clone(),
            cohort: row.cohort,
            period: row.month,
            size: row.customers,
            share: match revenue {
                Revenue::Net => row.nrr,
                Revenue::Gross => row.grr,
            }?,
            is_complete: row.is_complete,
            is_enough: is_enough(row.customers),
        })
    });
    observed.collect()
}

fn tell(cell: &Observed<RevenueCell>, tooltip: Tooltip, theme: &Theme) -> Tooltip {
    let row = &cell.of;
    let money = |cents: i64| whole_dollars(cents as f64);
    let percent =
        |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| PERCENT.full(share));
    let customers = COUNT.full(row.customers as f64);
    tooltip
        .mark(theme.up, "NRR", percent(row.nrr))
        .mark(theme.slate, "GRR", percent(row.grr))
        .line("MRR now", money(row.retained_cents))
        .line("retained without expansion", money(row.kept_cents))
        .line("MRR in the first month", money(row.base_cents))
        .line("Customers in the first month", customers)
}

/// The customers of the cohort who still pay.
fn customers_of(
    row: &RevenueCell,
    (began, label): (NaiveDate, String),
    filters: &Filters,
    revenue: Revenue,
) -> PanelMark {
    let (filters, month) = (filters.clone(), row.month);
    let (cents, column) = match revenue {
        Revenue::Net => (row.retained_cents, "mrr_cents"),
        Revenue::Gross => (row.kept_cents, "kept_mrr_cents"),
    };
    let key = format!("{}.{month}", began.format("%Y-%m"));
    PanelMark::new(key, label).summed(("customer", "customers"), cents, column, move || {
        let first_index = i64::from(month_index(began));
        statement!(
            "revenue_cohorts_rows.sql",
            &filters,
            first_index = first_index,
            last_index = first_index + span(&filters).length() - 1,
            month_number = month,
        )
    })
}

/// Do customers pay more over time?
#[must_use]
pub fn sentence(rows: &[RevenueCell]) -> Option<String> {
    let all: Vec<&RevenueCell> = rows
        .iter()
        .filter(|row| row.cohort.is_none() && row.base_cents > 0)
        .collect();
    // A year, or as far as half of the customers have been observed.
    let everyone = all.first()?.customers;
    let row = all
        .iter()
        .filter(|row| row.month <= 12 && row.customers * 2 >= everyone)
        .max_by_key(|row| row.month)?;
    if row.month == 0 {
        return Some("No cohort has been observed for a whole month yet.".to_owned());
    }
    if !is_enough(row.customers) {
        return Some(format!(
            "{} {} been observed for {}: too few for a rate.",
            counted(row.customers.unsigned_abs(), "customer"),
            if row.customers == 1 { "has" } else { "have" },
            months(row.month)
        ));
    }
    let (nrr, grr) = (row.nrr?, row.grr?);
    if nrr == 0.0 {
        return Some(format!(
            "After {}, nothing is left of what the customer cohorts paid.",
            months(row.month)
        ));
    }
    let verdict = if nrr >= 1.0 {
        "expansion makes up for churn"
    } else {
        "expansion does not make up for churn"
    };
    Some(format!(
        "After {}, NRR of the customer cohorts together is {} and GRR {}: {verdict}.",
        months(row.month),
        share(nrr),
        share(grr)
    ))
}

fn months(number: i64) -> String {
    counted(number.unsigned_abs(), "month")
}

/// What pale, dashed cells of the revenue cohorts are, where there are some.
fn pale_cells(rows: &[RevenueCell]) -> String {
    let cells = || rows.iter().filter(|row| row.cohort.is_some());
    let is_young = cells().any(|row| !row.is_complete);
    let is_small = cells().any(|row| row.is_complete && !is_enough(row.customers));
    let small = format!("fewer than {FEWEST_FOR_A_CLAIM} customers");
    let young = "the month is not over, or not all of the cohort has been observed that long yet";
    match (is_small, is_young) {
        (true, true) => {
            format!("Pale, dashed cells: {small}; or {young}, which the curves leave out. ")
        }
        (true, false) => format!("Pale, dashed cells: {small}. "),
        (false, true) => format!("Pale, dashed cells: {young}; the curves leave them out. "),
        (false, false) => String::new(),
    }
}
