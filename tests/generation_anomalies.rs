//! Planted days: what befalls their bills, held against the same company without any.

mod generation;

use std::collections::BTreeMap;

use generation::{DAY, Dataset, HOUR, NULL, scenario};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::{Parameter, Scenario};

/// Many planted days; the last has so little room that they are neighbours.
const SCENARIOS: [&str; 4] = [
    "users=6000&anomalies=60&annual=40&refund=8&dispute=3",
    "preset=leaky&users=4000&anomalies=60&reactivation=40&rise=20&failure=30&anomaly_size=2.5&seed=5",
    "preset=enterprise&users=8000&anomalies=60&annual=90&anomaly_size=10&seed=9",
    "users=4000&anomalies=60&months=6&conv_opt_in=40&seed=2",
];

/// A row of payments.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    at: i64,
    cents: i64,
    status: &'static str,
    code: i64,
    attempt_no: i64,
}

/// A bill: its attempts, the charge that collects it again, and what went back of either.
#[derive(Debug, Clone, PartialEq)]
struct Bill {
    user: i64,
    subscription: i64,
    service: [i64; 2],
    is_transfer: bool,
    attempts: Vec<Row>,
    back: Vec<Row>,
    again: Option<Row>,
    back_of_again: Vec<Row>,
}

impl Bill {
    fn first(&self) -> Row {
        self.attempts[0]
    }

    fn collected(&self) -> Option<Row> {
        self.attempts
            .last()
            .copied()
            .filter(|row| row.status == "succeeded")
    }

    fn times(&self) -> Vec<i64> {
        self.attempts.iter().map(|row| row.at).collect()
    }
}

/// What is known of a period.
struct Period {
    plan: i64,
    agreed: i64,
    ended_at: i64,
}

/// A planted day.
struct Planted {
    kind: &'static str,
    last_day: i64,
    factor: f64,
    plan: i64,
}

const STATUSES: [&str; 5] = ["succeeded", "failed", "refunded", "disputed", "dispute_won"];
const KINDS: [&str; 5] = [
    "double_charge",
    "processor_failure",
    "wrong_price",
    "campaign",
    "outage",
];

fn data(scenario: Scenario) -> Dataset {
    Dataset::with(
        scenario,
        TableSet::of(&[Table::Users, Table::Subscriptions, Table::Payments]),
    )
}

/// Bills in the order in which they fell due, of each user after the other. Within four hours after
/// a first attempt that collects, another first attempt at the same subscription is no new bill.
fn bills(data: &Dataset) -> Vec<Bill> {
    let payments = data.table(Table::Payments);
    let words: BTreeMap<i64, &'static str> = STATUSES
        .into_iter()
        .map(|word| (payments.key("status", word), word))
        .collect();
    let transfer = payments.key("method", "bank_transfer");
    let mut bills: Vec<Bill> = Vec::new();
    let mut owner: BTreeMap<i64, (usize, bool)> = BTreeMap::new();
    for index in 0..payments.rows() {
        let get = |column: &str| payments.get(column)[index];
        let row = Row {
            at: get("attempted_at"),
            cents: get("amount_cents"),
            status: words[&get("status")],
            code: get("failure_code"),
            attempt_no: get("attempt_no"),
        };
        if get("refund_of") != NULL {
            let (place, is_again) = owner[&get("refund_of")];
            let bill = &mut bills[place];
            if is_again {
                bill.back_of_again.push(row);
            } else {
                bill.back.push(row);
            }
            continue;
        }
        let mut is_again = false;
        if row.attempt_no == 1 {
            let before = bills.last_mut().filter(|bill| {
                bill.subscription == get("subscription_id")
                    && bill.first().status == "succeeded"
                    && row.at - bill.first().at < 4 * HOUR
            });
            if let Some(bill) = before {
                assert_eq!(bill.again, None, "never three times");
                bill.again = Some(row);
                is_again = true;
            } else {
                bills.push(Bill {
                    user: get("user_id"),
                    subscription: get("subscription_id"),
                    service: [get("service_starts_at"), get("service_ends_at")],
                    is_transfer: get("method") == transfer,
                    attempts: vec![row],
                    back: Vec::new(),
                    again: None,
                    back_of_again: Vec::new(),
                });
            }
        } else {
            bills
                .last_mut()
                .expect("a first attempt")
                .attempts
                .push(row);
        }
        owner.insert(get("payment_id"), (bills.len() - 1, is_again));
    }
    bills
}

fn planted(data: &Dataset) -> BTreeMap<i64, Planted> {
    let truth = data.table(Table::TruthAnomalyDays);
    let words: BTreeMap<i64, &'static str> = KINDS
        .into_iter()
        .map(|word| (truth.key("kind", word), word))
        .collect();
    (0..truth.rows())
        .map(|row| {
            let day = Planted {
                kind: words[&truth.get("kind")[row]],
                last_day: truth.get("last_date")[row],
                factor: truth.floats("factor")[row],
                plan: truth.get("plan")[row],
            };
            (truth.get("date")[row], day)
        })
        .collect()
}

/// A scenario with its planted days, and each bill without and with them.
struct Company {
    data: Dataset,
    days: BTreeMap<i64, Planted>,
    periods: BTreeMap<(i64, i64), Period>,
    pairs: Vec<(Bill, Bill)>,
}

impl Company {
    fn new(query: &str) -> Self {
        let scenario = scenario(query);
        let usual = bills(&data(scenario.with(Parameter::Anomalies, 0)));
        let data = data(scenario);
        let with = bills(&data);
        assert!(usual.iter().all(|bill| bill.again.is_none()));
        assert_eq!(usual.len(), with.len(), "{query}: as many bills");
        let pairs: Vec<(Bill, Bill)> = usual.into_iter().zip(with).collect();
        for (before, after) in &pairs {
            assert_eq!(before.subscription, after.subscription);
        }
        Self {
            days: planted(&data),
            periods: periods(&data),
            pairs,
            data,
        }
    }

    /// The period that was in force when a bill was made.
    fn period(&self, bill: &Bill) -> &Period {
        let up_to = ..=(bill.subscription, bill.service[0]);
        let (_, period) = self.periods.range(up_to).next_back().expect("a period");
        period
    }

    /// Bills that fell due on days of a kind, and the day.
    fn of(&self, kind: &str) -> impl Iterator<Item = (&Planted, &Bill, &Bill)> {
        self.pairs.iter().filter_map(move |(before, after)| {
            let day = self.days.get(&before.first().at.div_euclid(DAY))?;
            (day.kind == kind).then_some((day, before, after))
        })
    }
}

/// Plan, agreed cents of a bill, and the subscription's end or `i64::MAX`, by subscription and start.
fn periods(data: &Dataset) -> BTreeMap<(i64, i64), Period> {
    let periods = data.periods();
    let subscriptions = periods.get("subscription_id");
    let ends: BTreeMap<i64, i64> = subscriptions
        .iter()
        .copied()
        .zip(periods.get("ended_at").iter().copied())
        .collect();
    (0..periods.rows())
        .map(|row| {
            let get = |column: &str| periods.get(column)[row];
            let period = Period {
                plan: get("plan"),
                agreed: get("bill_cents"),
                ended_at: match ends[&subscriptions[row]] {
                    NULL => i64::MAX,
                    ended_at => ended_at,
                },
            };
            ((subscriptions[row], get("started_at")), period)
        })
        .collect()
}

fn check(kind: &str, property: impl Fn(&Company, &Planted, &Bill, &Bill) -> bool) {
    let mut felt = 0;
    for query in SCENARIOS {
        let company = Company::new(query);
        for (day, before, after) in company.of(kind) {
            felt += usize::from(property(&company, day, before, after));
        }
    }
    assert!(felt > 200, "{kind}: {felt} bills");
}

fn same_attempts(before: &Bill, after: &Bill) {
    assert_eq!(before.attempts, after.attempts, "user {}", before.user);
}

#[test]
fn bills_of_other_days_are_as_they_would_have_been() {
    for query in SCENARIOS {
        let company = Company::new(query);
        let mut others = 0;
        for (before, after) in &company.pairs {
            if !company
                .days
                .contains_key(&before.first().at.div_euclid(DAY))
            {
                assert_eq!(before, after);
                others += 1;
            }
        }
        assert!(others * 3 > company.pairs.len(), "{query}: {others} others");
    }
}

#[test]
fn nothing_happens_in_the_first_months_nor_in_the_last_weeks() {
    for query in SCENARIOS {
        let company = Company::new(query);
        let asked = company.data.scenario.number(Parameter::Anomalies);
        assert_eq!(company.days.len(), asked as usize);
        let end = company.data.end() / DAY;
        let start = company.data.scenario.starts_on();
        let start = start
            .signed_duration_since(chrono::NaiveDate::default())
            .num_days();
        for (&day, one) in &company.days {
            assert!(day >= start + 90 && day < end - 21, "{} on {day}", one.kind);
            assert!(day <= one.last_day && one.last_day < end);
        }
        for kind in KINDS {
            let count = company.days.values().filter(|one| one.kind == kind).count();
            assert_eq!(count, asked as usize / 5, "{query}: {kind}");
        }
    }
}

#[test]
fn what_is_collected_twice_is_refunded_whole() {
    check("double_charge", |_, day, before, after| {
        same_attempts(before, after);
        assert_eq!(before.back, after.back, "what else goes back of it");
        let first = after.first();
        assert_eq!(after.again.is_some(), first.status == "succeeded");
        let Some(again) = after.again else {
            assert!(after.back_of_again.is_empty());
            return false;
        };
        assert!(again.at > first.at);
        assert_eq!(
            Row {
                at: first.at,
                ..again
            },
            first,
            "the same charge"
        );
        let [refund] = after.back_of_again[..] else {
            panic!("one refund, not {:?}", after.back_of_again);
        };
        assert_eq!((refund.status, refund.cents), ("refunded", again.cents));
        let days = (refund.at - again.at) as f64 / DAY as f64;
        assert!((1.999..=9.0).contains(&days), "{days} days");
        assert!(refund.at.div_euclid(DAY) <= day.last_day);
        true
    });
}

#[test]
fn nobody_is_charged_twice_for_good_nor_more_than_was_agreed() {
    for query in SCENARIOS {
        let company = Company::new(query);
        let mut corrected = 0;
        for (_, bill) in &company.pairs {
            let refunded = |rows: &[Row]| -> i64 {
                let refunds = rows.iter().filter(|row| row.status == "refunded");
                refunds.map(|row| row.cents).sum()
            };
            let kept =
                |row: Option<Row>, back: &[Row]| row.map_or(0, |row| row.cents - refunded(back));
            let once = kept(bill.collected(), &bill.back);
            assert_eq!(
                kept(bill.again, &bill.back_of_again),
                0,
                "the second is refunded"
            );
            let price = company.period(bill).agreed;
            assert!(
                (0..=price).contains(&once),
                "{once} kept of a price of {price}"
            );
            corrected += usize::from(bill.collected().is_some_and(|row| row.cents > price));
        }
        assert!(
            corrected > 5,
            "{query}: {corrected} were charged too much at first"
        );
    }
}

#[test]
fn a_failing_processor_refuses_cards_and_retries_collect() {
    let mut counts = [0_usize; 5];
    for query in SCENARIOS {
        let company = Company::new(query);
        let error = company
            .data
            .table(Table::Payments)
            .key("failure_code", "processing_error");
        for (day, before, after) in company.of("processor_failure") {
            if before.is_transfer {
                assert_eq!(before, after, "a transfer passes by the processor");
                continue;
            }
            let (usual, first) = (before.first(), after.first());
            assert_eq!((usual.at, usual.cents), (first.at, first.cents));
            let is_refused = first.status == "failed" && first.code == error;
            counts[0] += 1;
            counts[1] += usize::from(is_refused);
            if usual.status == "failed" {
                // It is told why it fails for good with the first retry.
                assert_eq!(before.times(), after.times());
                assert_eq!(before.attempts[1..], after.attempts[1..]);
                continue;
            }
            if first.status == "succeeded" {
                assert_eq!(before, after);
                continue;
            }
            assert!(is_refused);
            let collected = after.collected().expect("paid in the end");
            let waited = collected.at - first.at;
            let is_retry = waited % DAY == 0;
            assert!(!is_retry || [3, 8].contains(&(waited / DAY)));
            assert!(collected.at.div_euclid(DAY) <= day.last_day);
            assert!(collected.at < company.period(after).ended_at);
            counts[2] += 1;
            counts[3] += usize::from(is_retry);
            counts[4] += usize::from(waited == 3 * DAY);
        }
    }
    let [cards, refused, others, retried, at_once] = counts.map(|count| count as f64);
    let near = |hits: f64, total: f64, rate: f64| {
        let error = (rate * (1.0 - rate) / total).sqrt();
        assert!(
            (hits / total - rate).abs() < 4.0 * error,
            "{hits} of {total}, not {rate}"
        );
    };
    assert!(others > 200.0);
    // Some of the others have failed with that code on their own.
    near(refused, cards, 0.904);
    near(retried, others, 0.97);
    near(at_once, others, 0.90);
}

#[test]
fn one_plan_is_charged_a_wrong_price_and_what_was_too_much_goes_back() {
    let mut plans = BTreeMap::new();
    let (mut high, mut low, mut waits) = (0, 0, Vec::new());
    for query in SCENARIOS {
        let company = Company::new(query);
        let size = company.data.scenario.number(Parameter::AnomalySize);
        for (day, before, after) in company.of("wrong_price") {
            assert!(day.factor == size || day.factor == 1.0 / size);
            if company.period(before).plan != day.plan {
                assert_eq!(before, after, "another plan");
                continue;
            }
            *plans.entry(day.plan).or_insert(0) += 1;
            assert_eq!(before.times(), after.times());
            for (usual, wrong) in before.attempts.iter().zip(&after.attempts) {
                let cents = ((usual.cents as f64 * day.factor).round() as i64).max(1);
                assert_eq!(
                    Row {
                        cents: usual.cents,
                        ..*wrong
                    },
                    *usual
                );
                assert_eq!(wrong.cents, cents);
            }
            if day.factor < 1.0 {
                // Too little is kept as it is.
                assert_eq!(before.back.len(), after.back.len());
                low += 1;
                continue;
            }
            let Some(collected) = after.collected() else {
                assert!(after.back.is_empty());
                continue;
            };
            let correction = after.back[0];
            let agreed = before.first().cents;
            assert_eq!(correction.status, "refunded");
            assert_eq!(correction.cents, collected.cents - agreed);
            assert!(correction.at > collected.at);
            assert!(correction.at.div_euclid(DAY) <= day.last_day);
            let waited = correction.at - after.first().at;
            assert!(waited <= 14 * DAY || correction.at - collected.at <= 2 * DAY);
            waits.push(waited / DAY);
            // The rest goes back as it would have; nobody disputes what was corrected.
            let refunds: Vec<Row> = before
                .back
                .iter()
                .filter(|row| row.status == "refunded")
                .copied()
                .collect();
            assert_eq!(after.back[1..], refunds[..]);
            high += 1;
        }
    }
    assert_eq!(plans.len(), 3, "every plan has its turn: {plans:?}");
    assert!(high > 50 && low > 50, "{high} too high, {low} too low");
    waits.sort_unstable();
    assert!(waits[waits.len() / 10] < 5 && waits[waits.len() * 9 / 10] > 9);
}

#[test]
fn an_offer_takes_the_same_part_off_every_bill() {
    check("campaign", |_, day, before, after| {
        assert!((0.5..=0.85).contains(&day.factor));
        assert_eq!(before.times(), after.times());
        for (usual, less) in before.attempts.iter().zip(&after.attempts) {
            let cents = ((usual.cents as f64 * day.factor).round() as i64).max(1);
            assert_eq!(
                Row {
                    cents: usual.cents,
                    ..*less
                },
                *usual
            );
            assert_eq!(less.cents, cents);
        }
        assert_eq!(before.back.len(), after.back.len());
        true
    });
}

#[test]
fn what_falls_due_in_an_outage_is_attempted_the_next_morning() {
    check("outage", |company, day, before, after| {
        let (usual, first) = (before.first(), after.first());
        let ended_at = company.period(before).ended_at;
        if usual.at == first.at {
            assert!(
                ended_at <= usual.at + DAY,
                "only who leaves at once is spared"
            );
            assert_eq!(before, after);
            return false;
        }
        let midnight = (usual.at.div_euclid(DAY) + 1) * DAY;
        assert!((midnight..midnight + 6 * HOUR).contains(&first.at));
        assert_eq!(first.at.div_euclid(DAY), day.last_day);
        // Retries keep to the days of the schedule; a customer takes as long as before to pay.
        let waited: Vec<i64> = after.times().iter().map(|at| at - first.at).collect();
        let (last, retries) = waited.split_last().expect("an attempt");
        let schedule = [0, 2, 7, 14].map(|days| days * DAY);
        let would_have = before.times().last().expect("an attempt") - usual.at;
        if would_have % DAY == 0 {
            assert_eq!(*last, (would_have - DAY).max(0));
        } else {
            assert_eq!(*last, would_have.min(27 * DAY / 2));
        }
        assert_eq!(retries, &schedule[..retries.len()]);
        let [outcome, would_be] = [after, before].map(|bill| bill.attempts.last().copied());
        assert_eq!(
            outcome.map(|row| row.status),
            would_be.map(|row| row.status)
        );
        assert!(
            after
                .attempts
                .iter()
                .all(|row| row.at < ended_at && row.cents == usual.cents)
        );
        true
    });
}

#[test]
fn billing_is_down_for_all_in_an_outage() {
    for query in SCENARIOS {
        let company = Company::new(query);
        for (_, bill) in &company.pairs {
            let day = bill.first().at.div_euclid(DAY);
            if company
                .days
                .get(&day)
                .is_some_and(|one| one.kind == "outage")
            {
                let ended_at = company.period(bill).ended_at;
                let waited = bill.first().at.rem_euclid(DAY) < 6 * HOUR
                    && company
                        .days
                        .get(&(day - 1))
                        .is_some_and(|one| one.kind == "outage");
                assert!(!waited, "two outages in a row");
                assert!(ended_at <= bill.first().at + DAY, "user {}", bill.user);
            }
        }
    }
}
