//! What goes back of charges: refunds and disputes.

mod generation;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use generation::{DAY, Dataset, NULL, months_later, scenario};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::Parameter;

/// Many refunds and disputes, monthly and yearly.
const SCENARIOS: [&str; 3] = [
    "users=12000&refund=8&dispute=3&annual=40",
    "preset=leaky&users=6000&refund=20&dispute=5&annual=90&seed=5",
    "preset=enterprise&users=4000&seed=9",
];

/// A collected charge, and what went back of it.
struct Charge {
    user: i64,
    /// What it is for, and when it was due.
    service: [i64; 2],
    due_at: i64,
    at: i64,
    cents: i64,
    is_yearly: bool,
    is_card: bool,
    is_first: bool,
    is_small: bool,
    /// When its subscription ended, if it has.
    left_at: i64,
    /// Status, instant and cents.
    reversals: Vec<(String, i64, i64)>,
}

impl Charge {
    fn of(&self, status: &str) -> impl Iterator<Item = &(String, i64, i64)> {
        self.reversals.iter().filter(move |row| row.0 == status)
    }
}

fn charges(query: &str) -> (Dataset, Vec<Charge>) {
    let data = Dataset::with(
        scenario(query),
        TableSet::of(&[Table::Users, Table::Subscriptions, Table::Payments]),
    );
    let periods = data.periods();
    let mut of_subscription = BTreeMap::new();
    for row in 0..periods.rows() {
        let (months, left_at) = (periods.get("months")[row], periods.get("ended_at")[row]);
        of_subscription.insert(periods.get("subscription_id")[row], (months, left_at));
    }
    let payments = data.table(Table::Payments);
    let words = ["succeeded", "failed", "refunded", "disputed", "dispute_won"];
    let names: BTreeMap<i64, &str> = words
        .into_iter()
        .map(|word| (payments.key("status", word), word))
        .collect();
    let [card, transfer] = ["card", "bank_transfer"].map(|word| payments.key("method", word));
    let sizes = data.table(Table::Users).get("company_size");
    let mut found: BTreeMap<i64, Charge> = BTreeMap::new();
    let mut paid = BTreeSet::new();
    for row in 0..payments.rows() {
        let get = |column: &str| payments.get(column)[row];
        let (status, at, cents) = (
            names[&get("status")],
            get("attempted_at"),
            get("amount_cents"),
        );
        if status == "succeeded" {
            let (months, left_at) = of_subscription[&get("subscription_id")];
            let terms = if months == 12 && get("method") == transfer {
                data.scenario.steps(Parameter::Terms) * DAY
            } else {
                0
            };
            let charge = Charge {
                user: get("user_id"),
                service: [get("service_starts_at"), get("service_ends_at")],
                due_at: get("service_starts_at") + terms,
                at,
                cents,
                is_yearly: months == 12,
                is_card: get("method") == card,
                is_first: paid.insert(get("user_id")),
                is_small: sizes[get("user_id") as usize - 1] <= 1,
                left_at,
                reversals: Vec::new(),
            };
            found.insert(get("payment_id"), charge);
        } else if get("refund_of") != NULL {
            let charge = found
                .get_mut(&get("refund_of"))
                .expect("an earlier collected charge");
            assert_eq!(charge.user, get("user_id"));
            assert!(at > charge.at, "after its charge");
            charge.reversals.push((status.to_owned(), at, cents));
        } else {
            assert_eq!(status, "failed");
        }
    }
    (data, found.into_values().collect())
}

/// Days of a kind of anomaly, and so many days after each.
fn days_of(data: &Dataset, kind: &str, after: i64) -> BTreeSet<i64> {
    let truth = data.table(Table::TruthAnomalyDays);
    let key = truth.key("kind", kind);
    (0..truth.rows())
        .filter(|&row| truth.get("kind")[row] == key)
        .flat_map(|row| (0..=after).map(move |days| truth.get("date")[row] + days))
        .collect()
}

fn date(instant: i64) -> NaiveDate {
    DateTime::from_timestamp_micros(instant)
        .expect("a time")
        .date_naive()
}

#[test]
fn what_goes_back_stays_within_the_charge() {
    for query in SCENARIOS {
        let (data, charges) = charges(query);
        let corrected = days_of(&data, "wrong_price", 17);
        for charge in &charges {
            let sum = |status| charge.of(status).map(|row| row.2).sum::<i64>();
            let back = sum("refunded") + sum("disputed") - sum("dispute_won");
            assert!(
                (0..=charge.cents).contains(&back),
                "{back} of {}",
                charge.cents
            );
            assert!(charge.reversals.iter().all(|row| row.2 > 0));
            // One thing comes of a charge: a refund, or a dispute with its end. What is corrected after
            // a wrong price can be refunded, too.
            let words: Vec<&str> = charge.reversals.iter().map(|row| row.0.as_str()).collect();
            if corrected.contains(&(charge.at / DAY)) && words == ["refunded", "refunded"] {
                continue;
            }
            let is_known = [
                &[][..],
                &["refunded"],
                &["disputed"],
                &["disputed", "dispute_won"],
            ];
            assert!(is_known.contains(&&words[..]), "{words:?}");
        }
    }
}

#[test]
fn sizes_of_refunds_are_spread() {
    for query in SCENARIOS {
        let (_, charges) = charges(query);
        let mut shares: BTreeMap<i64, usize> = BTreeMap::new();
        let mut count = 0;
        for charge in &charges {
            for refund in charge.of("refunded") {
                *shares.entry(refund.2 * 1_000 / charge.cents).or_default() += 1;
                count += 1;
            }
        }
        assert!(count > 50, "{query}: {count} refunds");
        let share = |permille: i64| *shares.get(&permille).unwrap_or(&0) as f64 / f64::from(count);
        // Hardly any yearly charge is refunded whole where one in five is refunded.
        assert!(
            (0.04..0.65).contains(&share(1_000)),
            "whole: {}",
            share(1_000)
        );
        let most = shares
            .keys()
            .filter(|&&key| key < 1_000)
            .map(|&key| share(key))
            .fold(0.0, f64::max);
        assert!(most < 0.25, "{query}: one part is {most} of refunds");
        assert!(shares.len() > 20, "{query}: {} sizes", shares.len());
    }
}

#[test]
fn who_leaves_in_mid_year_gets_the_unused_days_back() {
    let (mut whole, mut prorated) = (0, 0);
    for query in SCENARIOS {
        let (data, charges) = charges(query);
        for charge in charges
            .iter()
            .filter(|charge| charge.is_yearly && charge.left_at != NULL)
        {
            let Some((_, at, cents)) = charge.of("refunded").find(|row| row.1 == charge.left_at)
            else {
                continue;
            };
            assert!(*at < data.end());
            let ([billed, ends], left) = (charge.service.map(date), date(*at));
            assert_eq!(charge.service[1], months_later(charge.service[0], 12));
            let days = (ends - billed).num_days();
            let unused = (ends - left).num_days();
            assert!(unused > 0);
            let exact = charge.cents as f64 * unused as f64 / days as f64;
            if *at - charge.due_at <= 14 * DAY {
                assert_eq!(*cents, charge.cents, "all of it at first");
                whole += 1;
            } else {
                assert!(
                    (*cents as f64 - exact).abs() <= 0.5 + 1e-6,
                    "{cents} for {exact}"
                );
                prorated += 1;
            }
        }
    }
    assert!(
        whole > 5 && prorated > 15,
        "{whole} whole, {prorated} prorated"
    );
}

#[test]
fn most_who_get_a_whole_monthly_charge_back_pay_no_other() {
    let (_, charges) = charges("users=20000&refund=4&annual=0&quarterly=0&add_on=0");
    let (mut whole, mut leave) = (0, 0);
    for pair in charges.windows(2) {
        let is_whole = pair[0].of("refunded").any(|row| row.2 == pair[0].cents);
        if is_whole && pair[0].left_at != NULL {
            whole += 1;
            leave += usize::from(pair[0].left_at - pair[0].at < 50 * DAY);
        }
    }
    assert!(whole > 100 && leave * 2 > whole, "{leave} of {whole}");
}

#[test]
fn disputes_are_of_cards_as_often_as_planted_and_of_new_small_customers_more_often() {
    let (mut disputes, mut wins) = (0, 0);
    for query in SCENARIOS {
        let (data, charges) = charges(query);
        let planted = data.scenario.fraction(Parameter::DisputeRate);
        let mut groups = [[0_i64; 2]; 3];
        for charge in &charges {
            for (_, at, cents) in charge.of("disputed") {
                assert!(charge.is_card, "only cards are disputed");
                assert_eq!(*cents, charge.cents, "all of it");
                let days = (at - charge.at) / DAY;
                assert!((2..=90).contains(&days), "{days} days");
                if let Some((_, won_at, won)) = charge.of("dispute_won").next() {
                    assert!(won == cents && won_at - at >= 30 * DAY);
                    wins += 1;
                }
                disputes += 1;
            }
            if charge.is_card && charge.at < data.end() - 91 * DAY {
                let group = match (charge.is_first, charge.is_small) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, _) => 2,
                };
                groups[group][0] += i64::from(charge.of("disputed").next().is_some());
                groups[group][1] += 1;
            }
        }
        let near = |group: usize, rate: f64| {
            let [hits, total] = groups[group].map(|count| count as f64);
            let error = (rate * (1.0 - rate) / total).sqrt();
            assert!(
                (hits / total - rate).abs() < 4.0 * error,
                "{query}: {hits} of {total}, not {rate}"
            );
        };
        near(0, 5.0 * planted);
        near(1, planted);
        near(2, planted);
    }
    let share = f64::from(wins) / f64::from(disputes);
    assert!((0.12..0.35).contains(&share), "{wins} of {disputes} won");
}
