//! A preset behaves like companies of its kind: what its rows show lies where issue 15 and
//! docs/public-benchmarks.md put such companies. Ranges are asked of many users, so that chance has
//! little say; a preset's own size is measured in docs/believable.md.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generation;

use std::collections::{BTreeMap, BTreeSet};

use generation::{DAY, Dataset, NULL, scenario};
use metricflow::generation::{Table, TableSet};

/// What somebody would ask of a company first.
#[derive(Debug)]
struct Company {
    /// Revenue of a year before that is there now: of all, and without what anybody added.
    net_retention: f64,
    gross_retention: f64,
    /// What customers pay in a year, in dollars, and seats; sorted.
    contracts: Vec<f64>,
    seats: Vec<f64>,
    yearly_share: f64,
    /// Of customers, and of money collected.
    transfer_share: f64,
    transfer_money_share: f64,
    late_share: f64,
    freemium_conversion: f64,
}

impl Company {
    fn of(query: &str) -> Self {
        let tables = TableSet::of(&[Table::Users, Table::Subscriptions, Table::Payments]);
        let data = Dataset::with(scenario(query), tables);
        let periods = data.periods();
        let get = |column: &str, row: usize| periods.get(column)[row];
        let (new, year_ago) = (periods.key("change_type", "new"), data.end() - 365 * DAY);
        let year = periods.key("billing_interval", "year");
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        let mut seats = Vec::new();
        let (mut customers, mut yearly) = (BTreeSet::new(), 0.0);
        let platform = periods.key("product", "platform");
        for row in 0..periods.rows() {
            let (user, cents) = (get("user_id", row), get("monthly_amount_cents", row) as f64);
            if cents == 0.0 {
                continue;
            }
            let ended_at = get("ended_at", row);
            if get("started_at", row) < year_ago && (ended_at == NULL || ended_at >= year_ago) {
                *before.entry(user).or_insert(0.0) += cents;
            }
            if ended_at == NULL {
                *after.entry(user).or_insert(0.0) += cents;
            }
            if get("product", row) != platform {
                continue;
            }
            if ended_at == NULL {
                seats.push(get("quantity", row) as f64);
            }
            if get("change_type", row) == new {
                customers.insert(user);
                yearly += f64::from(u8::from(get("billing_interval", row) == year));
            }
        }
        let of_a_year = |cents: &f64| cents * 12.0 / 100.0;
        let mut contracts: Vec<f64> = after.values().map(of_a_year).collect();
        let now = |user| after.get(user).copied().unwrap_or(0.0);
        let base: f64 = before.values().sum();
        let net: f64 = before.keys().map(now).sum();
        let gross: f64 = before
            .iter()
            .map(|(user, cents)| now(user).min(*cents))
            .sum();
        contracts.sort_by(f64::total_cmp);
        seats.sort_by(f64::total_cmp);

        let payments = data.table(Table::Payments);
        let [succeeded, failed] = ["succeeded", "failed"].map(|word| payments.key("status", word));
        let transfer = payments.key("method", "bank_transfer");
        let (mut by_transfer, mut payers) = (BTreeSet::new(), BTreeSet::new());
        let (mut money, mut bills, mut late) = ([0.0; 2], 0.0, 0.0);
        for row in 0..payments.rows() {
            let get = |column: &str| payments.get(column)[row];
            let is_transfer = get("method") == transfer;
            payers.insert(get("user_id"));
            if is_transfer {
                by_transfer.insert(get("user_id"));
            }
            if get("status") == succeeded {
                money[usize::from(is_transfer)] += get("amount_cents") as f64;
            }
            if is_transfer && get("refund_of") == NULL && get("attempt_no") == 1 {
                bills += 1.0;
                late += f64::from(u8::from(get("status") == failed));
            }
        }
        let users = data.table(Table::Users);
        let freemium = users.key("trial_type", "freemium");
        // Who signed up lately has had no time to pay.
        let asked: Vec<i64> = (0..users.rows())
            .filter(|&row| {
                users.get("trial_type")[row] == freemium
                    && users.get("signed_up_at")[row] < data.end() - 180 * DAY
            })
            .map(|row| users.get("user_id")[row])
            .collect();
        let paying = asked.iter().filter(|user| customers.contains(user)).count();
        Self {
            net_retention: net / base,
            gross_retention: gross / base,
            yearly_share: yearly / customers.len() as f64,
            transfer_share: by_transfer.len() as f64 / payers.len() as f64,
            transfer_money_share: money[1] / (money[0] + money[1]),
            late_share: late / bills,
            freemium_conversion: paying as f64 / asked.len() as f64,
            contracts,
            seats,
        }
    }
}

fn at(sorted: &[f64], part: f64) -> f64 {
    sorted[(part * (sorted.len() - 1) as f64) as usize]
}

#[test]
fn enterprise_has_large_contracts_paid_by_invoice_that_grow() {
    let company = Company::of("preset=enterprise&users=24000&events=5&seed=31");
    let [median, high] = [0.5, 0.95].map(|part| at(&company.contracts, part));
    assert!((10_000.0..100_000.0).contains(&median), "median {median}");
    assert!((100_000.0..1_000_000.0).contains(&high), "95% {high}");
    let seats = at(&company.seats, 0.5);
    assert!((20.0..100.0).contains(&seats), "{seats} seats");
    assert!(company.yearly_share > 0.75, "{}", company.yearly_share);
    assert!(company.transfer_share > 0.5, "{}", company.transfer_share);
    let money = company.transfer_money_share;
    assert!(money > 0.7, "{money} of money by transfer");
    let late = company.late_share;
    assert!((0.2..0.6).contains(&late), "{late} of transfers late");
    let [net, gross] = [company.net_retention, company.gross_retention];
    assert!((1.10..=1.20).contains(&net), "NRR {net}");
    assert!((0.85..=0.95).contains(&gross), "GRR {gross}");
}

#[test]
fn small_businesses_have_few_seats_pay_by_card_and_shrink_a_little() {
    let company = Company::of("preset=smb&users=40000&events=5&seed=31");
    let [median, high] = [0.5, 0.9].map(|part| at(&company.contracts, part));
    assert!((300.0..3_000.0).contains(&median), "median {median}");
    assert!(high < 10_000.0, "90% {high}");
    let seats = at(&company.seats, 0.5);
    assert!(seats <= 5.0, "{seats} seats");
    assert!(company.yearly_share < 0.3, "{}", company.yearly_share);
    assert!(company.transfer_share < 0.1, "{}", company.transfer_share);
    let [net, gross] = [company.net_retention, company.gross_retention];
    assert!((0.80..=0.95).contains(&net), "NRR {net}");
    assert!((0.75..=0.90).contains(&gross), "GRR {gross}");
}

#[test]
fn product_led_growth_expands_and_few_free_users_pay() {
    let company = Company::of("preset=plg&users=120000&events=5&seed=31");
    let [net, gross] = [company.net_retention, company.gross_retention];
    // From expansion alone: without it, much is lost.
    assert!((1.05..=1.20).contains(&net), "NRR {net}");
    assert!((0.65..=0.90).contains(&gross), "GRR {gross}");
    let conversion = company.freemium_conversion;
    assert!((0.03..=0.08).contains(&conversion), "{conversion} pay");
}
