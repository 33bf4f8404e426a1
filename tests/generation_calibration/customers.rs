//! What customers are like: their size, their seats, how they pay.

use std::collections::BTreeSet;

use metricflow::generation::Table;
use metricflow::parameters::{Parameter, Scenario};

use crate::generation::{DAY, Dataset, NULL};
use crate::line::{Line, Sums};
use crate::money::{billed_at, planted_days, planted_share};

/// Company sizes, as keys, for which shares of invoices and medians of seats are planted.
const ANCHOR_OF_INVOICES: i64 = 3;
const ANCHOR_OF_SEATS: i64 = 2;
const MEDIAN_SEATS: &str = "median seats, 51-200";

/// Of what size companies are, how many seats they buy, and how they pay.
pub(crate) fn kind_of_customers(data: &Dataset, sums: &mut Sums) {
    let sizes = data.table(Table::Users).get("company_size");
    for &size in sizes {
        let is_large = f64::from(u8::from(size >= ANCHOR_OF_INVOICES));
        sums.add("large companies", is_large, 1.0);
    }
    let periods = data.platform();
    let new = periods.key("change_type", "new");
    let few = few_seats(&data.scenario);
    for row in 0..periods.rows() {
        let size = sizes[periods.get("user_id")[row] as usize - 1];
        if periods.get("change_type")[row] == new && size == ANCHOR_OF_SEATS {
            let has_few = periods.get("quantity")[row] as f64 <= few;
            sums.add(MEDIAN_SEATS, f64::from(u8::from(has_few)), 1.0);
        }
    }
    let payments = data.table(Table::Payments);
    let transfer = payments.key("method", "bank_transfer");
    let failed = payments.key("status", "failed");
    let mut billed = BTreeSet::new();
    let (planted, billed_at) = (planted_days(data), billed_at(data));
    let is_usual = |row: usize| !planted.contains(&billed_at[row].div_euclid(DAY));
    for row in 0..payments.rows() {
        let get = |column: &str| payments.get(column)[row];
        if get("refund_of") != NULL || get("attempt_no") != 1 {
            continue;
        }
        let is_transfer = get("method") == transfer;
        // What was collected twice is no second invoice, and what waited was late for another reason.
        if is_transfer && is_usual(row) {
            let is_late = f64::from(u8::from(get("status") == failed));
            sums.add("late invoices", is_late, 1.0);
        }
        let user = get("user_id");
        if billed.insert(user) && sizes[user as usize - 1] == ANCHOR_OF_INVOICES {
            let by_invoice = f64::from(u8::from(is_transfer));
            sums.add("paid by invoice, 201-1000", by_invoice, 1.0);
        }
    }
}

/// The median of whole seats says little of the median before rounding; the share of customers with
/// at most so many seats does, since the spread is known.
fn few_seats(scenario: &Scenario) -> f64 {
    scenario.number(Parameter::MedianSeats).floor()
}

/// The median of seats that the share of customers with few of them means, beside the planted one.
fn median_seats(scenario: &Scenario, sums: &Sums) -> Line {
    let (hits, total) = sums.0[MEDIAN_SEATS];
    let (few, sigma) = (
        few_seats(scenario) + 0.5,
        scenario.number(Parameter::SeatsSigma),
    );
    let planted = scenario.number(Parameter::MedianSeats);
    let z = libm::log(few / planted) / sigma;
    let share = 0.5 * libm::erfc(-z / core::f64::consts::SQRT_2);
    let of_share = |share: f64| {
        few * libm::exp(
            -sigma * metricflow::generation::normal_quantile(share.clamp(1e-6, 1.0 - 1e-6)),
        )
    };
    let of_shares = Line::share(MEDIAN_SEATS, share, hits, total, 0.0);
    Line {
        name: MEDIAN_SEATS.to_owned(),
        planted: format!("{planted:.4}"),
        observed: of_share(of_shares.observed),
        low: of_share(of_shares.high),
        high: of_share(of_shares.low),
    }
}

/// The lines of [`kind_of_customers`].
pub(crate) fn kind_lines(data: &Dataset, sums: &Sums) -> [Line; 4] {
    let planted = |parameter| data.scenario.fraction(parameter);
    [
        sums.line("large companies", planted(Parameter::LargeShare), 0.0),
        sums.line(
            "paid by invoice, 201-1000",
            planted(Parameter::InvoiceShare),
            0.0,
        ),
        sums.line("late invoices", planted_share(data, "late_transfers"), 0.05),
        median_seats(&data.scenario, sums),
    ]
}
