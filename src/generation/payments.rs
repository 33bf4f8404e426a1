//! Charges, retries and refunds.

use crate::parameters::{Parameter, Scenario};

use super::arrow::NULL_KEY;
use super::billing::DUNNING_DAYS;
use super::calendar::{Calendar, DAY, HOUR, SECOND};
use super::hazard::Dunning;
use super::random::Stream;

/// Days after the first attempt at which a charge is tried.
const RETRY_DAYS: [i64; 4] = [0, 3, 8, DUNNING_DAYS];
/// Share of recoveries by the second, third and fourth attempt.
const RECOVERED_BY: [f64; 3] = [0.5, 0.3, 0.2];
/// Share of customers by way to pay (card, bank transfer, wallet).
const METHOD_WEIGHTS: [f64; 3] = [0.76, 0.12, 0.12];
/// Way to pay that holds no card.
const BANK_TRANSFER: u8 = 1;
/// Weight of the other failure codes, cards and bank transfers alike.
const OTHER_CODES: [f64; 4] = [0.46, 0.30, 0.19, 0.05];
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

/// What the scenario decides about payments.
#[derive(Debug, Clone)]
pub(super) struct PaymentRules {
    end: i64,
    first_day: i64,
    /// Factor on the charges of each day of history.
    day_factors: Vec<f64>,
    refund: f64,
    expired: f64,
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
            expired: scenario.fraction(Parameter::ExpiredCardShare),
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
        mut stream: Stream,
        mut payments: Vec<Payment>,
    ) -> Self {
        payments.clear();
        let method = stream.pick(&METHOD_WEIGHTS) as u8;
        Self {
            rules,
            stream,
            method,
            payments,
        }
    }

    /// Charges a customer who stays whatever comes of it.
    pub(super) fn charge(&mut self, period: usize, instant: i64, cents: i64, rates: &Dunning) {
        let Some(rules) = self.rules else { return };
        // Every charge takes the same number of draws, so that one rate leaves the others alone.
        let fails = self.stream.chance(rates.failure);
        let recovers = self.stream.chance(rates.recovery);
        let by = self.stream.pick(&RECOVERED_BY) + 1;
        let code = self.stream.uniform();
        let refund = [(); 4].map(|()| self.stream.uniform());
        let failures = match (fails, recovers) {
            (false, _) => 0,
            (true, true) => by,
            (true, false) => RETRY_DAYS.len(),
        };
        self.attempt(rules, period, instant, cents, failures, code);
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

    /// Charges a customer who is lost because nobody can collect.
    pub(super) fn lose(&mut self, period: usize, instant: i64, cents: i64) {
        let Some(rules) = self.rules else { return };
        let code = self.stream.uniform();
        self.attempt(rules, period, instant, cents, RETRY_DAYS.len(), code);
    }

    fn attempt(
        &mut self,
        rules: &PaymentRules,
        period: usize,
        instant: i64,
        cents: i64,
        failures: usize,
        code: f64,
    ) {
        let amount_cents = (libm::round(cents as f64 * rules.factor(instant)) as i64).max(1);
        for (attempt, days) in RETRY_DAYS.iter().enumerate() {
            let attempted_at = instant + days * DAY;
            if attempt > failures || attempted_at >= rules.end {
                break;
            }
            let has_failed = attempt < failures;
            self.payments.push(Payment {
                period,
                attempted_at,
                amount_cents,
                status: if has_failed { FAILED } else { SUCCEEDED },
                failure_code: if has_failed {
                    self.failure_code(rules, code)
                } else {
                    NULL_KEY
                },
                attempt_no: attempt as i32 + 1,
                refund_of: None,
                method: self.method,
            });
        }
    }

    /// The code of a failure; a bank transfer holds no card that could expire, so cards expire
    /// more often by as much.
    fn failure_code(&self, rules: &PaymentRules, draw: f64) -> u8 {
        let expired = if self.method == BANK_TRANSFER {
            0.0
        } else {
            (rules.expired / (1.0 - METHOD_WEIGHTS[usize::from(BANK_TRANSFER)])).min(1.0)
        };
        if draw < expired {
            return 0;
        }
        let mut rest = (draw - expired) / (1.0 - expired);
        for (code, weight) in OTHER_CODES.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return code as u8 + 1;
            }
        }
        OTHER_CODES.len() as u8
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
