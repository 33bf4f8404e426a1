//! Charges and retries, and the rows of what goes back of them.

use parameters::{Parameter, Scenario};

use super::anomalies::{Accident, Anomalies, Anomaly, Bill};
use super::arrow::{NULL_INTEGER, NULL_KEY};
use super::calendar::{Calendar, DAY};
use super::dunning::{DUNNING_DAYS, Payer};
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
/// Why a processor refuses that is down, as key of `vocabulary::FAILURE_CODES`.
const PROCESSING_ERROR: usize = 3;

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
    /// The number of its subscription among the user's.
    pub(super) subscription: u8,
    pub(super) attempted_at: i64,
    pub(super) amount_cents: i64,
    pub(super) status: u8,
    pub(super) failure_code: u8,
    pub(super) attempt_no: i32,
    /// Index of the refunded or disputed charge among the user's payments.
    pub(super) refund_of: Option<usize>,
    pub(super) method: u8,
    /// What the charge is for; nulls where money goes back.
    pub(super) service: [i64; 2],
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
    anomalies: Anomalies,
    /// Shares of charges that are refunded and that are disputed.
    reversals: [f64; 2],
}

impl PaymentRules {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        Self {
            end: calendar.end(),
            anomalies: Anomalies::new(scenario, calendar),
            reversals: [Parameter::RefundRate, Parameter::DisputeRate]
                .map(|parameter| scenario.fraction(parameter)),
        }
    }

    /// Planted days, in order.
    pub(super) fn anomalies(&self) -> &[Anomaly] {
        self.anomalies.planted()
    }
}

/// A user's payments, as they are made; or none, when only the periods matter.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    rules: Option<&'a PaymentRules>,
    user_id: u64,
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
        user_id: u64,
        company_size: usize,
        methods: &[f64; 3],
        mut stream: Stream,
        mut payments: Vec<Payment>,
    ) -> Self {
        payments.clear();
        let method = stream.pick(methods) as u8;
        Self {
            rules,
            user_id,
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

    /// Settles what is open, and draws from another stream from now on.
    pub(super) fn turn_to(&mut self, stream: Stream) {
        self.settle(&Parting::default());
        self.stream = stream;
    }

    /// All payments, once there are no more.
    pub(super) fn finish(mut self) -> Vec<Payment> {
        self.settle(&Parting::default());
        self.payments
    }

    /// Charges a customer who stays, and so pays in the end; says whether at the first attempt, had
    /// no accident befallen the bill: who stays follows from it. The charge is open until it is settled.
    pub(super) fn charge(&mut self, bill: &Bill, rates: &Dunning) -> bool {
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
        let accident = self.accident(rules, bill);
        let days = days.clamp(PAYS_WITHIN[0], PAYS_WITHIN[1]);
        let by_customer = Outcome::Paid((days * DAY as f64) as i64);
        let (outcome, code) = match (fails, accident) {
            (true, _) if is_retried => (Outcome::Retried(by), code),
            (true, _) => (by_customer, code),
            (false, Accident::Refused { failures }) => {
                let outcome = failures.map_or(by_customer, Outcome::Retried);
                (outcome, PROCESSING_ERROR)
            }
            (false, _) => (Outcome::Retried(0), code),
        };
        let Some(place) = self.attempt(rules, bill, accident, outcome, code) else {
            return !fails;
        };
        let collected = self.payments[place];
        let is_corrected = self.put_right(rules, bill, accident, place);
        let charge = Charge {
            collected_at: collected.attempted_at,
            cents: if is_corrected {
                bill.cents
            } else {
                collected.amount_cents
            },
            months: bill.months,
            // Nobody disputes what was refunded.
            is_card: self.method == CARD && !is_corrected,
            is_first_of_small: self.is_small && !self.has_paid,
            draws,
        };
        self.open = Some((place, charge));
        self.has_paid = true;
        !fails
    }

    fn accident(&self, rules: &PaymentRules, bill: &Bill) -> Accident {
        let is_card = self.payer() == Payer::Card;
        rules.anomalies.befalling(self.user_id, bill, is_card)
    }

    /// Puts right what was collected by accident; says whether a part of the charge went back.
    fn put_right(
        &mut self,
        rules: &PaymentRules,
        bill: &Bill,
        accident: Accident,
        place: usize,
    ) -> bool {
        let collected = self.payments[place];
        match accident {
            Accident::Doubled {
                again_after,
                refunded_after,
            } if collected.attempt_no == 1 => {
                let again = Payment {
                    attempted_at: collected.attempted_at + again_after,
                    ..collected
                };
                self.payments.push(again);
                let at = again.attempted_at + refunded_after;
                self.reverse(rules, place + 1, REFUNDED, at, again.amount_cents);
                false
            }
            Accident::Priced {
                corrected_after: [of_bill, of_charge],
                ..
            } => {
                let at = (bill.due_at + of_bill).max(collected.attempted_at + of_charge);
                let too_much = collected.amount_cents - bill.cents;
                if too_much > 0 {
                    self.reverse(rules, place, REFUNDED, at, too_much);
                }
                too_much > 0
            }
            _ => false,
        }
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
                service: [NULL_INTEGER; 2],
                ..self.payments[place]
            });
        }
    }

    /// Charges a customer who is lost because nobody pays.
    pub(super) fn lose(&mut self, bill: &Bill, rates: &Dunning) {
        let Some(rules) = self.rules else { return };
        let code = self.stream.pick(&rates.odds.lost);
        let accident = self.accident(rules, bill);
        self.attempt(rules, bill, accident, Outcome::Lost, code);
    }

    /// Writes the attempts at a bill; says where the one is that collects.
    fn attempt(
        &mut self,
        rules: &PaymentRules,
        bill: &Bill,
        accident: Accident,
        outcome: Outcome,
        code: usize,
    ) -> Option<usize> {
        let factor = match accident {
            Accident::Priced { factor, .. } => factor,
            _ => 1.0,
        };
        let amount_cents = (libm::round(bill.cents as f64 * factor) as i64).max(1);
        // Retries keep to the days of the schedule, on which a first attempt that is late takes the
        // place of the day after.
        let (first_at, missed) = match accident {
            Accident::Late { by } => (bill.due_at + by, DAY),
            _ => (bill.due_at, 0),
        };
        let pays_by = (PAYS_WITHIN[1] * DAY as f64) as i64 - missed;
        for (attempt, days) in RETRY_DAYS.iter().enumerate() {
            let scheduled = (days * DAY - missed).max(0);
            let (after, is_paid) = match outcome {
                Outcome::Retried(failures) => (scheduled, attempt == failures),
                Outcome::Paid(after) if after.min(pays_by) <= scheduled => {
                    (after.min(pays_by), true)
                }
                Outcome::Paid(_) | Outcome::Lost => (scheduled, false),
            };
            let attempted_at = first_at + after;
            if attempted_at >= rules.end {
                break;
            }
            let is_refused = attempt == 0 && matches!(accident, Accident::Refused { .. });
            let code = if is_refused { PROCESSING_ERROR } else { code };
            self.payments.push(Payment {
                subscription: bill.subscription,
                attempted_at,
                amount_cents,
                status: if is_paid { SUCCEEDED } else { FAILED },
                failure_code: if is_paid { NULL_KEY } else { code as u8 },
                attempt_no: attempt as i32 + 1,
                refund_of: None,
                method: self.method,
                service: bill.service,
            });
            if is_paid {
                return Some(self.payments.len() - 1);
            }
        }
        None
    }
}
