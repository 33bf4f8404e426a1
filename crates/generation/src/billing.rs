//! Customers: their periods, movements, churn and return.

mod add_on;
mod bills;
mod books;
mod contract;
mod leaving;
mod outlook;
mod period;
mod rules;
mod stay;

use super::calendar::DAY;
use super::hazard::MOST_RETURNS;
use super::satisfaction::Path;
pub(super) use add_on::AddOn;
pub(super) use books::{Books, Outlook, Standing, Stretch};
pub(super) use contract::{Contract, Interval, Price};
pub(super) use period::{Change, Period, Product, Reason};
pub(super) use rules::{Billing, Customer};
use stay::Run;

/// Days a trial lasts.
pub(super) const TRIAL_DAYS: i64 = 14;
/// Median days from churn to return: of who left by choice, and of who was lost over a bill and
/// comes back with a new card.
const RETURN_DAYS: [f64; 2] = [60.0, 12.0];
/// By how much the latter return more often than the mean, as a share of it, where hardly any
/// churn is of their kind.
const NEW_CARD_PULL: f64 = 0.8;

impl Billing {
    /// Probability of coming back, with the scenario's as the mean over all churn.
    fn returning(&self, is_involuntary: bool) -> f64 {
        let share = self.hazard.involuntary_share;
        let after_loss = (self.reactivation * (1.0 + NEW_CARD_PULL * (1.0 - share))).min(1.0);
        if is_involuntary {
            return after_loss;
        }
        ((self.reactivation - share * after_loss) / (1.0 - share).max(1e-12)).clamp(0.0, 1.0)
    }

    /// Writes all of a customer's periods and charges, from the first paid plan on. Satisfaction
    /// is drawn anew where the customer comes back.
    pub(super) fn run(&self, customer: &Customer, path: &mut Path, books: &mut Books) -> Standing {
        let mut contract = self.contract(customer);
        let mut started_at = customer.converts_at;
        let mut standing = Standing::default();
        for episode in 0..=MOST_RETURNS {
            let entity = customer.user_id * (MOST_RETURNS + 1) + episode;
            let first = books.periods.len();
            contract.discount = self.discount(entity);
            books.subscriptions += 1;
            let mut run = Run {
                billing: self,
                path,
                subscription: books.subscriptions,
                contract,
                payer: books.ledger.payer(),
                started_at,
                change: if episode == 0 {
                    Change::New
                } else {
                    Change::Reactivation
                },
                notice: self.notices.stream(entity).uniform(),
                churn: self.churn.stream(entity),
                movements: self.movements.stream(entity),
                unseen: self.unseen.stream(entity),
                early: self.early.stream(entity),
            };
            standing = run.play(books);
            contract = run.contract;
            if let Some(add_ons) = &mut books.add_ons
                && let Some(mut add_on) = self.add_on(entity, &books.periods[first..])
            {
                books.subscriptions += 1;
                add_on.period.subscription = books.subscriptions;
                add_ons.push(add_on);
            }
            let ended_at = books.periods.last().and_then(|period| period.ended_at);
            books.stretches.push(Stretch {
                started_at,
                ended_at: ended_at.unwrap_or(i64::MAX),
            });
            let mut returns = self.returns.stream(entity);
            let reason = books.periods.last().and_then(|period| period.reason);
            let is_involuntary = reason == Some(Reason::Involuntary);
            let comes_back = returns.chance(self.returning(is_involuntary));
            let median = RETURN_DAYS[usize::from(is_involuntary)];
            let delay = returns.log_normal(median, 0.8).clamp(2.0, 1_000.0);
            let Some(ended_at) = ended_at else { break };
            started_at = ended_at + (delay * DAY as f64) as i64;
            if !comes_back || started_at >= self.end {
                break;
            }
            path.renew(started_at, &mut self.renewed_state.stream(entity));
        }
        for add_on in books.add_ons.as_deref().into_iter().flatten() {
            self.bill_add_on(add_on, books.ledger);
        }
        standing
    }
}
