//! One stay of a customer: bills, movements and the decision to leave, month by month.

use super::super::calendar::{DAY, add_months};
use super::super::dunning::{DUNNING_DAYS, Payer};
use super::super::random::Stream;
use super::super::reversals::Parting;
use super::super::satisfaction::{PERSISTENCE, Path, State};
use super::books::{Books, Standing};
use super::contract::{Contract, Interval};
use super::period::{Cancellation, Change, Lost, Period, Reason};
use super::rules::{Billing, EARLY};

/// One stay of a customer, from a first bill to churn or the end of history.
pub(super) struct Run<'a> {
    pub(super) billing: &'a Billing,
    pub(super) path: &'a Path,
    /// The subscription's number among the user's.
    pub(super) subscription: u8,
    pub(super) contract: Contract,
    pub(super) payer: Payer,
    pub(super) started_at: i64,
    pub(super) change: Change,
    /// How early the customer says that they leave, between 0 and 1.
    pub(super) notice: f64,
    pub(super) churn: Stream,
    pub(super) movements: Stream,
    pub(super) unseen: Stream,
    pub(super) early: Stream,
}

impl Run<'_> {
    pub(super) fn play(&mut self, books: &mut Books) -> Standing {
        let billing = self.billing;
        let (periods, ledger) = (&mut *books.periods, &mut *books.ledger);
        let month = libm::pow(PERSISTENCE, 30.436_875 / 30.0);
        let mut unseen = State::start(month, &mut self.unseen);
        // Those who leave in mid-term are missing at the renewal.
        let missing = if self.contract.interval == Interval::Year {
            libm::log(1.0 - EARLY)
        } else {
            0.0
        };
        let mut accumulated = missing;
        let mut period = self.open(self.started_at, self.change);
        let mut leaves_at = self.bill(0, &period, ledger);
        for tenure in 1_u32.. {
            let instant = add_months(self.started_at, tenure);
            unseen.step(&mut self.unseen);
            // Somebody who leaves in mid-term after the end of history is still there.
            let left_at = leaves_at.filter(|&at| at < instant.min(billing.end));
            if let Some(outlooks) = &mut books.outlooks {
                let until = left_at.unwrap_or(instant);
                self.look_ahead(tenure, until, accumulated, unseen.value(), outlooks);
            }
            if let Some(left_at) = left_at {
                period.ended_at = Some(left_at);
                period.reason = Some(Reason::Voluntary);
                period.cancellation = Some(Cancellation {
                    said_at: left_at,
                    leaves_at: left_at,
                });
                periods.push(period);
                return Standing {
                    log_hazard: None,
                    unseen: unseen.value(),
                };
            }
            if instant >= billing.end {
                let standing = Standing {
                    log_hazard: Some(self.log_hazard(tenure, billing.end, unseen.value())),
                    unseen: unseen.value(),
                };
                if leaves_at.is_none() {
                    let word = self.next_cancellation(tenure, accumulated, unseen, &period);
                    period.cancellation = word.filter(|word| word.said_at < billing.end);
                }
                periods.push(period);
                return standing;
            }
            accumulated += libm::exp(self.log_hazard(tenure, instant, unseen.value()));
            let is_due = tenure % self.contract.interval.months() == 0;
            // Draws are made whether or not they are used, so that later ones stay what they are.
            let (draw, reason) = (self.churn.uniform(), self.churn.uniform());
            if is_due {
                let risk = 1.0 - libm::exp(-accumulated.max(0.0));
                let leaves = draw < risk;
                accumulated = missing;
                let dunning = self.dunning();
                ledger.settle(&Parting {
                    leaves: leaves && reason >= dunning.involuntary_share,
                    probability: risk * (1.0 - dunning.involuntary_share),
                    unused: None,
                });
                if leaves {
                    if reason < dunning.involuntary_share {
                        let bill = self.bill_of(tenure, &period);
                        let ended_at = bill.due_at + DUNNING_DAYS * DAY;
                        if let Some(outlooks) = &mut books.outlooks {
                            let known = self.log_hazard(tenure, instant, unseen.value());
                            self.look_back(instant, ended_at, known, outlooks);
                        }
                        ledger.lose(&bill, dunning);
                        period.lost = Some(Lost {
                            billed_at: instant,
                            due_at: bill.due_at,
                        });
                        if ended_at < billing.end {
                            period.ended_at = Some(ended_at);
                            period.reason = Some(Reason::Involuntary);
                        }
                        periods.push(period);
                        let log_hazard = period
                            .ended_at
                            .is_none()
                            .then(|| self.log_hazard(tenure, billing.end, unseen.value()));
                        return Standing {
                            log_hazard,
                            unseen: unseen.value(),
                        };
                    }
                    period.ended_at = Some(instant);
                    period.reason = Some(Reason::Voluntary);
                    period.cancellation = Some(self.cancellation(tenure, &period));
                    periods.push(period);
                    return Standing {
                        log_hazard: None,
                        unseen: unseen.value(),
                    };
                }
            }
            let satisfaction = self.path.at(instant);
            let movement = self.movement(tenure as usize, satisfaction, leaves_at.is_some());
            let before = period;
            let next = self.next_change(movement, instant, &period, is_due);
            if let Some(change) = next {
                period.ended_at = Some(instant);
                periods.push(period);
                period = self.open(instant, change);
            }
            if is_due {
                leaves_at = self.bill(tenure, &period, ledger);
            } else if movement == Some(Change::Upgrade) {
                // More seats in mid-term: the rest of the term is charged at once.
                self.charge_more(tenure, &before, &period, ledger);
            }
        }
        Standing::default()
    }

    /// Log of the monthly hazard. It hears of satisfaction `lead` days late, and of nothing before
    /// this stay.
    pub(super) fn log_hazard(&self, tenure: u32, at: i64, unseen: f64) -> f64 {
        let heard = (at - self.billing.lead).max(self.started_at);
        let satisfaction = self.path.at(heard);
        let hazard = &self.billing.hazard;
        hazard.log_hazard(tenure as usize, satisfaction, unseen)
    }

    /// Changes the contract by chance. A customer who shrinks in mid-term pays less from the next
    /// renewal on, and gets nothing back. Who is about to leave does neither.
    fn movement(&mut self, tenure: usize, satisfaction: f64, is_leaving: bool) -> Option<Change> {
        let (up, down) = (self.movements.uniform(), self.movements.uniform());
        let (kind, size) = (self.movements.uniform(), self.movements.uniform());
        if is_leaving {
            return None;
        }
        let billing = self.billing;
        let expansion = billing.expansion * billing.hazard.upgrade_pull(tenure, satisfaction);
        let contraction = billing.contraction * billing.hazard.downgrade_pull(tenure, satisfaction);
        let contract = &mut self.contract;
        if up < expansion {
            if kind < 0.25 && contract.plan < 2 {
                contract.plan += 1;
            } else {
                let grown = libm::round(f64::from(contract.seats) * (1.2 + 0.6 * size)) as i32;
                contract.seats = grown.max(contract.seats + 1);
            }
            return Some(Change::Upgrade);
        }
        if down < contraction {
            if contract.plan > 0 && (kind < 0.25 || contract.seats == 1) {
                contract.plan -= 1;
            } else if contract.seats > 1 {
                let shrunk = libm::round(f64::from(contract.seats) * (0.5 + 0.35 * size)) as i32;
                contract.seats = shrunk.clamp(1, contract.seats - 1);
            } else {
                return None;
            }
            return Some(Change::Downgrade);
        }
        None
    }

    /// How the next period begins, if one does. Only a year is renewed: shorter terms go on.
    fn next_change(
        &self,
        movement: Option<Change>,
        instant: i64,
        period: &Period,
        is_due: bool,
    ) -> Option<Change> {
        if movement.is_some() {
            return movement;
        }
        if !is_due {
            return None;
        }
        if self.billing.prices.of(self.contract, instant) != period.price {
            return Some(Change::Reprice);
        }
        (self.contract.interval == Interval::Year).then_some(Change::Renewal)
    }
}
