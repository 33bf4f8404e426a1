//! Priority support: an add-on to the larger plans, which is a subscription of its own.
//!
//! It begins and is dropped on months' anniversaries of a stay, and ends with it at the latest. All
//! of its draws come from streams of their own, so nothing else moves with it.

use super::super::anomalies::Bill;
use super::super::calendar::{DAY, add_months};
use super::super::dunning::DUNNING_DAYS;
use super::super::hazard::Dunning;
use super::super::payments::Ledger;
use super::super::random::Stream;
use super::contract::{Contract, Interval, Price};
use super::period::{Cancellation, Change, Lost, Period, Product, Reason, said_at};
use super::rules::Billing;

/// Probability that who takes it begins in a month, and that it is dropped in a month.
const BEGINS: f64 = 0.20;
const DROPPED: f64 = 0.03;
/// The least plan that it goes with.
const LEAST_PLAN: usize = 1;
/// Price in percent of what the platform brings in a month, and the least, in dollars.
const PERCENT: i64 = 20;
const LEAST_DOLLARS: i64 = 5;

/// An add-on of one stay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AddOn {
    pub(crate) period: Period,
    /// When the stay began; anniversaries count from there.
    stay_started_at: i64,
    /// Months of the stay before it began.
    first: u32,
    entity: u64,
}

/// Months until something happens that has this probability in each.
fn geometric(stream: &mut Stream, probability: f64) -> u32 {
    let months = libm::log(stream.uniform()) / libm::log(1.0 - probability);
    1 + months.min(10_000.0) as u32
}

/// Price a month beside a platform that brings so much.
fn price_cents(platform_cents: i64) -> i64 {
    let dollars = (platform_cents * PERCENT / 100 + 50) / 100;
    dollars.max(LEAST_DOLLARS) * 100
}

/// Months of a stay at which the last bill before an instant is made, of those from `first` on.
fn last_bill(stay_started_at: i64, first: u32, before: i64) -> u32 {
    let is_before = |months: u32| add_months(stay_started_at, months + 1) < before;
    (first..)
        .find(|&months| !is_before(months))
        .unwrap_or(first)
}

/// How a subscription ends.
#[derive(Debug, Clone, Copy, Default)]
struct Ending {
    ended_at: Option<i64>,
    reason: Option<Reason>,
    cancellation: Option<Cancellation>,
    lost: Option<Lost>,
}

impl Billing {
    /// The add-on of a stay, if there is one; it has no number yet.
    pub(super) fn add_on(&self, entity: u64, stay: &[Period]) -> Option<AddOn> {
        let mut stream = self.add_ons.stream(entity);
        let takes_it = stream.chance(self.add_on);
        let first = geometric(&mut stream, BEGINS);
        let kept = geometric(&mut stream, DROPPED);
        let notice = stream.uniform();
        if !takes_it {
            return None;
        }
        let (stay_started_at, last) = (stay.first()?.started_at, stay.last()?);
        let started_at = add_months(stay_started_at, first);
        // Who has said that they leave is a customer until then.
        let leaves_at = last.cancellation.map(|word| word.leaves_at);
        let decided_at = last.lost.map(|lost| lost.billed_at).or(leaves_at);
        let decided_at = decided_at.unwrap_or(i64::MAX);
        let platform = stay
            .iter()
            .rfind(|period| period.started_at <= started_at)?;
        let fits = platform.contract.plan >= LEAST_PLAN;
        if !fits || started_at >= self.end.min(decided_at) {
            return None;
        }
        let dropped_at = add_months(stay_started_at, first.saturating_add(kept));
        let said = |months: u32, leaves_at: i64| Cancellation {
            said_at: said_at(notice, add_months(stay_started_at, months), leaves_at),
            leaves_at,
        };
        let ending = if dropped_at < decided_at {
            let word = said(first + kept - 1, dropped_at);
            let is_over = dropped_at < self.end;
            Ending {
                ended_at: is_over.then_some(dropped_at),
                reason: is_over.then_some(Reason::Voluntary),
                cancellation: Some(word),
                lost: None,
            }
        } else if let Some(lost) = last.lost {
            // It falls to its own dunning: where an invoice of the platform has terms, before that.
            let ended_at = lost.billed_at + DUNNING_DAYS * DAY;
            let is_over = ended_at < self.end;
            Ending {
                ended_at: is_over.then_some(ended_at),
                reason: is_over.then_some(Reason::Involuntary),
                cancellation: None,
                lost: Some(Lost {
                    due_at: lost.billed_at,
                    ..lost
                }),
            }
        } else {
            let cancellation = last.cancellation.map(|word| {
                // Who leaves says it once, unless the add-on is billed again before the end.
                let billed = last_bill(stay_started_at, first, word.leaves_at);
                let is_heard = word.said_at > add_months(stay_started_at, billed);
                if is_heard {
                    word
                } else {
                    said(billed, word.leaves_at)
                }
            });
            Ending {
                ended_at: last.ended_at,
                reason: last.reason,
                cancellation,
                lost: None,
            }
        };
        let price = Price {
            unit_cents: price_cents(platform.monthly_cents()),
            discount_cents: 0,
        };
        Some(AddOn {
            period: Period {
                subscription: 0,
                product: Product::PrioritySupport,
                contract: Contract {
                    plan: platform.contract.plan,
                    seats: 1,
                    interval: Interval::Month,
                    discount: 0,
                },
                price,
                started_at,
                ended_at: ending.ended_at,
                change: Change::New,
                reason: ending.reason,
                cancellation: ending.cancellation.filter(|word| word.said_at < self.end),
                lost: ending.lost,
            },
            stay_started_at,
            first,
            entity,
        })
    }

    /// Bills an add-on month by month.
    pub(super) fn bill_add_on(&self, add_on: &AddOn, ledger: &mut Ledger) {
        ledger.turn_to(self.add_on_payments.stream(add_on.entity));
        let period = &add_on.period;
        let dunning = self.hazard.dunning(Interval::Month, ledger.payer());
        let at = |months| add_months(add_on.stay_started_at, months);
        let ends_at = period.ended_at.unwrap_or(i64::MAX);
        for months in add_on.first.. {
            let billed_at = at(months);
            if billed_at >= self.end.min(ends_at) {
                return;
            }
            let service = [billed_at, at(months + 1)];
            let mut bill = Bill {
                subscription: period.subscription,
                service,
                due_at: billed_at,
                cents: period.bill_cents(),
                months: Interval::Month.months(),
                plan: None,
                leaves_at: None,
            };
            if period.lost.is_some_and(|lost| lost.billed_at <= billed_at) {
                ledger.lose(&bill, dunning);
                return;
            }
            // Who leaves in mid-month owes nothing.
            let is_last = service[1] > ends_at;
            bill.leaves_at = is_last.then_some(ends_at);
            let is_soon = is_last && ends_at - billed_at <= DUNNING_DAYS * DAY;
            let sure = Dunning {
                failure: 0.0,
                ..*dunning
            };
            ledger.charge(&bill, if is_soon { &sure } else { dunning });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn it_costs_a_fifth_of_the_platform_in_whole_dollars() {
        assert_eq!(price_cents(1_000), 500, "no less than $5");
        assert_eq!(price_cents(26_950), 5_400);
        assert_eq!(price_cents(27_249), 5_400);
        assert_eq!(price_cents(27_250), 5_500);
    }

    #[test]
    fn it_begins_after_five_months_on_average() {
        let purpose = Purpose::new(1, "add-ons");
        let months = |user| geometric(&mut purpose.stream(user), BEGINS);
        let all: Vec<u32> = (0..20_000).map(months).collect();
        assert!(all.iter().all(|&months| months >= 1));
        let mean = f64::from(all.iter().sum::<u32>()) / 20_000.0;
        assert!((mean - 5.0).abs() < 0.1, "{mean} months");
    }
}
