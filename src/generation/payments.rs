//! Charges and retries, and the rows of what goes back of them.

use crate::parameters::{Parameter, Scenario};

use super::arrow::NULL_KEY;
use super::billing::DUNNING_DAYS;
use super::calendar::{Calendar, DAY};
use super::dunning::Payer;
use super::hazard::Dunning;
use super::random::Stream;
use super::reversals::{Charge, Draws, Parting, Reversal, reversal};

/// Days after the first attempt at which a charge is tried.
const RETRY_DAYS: [i64; 4] = [0, 3, 8, DUNNING_DAYS];
/// Share of recoveries by the second, third and fourth attempt.
const RECOVERED_BY: [f64; 3] = [0.5, 0.3, 0.2];
/// Mean days until a customer pays a failed bill without being asked by a retry, and the bounds;
/// all of them lie before the last retry.
const PAYS_DAYS: f64 = 4.0;
const PAYS_WITHIN: [f64; 2] = [0.1, 14.5];
/// Way to pay whose charges can be disputed, as key of `vocabulary::METHODS`.
const CARD: u8 = 0;
/// Company sizes that count as small, as keys of `vocabulary::COMPANY_SIZES` up to this one.
const SMALL: usize = 1;
/// No anomaly is planted in so many first days: there is no usual level yet.
const QUIET_DAYS: usize = 90;

/// Status of an attempt, as keys of `vocabulary::STATUSES`.
pub(super) const SUCCEEDED: u8 = 0;
/// See [`SUCCEEDED`].
pub(super) const FAILED: u8 = 1;
/// See [`SUCCEEDED`].
pub(super) const REFUNDED: u8 = 2;
/// See [`SUCCEEDED`].
const DISPUTED: u8 = 3;
/// See [`SUCCEEDED`].
const DISPUTE_WON: u8 = 4;

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
    /// Index of the refunded or disputed charge among the user's payments.
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
    /// Shares of charges that are refunded and that are disputed.
    reversals: [f64; 2],
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
            reversals: [Parameter::RefundRate, Parameter::DisputeRate]
                .map(|parameter| scenario.fraction(parameter)),
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
    is_small: bool,
    has_paid: bool,
    /// Place of the charge that is not settled yet, and the charge.
    open: Option<(usize, Charge)>,
    payments: Vec<Payment>,
}

impl<'a> Ledger<'a> {
    /// A ledger of one user, writing into `payments`; `methods` are the odds of each way to pay.
    pub(super) fn new(
        rules: Option<&'a PaymentRules>,
        company_size: usize,
        methods: &[f64; 3],
        mut stream: Stream,
        mut payments: Vec<Payment>,
    ) -> Self {
        payments.clear();
        let method = stream.pick(methods) as u8;
        Self {
            rules,
            stream,
            method,
            is_small: company_size <= SMALL,
            has_paid: false,
            open: None,
            payments,
        }
    }

    /// How the user pays.
    pub(super) const fn payer(&self) -> Payer {
        Payer::of(self.method)
    }

    /// All payments, once there are no more.
    pub(super) fn finish(mut self) -> Vec<Payment> {
        self.settle(&Parting::default());
        self.payments
    }

    /// Charges a customer who stays, and so pays in the end; says whether at the first attempt. The
    /// charge is open until it is settled.
    pub(super) fn charge(
        &mut self,
        period: usize,
        instant: i64,
        bill: (i64, bool),
        rates: &Dunning,
    ) -> bool {
        self.settle(&Parting::default());
        // Every charge takes the same number of draws, so that one rate leaves the others alone,
        // and takes them for the periods alone, too, which follow from what is paid at once.
        let fails = self.stream.chance(rates.failure);
        let code = self.stream.pick(&rates.odds.paid);
        let is_retried = self.stream.chance(rates.odds.retried[code]);
        let by = self.stream.pick(&RECOVERED_BY) + 1;
        let days = self.stream.exponential() * PAYS_DAYS;
        let draws = Draws::new(&mut self.stream);
        let Some(rules) = self.rules else {
            return !fails;
        };
        let outcome = match (fails, is_retried) {
            (false, _) => Outcome::Retried(0),
            (true, true) => Outcome::Retried(by),
            (true, false) => {
                let days = days.clamp(PAYS_WITHIN[0], PAYS_WITHIN[1]);
                Outcome::Paid((days * DAY as f64) as i64)
            }
        };
        let (cents, is_yearly) = bill;
        self.attempt(rules, period, instant, cents, outcome, code);
        if let Some(payment) = self.payments.last()
            && payment.status == SUCCEEDED
        {
            let charge = Charge {
                collected_at: payment.attempted_at,
                cents: payment.amount_cents,
                is_yearly,
                is_card: self.method == CARD,
                is_first_of_small: self.is_small && !self.has_paid,
                draws,
            };
            self.open = Some((self.payments.len() - 1, charge));
            self.has_paid = true;
        }
        !fails
    }

    /// Decides what comes of the last charge, now that it is known whether the customer leaves.
    pub(super) fn settle(&mut self, parting: &Parting) {
        let (Some(rules), Some((place, charge))) = (self.rules, self.open.take()) else {
            return;
        };
        match reversal(&charge, parting, rules.reversals) {
            Some(Reversal::Refund { at, cents }) => {
                self.reverse(rules, place, REFUNDED, at, cents);
            }
            Some(Reversal::Dispute { at, won_at }) => {
                self.reverse(rules, place, DISPUTED, at, charge.cents);
                if let Some(won_at) = won_at {
                    self.reverse(rules, place, DISPUTE_WON, won_at, charge.cents);
                }
            }
            None => {}
        }
    }

    fn reverse(&mut self, rules: &PaymentRules, place: usize, status: u8, at: i64, cents: i64) {
        if at < rules.end {
            self.payments.push(Payment {
                attempted_at: at,
                amount_cents: cents,
                status,
                failure_code: NULL_KEY,
                attempt_no: 1,
                refund_of: Some(place),
                ..self.payments[place]
            });
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
}
