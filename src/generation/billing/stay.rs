//! One stay of a customer: bills, movements and the decision to leave, month by month.

use super::super::anomalies::Bill;
use super::super::calendar::{DAY, SECOND, add_months};
use super::super::dunning::Payer;
use super::super::hazard::Dunning;
use super::super::payments::Ledger;
use super::super::random::Stream;
use super::super::reversals::{Parting, Unused};
use super::super::satisfaction::{PERSISTENCE, Path, State};
use super::{Billing, Books, Change, Contract, DUNNING_DAYS, Period, Reason, Standing};

/// Share of yearly bills after which the customer leaves in mid-term, and of them those who do so
/// at once, when all of the money goes back; most days until either.
const EARLY: f64 = 0.012;
const EARLY_AT_ONCE: f64 = 0.35;
const AT_ONCE_DAYS: i64 = 14;
const EARLY_DAYS: i64 = 345;

/// One stay of a customer, from a first bill to churn or the end of history.
pub(super) struct Run<'a> {
    pub(super) billing: &'a Billing,
    pub(super) path: &'a Path,
    pub(super) contract: Contract,
    pub(super) payer: Payer,
    pub(super) started_at: i64,
    pub(super) change: Change,
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
        let missing = if self.contract.is_yearly {
            libm::log(1.0 - EARLY)
        } else {
            0.0
        };
        let mut accumulated = missing;
        let mut period = self.open(self.started_at, self.change);
        let mut leaves_at = self.bill(self.started_at, &period, periods.len(), ledger);
        for tenure in 1_u32.. {
            let instant = add_months(self.started_at, tenure);
            // The hazard hears of satisfaction `lead` days late, and of nothing before this stay.
            unseen.step(&mut self.unseen);
            let log_hazard = |at: i64| {
                let heard = self.path.at((at - billing.lead).max(self.started_at));
                billing
                    .hazard
                    .log_hazard(tenure as usize, heard, unseen.value())
            };
            // Somebody who leaves in mid-term after the end of history is still there.
            let left_at = leaves_at.filter(|&at| at < instant.min(billing.end));
            if let Some(outlooks) = &mut books.outlooks {
                let until = left_at.unwrap_or(instant);
                self.look_ahead(tenure, until, accumulated, unseen.value(), outlooks);
            }
            if let Some(left_at) = left_at {
                period.ended_at = Some(left_at);
                period.reason = Some(Reason::Voluntary);
                periods.push(period);
                return Standing {
                    log_hazard: None,
                    unseen: unseen.value(),
                };
            }
            if instant >= billing.end {
                periods.push(period);
                return Standing {
                    log_hazard: Some(log_hazard(billing.end)),
                    unseen: unseen.value(),
                };
            }
            accumulated += libm::exp(log_hazard(instant));
            let is_due = !self.contract.is_yearly || tenure % 12 == 0;
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
                        let ended_at = instant + DUNNING_DAYS * DAY;
                        if let Some(outlooks) = &mut books.outlooks {
                            let known = log_hazard(instant);
                            self.look_back(instant, ended_at, known, outlooks);
                        }
                        let bill = self.bill_of(instant, &period, periods.len());
                        ledger.lose(&bill, dunning);
                        if ended_at < billing.end {
                            period.ended_at = Some(ended_at);
                            period.reason = Some(Reason::Involuntary);
                        }
                        periods.push(period);
                        let log_hazard = period.ended_at.is_none().then(|| log_hazard(billing.end));
                        return Standing {
                            log_hazard,
                            unseen: unseen.value(),
                        };
                    }
                    period.ended_at = Some(instant);
                    period.reason = Some(Reason::Voluntary);
                    periods.push(period);
                    return Standing {
                        log_hazard: None,
                        unseen: unseen.value(),
                    };
                }
            }
            let satisfaction = self.path.at(instant);
            let movement = self.movement(tenure as usize, satisfaction, leaves_at.is_some());
            let before = self.charge_of(&period);
            let next = self.next_change(movement, instant, &period, is_due);
            if let Some(change) = next {
                period.ended_at = Some(instant);
                periods.push(period);
                period = self.open(instant, change);
            }
            if is_due {
                leaves_at = self.bill(instant, &period, periods.len(), ledger);
            } else if movement == Some(Change::Upgrade) {
                // More seats in mid-term: the rest of the year is charged at once.
                let months = 12 - i64::from(tenure % 12);
                let more = (self.charge_of(&period) - before) / 12 * months;
                if more > 0 {
                    let bill = Bill {
                        cents: more,
                        ..self.bill_of(instant, &period, periods.len())
                    };
                    ledger.charge(&bill, self.dunning());
                    ledger.settle(&Parting::default());
                }
            }
        }
        Standing::default()
    }

    fn open(&self, started_at: i64, change: Change) -> Period {
        Period {
            contract: self.contract,
            monthly_amount_cents: self.billing.amount(self.contract, started_at),
            started_at,
            ended_at: None,
            change,
            reason: None,
        }
    }

    /// What happens to this customer's bills; the billing interval never changes.
    pub(super) const fn dunning(&self) -> &Dunning {
        let billing = self.billing;
        billing.hazard.dunning(self.contract.is_yearly, self.payer)
    }

    /// What one bill of a period asks for.
    const fn charge_of(&self, period: &Period) -> i64 {
        if period.contract.is_yearly {
            period.monthly_amount_cents * 12
        } else {
            period.monthly_amount_cents
        }
    }

    /// What a period asks for, of a customer who stays.
    const fn bill_of(&self, due_at: i64, period: &Period, index: usize) -> Bill {
        Bill {
            period: index,
            due_at,
            cents: self.charge_of(period),
            is_yearly: period.contract.is_yearly,
            plan: period.contract.plan,
            leaves_at: None,
        }
    }

    /// Sends a bill; says when the customer leaves in mid-term. A monthly bill is settled when the
    /// next one is due.
    fn bill(
        &mut self,
        instant: i64,
        period: &Period,
        index: usize,
        ledger: &mut Ledger,
    ) -> Option<i64> {
        let mut bill = self.bill_of(instant, period, index);
        if !bill.is_yearly {
            ledger.charge(&bill, self.dunning());
            return None;
        }
        let is_early = self.early.chance(EARLY);
        let days = if self.early.chance(EARLY_AT_ONCE) {
            self.early.between(0.2, AT_ONCE_DAYS as f64)
        } else {
            self.early.between(AT_ONCE_DAYS as f64, EARLY_DAYS as f64)
        };
        let left_at = instant + (days * DAY as f64) as i64 / SECOND * SECOND;
        bill.leaves_at = is_early.then_some(left_at);
        // A bill that is open keeps the customer: nobody asks for money back that was not paid.
        if !ledger.charge(&bill, self.dunning()) {
            ledger.settle(&Parting::default());
            return None;
        }
        ledger.settle(&Parting {
            leaves: is_early,
            probability: EARLY,
            unused: Some(self.unused(instant, left_at)),
        });
        bill.leaves_at
    }

    /// What is unused of the year from `billed_at` by somebody who leaves: all of it at first, then
    /// the days from that of leaving on.
    fn unused(&self, billed_at: i64, left_at: i64) -> Unused {
        let day = |instant: i64| instant.div_euclid(DAY);
        let ends_at = add_months(billed_at, 12);
        let of_days = day(ends_at) - day(billed_at);
        let is_at_once = left_at - billed_at <= AT_ONCE_DAYS * DAY;
        Unused {
            left_at,
            days: if is_at_once {
                of_days
            } else {
                day(ends_at) - day(left_at)
            },
            of_days,
        }
    }

    /// Changes the contract by chance. A yearly customer who shrinks in mid-term pays less from
    /// the next renewal on, and gets nothing back. Who is about to leave does neither.
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

    /// How the next period begins, if one does.
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
        if self.billing.amount(self.contract, instant) != period.monthly_amount_cents {
            return Some(Change::Reprice);
        }
        self.contract.is_yearly.then_some(Change::Renewal)
    }
}
