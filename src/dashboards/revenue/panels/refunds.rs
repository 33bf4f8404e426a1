//! How much is refunded or disputed?

use chrono::NaiveDate;

use crate::dashboards::claims::money_or_nothing;
use crate::dashboards::periods::{in_month, is_over, judged, month_so_far, span};
use crate::dashboards::prelude::*;
use crate::results::revenue::RefundMonth;

/// Refunds and disputes of each month, oldest first.
pub struct Refunds;

impl Source for Refunds {
    type Row = RefundMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::WholeMonths);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("refunds.sql", filters)
    }
}

impl Panel for Refunds {
    const SPEC: PanelSpec = PanelSpec {
        id: "refunds",
        title: "How much is refunded or disputed?",
        unit: "Refunded and lost to disputes in the month, US dollars",
        form: "column chart",
        model: "fct_payments",
        defined_by: "fct_payments.refunded_cents",
        acts: AND_COMPARE,
        plan: PlanOf::Charge,
        click: "",
        rows: "the refunds and disputes of the month",
        span: "span-5",
        keys: &[("Refunds", "orange"), ("Disputes", "plum")],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let filters = view.filters.clone();
        let count = |count: i64| Some(COUNT.full(count as f64));
        Plot::over_time(&view.rows, Subject::Payments, MONEY, theme)
            .series(
                Series::bars("Refunds", theme.orange, 58, |row: &RefundMonth| {
                    row.refunded_cents
                })
                .stacked("gone back")
                .told_as("Refunded"),
            )
            .line("Refunds", move |row| count(row.refunds))
            .series(
                Series::bars("Disputes", theme.plum, 58, |row: &RefundMonth| {
                    row.disputed_cents
                })
                .stacked("gone back")
                .told_as("Lost to disputes"),
            )
            .line("Disputes", move |row| count(row.disputes))
            .line("Charged", |row| Some(whole_dollars(row.gross_cents as f64)))
            .line("Refund rate", |row| {
                let rate = row.refunded_cents as f64 / row.gross_cents as f64;
                (row.gross_cents > 0).then(|| PERCENT.full(rate))
            })
            .before(&view.before, "Refunded and disputed", gone_back)
            .mark(move |row| paid_back_in(row, &filters))
            .figure()
    }
}

/// What was refunded and lost to disputes.
fn gone_back(row: &RefundMonth) -> i64 {
    row.refunded_cents + row.disputed_cents
}

/// The refunds and disputes of a month.
fn paid_back_in(row: &RefundMonth, filters: &Filters) -> PanelMark {
    let (month, filters) = (row.month, filters.clone());
    let label = format!(
        "Refunds and disputes, {}",
        month_so_far(month, filters.as_of())
    );
    PanelMark::new(month.format("%Y-%m").to_string(), label).summed(
        ("refund or dispute", "refunds and disputes"),
        gone_back(row),
        "amount_cents",
        move || statement!("refunds_rows.sql", &filters, month = month.to_string()),
    )
}

/// How much is refunded or disputed? `before` are as many whole months before, where they are compared; the month
/// under way is reported by itself.
#[must_use]
pub fn sentence(rows: &[RefundMonth], before: &[RefundMonth], as_of: NaiveDate) -> Option<String> {
    let (over, named) = judged(rows, as_of)?;
    let last = rows.last()?;
    let refunded: i64 = over.iter().map(|row| row.refunded_cents).sum();
    let gross: i64 = over.iter().map(|row| row.gross_cents).sum();
    let refunds: i64 = over.iter().map(|row| row.refunds).sum();
    if gross == 0 {
        return None;
    }
    let earlier: i64 = before.iter().map(|row| row.refunded_cents).sum();
    let charged: i64 = before.iter().map(|row| row.gross_cents).sum();
    let earlier_refunds: i64 = before.iter().map(|row| row.refunds).sum();
    // A handful of refunds is set against nothing.
    let compared = if charged > 0 && is_enough(refunds) && is_enough(earlier_refunds) {
        let rate = share(earlier as f64 / charged as f64);
        let named = before.first().zip(before.last());
        let named = named.map(|(first, last)| span(first.month, last.month));
        format!("; {} it was {rate}", named.unwrap_or_default())
    } else {
        String::new()
    };
    let is_running = !is_over(last.month, as_of);
    let named = if is_running {
        format!("{named}, ")
    } else {
        String::new()
    };
    let so_far = if is_running && over.len() < rows.len() {
        let refunded = money_or_nothing(last.refunded_cents);
        format!("; {} {refunded}", in_month(last.month, as_of))
    } else {
        String::new()
    };
    let disputes: i64 = over.iter().map(|row| row.disputes).sum();
    let disputed: i64 = over.iter().map(|row| row.disputed_cents).sum();
    // Months may win back more than they lose: what was lost before.
    let lost = match (disputes, disputed) {
        (0, 0) => String::new(),
        (_, ..0) => format!(
            " Won disputes brought {} back.",
            MONEY.short(-disputed as f64)
        ),
        (1, _) => format!(" 1 dispute took {}.", MONEY.short(disputed as f64)),
        _ => format!(
            " {} took {}, less what was won.",
            counted(disputes.unsigned_abs(), "dispute"),
            MONEY.short(disputed as f64)
        ),
    };
    let sentence = if refunded == 0 && refunds == 0 {
        format!("{named}nothing was refunded{compared}{so_far}.{lost}")
    } else {
        format!(
            "{named}{} was refunded in {}, {} of the money charged{compared}{so_far}.{lost}",
            money_or_nothing(refunded),
            counted(refunds.unsigned_abs(), "refund"),
            share(refunded as f64 / gross as f64),
        )
    };
    Some(capital(&sentence))
}
