//! What a billing system would export: prices, terms, service dates, statuses, cancellations and
//! several subscriptions at once, against their definitions (docs/decisions/0155-billing-contract.md).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generation;

use std::collections::{BTreeMap, BTreeSet};

use generation::{Columns, DAY, Dataset, NULL, half_up, months_later, scenario};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::Parameter;

/// Much of everything; two of them end in mid-month, and one has nothing of decision 0155.
const SCENARIOS: [&str; 5] = [
    "users=3000",
    "users=2500&months=29&as_of=2025-03-19&quarterly=50&discounted=60&add_on=70&terms=45&annual=40&invoice=80&large=40&expansion=8&contraction=5&failure=20&involuntary=40&churn=6&reactivation=30&conv_opt_in=40&rise=15&rise_when=7&seed=123",
    "preset=enterprise&users=2500&terms=60&add_on=60&churn=4&seed=9",
    "preset=leaky&users=2000&quarterly=100&annual=30&add_on=100&as_of=2024-02-17&reactivation=40&discount=33&seed=5",
    "users=1500&quarterly=0&discounted=0&add_on=0&annual=50&seed=2",
];

fn data(query: &str) -> Dataset {
    let tables = TableSet::of(&[Table::Users, Table::Subscriptions, Table::Payments]);
    Dataset::with(scenario(query), tables)
}

fn check(invariant: impl Fn(&Dataset, &Books)) {
    for query in SCENARIOS {
        let data = data(query);
        invariant(&data, &Books::new(&data));
    }
}

/// A row of subscriptions.
#[derive(Debug, Clone, Copy)]
struct Period {
    row: usize,
    started_at: i64,
    /// `i64::MAX` while it runs.
    ended_at: i64,
    months: i64,
    bill: i64,
}

impl Period {
    fn holds(&self, instant: i64) -> bool {
        (self.started_at..self.ended_at).contains(&instant)
    }
}

/// What one bill is for, and when its first attempt was made; `is_paid` and the last attempt.
#[derive(Debug, Clone, Copy)]
struct Charge {
    service: [i64; 2],
    first_at: i64,
    last_at: i64,
    cents: i64,
    is_paid: bool,
    attempts: i64,
}

/// Periods and charges by subscription.
struct Books {
    rows: Columns,
    periods: BTreeMap<i64, Vec<Period>>,
    charges: BTreeMap<i64, Vec<Charge>>,
    /// Users who have been charged by bank transfer, and all who have been charged.
    transfers: BTreeSet<i64>,
    payers: BTreeSet<i64>,
}

impl Books {
    fn new(data: &Dataset) -> Self {
        let rows = data.periods();
        let mut periods: BTreeMap<i64, Vec<Period>> = BTreeMap::new();
        for row in 0..rows.rows() {
            let get = |column: &str| rows.get(column)[row];
            let period = Period {
                row,
                started_at: get("started_at"),
                ended_at: match get("ended_at") {
                    NULL => i64::MAX,
                    ended_at => ended_at,
                },
                months: get("months"),
                bill: get("bill_cents"),
            };
            periods
                .entry(get("subscription_id"))
                .or_default()
                .push(period);
        }
        let payments = data.table(Table::Payments);
        let [succeeded, transfer] = [("status", "succeeded"), ("method", "bank_transfer")]
            .map(|(column, word)| payments.key(column, word));
        let mut charges: BTreeMap<i64, Vec<Charge>> = BTreeMap::new();
        let (mut transfers, mut payers) = (BTreeSet::new(), BTreeSet::new());
        for row in 0..payments.rows() {
            let get = |column: &str| payments.get(column)[row];
            if get("method") == transfer {
                transfers.insert(get("user_id"));
            }
            payers.insert(get("user_id"));
            if get("refund_of") != NULL {
                continue;
            }
            let of = charges.entry(get("subscription_id")).or_default();
            let service = [get("service_starts_at"), get("service_ends_at")];
            match of.last_mut() {
                // An attempt after another, or the second charge of an accident.
                Some(charge) if charge.service[0] == service[0] => {
                    assert_eq!(charge.service, service);
                    charge.last_at = get("attempted_at");
                    charge.is_paid |= get("status") == succeeded;
                    charge.attempts += 1;
                }
                before => {
                    assert!(before.is_none_or(|before| before.service[0] < service[0]));
                    of.push(Charge {
                        service,
                        first_at: get("attempted_at"),
                        last_at: get("attempted_at"),
                        cents: get("amount_cents"),
                        is_paid: get("status") == succeeded,
                        attempts: 1,
                    });
                }
            }
        }
        Self {
            rows,
            periods,
            charges,
            transfers,
            payers,
        }
    }

    fn get(&self, column: &str, period: &Period) -> i64 {
        self.rows.get(column)[period.row]
    }

    fn is(&self, column: &str, word: &str, period: &Period) -> bool {
        self.get(column, period) == self.rows.key(column, word)
    }

    fn charges(&self, subscription: i64) -> &[Charge] {
        self.charges.get(&subscription).map_or(&[], Vec::as_slice)
    }

    /// Time from a bill to the day it is due. How somebody pays is not known before that.
    fn terms(&self, data: &Dataset, subscription: i64) -> i64 {
        let is_yearly = self.periods[&subscription].last().unwrap().months == 12;
        let user = subscription / 100;
        let can_be = self.transfers.contains(&user) || !self.payers.contains(&user);
        if is_yearly && can_be {
            data.scenario.steps(Parameter::Terms) * DAY
        } else {
            0
        }
    }

    /// Subscriptions to the product that somebody paid for, without their trial.
    fn stays(&self) -> impl Iterator<Item = (i64, Vec<Period>)> {
        self.periods.iter().filter_map(|(&id, periods)| {
            let is_stay = |period: &&Period| {
                self.is("product", "platform", period) && !self.is("change_type", "trial", period)
            };
            let paid: Vec<Period> = periods.iter().filter(is_stay).copied().collect();
            (!paid.is_empty()).then_some((id, paid))
        })
    }

    /// Add-ons, each with the stay of the same user that it lies in.
    fn add_ons(&self) -> Vec<(i64, Period, Vec<Period>)> {
        let stays: Vec<_> = self.stays().collect();
        let mut found = Vec::new();
        for (&id, periods) in &self.periods {
            if self.is("product", "priority_support", &periods[0]) {
                assert_eq!(periods.len(), 1, "an add-on has one period");
                let period = periods[0];
                let around = stays.iter().find(|(stay, periods)| {
                    stay / 100 == id / 100
                        && periods.iter().any(|stay| stay.holds(period.started_at))
                });
                let (_, stay) = around.expect("the platform's stay");
                found.push((id, period, stay.clone()));
            }
        }
        found
    }
}

/// Days whose bills something befalls, and the days after.
fn is_usual(data: &Dataset) -> impl Fn(i64) -> bool {
    let days = data.table(Table::TruthAnomalyDays).get("date");
    let days: BTreeSet<i64> = days.iter().flat_map(|&day| [day, day + 1]).collect();
    move |instant| !days.contains(&instant.div_euclid(DAY))
}

#[test]
fn keys_are_numbered_in_order_of_start() {
    check(|_, books| {
        let rows = &books.rows;
        let (mut user, mut periods, mut numbers) = (0, 0, 0);
        let mut started_at = i64::MIN;
        for row in 0..rows.rows() {
            let get = |column: &str| rows.get(column)[row];
            if get("user_id") != user {
                (user, periods, numbers, started_at) = (get("user_id"), 0, 0, i64::MIN);
            }
            periods += 1;
            assert_eq!(get("period_id"), user * 1_000 + periods);
            assert!(get("started_at") >= started_at, "in order of start");
            started_at = get("started_at");
            let number = get("subscription_id") - user * 100;
            assert!(
                (1..=numbers + 1).contains(&number),
                "{number} of user {user}"
            );
            numbers = numbers.max(number);
        }
    });
}

#[test]
fn a_subscription_begins_once_and_goes_on_without_a_gap() {
    check(|_, books| {
        for periods in books.periods.values() {
            for (place, period) in periods.iter().enumerate() {
                let begins = ["trial", "new", "reactivation"];
                let begins = begins.map(|word| books.is("change_type", word, period));
                let is_first = place == 0;
                let follows_trial =
                    place == 1 && books.is("change_type", "trial", &periods[0]) && begins[1];
                assert_eq!(begins.contains(&true), is_first || follows_trial);
                let next = periods.get(place + 1);
                if let Some(next) = next {
                    assert_eq!(period.ended_at, next.started_at);
                }
                let is_running = period.ended_at == i64::MAX;
                let expected = match (next, is_running) {
                    (Some(_), _) => &["replaced"][..],
                    (None, false) => &["canceled"],
                    (None, true) if begins[0] => &["trialing"],
                    (None, true) => &["active", "past_due"],
                };
                let has = |word: &&str| books.is("status", word, period);
                assert!(expected.iter().any(has), "{expected:?}");
                let has_reason = books.get("churn_reason", period) != NULL;
                assert_eq!(has_reason, next.is_none() && !is_running && !begins[0]);
            }
        }
    });
}

#[test]
fn a_trial_is_told_on_each_period_of_its_subscription() {
    let with_trial = core::cell::Cell::new(0);
    check(|data, books| {
        let users = data.table(Table::Users);
        let freemium = users.key("trial_type", "freemium");
        for (id, periods) in &books.periods {
            let user = (id / 100 - 1) as usize;
            let is_tried = books.is("change_type", "trial", &periods[0]);
            assert!(!is_tried || users.get("trial_type")[user] != freemium);
            for period in periods {
                let dates =
                    ["trial_started_at", "trial_ends_at"].map(|name| books.get(name, period));
                if is_tried {
                    let signed_up_at = users.get("signed_up_at")[user];
                    assert_eq!(dates, [signed_up_at, signed_up_at + 14 * DAY]);
                } else {
                    assert_eq!(dates, [NULL; 2]);
                }
            }
            with_trial.set(with_trial.get() + usize::from(is_tried && periods.len() > 1));
        }
    });
    assert!(with_trial.get() > 500, "{with_trial:?}");
}

#[test]
fn prices_are_those_of_the_list_and_discounts_hold_for_a_stay() {
    check(|data, books| {
        let cents = [
            Parameter::PriceStarter,
            Parameter::PriceProfessional,
            Parameter::PriceEnterprise,
        ]
        .map(|parameter| data.scenario.steps(parameter) * 100);
        let rise = data.scenario.steps(Parameter::PriceRise);
        let rises_on = data
            .scenario
            .month_before_end(data.scenario.number(Parameter::PriceRiseMonths) as u32);
        let rises_at = rises_on
            .signed_duration_since(chrono::NaiveDate::default())
            .num_days()
            * DAY;
        let rebate = data.scenario.steps(Parameter::AnnualDiscount);
        let mut kinds = BTreeSet::new();
        for (_, periods) in books.stays() {
            let mut percents = BTreeSet::from([0, 10, 15, 20, 25]);
            for period in &periods {
                let risen = if period.started_at >= rises_at {
                    rise
                } else {
                    0
                };
                let plan = books.get("plan", period) as usize;
                let month = cents[plan] * (100 + risen) / 100;
                let unit = match period.months {
                    1 => month,
                    3 => 3 * month,
                    12 => half_up(month * 12 * (100 - rebate), 100),
                    other => panic!("a term of {other} months"),
                };
                kinds.insert(period.months);
                assert_eq!(books.get("unit_price_cents", period), unit);
                let list = books.get("quantity", period) * unit;
                let discount = books.get("discount_cents", period);
                percents.retain(|percent| half_up(list * percent, 100) == discount);
                assert_eq!(period.bill, list - discount);
                assert!(period.bill > 0);
                let interval = (
                    books.is("billing_interval", "year", period),
                    books.get("interval_count", period),
                );
                assert!([(true, 1), (false, 1), (false, 3)].contains(&interval));
                assert_eq!(period.months, periods[0].months, "the term never changes");
            }
            assert_eq!(percents.len(), 1, "one discount for the stay");
        }
        assert!(kinds.len() >= 2);
    });
}

#[test]
fn service_dates_tile_what_is_paid_for() {
    check(|data, books| {
        let usual = is_usual(data);
        let (mut terms_seen, mut more) = (0, 0);
        let mut all: Vec<(i64, Vec<Period>)> = books.stays().collect();
        all.extend(
            books
                .add_ons()
                .into_iter()
                .map(|(id, one, _)| (id, vec![one])),
        );
        for (id, periods) in all {
            let (first, last) = (periods[0], *periods.last().unwrap());
            let months = first.months as u32;
            let stay = books.add_ons_stay(id, first);
            let terms = books.terms(data, id);
            let mut next = first.started_at;
            let mut term: Option<Charge> = None;
            for charge in books.charges(id) {
                let in_force: Vec<&Period> = periods
                    .iter()
                    .filter(|period| period.holds(charge.service[0]))
                    .collect();
                let [period] = in_force[..] else {
                    panic!("{} periods", in_force.len());
                };
                if charge.service[0] == next {
                    // A bill: from one anniversary to the next, for what the period asks.
                    assert_eq!(
                        charge.service[1],
                        books.anniversary_after(stay, next, months)
                    );
                    next = charge.service[1];
                    term = Some(*charge);
                    if usual(charge.first_at) {
                        assert_eq!(charge.cents, period.bill, "subscription {id}");
                    }
                    terms_seen += 1;
                } else {
                    // More seats in mid-term: the rest of it.
                    let term = term.expect("a term");
                    assert!(months > 1 && term.service[0] < charge.service[0]);
                    assert_eq!(charge.service[1], term.service[1]);
                    assert!(books.is("change_type", "upgrade", period));
                    assert_eq!(charge.service[0], period.started_at);
                    let place = periods.iter().position(|one| one.row == period.row);
                    let before = periods[place.unwrap() - 1];
                    let ends_after = |left: &u32| {
                        let [starts_at, ends_at] = charge.service;
                        books.anniversary_after(stay, starts_at, *left) == ends_at
                    };
                    let left = i64::from((1..12).find(ends_after).expect("whole months"));
                    if usual(charge.first_at) {
                        let asked = half_up((period.bill - before.bill) * left, i64::from(months));
                        assert_eq!(charge.cents, asked);
                    }
                    more += 1;
                }
                if usual(charge.first_at) {
                    assert_eq!(charge.first_at, charge.service[0] + terms, "when it is due");
                }
            }
            // The bills go on until the subscription ends, or as far as they are due.
            if next < last.ended_at.min(data.end()) {
                assert!(
                    next + terms >= data.end(),
                    "subscription {id} is not billed at {next}"
                );
            }
        }
        assert!(
            terms_seen > 500 && more > 0,
            "{terms_seen} terms, {more} more"
        );
    });
}

impl Books {
    /// When the stay began from which a subscription's anniversaries count.
    fn add_ons_stay(&self, id: i64, first: Period) -> i64 {
        if self.is("product", "platform", &first) {
            return first.started_at;
        }
        let stays = self.stays().filter(|(stay, _)| stay / 100 == id / 100);
        stays
            .map(|(_, periods)| periods)
            .find(|periods| periods.iter().any(|one| one.holds(first.started_at)))
            .unwrap()[0]
            .started_at
    }

    /// The first anniversary after an instant that is one, so many months apart.
    fn anniversary_after(&self, stay: i64, instant: i64, months: u32) -> i64 {
        let mut passed = 0;
        while months_later(stay, passed) < instant {
            passed += 1;
        }
        assert_eq!(months_later(stay, passed), instant, "an anniversary");
        months_later(stay, passed + months)
    }
}

#[test]
fn a_lost_bill_ends_its_subscription_when_its_last_retry_fails() {
    check(|data, books| {
        let usual = is_usual(data);
        let (mut lost, mut past_due) = (0, 0);
        for (&id, periods) in &books.periods {
            let last = periods.last().unwrap();
            let is_involuntary = books.is("churn_reason", "involuntary", last);
            let charges = books.charges(id);
            if is_involuntary {
                let bill = charges.last().unwrap();
                assert!(!bill.is_paid && bill.attempts == 4);
                if usual(bill.first_at) {
                    assert_eq!(bill.last_at, bill.first_at + 15 * DAY);
                    assert_eq!(bill.last_at, last.ended_at);
                }
                lost += 1;
            }
            let unpaid = charges.iter().filter(|charge| !charge.is_paid);
            let unpaid: Vec<&Charge> = unpaid.collect();
            for charge in &unpaid {
                let is_open = charge.first_at + 15 * DAY >= data.end();
                assert!(is_open || is_involuntary, "nobody pays, and nobody leaves");
            }
            if books.is("status", "past_due", last) {
                let bill = unpaid.last().expect("a bill that failed");
                assert!(bill.first_at + 15 * DAY >= data.end());
                assert_eq!(bill.service[0], charges.last().unwrap().service[0]);
                assert_eq!(books.get("canceled_at", last), NULL);
                past_due += 1;
            }
        }
        assert!(lost > 10, "{lost}");
        println!("{past_due} past due, {lost} lost");
    });
}

#[test]
fn who_leaves_by_choice_has_said_so() {
    let (mut at_once, mut flagged, mut renewals) = (0, 0, 0);
    for query in SCENARIOS {
        let data = data(query);
        let books = Books::new(&data);
        for (&id, periods) in &books.periods {
            for (place, period) in periods.iter().enumerate() {
                let said_at = books.get("canceled_at", period);
                let at_period_end = books.get("cancel_at_period_end", period) == 1;
                let is_last = place + 1 == periods.len();
                let is_over = period.ended_at < i64::MAX;
                let is_voluntary = books.is("churn_reason", "voluntary", period);
                if !is_last || (is_over && !is_voluntary) {
                    assert!(said_at == NULL && !at_period_end);
                    continue;
                }
                if said_at == NULL {
                    assert!(!is_over && !at_period_end);
                    continue;
                }
                assert!(said_at < data.end());
                if !at_period_end {
                    // In mid-term, at once: of a year, or of what is added to one.
                    assert_eq!(said_at, period.ended_at);
                    at_once += usize::from(period.months == 12);
                    continue;
                }
                // The last bill that was made is paid, and runs to the end.
                let last_bill = books.charges(id).iter().rfind(|charge| {
                    charge.service[0] < said_at.max(period.started_at)
                        || charge.service[0] == period.started_at
                });
                let start = last_bill.map_or(period.started_at, |charge| charge.service[0]);
                assert!(start < said_at && period.started_at < said_at);
                if is_over {
                    let bill = last_bill.expect("a bill");
                    assert_eq!(bill.service[1], period.ended_at);
                    assert!(said_at < period.ended_at);
                    renewals += 1;
                } else {
                    assert!(books.is("status", "active", period));
                    flagged += 1;
                }
            }
        }
    }
    assert!(
        at_once > 5 && flagged > 5 && renewals > 500,
        "{at_once} {flagged} {renewals}"
    );
}

#[test]
fn as_many_have_said_so_at_the_end_as_on_days_before_it() {
    let query = "users=30000&growth=0&churn=8&annual=20&quarterly=25&add_on=40&conv_opt_in=60";
    let data = Dataset::with(scenario(query), TableSet::of(&[Table::Subscriptions]));
    let periods = data.periods();
    for product in ["platform", "priority_support"] {
        let product = periods.key("product", product);
        // Customers at an instant, and those of them who have said that they leave.
        let share = |at: i64| {
            let (mut customers, mut leaving) = (0.0, 0.0);
            for row in 0..periods.rows() {
                let get = |column: &str| periods.get(column)[row];
                let is_running =
                    get("started_at") <= at && (get("ended_at") == NULL || at < get("ended_at"));
                if get("product") == product && get("bill_cents") > 0 && is_running {
                    customers += 1.0;
                    let has_said = get("canceled_at") != NULL && get("canceled_at") <= at;
                    leaving += f64::from(u8::from(has_said));
                }
            }
            (leaving / customers, customers)
        };
        let (at_the_end, customers) = share(data.end() - 1);
        let before: Vec<f64> = (1..=8)
            .map(|step| share(data.end() - step * 40 * DAY).0)
            .collect();
        let mean = before.iter().sum::<f64>() / 8.0;
        let error = (mean / customers).sqrt();
        assert!(mean > 0.003, "{mean}");
        assert!(
            (at_the_end - mean).abs() < 4.0 * error,
            "{at_the_end} at the end, {mean} before"
        );
    }
}

#[test]
fn an_add_on_lies_in_its_platforms_stay() {
    let mut endings = [0; 4];
    for query in &SCENARIOS[..4] {
        let data = data(query);
        let books = Books::new(&data);
        let mut of_stays = BTreeSet::new();
        for (id, add_on, stay) in books.add_ons() {
            let (stay_started_at, last) = (stay[0].started_at, stay.last().unwrap());
            assert!(of_stays.insert((id / 100, stay_started_at)), "one a stay");
            assert_eq!(books.get("plan", &add_on), NULL);
            assert_eq!(books.get("quantity", &add_on), 1);
            assert_eq!(
                (add_on.months, books.get("discount_cents", &add_on)),
                (1, 0)
            );
            assert!(books.is("change_type", "new", &add_on));
            let platform = stay
                .iter()
                .find(|one| one.holds(add_on.started_at))
                .unwrap();
            assert!(!books.is("plan", "starter", platform));
            // A fifth of what the platform brings in a month, in whole dollars.
            let monthly = half_up(platform.bill, platform.months) as f64 / 100.0;
            let dollars = (0.2 * monthly + 1e-9).round().max(5.0);
            assert_eq!(add_on.bill as f64 / 100.0, dollars);
            let anniversaries: Vec<i64> = (1..=61)
                .map(|months| months_later(stay_started_at, months))
                .collect();
            assert!(anniversaries.contains(&add_on.started_at));
            assert!(add_on.ended_at <= last.ended_at);
            if books.is("churn_reason", "involuntary", &add_on) {
                // It is lost with a bill of the day on which the platform's is made.
                let is_platform = |word| books.is("churn_reason", word, last);
                assert!(is_platform("involuntary") || last.ended_at == i64::MAX);
                assert!(anniversaries.contains(&(add_on.ended_at - 15 * DAY)));
                let terms = books.terms(&data, books.get("subscription_id", last));
                let of_platform = last.ended_at.saturating_sub(terms);
                assert!(last.ended_at == i64::MAX || add_on.ended_at == of_platform);
                endings[3] += 1;
            } else if add_on.ended_at == last.ended_at {
                let same = |column| books.get(column, &add_on) == books.get(column, last);
                // The platform's invoice may not be due when the add-on's bill fails.
                let terms = books.terms(&data, books.get("subscription_id", last));
                let is_first = terms > 0 && books.is("status", "past_due", &add_on);
                assert!(same("churn_reason") && (same("status") || is_first));
                endings[usize::from(add_on.ended_at == i64::MAX)] += 1;
            } else {
                assert!(books.is("churn_reason", "voluntary", &add_on));
                assert!(anniversaries.contains(&add_on.ended_at));
                endings[2] += 1;
            }
        }
    }
    assert!(endings.iter().all(|&count| count > 20), "{endings:?}");
}

#[test]
fn a_parameter_of_billing_moves_nothing_else() {
    let lives = |query: &str| {
        let data = data(&format!("users=2000&annual=40&seed=8&{query}"));
        let platform = data.platform();
        [
            "user_id",
            "started_at",
            "ended_at",
            "quantity",
            "plan",
            "change_type",
            "churn_reason",
        ]
        .map(|column| platform.get(column).to_vec())
    };
    let base = lives("discounted=0&add_on=0");
    assert_eq!(base, lives("discounted=70&add_on=0"));
    assert_eq!(base, lives("discounted=0&add_on=80"));
    // Who pays by the month goes on as before where others pay by the quarter.
    let monthly = |query: &str| -> BTreeSet<String> {
        let data = data(&format!("users=2000&annual=0&involuntary=0&seed=8&{query}"));
        let platform = data.platform();
        let rows = (0..platform.rows()).filter(|&row| platform.get("months")[row] == 1);
        rows.map(|row| {
            let get = |column: &str| platform.get(column)[row];
            format!(
                "{} {} {}",
                get("period_id"),
                get("started_at"),
                get("ended_at")
            )
        })
        .collect()
    };
    let (none, some) = (monthly("quarterly=0"), monthly("quarterly=30"));
    assert!(some.len() < none.len());
    assert!(some.is_subset(&none));
}

#[test]
fn quarterly_customers_fail_recover_and_leave_as_planted() {
    let query =
        "users=40000&conv_opt_in=60&growth=0&annual=0&quarterly=100&add_on=0&anomalies=0&seed=6";
    let data = data(query);
    let books = Books::new(&data);
    let (mut leave, mut decide) = ([0.0; 2], 0.0);
    let mut by_term = [[0.0; 2]; 5];
    for (_, periods) in books.stays() {
        let last = periods.last().unwrap();
        let is_lost = books.is("churn_reason", "involuntary", last);
        let is_over = last.ended_at < i64::MAX;
        let decided_at = match (is_over, is_lost) {
            (false, _) => data.end(),
            (true, false) => last.ended_at,
            (true, true) => last.ended_at - 15 * DAY,
        };
        let terms =
            (1..).take_while(|&terms| months_later(periods[0].started_at, 3 * terms) <= decided_at);
        let terms = terms.count();
        if is_over {
            leave[usize::from(is_lost)] += 1.0;
            assert_eq!(
                months_later(periods[0].started_at, 3 * terms as u32),
                decided_at
            );
        }
        decide += terms as f64;
        for (place, [left, asked]) in by_term.iter_mut().enumerate() {
            *asked += f64::from(u8::from(terms > place));
            *left += f64::from(u8::from(is_over && terms == place + 1));
        }
    }
    let near = |name: &str, hits: f64, total: f64, planted: f64, slack: f64| {
        let error = (planted * (1.0 - planted) / total).sqrt();
        let observed = hits / total;
        assert!(
            (observed - planted).abs() < 4.0 * error + slack * planted,
            "{name}: {observed}, not {planted}"
        );
    };
    near("involuntary", leave[1], leave[0] + leave[1], 0.25, 0.06);
    // New customers leave most, by the quarter, too.
    let rates = by_term.map(|[left, asked]| left / asked);
    assert!(
        rates.is_sorted_by(|earlier, later| earlier > later),
        "{rates:?}"
    );
    let (mut failed, mut retried, mut bills, mut old) = (0.0, 0.0, 0.0, 0.0);
    for charge in books.charges.values().flatten() {
        bills += 1.0;
        let fails = charge.attempts > 1 || !charge.is_paid;
        failed += f64::from(u8::from(fails));
        if fails && charge.first_at < data.end() - 16 * DAY {
            old += 1.0;
            let is_retry = charge.is_paid && (charge.last_at - charge.first_at) % DAY == 0;
            retried += f64::from(u8::from(is_retry));
        }
    }
    near("failure", failed, bills, 0.07, 0.03);
    near("recovery", retried, old, 0.48, 0.05);
    assert!(decide > 5_000.0);
}
