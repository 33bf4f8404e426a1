//! Charges, retries and refunds.

use crate::parameters::{Parameter, Scenario};

use super::arrow::NULL_KEY;
use super::billing::DUNNING_DAYS;
use super::calendar::{Calendar, DAY, HOUR, SECOND};
use super::dunning::{METHOD_WEIGHTS, Payer};
use super::hazard::Dunning;
use super::random::Stream;

/// Days after the first attempt at which a charge is tried.
const RETRY_DAYS: [i64; 4] = [0, 3, 8, DUNNING_DAYS];
/// Share of recoveries by the second, third and fourth attempt.
const RECOVERED_BY: [f64; 3] = [0.5, 0.3, 0.2];
/// Mean days until a customer pays a failed bill without being asked by a retry, and the bounds;
/// all of them lie before the last retry.
const PAYS_DAYS: f64 = 4.0;
const PAYS_WITHIN: [f64; 2] = [0.1, 14.5];
/// Share of refunds that give everything back; the others give half.
const WHOLE_REFUNDS: f64 = 0.5;
/// Days within which a refund follows its charge.
const REFUND_DAYS: f64 = 30.0;
/// No anomaly is planted in so many first days: there is no usual level yet.
const QUIET_DAYS: usize = 90;

/// Status of an attempt, as keys of `vocabulary::STATUSES`.
pub(super) const SUCCEEDED: u8 = 0;
/// See [`SUCCEEDED`].
pub(super) const FAILED: u8 = 1;
/// See [`SUCCEEDED`].
pub(super) const REFUNDED: u8 = 2;

/// A row of payments, before it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payment {
    /// Index of the period, in order, among the user's periods.
    pub(super) period: usize,
    pub(super) attempted_at: i64,
    pub(super) amount_cents: i64,
    pub(super) status: u8,
    pub(super) failure_code: u8,
    pub(super) attempt_no: i32,
    /// Index of the refunded charge among the user's payments.
    pub(super) refund_of: Option<usize>,
    pub(super) method: u8,
}

/// What becomes of a bill.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// Collected on schedule after so many failures.
    Retried(usize),
    /// Fails until the customer pays, so many microseconds after it fell due.
    Paid(i64),
    /// Never paid: every retry fails.
    Lost,
}

/// What the scenario decides about payments.
#[derive(Debug, Clone)]
pub(super) struct PaymentRules {
    end: i64,
    first_day: i64,
    /// Factor on the charges of each day of history.
    day_factors: Vec<f64>,
    refund: f64,
}

impl PaymentRules {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        let mut day_factors = vec![1.0; calendar.days];
        let count = scenario.number(Parameter::Anomalies) as usize;
        let size = scenario.number(Parameter::AnomalySize);
        let usable = calendar.days.saturating_sub(QUIET_DAYS);
        for anomaly in 0..count.min(usable) {
            let mut stream = Stream::new(scenario.seed(), "anomalies", anomaly as u64);
            // One in each slot: spread over the history, never two on a day.
            let slot = usable as f64 / count.min(usable) as f64;
            let day = (anomaly as f64 + stream.uniform()) * slot;
            let day = QUIET_DAYS + (day as usize).min(usable - 1);
            let is_high = anomaly % 2 == usize::from(stream.chance(0.5));
            day_factors[day] = if is_high { size } else { 1.0 / size };
        }
        Self {
            end: calendar.end(),
            first_day: calendar.first_day,
            day_factors,
            refund: scenario.fraction(Parameter::RefundRate),
        }
    }

    /// Planted days, since 1970-01-01, with their factors.
    pub(super) fn anomalies(&self) -> impl Iterator<Item = (i64, f64)> {
        self.day_factors
            .iter()
            .enumerate()
            .filter(|(_, factor)| **factor != 1.0)
            .map(|(index, &factor)| (self.first_day + index as i64, factor))
    }

    fn factor(&self, instant: i64) -> f64 {
        let index = instant.div_euclid(DAY) - self.first_day;
        usize::try_from(index)
            .ok()
            .and_then(|index| self.day_factors.get(index))
            .copied()
            .unwrap_or(1.0)
    }
}

/// A user's payments, as they are made; or none, when only the periods matter.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    rules: Option<&'a PaymentRules>,
    stream: Stream,
    method: u8,
    pub(super) payments: Vec<Payment>,
}

impl<'a> Ledger<'a> {
    /// A ledger of one user, writing into `payments`.
    pub(super) fn new(
        rules: Option<&'a PaymentRules>,
        company_size: usize,
        mut stream: Stream,
        mut payments: Vec<Payment>,
    ) -> Self {
        payments.clear();
        let method = stream.pick(&METHOD_WEIGHTS[company_size]) as u8;
        Self {
            rules,
            stream,
            method,
            payments,
        }
    }

    /// How the user pays.
    pub(super) const fn payer(&self) -> Payer {
        Payer::of(self.method)
    }

    /// Charges a customer who stays, and so pays in the end.
    pub(super) fn charge(&mut self, period: usize, instant: i64, cents: i64, rates: &Dunning) {
        let Some(rules) = self.rules else { return };
        // Every charge takes the same number of draws, so that one rate leaves the others alone.
        let fails = self.stream.chance(rates.failure);
        let code = self.stream.pick(&rates.odds.paid);
        let is_retried = self.stream.chance(rates.odds.retried[code]);
        let by = self.stream.pick(&RECOVERED_BY) + 1;
        let days = self.stream.exponential() * PAYS_DAYS;
        let refund = [(); 4].map(|()| self.stream.uniform());
        let outcome = match (fails, is_retried) {
            (false, _) => Outcome::Retried(0),
            (true, true) => Outcome::Retried(by),
            (true, false) => {
                let days = days.clamp(PAYS_WITHIN[0], PAYS_WITHIN[1]);
                Outcome::Paid((days * DAY as f64) as i64)
            }
        };
        self.attempt(rules, period, instant, cents, outcome, code);
        let succeeded = self
            .payments
            .last()
            .filter(|payment| payment.status == SUCCEEDED)
            .copied();
        if let Some(charge) = succeeded
            && refund[0] < rules.refund
        {
            self.refund(rules, &charge, refund);
        }
    }

    /// Charges a customer who is lost because nobody pays.
    pub(super) fn lose(&mut self, period: usize, instant: i64, cents: i64, rates: &Dunning) {
        let Some(rules) = self.rules else { return };
        let code = self.stream.pick(&rates.odds.lost);
        self.attempt(rules, period, instant, cents, Outcome::Lost, code);
    }

    fn attempt(
        &mut self,
        rules: &PaymentRules,
        period: usize,
        instant: i64,
        cents: i64,
        outcome: Outcome,
        code: usize,
    ) {
        let amount_cents = (libm::round(cents as f64 * rules.factor(instant)) as i64).max(1);
        for (attempt, days) in RETRY_DAYS.iter().enumerate() {
            let scheduled = days * DAY;
            let (after, is_paid) = match outcome {
                Outcome::Retried(failures) => (scheduled, attempt == failures),
                Outcome::Paid(after) if after <= scheduled => (after, true),
                Outcome::Paid(_) | Outcome::Lost => (scheduled, false),
            };
            let attempted_at = instant + after;
            if attempted_at >= rules.end {
                break;
            }
            self.payments.push(Payment {
                period,
                attempted_at,
                amount_cents,
                status: if is_paid { SUCCEEDED } else { FAILED },
                failure_code: if is_paid { NULL_KEY } else { code as u8 },
                attempt_no: attempt as i32 + 1,
                refund_of: None,
                method: self.method,
            });
            if is_paid {
                break;
            }
        }
    }

    fn refund(&mut self, rules: &PaymentRules, charge: &Payment, draws: [f64; 4]) {
        let delay = draws[2] * draws[2] * (REFUND_DAYS - 1.0) * DAY as f64;
        let attempted_at =
            charge.attempted_at + 2 * HOUR + (draws[3] * 3_600.0) as i64 * SECOND + delay as i64;
        if attempted_at >= rules.end {
            return;
        }
        let amount_cents = if draws[1] < WHOLE_REFUNDS {
            charge.amount_cents
        } else {
            (charge.amount_cents / 2).max(1)
        };
        self.payments.push(Payment {
            attempted_at,
            amount_cents,
            status: REFUNDED,
            failure_code: NULL_KEY,
            attempt_no: 1,
            refund_of: Some(self.payments.len() - 1),
            ..*charge
        });
    }
}
