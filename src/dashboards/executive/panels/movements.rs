//! What moved recurring revenue?

use chrono::NaiveDate;

use crate::components::format::{month_long, month_name};
use crate::dashboards::claims::money_or_nothing;
use crate::dashboards::periods::{month_so_far, months};
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::periods::{of_months, whole};

row! {
    /// What moved MRR in a month; losses are negative.
    pub struct MovementMonth {
        /// First day of the month.
        pub month: NaiveDate = "date_month",
        /// MRR at its beginning.
        pub opening_cents: i64 = "opening_mrr_cents",
        /// From new customers.
        pub new_cents: i64 = "new_mrr_cents",
        /// From customers who added seats or moved up.
        pub expansion_cents: i64 = "expansion_mrr_cents",
        /// From customers who came back.
        pub reactivation_cents: i64 = "reactivation_mrr_cents",
        /// From customers who dropped seats or moved down; at most 0.
        pub contraction_cents: i64 = "contraction_mrr_cents" via downwards,
        /// From customers who left; at most 0.
        pub churn_cents: i64 = "churn_mrr_cents" via downwards,
        /// What came from other plans less what went to them; 0 unless some plans are chosen.
        pub transfer_cents: i64 = "transfer_mrr_cents",
        /// MRR at its end.
        pub closing_cents: i64 = "closing_mrr_cents",
        /// Customers behind each movement, in the order of [`Self::movements`].
        pub customers: [i64; 5] = [
            "new_customers", "expansion_customers", "reactivation_customers",
            "contraction_customers", "churn_customers"
        ],
    }
}

of_months!(MovementMonth);

impl MovementMonth {
    /// The movements, gains first.
    pub const NAMES: [&'static str; 5] =
        ["new", "expansion", "reactivation", "contraction", "churn"];

    /// The movements by name, gains first.
    #[must_use]
    pub const fn movements(&self) -> [(&'static str, i64); 5] {
        [
            ("new", self.new_cents),
            ("expansion", self.expansion_cents),
            ("reactivation", self.reactivation_cents),
            ("contraction", self.contraction_cents),
            ("churn", self.churn_cents),
        ]
    }
}

/// Cents as a loss, however the mart signs it.
const fn downwards(cents: i64) -> i64 {
    -cents.abs()
}

/// What came from plans that are not chosen, less what went to them, beside the movements (decision 0022).
const OTHER_PLANS: &str = "Other plans";

/// What moved MRR in each month of the range, oldest first.
pub struct Movements;

impl Source for Movements {
    type Row = MovementMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::WholeMonths);

    fn sql(filters: &Filters, (): &()) -> String {
        let months_of = filters.months_sql("rows.date_month");
        statement!(
            "movements.sql",
            filters,
            months_of = months_of,
            is_ordered = true
        )
    }
}

impl Panel for Movements {
    const SPEC: PanelSpec = PanelSpec {
        id: "movements",
        title: "What moved it?",
        unit: "MRR gained and lost in the month, US dollars",
        form: "stacked column chart",
        model: "fct_mrr_waterfall",
        defined_by: "mrr_movement",
        acts: AND_COMPARE,
        plan: PlanOf::Month,
        click: "",
        rows: "the customers with that movement in the month",
        span: "span-5 tall",
        keys: &[
            ("New", "blue"),
            ("Expansion", "teal"),
            ("Reactivation", "plum"),
            ("Contraction", "ochre"),
            ("Churn", "orange"),
            ("Net", "ink"),
        ],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    /// The monthly churn that the company on the page was made with, in percent.
    type Options = Option<String>;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let moves = has_transfers(&view.rows)
            .then(|| "Grey: from other plans, less what went to them.".to_owned());
        joined([
            told(&view.filters, view.basis, "Dashed, net"),
            moves,
            view.options.as_deref().map(churn_meaning),
        ])
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let has_transfers = has_transfers(&view.rows);
        let mut plot = Plot::over_time(&view.rows, Subject::Contracts, MONEY, theme)
            .line("Opening", |row: &MovementMonth| {
                Some(whole_dollars(row.opening_cents as f64))
            });
        for (position, name) in MovementMonth::NAMES.into_iter().enumerate() {
            let filters = view.filters.clone();
            let cents = move |row: &MovementMonth| row.movements()[position].1;
            let series = Series::bars(words(name), theme.movement(name), 62, cents)
                .stacked("movements")
                .mark(move |row| moved((row.month, row.month), name, cents(row), &filters));
            plot = plot.series(series);
        }
        if has_transfers {
            let cents = |row: &MovementMonth| row.transfer_cents;
            plot =
                plot.series(Series::bars(OTHER_PLANS, theme.slate, 62, cents).stacked("movements"));
        }
        let net = Series::dotted("Net", theme.ink, 1.5, net_cents);
        let net = if view.before.is_empty() {
            net.untold()
        } else {
            net
        };
        plot.total("Closing", |row| {
            Some(whole_dollars(row.closing_cents as f64))
        })
        .series(net)
        .before(&view.before, "Net", net_cents)
        .figure()
    }
}

/// The customers with one movement in the months from the first to the last.
#[must_use]
pub fn moved(
    (first, last): (NaiveDate, NaiveDate),
    movement: &'static str,
    cents: i64,
    filters: &Filters,
) -> PanelMark {
    let as_of = filters.as_of();
    let (key, period) = if first == last {
        (
            first.format("%Y-%m").to_string(),
            month_so_far(first, as_of),
        )
    } else {
        let period = format!("{} to {}", month_long(first), month_so_far(last, as_of));
        ("all".to_owned(), period)
    };
    let filters = filters.clone();
    PanelMark::new(
        format!("{key}.{movement}"),
        format!("{}, {period}", words(movement)),
    )
    .summed(
        ("movement", "movements"),
        cents,
        "movement_amount_cents",
        move || {
            statement!(
                "movements_rows.sql",
                &filters,
                from_month = first.to_string(),
                to_month = last.to_string(),
                movement = movement,
            )
        },
    )
}

/// Whether customers moved between the plans chosen and others; over all plans nobody does.
fn has_transfers(rows: &[MovementMonth]) -> bool {
    rows.iter().any(|row| row.transfer_cents != 0)
}

/// What the movements and moves between plans add up to: closing less opening MRR.
#[must_use]
pub fn net_cents(row: &MovementMonth) -> i64 {
    let moved: i64 = row.movements().iter().map(|(_, cents)| cents).sum();
    moved + row.transfer_cents
}

/// Which churn the panels show, and why it is not the one that the scenario plants, in percent a month.
#[must_use]
pub fn churn_meaning(planted: &str) -> String {
    format!(
        "Churn is revenue churn: the MRR of all customers who left. The scenario’s monthly churn, {planted}%, \
         is customer churn among those billed monthly; those billed by the quarter or year leave at its end."
    )
}

/// What moved it? `before` are as many whole months before, where they are compared.
///
/// A month that has not ended is reported by itself, and not compared with whole ones.
#[must_use]
pub fn sentence(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let last = rows.last()?;
    let over = whole(rows, as_of);
    let sum = |rows: &[MovementMonth], pick: fn(&MovementMonth) -> i64| -> i64 {
        rows.iter().map(pick).sum()
    };
    let is_still =
        |row: &MovementMonth| net_cents(row) == 0 && row.new_cents == 0 && row.churn_cents == 0;
    let (Some(first), Some(latest)) = (over.first(), over.last()) else {
        return Some(format!(
            "{}, MRR {}.",
            month_so_far(last.month, as_of),
            if is_still(last) {
                "did not move".to_owned()
            } else {
                format!(
                    "{}: {} from new customers, {} lost to churn",
                    so_far(net_cents(last)),
                    money_or_nothing(last.new_cents),
                    money_or_nothing(last.churn_cents.abs()),
                )
            },
        ));
    };
    let net = sum(over, net_cents);
    if rows.iter().all(is_still) {
        return Some("MRR did not move: nobody of these filters pays.".to_owned());
    }
    let moved = |net: i64| match net.signum() {
        -1 => format!("shrank by {}", MONEY.short(net.abs() as f64)),
        0 => "ended where it began".to_owned(),
        _ => format!("grew by {}", MONEY.short(net as f64)),
    };
    let mut sentence = format!(
        "{} MRR {}: {} from new customers, {} lost to churn",
        if over.len() == 1 {
            format!("In {}", months(first.month, latest.month))
        } else {
            format!("From {}", months(first.month, latest.month))
        },
        moved(net),
        money_or_nothing(sum(over, |row| row.new_cents)),
        money_or_nothing(sum(over, |row| row.churn_cents).abs()),
    );
    match sum(over, |row| row.transfer_cents) {
        0 => {}
        came @ 1.. => {
            let came = MONEY.short(came as f64);
            sentence.push_str(&format!(", {came} more from other plans than to them"));
        }
        went => {
            let went = MONEY.short(-went as f64);
            sentence.push_str(&format!(", {went} more to other plans than from them"));
        }
    }
    if let (Some(first), Some(latest)) = (before.first(), before.last()) {
        let net = sum(before, net_cents);
        sentence.push_str(&format!(
            "; {} it {}",
            if before.len() == 1 {
                format!("in {}", months(first.month, latest.month))
            } else {
                format!("from {}", months(first.month, latest.month))
            },
            moved(net)
        ));
    }
    if last.month != latest.month {
        let moved = so_far(net_cents(last));
        let month = month_name(last.month);
        sentence.push_str(&format!("; so far in {month} it {moved}"));
    }
    sentence.push('.');
    Some(sentence)
}

/// What MRR did in a month that is not over.
fn so_far(net: i64) -> String {
    let amount = MONEY.short(net.abs() as f64);
    match net.signum() {
        -1 => format!("is down by {amount}"),
        0 => "did not move".to_owned(),
        _ => format!("is up by {amount}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Date32Array, Int64Array, RecordBatch};

    use super::*;
    use crate::results::Row;

    fn days(count: i32) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(0..count))
    }

    #[test]
    fn losses_are_negative_and_customers_stand_as_the_movements_do() {
        let amounts = [
            "opening",
            "new",
            "expansion",
            "reactivation",
            "contraction",
            "churn",
        ];
        let amounts = amounts.into_iter().chain(["transfer", "closing"]);
        let customers = MovementMonth::NAMES.map(|name| format!("{name}_customers"));
        let names = amounts
            .map(|name| format!("{name}_mrr_cents"))
            .chain(customers);
        let columns = names.enumerate().map(|(place, name)| {
            let value: ArrayRef = Arc::new(Int64Array::from(vec![place as i64]));
            (name, value)
        });
        let month = ("date_month".to_owned(), days(1));
        let batch = RecordBatch::try_from_iter(columns.chain([month])).unwrap();
        let row = &MovementMonth::read_all(&[batch]).unwrap()[0];
        assert_eq!(row.movements().map(|(_, cents)| cents), [1, 2, 3, -4, -5]);
        assert_eq!((row.transfer_cents, row.closing_cents), (6, 7));
        assert_eq!(row.customers, [8, 9, 10, 11, 12]);
    }
}
