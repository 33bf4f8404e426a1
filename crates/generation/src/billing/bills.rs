//! The bills of one stay.

use super::super::anomalies::Bill;
use super::super::calendar::{DAY, SECOND, add_months};
use super::super::dunning::Payer;
use super::super::hazard::Dunning;
use super::super::payments::Ledger;
use super::super::reversals::{Parting, Unused};
use super::contract::{Interval, half_up};
use super::period::{Change, Period, Product};
use super::rules::EARLY;
use super::stay::Run;

/// Share of those who leave in mid-term that do so at once, when all of the money goes back; most days
/// until either, from when the bill is due.
const EARLY_AT_ONCE: f64 = 0.35;
const AT_ONCE_DAYS: i64 = 14;
/// The last day of a term on which anybody leaves before its end.
const EARLY_DAYS: i64 = 345;

impl Run<'_> {
    pub(super) fn open(&self, started_at: i64, change: Change) -> Period {
        Period {
            subscription: self.subscription,
            product: Product::Platform,
            contract: self.contract,
            price: self.billing.prices.of(self.contract, started_at),
            started_at,
            ended_at: None,
            change,
            reason: None,
            cancellation: None,
            lost: None,
        }
    }

    /// What happens to this customer's bills; the billing interval never changes.
    pub(super) const fn dunning(&self) -> &Dunning {
        let billing = self.billing;
        billing.hazard.dunning(self.contract.interval, self.payer)
    }

    /// Time from a bill to the day it is due: invoices of yearly contracts have terms.
    pub(super) fn terms(&self) -> i64 {
        let is_invoice = self.contract.interval == Interval::Year && self.payer == Payer::Transfer;
        if is_invoice { self.billing.terms } else { 0 }
    }

    /// What a period asks for after so many months of the stay, until the next bill, of a customer
    /// who stays.
    pub(super) fn bill_of(&self, tenure: u32, period: &Period) -> Bill {
        let months = self.contract.interval.months();
        let at = |tenure| add_months(self.started_at, tenure);
        let billed_at = at(tenure);
        Bill {
            subscription: self.subscription,
            service: [billed_at, at(tenure - tenure % months + months)],
            due_at: billed_at + self.terms(),
            cents: period.bill_cents(),
            months,
            plan: Some(period.contract.plan),
            leaves_at: None,
        }
    }

    /// Sends a bill; says when the customer leaves in mid-term. A monthly bill is settled when the
    /// next one is due.
    pub(super) fn bill(
        &mut self,
        tenure: u32,
        period: &Period,
        ledger: &mut Ledger,
    ) -> Option<i64> {
        let mut bill = self.bill_of(tenure, period);
        if self.contract.interval != Interval::Year {
            ledger.charge(&bill, self.dunning());
            if self.contract.interval == Interval::Quarter {
                // Nobody gets a quarter back and stays to its end.
                ledger.settle(&Parting::default());
            }
            return None;
        }
        let is_early = self.early.chance(EARLY);
        let terms = self.terms();
        let days = if self.early.chance(EARLY_AT_ONCE) {
            self.early.between(0.2, AT_ONCE_DAYS as f64)
        } else {
            let most = EARLY_DAYS - terms / DAY;
            self.early.between(AT_ONCE_DAYS as f64, most as f64)
        };
        let left_at = bill.due_at + (days * DAY as f64) as i64 / SECOND * SECOND;
        bill.leaves_at = is_early.then_some(left_at);
        // A bill that is open keeps the customer: nobody asks for money back that was not paid.
        if !ledger.charge(&bill, self.dunning()) {
            ledger.settle(&Parting::default());
            return None;
        }
        ledger.settle(&Parting {
            leaves: is_early,
            probability: EARLY,
            unused: Some(unused(&bill, left_at)),
        });
        bill.leaves_at
    }

    /// Charges what a period asks for above the one before it, from mid-term to the end of the term.
    pub(super) fn charge_more(
        &self,
        tenure: u32,
        before: &Period,
        period: &Period,
        ledger: &mut Ledger,
    ) {
        let term = i64::from(self.contract.interval.months());
        let left = term - i64::from(tenure) % term;
        let more = period.bill_cents() - before.bill_cents();
        if more > 0 {
            let bill = Bill {
                cents: half_up(more * left, term),
                ..self.bill_of(tenure, period)
            };
            ledger.charge(&bill, self.dunning());
            ledger.settle(&Parting::default());
        }
    }
}

/// What is unused of a bill's term by somebody who leaves: all of it at first, then the days from
/// that of leaving on.
fn unused(bill: &Bill, left_at: i64) -> Unused {
    let [starts_at, ends_at] = bill.service.map(|instant| instant.div_euclid(DAY));
    let of_days = ends_at - starts_at;
    let is_at_once = left_at - bill.due_at <= AT_ONCE_DAYS * DAY;
    Unused {
        left_at,
        days: if is_at_once {
            of_days
        } else {
            ends_at - left_at.div_euclid(DAY)
        },
        of_days,
    }
}
