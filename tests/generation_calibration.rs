//! Planted against observed: every preset's parameters come back out of its rows.
//!
//! `UPDATE_CALIBRATION=1 cargo test --test generation_calibration` writes docs/calibration.md.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generation;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, NaiveDate};
use generation::{DAY, Dataset, HOUR, NULL, months_later};
use metricflow::generation::{Table, TableSet, vocabulary};
use metricflow::parameters::{Parameter, Preset, Scenario, TrialType};

/// Standard errors that an observation may lie from what is planted.
const SIGMAS: f64 = 3.5;
/// Mean length of a month.
const MONTH: f64 = 30.436_875 * DAY as f64;

/// A line of the table.
struct Line {
    name: String,
    planted: String,
    observed: f64,
    low: f64,
    high: f64,
}

impl Line {
    /// A planted value, the observed one and its standard error.
    fn estimate(name: &str, planted: f64, observed: f64, error: f64) -> Self {
        Self {
            name: name.to_owned(),
            planted: format!("{planted:.4}"),
            observed,
            low: planted - SIGMAS * error,
            high: planted + SIGMAS * error,
        }
    }

    /// A share of `total` trials; `slack` is the relative error the model allows itself.
    fn share(name: &str, planted: f64, hits: f64, total: f64, slack: f64) -> Self {
        let error = (planted * (1.0 - planted) / total.max(1.0)).sqrt();
        let mut line = Self::estimate(name, planted, hits / total.max(1.0), error);
        if planted.min(1.0 - planted) * total < FEWEST_FOR_NORMAL {
            [line.low, line.high] = exact_limits(planted, total);
        }
        line.low -= slack * planted;
        line.high += slack * planted;
        line
    }

    fn band(name: &str, low: f64, high: f64, observed: f64) -> Self {
        Self {
            name: name.to_owned(),
            planted: "band".to_owned(),
            observed,
            low,
            high,
        }
    }

    fn holds(&self) -> bool {
        self.low <= self.observed && self.observed <= self.high
    }
}

/// Hits expected, of the rarer kind, from which their share is as good as normal.
const FEWEST_FOR_NORMAL: f64 = 30.0;

/// The shares between which the binomial distribution has what a normal one has within [`SIGMAS`]: of
/// few trials and a rare hit it has a long tail on one side.
fn exact_limits(planted: f64, total: f64) -> [f64; 2] {
    if planted > 0.5 {
        let [low, high] = exact_limits(1.0 - planted, total);
        return [1.0 - high, 1.0 - low];
    }
    let tail = 0.5 * libm::erfc(SIGMAS / core::f64::consts::SQRT_2);
    let trials = total.round();
    let (mut hits, mut share, mut below) = (0.0, libm::pow(1.0 - planted, trials), 0.0);
    let mut low = None;
    loop {
        if low.is_none() && below + share > tail {
            low = Some(hits);
        }
        below += share;
        if 1.0 - below < tail || hits >= trials {
            return [
                low.unwrap_or_default() / total.max(1.0),
                hits / total.max(1.0),
            ];
        }
        share *= planted / (1.0 - planted) * (trials - hits) / (hits + 1.0);
        hits += 1.0;
    }
}

/// Sums over seeds.
#[derive(Default)]
struct Sums(BTreeMap<&'static str, (f64, f64)>);

impl Sums {
    fn add(&mut self, name: &'static str, hits: f64, total: f64) {
        let sum = self.0.entry(name).or_default();
        sum.0 += hits;
        sum.1 += total;
    }

    fn share(&self, name: &'static str) -> f64 {
        let (hits, total) = self.0.get(name).copied().unwrap_or_default();
        hits / total
    }

    fn line(&self, name: &'static str, planted: f64, slack: f64) -> Line {
        let (hits, total) = self.0.get(name).copied().unwrap_or_default();
        Line::share(name, planted, hits, total, slack)
    }
}

/// A customer's stay: from a first bill to the loss or the end of history.
struct Stay {
    user: i64,
    started_at: i64,
    /// When the customer decided, before any dunning; the end of history when still there.
    decided_at: i64,
    /// Months of a term.
    months: i64,
    has_discount: bool,
    is_lost: bool,
    is_involuntary: bool,
}

fn stays(data: &Dataset) -> Vec<Stay> {
    let periods = data.platform();
    let get = |column: &str, row: usize| periods.get(column)[row];
    let begins = ["new", "reactivation"].map(|word| periods.key("change_type", word));
    let trial = periods.key("change_type", "trial");
    let involuntary = periods.key("churn_reason", "involuntary");
    let terms = data.scenario.steps(Parameter::Terms) * DAY;
    let mut stays: Vec<Stay> = Vec::new();
    for row in 0..periods.rows() {
        let change = get("change_type", row);
        if change == trial {
            continue;
        }
        if begins.contains(&change) {
            stays.push(Stay {
                user: get("user_id", row),
                started_at: get("started_at", row),
                decided_at: data.end(),
                months: get("months", row),
                has_discount: get("discount_cents", row) > 0,
                is_lost: false,
                is_involuntary: false,
            });
        }
        let reason = get("churn_reason", row);
        if let Some(stay) = stays.last_mut()
            && reason != NULL
        {
            stay.is_lost = true;
            stay.is_involuntary = reason == involuntary;
            stay.decided_at = get("ended_at", row);
            if stay.is_involuntary {
                stay.decided_at -= 15 * DAY;
                // A yearly invoice has terms before it is due.
                let billed_at = stay.decided_at - terms;
                let years = (1..=5).map(|years| months_later(stay.started_at, 12 * years));
                if stay.months == 12 && years.into_iter().any(|renewal| renewal == billed_at) {
                    stay.decided_at = billed_at;
                }
            }
        }
    }
    stays
}

/// Failure codes and the lines that say how often a retry collects.
const RECOVERIES: [(&str, &str); 6] = [
    ("expired_card", "recovery, expired card"),
    ("insufficient_funds", "recovery, insufficient funds"),
    ("card_declined", "recovery, card declined"),
    ("processing_error", "recovery, processing error"),
    ("fraud_suspected", "recovery, fraud suspected"),
    ("transfer_overdue", "recovery, transfer overdue"),
];

/// What the truth says of a parameter, or of what follows from them, as a share.
fn planted_share(data: &Dataset, key: &str) -> f64 {
    let parameters = data.table(Table::TruthParameters);
    let keys = parameters.texts("key");
    let row = keys.iter().position(|other| other == key).unwrap();
    parameters.floats("number")[row] / 100.0
}

fn money(data: &Dataset, sums: &mut Sums) {
    for stay in stays(data) {
        let months = (stay.decided_at - stay.started_at) as f64 / MONTH;
        let months = if stay.is_lost {
            months.round()
        } else {
            (months - 0.02).floor()
        };
        let lost = f64::from(u8::from(stay.is_lost));
        sums.add("annual share", f64::from(u8::from(stay.months == 12)), 1.0);
        if stay.months < 12 {
            sums.add(
                "quarterly plans",
                f64::from(u8::from(stay.months == 3)),
                1.0,
            );
        }
        let has_discount = f64::from(u8::from(stay.has_discount));
        sums.add("contracts with a discount", has_discount, 1.0);
        sums.add("customer months", months, months);
        if stay.months == 1 {
            sums.add("monthly churn", lost, months);
        }
        if stay.is_lost {
            sums.add(
                "involuntary share",
                f64::from(u8::from(stay.is_involuntary)),
                1.0,
            );
        }
    }
    economics(data, sums);
    add_ons(data, sums);
    let periods = data.platform();
    let movements = ["upgrade", "downgrade", "reactivation"].map(|word| {
        let key = periods.key("change_type", word);
        periods
            .get("change_type")
            .iter()
            .filter(|&&change| change == key)
            .count() as f64
    });
    let months = sums.0["customer months"].0;
    sums.0.entry("expansion").or_default().0 += movements[0];
    sums.0.entry("contraction").or_default().0 += movements[1];
    for name in ["expansion", "contraction"] {
        sums.0.entry(name).or_default().1 = months;
    }
    // Only losses that had a year to be made good.
    let all = stays(data);
    for pair in all.windows(2) {
        if pair[0].is_lost && pair[0].decided_at < data.end() - 365 * DAY {
            let is_back = pair[0].user == pair[1].user;
            sums.add("reactivation", f64::from(u8::from(is_back)), 1.0);
        }
    }

    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let [succeeded, failed, refunded] =
        ["succeeded", "failed", "refunded"].map(|word| payments.key("status", word));
    let codes = RECOVERIES.map(|(code, name)| (payments.key("failure_code", code), name));
    let expired = codes[0].0;
    let [disputed, card] = [("status", "disputed"), ("method", "card")]
        .map(|(column, word)| payments.key(column, word));
    let mut refunded_ids = BTreeSet::new();
    let mut disputed_ids = BTreeSet::new();
    for row in 0..payments.rows() {
        if get("status", row) == refunded {
            refunded_ids.insert(get("refund_of", row));
        } else if get("status", row) == disputed {
            disputed_ids.insert(get("refund_of", row));
        }
    }
    let yearly: BTreeSet<i64> = (0..periods.rows())
        .filter(|&row| periods.get("months")[row] == 12)
        .map(|row| periods.get("subscription_id")[row])
        .collect();
    // What is planted on single days says nothing of the rates of all others.
    let planted = planted_days(data);
    let billed_at = billed_at(data);
    let is_usual = |row: usize| !planted.contains(&billed_at[row].div_euclid(DAY));
    let mut has_paid = BTreeSet::new();
    for row in 0..payments.rows() {
        let status = get("status", row);
        if status == succeeded && !is_usual(row) {
            has_paid.insert(get("user_id", row));
        } else if status == succeeded {
            let age = (data.end() - get("attempted_at", row)) / DAY;
            let id = get("payment_id", row);
            // The unused days of a year are paid back when the customer leaves.
            let is_yearly = yearly.contains(&get("subscription_id", row));
            if age > if is_yearly { 366 } else { 31 } {
                let has_refund = refunded_ids.contains(&id);
                sums.add("refunds", f64::from(u8::from(has_refund)), 1.0);
            }
            let is_first = has_paid.insert(get("user_id", row));
            if !is_first && get("method", row) == card && age > 91 {
                let has_dispute = disputed_ids.contains(&id);
                sums.add("disputes", f64::from(u8::from(has_dispute)), 1.0);
            }
        }
        if get("refund_of", row) != NULL || get("attempt_no", row) != 1 || !is_usual(row) {
            continue;
        }
        sums.add(
            "payment failure",
            f64::from(u8::from(status == failed)),
            1.0,
        );
        if status == failed {
            let is_expired = get("failure_code", row) == expired;
            sums.add("expired cards", f64::from(u8::from(is_expired)), 1.0);
        }
        if status == failed && get("attempted_at", row) < data.end() - 16 * DAY {
            let mut last = row;
            while last + 1 < payments.rows()
                && get("attempt_no", last + 1) > get("attempt_no", last)
            {
                last += 1;
            }
            // A retry comes whole days after the first attempt; a customer pays at any time of day.
            let waited = get("attempted_at", last) - get("attempted_at", row);
            let is_retried = get("status", last) == succeeded && waited % DAY == 0;
            let is_retried = f64::from(u8::from(is_retried));
            sums.add("recovery", is_retried, 1.0);
            let code = get("failure_code", row);
            let name = codes.iter().find(|(key, _)| *key == code).unwrap().1;
            sums.add(name, is_retried, 1.0);
        }
    }
}

/// Days whose bills something befalls, and those on which bills that waited are attempted.
fn planted_days(data: &Dataset) -> BTreeSet<i64> {
    let truth = data.table(Table::TruthAnomalyDays);
    let outage = truth.key("kind", "outage");
    (0..truth.rows())
        .flat_map(|row| {
            let day = truth.get("date")[row];
            let is_outage = truth.get("kind")[row] == outage;
            day..=day + i64::from(is_outage)
        })
        .collect()
}

/// When the bill of each payment was first attempted. What follows within four hours on a first
/// attempt that collected is the same bill, collected again.
fn billed_at(data: &Dataset) -> Vec<i64> {
    let payments = data.table(Table::Payments);
    let (subscriptions, times) = (
        payments.get("subscription_id"),
        payments.get("attempted_at"),
    );
    let mut billed_at = Vec::with_capacity(payments.rows());
    let (mut last, mut subscription) = (NULL, NULL);
    for row in 0..payments.rows() {
        let is_first =
            payments.get("refund_of")[row] == NULL && payments.get("attempt_no")[row] == 1;
        let is_again = subscription == subscriptions[row] && times[row] - last < 4 * HOUR;
        if is_first && !is_again {
            (last, subscription) = (times[row], subscriptions[row]);
        }
        billed_at.push(last);
    }
    billed_at
}

/// What befell the bills of planted days, by kind.
fn accidents(data: &Dataset, sums: &mut Sums) {
    let truth = data.table(Table::TruthAnomalyDays);
    let days: BTreeMap<i64, usize> = truth.get("date").iter().copied().zip(0..).collect();
    let periods = data.periods();
    let ids = periods.get("subscription_id");
    let upgrade = periods.key("change_type", "upgrade");
    let starts = ids.iter().zip(periods.get("started_at"));
    let in_force: BTreeMap<(i64, i64), usize> = starts
        .enumerate()
        .map(|(row, (&id, &started_at))| ((id, started_at), row))
        .collect();
    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let [succeeded, refunded] = ["succeeded", "refunded"].map(|word| payments.key("status", word));
    let error = payments.key("failure_code", "processing_error");
    let transfer = payments.key("method", "bank_transfer");
    let kinds = vocabulary::ANOMALY_KINDS;
    let mut given_back: BTreeMap<i64, i64> = BTreeMap::new();
    for row in (0..payments.rows()).filter(|&row| get("status", row) == refunded) {
        *given_back.entry(get("refund_of", row)).or_default() += get("amount_cents", row);
    }
    let mut billed_on = BTreeMap::new();
    let billed_at = billed_at(data);
    for row in 0..payments.rows() {
        let day = billed_at[row].div_euclid(DAY);
        let is_first = billed_at[row] == get("attempted_at", row) && get("refund_of", row) == NULL;
        if is_first {
            let bill = (get("subscription_id", row), get("service_starts_at", row));
            billed_on.entry(bill).or_insert(day);
        }
        let Some(place) = days.get(&day).filter(|_| is_first) else {
            continue;
        };
        let bill = (get("subscription_id", row), get("service_starts_at", row));
        let (_, &period) = in_force.range(..=bill).next_back().unwrap();
        let of_bill = row..(row + 1..payments.rows())
            .find(|&next| get("refund_of", next) == NULL && billed_at[next] != billed_at[row])
            .unwrap_or(payments.rows());
        let attempts: Vec<usize> = of_bill
            .filter(|&next| get("refund_of", next) == NULL)
            .collect();
        let collected: Vec<usize> = attempts
            .iter()
            .copied()
            .filter(|&next| get("status", next) == succeeded)
            .collect();
        let agreed = periods.get("bill_cents")[period];
        let factor = truth.floats("factor")[*place];
        let is_charged_so = get("amount_cents", row) == (agreed as f64 * factor).round() as i64;
        // The rest of a term is charged for what was added in it: no sum was agreed.
        let is_monthly = periods.get("months")[period] == 1;
        let is_agreed = is_monthly || periods.get("change_type")[period] != upgrade;
        let yes = |is: bool| f64::from(u8::from(is));
        match kinds[truth.get("kind")[*place] as usize] {
            "double_charge" if get("status", row) == succeeded => {
                sums.add(ACCIDENTS[0], yes(collected.len() == 2), 1.0);
                let again = collected.get(1).map(|&again| get("payment_id", again));
                let back = again.and_then(|id| given_back.get(&id)).copied();
                let is_whole = back == Some(get("amount_cents", row));
                sums.add(ACCIDENTS[1], yes(is_whole), 1.0);
            }
            "processor_failure" if get("method", row) != transfer => {
                let is_refused = get("failure_code", row) == error;
                sums.add(ACCIDENTS[2], yes(is_refused), 1.0);
                if is_refused {
                    let waited = collected
                        .first()
                        .map(|&last| get("attempted_at", last) - billed_at[row]);
                    let is_retried = waited.is_some_and(|waited| waited % DAY == 0);
                    sums.add(ACCIDENTS[3], yes(is_retried), 1.0);
                }
            }
            "wrong_price"
                if is_agreed && periods.get("plan")[period] == truth.get("plan")[*place] =>
            {
                sums.add(ACCIDENTS[4], yes(is_charged_so), 1.0);
                if let Some(&last) = collected.first()
                    && factor > 1.0
                {
                    let back = given_back.get(&get("payment_id", last)).copied();
                    let kept = get("amount_cents", last) - back.unwrap_or_default();
                    sums.add(ACCIDENTS[5], yes(kept <= agreed), 1.0);
                }
            }
            "campaign" if is_agreed => sums.add(ACCIDENTS[6], yes(is_charged_so), 1.0),
            _ => {}
        }
    }
    // Whoever begins, comes back or renews for a year is billed on the day on which the period begins.
    let begins = ["new", "reactivation", "renewal"].map(|word| periods.key("change_type", word));
    for row in (0..periods.rows()).filter(|&row| begins.contains(&periods.get("change_type")[row]))
    {
        let day = periods.get("started_at")[row].div_euclid(DAY);
        let kind = days
            .get(&day)
            .map(|&place| kinds[truth.get("kind")[place] as usize]);
        // What has terms falls due on another day.
        let has_terms = data.scenario.steps(Parameter::Terms) > 0;
        let is_due = !has_terms || periods.get("months")[row] < 12;
        if kind == Some("outage") && is_due {
            let bill = (ids[row], periods.get("started_at")[row]);
            let is_next = billed_on.get(&bill) == Some(&(day + 1));
            sums.add(ACCIDENTS[7], f64::from(u8::from(is_next)), 1.0);
        }
    }
}

/// Lines of [`accidents`].
const ACCIDENTS: [&str; 8] = [
    "double charge: collected twice",
    "double charge: the second refunded whole",
    "failing processor: cards refused",
    "failing processor: retries collect",
    "wrong price: charged so",
    "wrong price: no more kept than agreed",
    "offer: charged so",
    "outage: attempted the next day",
];

/// The lines of [`accidents`]; all but the processor's befall every bill. A preset of few users may have
/// no bill on the days of a kind.
fn accident_lines(scenario: &Scenario, sums: &Sums) -> Vec<Line> {
    let failure = scenario.fraction(Parameter::FailureRate);
    let recovery = scenario.fraction(Parameter::RecoveryRate);
    // The processor refuses nine in ten, and a retry then collects 97 in 100 of what would have been
    // paid at once; of what fails anyway it collects what it always does.
    let retried = (1.0 - failure) * 0.97 + failure * recovery;
    let planted = [1.0, 1.0, 0.9, retried, 1.0, 1.0, 1.0, 1.0];
    let slack = [0.0, 0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.0];
    (0..ACCIDENTS.len())
        .filter(|&place| sums.0.contains_key(ACCIDENTS[place]))
        .map(|place| sums.line(ACCIDENTS[place], planted[place], slack[place]))
        .collect()
}

/// What a customer brings and costs, as docs/decisions/0028 has it but over the whole history.
fn economics(data: &Dataset, sums: &mut Sums) {
    for stay in stays(data) {
        let months = (stay.decided_at - stay.started_at) as f64 / MONTH;
        sums.add("churn of all", f64::from(u8::from(stay.is_lost)), months);
    }
    let periods = data.periods();
    let new = periods.key("change_type", "new");
    let platform = periods.key("product", "platform");
    for row in 0..periods.rows() {
        let amount = periods.get("monthly_amount_cents")[row];
        let is_platform = periods.get("product")[row] == platform;
        if amount > 0 && periods.get("ended_at")[row] == NULL {
            let customers = f64::from(u8::from(is_platform));
            sums.add("revenue a customer", amount as f64, customers);
        }
        let is_new = is_platform && periods.get("change_type")[row] == new;
        sums.add("cost a customer", 0.0, f64::from(u8::from(is_new)));
    }
    let spend: i64 = data.table(Table::AdSpend).get("cost_cents").iter().sum();
    sums.add("cost a customer", spend as f64, 0.0);
}

/// Stays with the add-on, of those that would be if everybody wanted it: each month of a stay on the
/// larger plans has the probability that it begins then.
fn add_ons(data: &Dataset, sums: &mut Sums) {
    let periods = data.periods();
    let [platform, begins] = [("product", "platform"), ("change_type", "new")]
        .map(|(column, word)| periods.key(column, word));
    let [starter, trial, back] = [
        ("plan", "starter"),
        ("change_type", "trial"),
        ("change_type", "reactivation"),
    ]
    .map(|(column, word)| periods.key(column, word));
    let ends: BTreeMap<i64, i64> = stays(data)
        .iter()
        .map(|stay| (stay.started_at, stay.decided_at))
        .collect();
    let (mut started_at, mut month) = (0, 1);
    let platform_rows = |row: &usize| {
        periods.get("product")[*row] == platform && periods.get("change_type")[*row] != trial
    };
    let paid: Vec<usize> = (0..periods.rows()).filter(platform_rows).collect();
    for row in paid {
        let get = |column: &str| periods.get(column)[row];
        if [begins, back].contains(&get("change_type")) {
            (started_at, month) = (get("started_at"), 1);
        }
        let decided_at = ends[&started_at];
        let ended_at = match get("ended_at") {
            NULL => data.end(),
            ended_at => ended_at,
        };
        while months_later(started_at, month) < ended_at.min(decided_at) {
            if get("plan") != starter {
                let probability = 0.2 * libm::pow(0.8, f64::from(month - 1));
                sums.add("priority support", 0.0, probability);
            }
            month += 1;
        }
    }
    let taken = periods.get("product").iter().filter(|&&of| of != platform);
    sums.add("priority support", taken.count() as f64, 0.0);
}

/// What clicks cost and bring, by channel; a campaign has one price a day.
const CLICK_PRICES: [[&str; 3]; 6] = [
    [
        "click: referral",
        "click error: referral",
        "signup: referral",
    ],
    ["click: content", "click error: content", "signup: content"],
    ["click: email", "click error: email", "signup: email"],
    [
        "click: paid search",
        "click error: paid search",
        "signup: paid search",
    ],
    [
        "click: paid social",
        "click error: paid social",
        "signup: paid social",
    ],
    ["click: partner", "click error: partner", "signup: partner"],
];
/// Channels without campaigns come first.
const CHANNELS_WITHOUT: i64 = 2;

fn campaigns(data: &Dataset, sums: &mut Sums) {
    let (spend, effects) = (
        data.table(Table::AdSpend),
        data.table(Table::TruthChannelEffects),
    );
    for row in 0..spend.rows() {
        let channel = spend.get("channel")[row];
        let [price, error, signup] = CLICK_PRICES[(channel - CHANNELS_WITHOUT) as usize];
        let (cost, clicks) = (
            spend.get("cost_cents")[row] as f64,
            spend.get("clicks")[row] as f64,
        );
        let planted = effects.get("cost_per_click_cents")[channel as usize] as f64;
        sums.add(price, cost, clicks);
        let residual = cost - planted * clicks;
        sums.add(error, residual * residual, 0.0);
        sums.add(signup, cost, 0.0);
        sums.add("clicks of signups", 0.0, clicks);
    }
    let touches = data.table(Table::MarketingTouches);
    let (none, impression) = (
        touches.key("campaign", "none"),
        touches.key("touch_type", "impression"),
    );
    for (&campaign, &kind) in touches
        .get("campaign")
        .iter()
        .zip(touches.get("touch_type"))
    {
        let is_click = campaign != none && kind != impression;
        sums.add("clicks of signups", f64::from(u8::from(is_click)), 0.0);
    }
    for &channel in data.table(Table::Users).get("channel") {
        if channel >= CHANNELS_WITHOUT {
            let [_, _, signup] = CLICK_PRICES[(channel - CHANNELS_WITHOUT) as usize];
            sums.add(signup, 0.0, 1.0);
        }
    }
}

/// The lines of [`campaigns`]. Campaigns go on for people who sign up after the history, so there is
/// a little more spend than its signups account for.
fn campaign_lines(data: &Dataset, sums: &Sums) -> Vec<Line> {
    let effects = data.table(Table::TruthChannelEffects);
    let mut lines = Vec::new();
    for (index, [price, error, signup]) in CLICK_PRICES.into_iter().enumerate() {
        let channel = index + CHANNELS_WITHOUT as usize;
        let (cost, clicks) = sums.0[price];
        lines.push(Line::estimate(
            price,
            effects.get("cost_per_click_cents")[channel] as f64,
            cost / clicks,
            sums.0[error].0.sqrt() / clicks,
        ));
        let planted = effects.floats("cost_per_signup_cents")[channel];
        let (cost, signups) = sums.0[signup];
        // Signups of the channel vary, and so do the clicks of its paths.
        let error = planted * (2.0 / signups).sqrt();
        let mut line = Line::estimate(signup, planted, cost / signups, error);
        line.high += 0.04 * planted;
        lines.push(line);
    }
    let planted = planted_share(data, "signup_clicks");
    let mut line = sums.line("clicks of signups", planted, 0.01);
    // Paths come with several clicks.
    line.low -= 0.5 * (planted - line.low) + 0.04 * planted;
    line.high += 0.5 * (line.high - planted);
    lines.push(line);
    lines
}

fn funnel(data: &Dataset, sums: &mut Sums, delays: &mut Vec<f64>) {
    let users = data.table(Table::Users);
    let truth = data.table(Table::TruthUsers);
    let treatment = users.key("experiment_variant", "treatment");
    let names = ["freemium to paid", "opt-in to paid", "opt-out to paid"];
    let touches = data.table(Table::MarketingTouches);
    let mut lengths = vec![0.0; users.rows()];
    for &user in touches.get("user_id") {
        lengths[user as usize - 1] += 1.0;
    }
    for (row, &length) in lengths.iter().enumerate() {
        let activated = truth.get("is_activated")[row] as f64;
        let name = if users.get("experiment_variant")[row] == treatment {
            "activation, treatment"
        } else {
            "activation"
        };
        sums.add(name, activated, 1.0);
        let trial_type = users.get("trial_type")[row] as usize;
        sums.add(
            names[trial_type],
            truth.get("will_convert")[row] as f64,
            1.0,
        );
        sums.add(
            "organic share",
            f64::from(u8::from(users.get("channel")[row] == 0)),
            1.0,
        );
        sums.add("touches", length, 1.0);
        sums.add("touches squared", length * length, 1.0);
    }
    let periods = data.platform();
    let new = periods.key("change_type", "new");
    let wait = (data.scenario.number(Parameter::DaysToConvert) * 10.0) as i64;
    for row in 0..periods.rows() {
        let signed_up_at = users.get("signed_up_at")[periods.get("user_id")[row] as usize - 1];
        if periods.get("change_type")[row] == new && signed_up_at < data.end() - wait * DAY {
            delays.push((periods.get("started_at")[row] - signed_up_at) as f64 / DAY as f64);
        }
    }
}

fn activity(data: &Dataset) -> Vec<Line> {
    let users = data.table(Table::Users);
    let events = data.table(Table::Events);
    let count = users.rows() as f64;
    let mut lines = Vec::new();
    let planted = data.scenario.number(Parameter::EventsPerUser);
    // Sessions arrive independently: the error of the total is that of their squared lengths.
    let mut lengths: BTreeMap<i64, f64> = BTreeMap::new();
    let mut active_days = BTreeSet::new();
    let mut active_months = BTreeSet::new();
    let end = data.end();
    for row in 0..events.rows() {
        let (user, at) = (events.get("user_id")[row], events.get("event_at")[row]);
        *lengths.entry(events.get("session_id")[row]).or_default() += 1.0;
        let days_ago = (end - 1 - at) / DAY;
        if days_ago < 360 {
            active_days.insert((days_ago, user));
            active_months.insert((days_ago / 30, user));
        }
    }
    let squares: f64 = lengths.values().map(|length| length * length).sum();
    let mut line = Line::estimate(
        "events per user",
        planted,
        events.rows() as f64 / count,
        squares.sqrt() / count,
    );
    line.high += 0.02 * planted; // one percent more is aimed at
    lines.push(line);
    let mean = events.rows() as f64 / lengths.len() as f64;
    lines.push(Line::band("events per session", 2.0, 16.0, mean));
    let stickiness = active_days.len() as f64 / 30.0 / active_months.len() as f64;
    lines.push(Line::band("DAU / MAU", 0.10, 0.25, stickiness));
    lines.extend(lapsed_trials(data));

    let truth = data.table(Table::TruthUsers);
    let tail = data.scenario.number(Parameter::ActivityTail);
    let pull = 1.1_f64.min(0.8 * tail);
    let logs = truth
        .floats("log_activity")
        .iter()
        .zip(truth.floats("satisfaction"));
    let logs: Vec<f64> = logs
        .map(|(activity, satisfaction)| activity + pull * satisfaction)
        .collect();
    let error = tail / (2.0 * count).sqrt();
    let mut line = Line::estimate("activity tail (log σ)", tail, deviation(&logs), error);
    line.low -= 0.05 * tail; // the heaviest users are held back
    lines.push(line);
    lines
}

/// Share of signups who would come back in their second month if nobody's access ended, as the
/// promise has it: those who pay on day 30 and those on the free plan are asked, and weighted by
/// how many of all signups pay on that day (docs/decisions/0140).
fn month_1_retention(data: &Dataset) -> Line {
    let users = data.table(Table::Users);
    let signups = users.get("signed_up_at");
    let freemium = users.key("trial_type", "freemium");
    let periods = data.platform();
    let trial = periods.key("change_type", "trial");
    let mut pays = vec![false; users.rows()];
    for row in 0..periods.rows() {
        let user = periods.get("user_id")[row] as usize - 1;
        let ended_at = match periods.get("ended_at")[row] {
            NULL => i64::MAX,
            ended_at => ended_at,
        };
        let is_paid = periods.get("change_type")[row] != trial;
        let day_30 = signups[user] + 30 * DAY;
        pays[user] |= is_paid && (periods.get("started_at")[row]..ended_at).contains(&day_30);
    }
    let mut is_back = vec![false; users.rows()];
    let events = data.table(Table::Events);
    for row in 0..events.rows() {
        let user = events.get("user_id")[row] as usize - 1;
        let age = (events.get("event_at")[row] - signups[user]) / DAY;
        is_back[user] |= (30..60).contains(&age);
    }
    let mut sums = Sums::default();
    for user in (0..users.rows()).filter(|&user| signups[user] < data.end() - 60 * DAY) {
        let is_back = f64::from(u8::from(is_back[user]));
        sums.add("paying", f64::from(u8::from(pays[user])), 1.0);
        if pays[user] {
            sums.add("back, paying", is_back, 1.0);
        } else if users.get("trial_type")[user] == freemium {
            sums.add("back, free", is_back, 1.0);
        }
    }
    let paying = sums.share("paying");
    let with_access =
        paying * sums.share("back, paying") + (1.0 - paying) * sums.share("back, free");
    Line::band("month-1 retention, with access", 0.35, 0.60, with_access)
}

/// Whom a trial that lapsed brings back: those who look in within four weeks, and those whom a
/// win-back reaches within a year. Only users who had the time are asked.
fn lapsed_trials(data: &Dataset) -> [Line; 2] {
    const TRIAL: i64 = 14 * DAY;
    let users = data.table(Table::Users);
    let periods = data.platform();
    let trial = periods.key("change_type", "trial");
    let freemium = users.key("trial_type", "freemium");
    let mut has_paid = vec![false; users.rows()];
    for row in 0..periods.rows() {
        let user = periods.get("user_id")[row] as usize - 1;
        has_paid[user] |= periods.get("change_type")[row] != trial;
    }
    let signups = users.get("signed_up_at");
    let mut first_look = vec![false; users.rows()];
    let mut won_back = vec![false; users.rows()];
    let sessions = data.table(Table::Sessions);
    for row in 0..sessions.rows() {
        let user = sessions.get("user_id")[row] as usize - 1;
        let since = sessions.get("started_at")[row] - signups[user] - TRIAL;
        first_look[user] |= (0..30 * DAY).contains(&since);
        won_back[user] |= (30 * DAY..365 * DAY).contains(&since);
    }
    let mut sums = Sums::default();
    for user in 0..users.rows() {
        // The truth says who converts later: they had a reason to come.
        let converts = data.table(Table::TruthUsers).get("will_convert")[user] == 1;
        if has_paid[user] || converts || users.get("trial_type")[user] == freemium {
            continue;
        }
        let age = data.end() - signups[user] - TRIAL;
        if age > 31 * DAY {
            sums.add(
                "lapsed trials that look in",
                f64::from(u8::from(first_look[user])),
                1.0,
            );
        }
        if age > 366 * DAY {
            sums.add(
                "lapsed trials won back",
                f64::from(u8::from(won_back[user])),
                1.0,
            );
        }
    }
    // Of the win-backs, whose delay is log-normal about 110 days, 97.7 % come within a year.
    [
        sums.line("lapsed trials that look in", 0.30 + 0.20, 0.0),
        sums.line("lapsed trials won back", 0.06 * 0.977, 0.0),
    ]
}

/// Company sizes, as keys, for which shares of invoices and medians of seats are planted.
const ANCHOR_OF_INVOICES: i64 = 3;
const ANCHOR_OF_SEATS: i64 = 2;
const MEDIAN_SEATS: &str = "median seats, 51-200";

/// Of what size companies are, how many seats they buy, and how they pay.
fn kind_of_customers(data: &Dataset, sums: &mut Sums) {
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
fn kind_lines(data: &Dataset, sums: &Sums) -> [Line; 4] {
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

fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count)
        .sqrt()
}

/// Regresses the log of monthly signups, without campaigns and launch, on time and season.
fn growth(scenario: &Scenario, lines: &mut Vec<Line>) {
    let plain = scenario
        .with(Parameter::CampaignSpikes, 0)
        .with(Parameter::ProductLaunch, 0)
        .with(Parameter::Users, scenario.users().max(4_000) as i64);
    let data = Dataset::with(plain, TableSet::of(&[Table::Users]));
    let date = |instant: i64| {
        DateTime::from_timestamp_micros(instant)
            .unwrap()
            .date_naive()
    };
    let mut months: BTreeMap<(i32, u32), f64> = BTreeMap::new();
    for &at in data.table(Table::Users).get("signed_up_at") {
        let date = date(at);
        *months.entry((date.year(), date.month())).or_default() += 1.0;
    }
    let mut rows = Vec::new();
    for (index, (&(year, month), &signups)) in months.iter().enumerate() {
        let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| day.month() == month)
            .collect();
        let weekdays = [1.15, 1.22, 1.20, 1.14, 0.99, 0.62, 0.68];
        let mut usual = 0.0;
        let mut seasonal = 0.0;
        for day in &days {
            let weight = weekdays[day.weekday().num_days_from_monday() as usize];
            let angle = core::f64::consts::TAU * f64::from(day.ordinal0()) / 365.25;
            let year_end = 0.5 + 0.5 * libm::cos(angle - core::f64::consts::TAU * 0.97);
            let shape = 0.6 * libm::cos(angle - 0.5) + 0.5 * libm::cos(2.0 * angle - 0.9)
                - 2.3 * libm::pow(year_end, 24.0);
            usual += weight;
            seasonal += weight * (1.0 + 0.2 * shape);
        }
        rows.push((
            [1.0, index as f64, libm::log(seasonal / usual)],
            libm::log(signups / usual),
        ));
    }
    let (coefficients, errors) = regress(&rows);
    let planted = scenario.fraction(Parameter::MonthlyGrowth);
    let observed = libm::exp(coefficients[1]) - 1.0;
    lines.push(Line::estimate(
        "signup growth",
        planted,
        observed,
        errors[1].max(1e-3),
    ));
    let season = scenario.number(Parameter::SignupSeasonality);
    lines.push(Line::estimate(
        "signup season",
        season,
        coefficients[2],
        errors[2].max(0.03),
    ));
}

/// Least squares with three columns: coefficients and their standard errors.
fn regress(rows: &[([f64; 3], f64)]) -> ([f64; 3], [f64; 3]) {
    let mut system = [[0.0; 6]; 3];
    let mut right = [0.0; 3];
    for (x, y) in rows {
        for i in 0..3 {
            right[i] += x[i] * y;
            for j in 0..3 {
                system[i][j] += x[i] * x[j];
            }
        }
    }
    for (i, row) in system.iter_mut().enumerate() {
        row[3 + i] = 1.0;
    }
    for pivot in 0..3 {
        let scale = system[pivot][pivot];
        system[pivot] = system[pivot].map(|value| value / scale);
        for other in 0..3 {
            if other != pivot {
                let factor = system[other][pivot];
                let pivot_row = system[pivot];
                for (value, by) in system[other].iter_mut().zip(pivot_row) {
                    *value -= factor * by;
                }
            }
        }
    }
    let coefficients: [f64; 3] =
        core::array::from_fn(|i| (0..3).map(|j| system[i][3 + j] * right[j]).sum());
    let residual: f64 = rows
        .iter()
        .map(|(x, y)| y - x.iter().zip(coefficients).map(|(x, c)| x * c).sum::<f64>())
        .map(|error| error * error)
        .sum();
    let variance = residual / (rows.len() as f64 - 3.0);
    (
        coefficients,
        core::array::from_fn(|i| (variance * system[i][3 + i]).sqrt()),
    )
}

fn lines_of(preset: Preset) -> Vec<Line> {
    let scenario = Scenario::preset(preset);
    let seeds = match preset {
        Preset::Tiny => 30,
        Preset::Enterprise => 6,
        Preset::Full => 1,
        _ => 3,
    };
    let wanted = TableSet::of(&[
        Table::Users,
        Table::Subscriptions,
        Table::Payments,
        Table::MarketingTouches,
        Table::AdSpend,
        Table::TruthUsers,
    ]);
    let (mut sums, mut delays) = (Sums::default(), Vec::new());
    for seed in 0..seeds {
        let data = Dataset::with(scenario.with(Parameter::Seed, 42 + seed), wanted);
        money(&data, &mut sums);
        kind_of_customers(&data, &mut sums);
        // Twelve days have few bills of a kind.
        let more = scenario
            .with(Parameter::Seed, 42 + seed)
            .with(Parameter::Anomalies, 60);
        let of_bills = TableSet::of(&[Table::Subscriptions, Table::Payments]);
        accidents(&Dataset::with(more, of_bills), &mut sums);
        funnel(&data, &mut sums, &mut delays);
        campaigns(&data, &mut sums);
    }
    let mut lines = Vec::new();
    growth(&scenario, &mut lines);
    // Full is Demo with more users: its activity is measured on a fifth of them.
    let smaller = scenario.with(Parameter::Users, scenario.users().min(10_000) as i64);
    let of_activity = TableSet::of(&[
        Table::Users,
        Table::Sessions,
        Table::Events,
        Table::Subscriptions,
        Table::TruthUsers,
    ]);
    let data = Dataset::with(smaller, of_activity);
    lines.extend(activity(&data));
    // A small preset has a few dozen users on the free plan, who would say little.
    let wider = (scenario.users() < 10_000)
        .then(|| Dataset::with(scenario.with(Parameter::Users, 10_000), of_activity));
    lines.push(month_1_retention(wider.as_ref().unwrap_or(&data)));

    let planted = |parameter| scenario.fraction(parameter);
    let activation = planted(Parameter::ActivationRate);
    let treated = activation * (1.0 + planted(Parameter::ExperimentLift));
    lines.push(sums.line("activation", activation, 0.0));
    lines.push(sums.line("activation, treatment", treated, 0.0));
    for (trial_type, name) in
        TrialType::ALL
            .iter()
            .zip(["freemium to paid", "opt-in to paid", "opt-out to paid"])
    {
        lines.push(sums.line(name, planted(trial_type.conversion()), 0.03));
    }
    delays.sort_by(f64::total_cmp);
    let median = scenario.number(Parameter::DaysToConvert);
    let error = 1.25 * 0.45 * median / (delays.len() as f64).sqrt();
    lines.push(Line::estimate(
        "median days to convert",
        median,
        delays[delays.len() / 2],
        error,
    ));
    let ((touches, users), squares) = (sums.0["touches"], sums.0["touches squared"].0);
    let mean = touches / users;
    let error = ((squares / users - mean * mean) / users).sqrt();
    lines.push(Line::estimate(
        "touches",
        scenario.number(Parameter::TouchesPerSignup),
        mean,
        error,
    ));
    let weights = scenario.mix_weights();
    lines.push(sums.line(
        "organic share",
        weights[0] / weights.iter().sum::<f64>(),
        0.0,
    ));
    lines.extend(campaign_lines(&data, &sums));
    for (name, parameter, slack) in [
        ("monthly churn", Parameter::MonthlyChurn, 0.03),
        ("involuntary share", Parameter::InvoluntaryShare, 0.06),
        ("reactivation", Parameter::Reactivation, 0.05),
        ("annual share", Parameter::AnnualShare, 0.05),
        ("quarterly plans", Parameter::Quarterly, 0.05),
        ("contracts with a discount", Parameter::Discounted, 0.0),
        ("priority support", Parameter::AddOn, 0.0),
        ("expansion", Parameter::Expansion, 0.06),
        ("contraction", Parameter::Contraction, 0.10),
        ("payment failure", Parameter::FailureRate, 0.03),
        ("recovery", Parameter::RecoveryRate, 0.05),
        ("refunds", Parameter::RefundRate, 0.0),
        ("disputes", Parameter::DisputeRate, 0.0),
        ("expired cards", Parameter::ExpiredCardShare, 0.0),
    ] {
        lines.push(sums.line(name, planted(parameter), slack));
    }
    for (code, name) in RECOVERIES {
        let planted = planted_share(&data, &format!("recovery_{code}"));
        lines.push(sums.line(name, planted, 0.05));
    }
    lines.extend(accident_lines(&scenario, &sums));
    let ratio = |name: &str| sums.0[name].0 / sums.0[name].1;
    let margin = 0.8;
    let lifetime_value = margin * ratio("revenue a customer") / ratio("churn of all");
    // Below 3 a company burns its money, and hardly any is known above 10.
    let (low, high) = match preset {
        Preset::Smb | Preset::Leaky => (1.5, 5.0),
        Preset::Plg | Preset::Enterprise => (3.0, 10.0),
        _ => (3.0, 8.0),
    };
    let economy = lifetime_value / ratio("cost a customer");
    lines.push(Line::band("LTV : CAC", low, high, economy));
    lines.extend(kind_lines(&data, &sums));
    lines
}

#[test]
fn presets_give_back_what_is_planted() {
    let mut page = String::from(
        "# Calibration\n\n\
         What each preset plants, and what its rows show. Written by \
         `UPDATE_CALIBRATION=1 cargo test --test generation_calibration`, whose assertions are these verdicts.\n\
         The interval is what sampling (3.5 standard errors) and the model's own approximations allow around the planted value;\n\
         bands come from the product's promises. Money and funnel are pooled over seeds; activity is of one seed.\n\
         Rates of payments leave out what fell due on planted days; what befalls the bills of those is measured with sixty of them.\n",
    );
    let mut failures = Vec::new();
    for preset in Preset::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| quantity | planted | observed | interval | holds |\n| --- | ---: | ---: | --- | --- |\n",
            preset.label()
        );
        for line in lines_of(preset) {
            let verdict = if line.holds() { "yes" } else { "**no**" };
            let text = format!(
                "| {} | {} | {:.4} | {:.4} to {:.4} | {verdict} |",
                line.name, line.planted, line.observed, line.low, line.high
            );
            let _ = writeln!(page, "{text}");
            if !line.holds() {
                failures.push(format!("{}: {text}", preset.label()));
            }
        }
    }
    if std::env::var_os("UPDATE_CALIBRATION").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/calibration.md");
        std::fs::write(path, &page).unwrap();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Days before a churn decision at which usage reaches its floor: the corner of the hinge (falling,
/// then level) that fits the log of the churners' sessions in ten-day bins best.
fn observed_lead(lead: i64) -> f64 {
    let query = format!(
        "users=12000&events=60&conv_opt_in=60&churn=6&acausal=0&annual=0&involuntary=0&lead={lead}"
    );
    let data = Dataset::with(
        generation::scenario(&query),
        TableSet::of(&[Table::Sessions, Table::Subscriptions]),
    );
    let mut decisions: BTreeMap<i64, i64> = BTreeMap::new();
    for stay in stays(&data) {
        if stay.is_lost && stay.decided_at - stay.started_at > 200 * DAY {
            decisions.entry(stay.user).or_insert(stay.decided_at);
        }
    }
    let mut bins = [0.0; 16];
    let sessions = data.table(Table::Sessions);
    let rows = sessions
        .get("user_id")
        .iter()
        .zip(sessions.get("started_at"));
    for (user, &at) in rows {
        let Some(&decided_at) = decisions.get(user) else {
            continue;
        };
        if let Some(bin) = usize::try_from((decided_at - at).div_euclid(10 * DAY))
            .ok()
            .and_then(|bin| bins.get_mut(bin))
        {
            *bin += 1.0;
        }
    }
    assert!(
        bins[15] > 1.2 * bins[lead as usize / 10],
        "usage falls: {bins:?}"
    );
    // What a straight line through (distance beyond the corner, log sessions) leaves unexplained.
    let fit = |corner: f64| {
        let points: Vec<(f64, f64)> = bins
            .iter()
            .enumerate()
            .map(|(bin, sessions)| {
                let lag = 10.0 * bin as f64 + 5.0;
                ((lag - corner).max(0.0), libm::log(sessions + 0.5))
            })
            .collect();
        let mean = |value: fn(&(f64, f64)) -> f64| {
            points.iter().map(value).sum::<f64>() / points.len() as f64
        };
        let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
        let product = |f: &dyn Fn(f64, f64) -> f64| {
            points
                .iter()
                .map(|&(x, y)| f(x - mean_x, y - mean_y))
                .sum::<f64>()
        };
        let (xx, xy, yy) = (
            product(&|x, _| x * x),
            product(&|x, y| x * y),
            product(&|_, y| y * y),
        );
        yy - xy * xy / xx
    };
    let corners = (1..=28).map(|step| f64::from(step) * 5.0 + 2.0);
    corners.min_by(|a, b| fit(*a).total_cmp(&fit(*b))).unwrap()
}

#[test]
fn usage_falls_before_churn_by_the_warning_lead() {
    for lead in [30, 60, 90] {
        let observed = observed_lead(lead);
        println!("lead {lead}: usage reaches its floor {observed} days before");
        assert!(
            (observed - lead as f64).abs() <= 20.0,
            "lead {lead}, observed {observed}"
        );
    }
}
