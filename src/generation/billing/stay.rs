//! One stay of a customer: bills, movements and the decision to leave, month by month.

use super::super::calendar::{DAY, add_months};
use super::super::dunning::Payer;
use super::super::hazard::Dunning;
use super::super::payments::Ledger;
use super::super::random::Stream;
use super::super::satisfaction::{PERSISTENCE, Path, State};
use super::{Billing, Books, Change, Contract, DUNNING_DAYS, Period, Reason, Standing};

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
}

impl Run<'_> {
    pub(super) fn play(&mut self, books: &mut Books) -> Standing {
        let billing = self.billing;
        let (periods, ledger) = (&mut *books.periods, &mut *books.ledger);
        let month = libm::pow(PERSISTENCE, 30.436_875 / 30.0);
        let mut unseen = State::start(month, &mut self.unseen);
        let mut accumulated = 0.0;
        let mut period = self.open(self.started_at, self.change);
        self.bill(self.started_at, &period, periods.len(), ledger);
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
            if instant >= billing.end {
                if let Some(outlooks) = &mut books.outlooks {
                    self.look_ahead(tenure, accumulated, unseen.value(), outlooks);
                }
                periods.push(period);
                return Standing {
                    log_hazard: Some(log_hazard(billing.end)),
                    unseen: unseen.value(),
                };
            }
            if let Some(outlooks) = &mut books.outlooks {
                self.look_ahead(tenure, accumulated, unseen.value(), outlooks);
            }
            accumulated += libm::exp(log_hazard(instant));
            let is_due = !self.contract.is_yearly || tenure % 12 == 0;
            // Draws are made whether or not they are used, so that later ones stay what they are.
            let (draw, reason) = (self.churn.uniform(), self.churn.uniform());
            if is_due {
                let leaves = draw < 1.0 - libm::exp(-accumulated);
                accumulated = 0.0;
                if leaves {
                    let dunning = self.dunning();
                    if reason < dunning.involuntary_share {
                        let ended_at = instant + DUNNING_DAYS * DAY;
                        if let Some(outlooks) = &mut books.outlooks {
                            let known = log_hazard(instant);
                            self.look_back(instant, ended_at, known, outlooks);
                        }
                        ledger.lose(periods.len(), instant, self.charge_of(&period), dunning);
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
            let movement = self.movement(tenure as usize, satisfaction);
            let before = self.charge_of(&period);
            let next = self.next_change(movement, instant, &period, is_due);
            if let Some(change) = next {
                period.ended_at = Some(instant);
                periods.push(period);
                period = self.open(instant, change);
            }
            if is_due {
                self.bill(instant, &period, periods.len(), ledger);
            } else if movement == Some(Change::Upgrade) {
                // More seats in mid-term: the rest of the year is charged at once.
                let months = 12 - i64::from(tenure % 12);
                let more = (self.charge_of(&period) - before) / 12 * months;
                if more > 0 {
                    ledger.charge(periods.len(), instant, more, self.dunning());
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

    fn bill(&self, instant: i64, period: &Period, index: usize, ledger: &mut Ledger) {
        ledger.charge(index, instant, self.charge_of(period), self.dunning());
    }

    /// Changes the contract by chance. A yearly customer who shrinks in mid-term pays less from
    /// the next renewal on, and gets nothing back.
    fn movement(&mut self, tenure: usize, satisfaction: f64) -> Option<Change> {
        let (up, down) = (self.movements.uniform(), self.movements.uniform());
        let (kind, size) = (self.movements.uniform(), self.movements.uniform());
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
