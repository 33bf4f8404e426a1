//! Do customers grow or shrink?

use chrono::NaiveDate;

use crate::components::format::{month_long, month_short};
use crate::dashboards::periods::{in_month, is_over, judged};
use crate::dashboards::prelude::*;
use crate::results::revenue::RetentionMonth;

/// NRR and GRR: revenue kept from the customers of twelve months before, month by month, oldest first.
pub struct RevenueRetention;

impl Source for RevenueRetention {
    type Row = RetentionMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::WholeMonths);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("revenue_retention.sql", filters)
    }
}

impl Panel for RevenueRetention {
    const SPEC: PanelSpec = PanelSpec {
        id: "revenue-retention",
        title: "Do customers grow or shrink?",
        unit: "MRR of customers of twelve months ago, percent of what they paid then",
        form: "line chart",
        model: "revenue_retention",
        defined_by: "nrr",
        acts: AND_COMPARE,
        plan: PlanOf::YearBefore,
        click: "",
        rows: "the customers of twelve months ago, with what they paid then and now",
        span: "span-6",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed, net")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let money = |cents: i64| Some(MONEY.full(cents as f64));
        let filters = view.filters.clone();
        let nrr = |row: &RetentionMonth| row.nrr;
        Plot::over_time(&view.rows, Subject::Contracts, Self::TICKS, theme)
            .room(52.0)
            .capped()
            .baseline(1.0)
            .series(
                Series::dotted("Net", theme.teal, 1.75, nrr)
                    .told_as("NRR")
                    .named_at_end(),
            )
            .series(
                Series::dotted("Gross", theme.slate, 1.75, |row: &RetentionMonth| row.grr)
                    .told_as("GRR")
                    .named_at_end(),
            )
            .line("Customers a year ago", |row| {
                Some(COUNT.full(row.base_customers as f64))
            })
            .line("MRR a year ago", move |row| money(row.base_cents))
            .line("MRR now", move |row| money(row.retained_cents))
            .before(&view.before, "NRR", nrr)
            .mark(move |row| customers_of(row, &filters))
            .figure()
    }
}

/// The customers of twelve months before.
fn customers_of(row: &RetentionMonth, filters: &Filters) -> PanelMark {
    let (month, filters) = (row.month, filters.clone());
    let label = format!("Customers a year before {}", month_long(month));
    PanelMark::new(month.format("%Y-%m").to_string(), label).summed(
        ("customer", "customers"),
        row.retained_cents,
        "mrr_cents",
        move || {
            statement!(
                "revenue_retention_rows.sql",
                &filters,
                month = month.to_string()
            )
        },
    )
}

/// Do customers grow or shrink? By the last month that is over, since NRR spans twelve whole ones.
/// `before` are as many whole months before, where they are compared.
#[must_use]
pub fn sentence(
    rows: &[RetentionMonth],
    before: &[RetentionMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (over, _) = judged(rows, as_of)?;
    let last = over.iter().rev().find(|row| row.nrr.is_some())?;
    let (nrr, grr) = (last.nrr?, last.grr?);
    if !is_enough(last.base_customers) {
        return Some(format!(
            "Too few customers for a rate: {} paid a year before {}.",
            COUNT.full(last.base_customers as f64),
            month_short(last.month)
        ));
    }
    // Said where it is not the month that the chart ends with, or that month is not over.
    let named = if rows.last().is_some_and(|row| is_over(row.month, as_of)) {
        "The".to_owned()
    } else if is_over(last.month, as_of) {
        format!("At the end of {}, the", month_short(last.month))
    } else {
        format!("{}, the", capital(&in_month(last.month, as_of)))
    };
    // "Now" is the month that the chart ends with.
    let pay = if named == "The" {
        "a year ago now pay"
    } else {
        "a year before paid"
    };
    let mut sentence = format!(
        "{named} {} customers of {pay} {} of what they paid then. Without expansion it would be {}, so expansion adds {}",
        COUNT.full(last.base_customers as f64),
        share_or_nothing(nrr),
        share_or_nothing(grr),
        points_between(nrr, grr),
    );
    let earlier = before.last().filter(|row| is_enough(row.base_customers));
    let earlier = earlier.and_then(|row| Some((row.month, row.nrr?)));
    if let Some((month, earlier)) = earlier {
        sentence.push_str(&format!(
            "; {} on {}",
            PERCENT.difference(nrr - earlier),
            month_short(month)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// A share of an amount: "104.2%", "nothing".
fn share_or_nothing(of: f64) -> String {
    if of == 0.0 {
        "nothing".to_owned()
    } else {
        PERCENT.short(of)
    }
}

/// How far two shares lie apart as they are written, so that a reader's own sum agrees: `7.2 points`.
fn points_between(one: f64, other: f64) -> String {
    let written = |share: f64| (share * 1000.0).round();
    let points = (written(one) - written(other)) / 10.0;
    if points == 0.0 {
        "nothing".to_owned()
    } else {
        format!("{points:.1} points")
    }
}
