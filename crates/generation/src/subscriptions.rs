//! Rows of subscriptions: what a customer holds, one row a period.

use super::arrow::{NULL_INTEGER, NULL_KEY, Values};
use super::billing::{Interval, Period, Product};
use super::life::Life;

/// Key of the only currency in `vocabulary::CURRENCIES`.
const USD: u8 = 0;

/// Column buffers.
#[derive(Default)]
pub(super) struct SubscriptionRows {
    period_id: Vec<i64>,
    subscription_id: Vec<i64>,
    user_id: Vec<i64>,
    product: Vec<u8>,
    plan: Vec<u8>,
    quantity: Vec<i32>,
    unit_price: Vec<i64>,
    discount: Vec<i64>,
    interval: Vec<u8>,
    interval_count: Vec<i32>,
    status: Vec<u8>,
    trial_started_at: Vec<i64>,
    trial_ends_at: Vec<i64>,
    started_at: Vec<i64>,
    ended_at: Vec<i64>,
    cancels_at_end: Vec<bool>,
    canceled_at: Vec<i64>,
    change: Vec<u8>,
    reason: Vec<u8>,
}

/// The key of a user's subscription of this number.
pub(super) const fn subscription_id(user_id: u64, number: u8) -> i64 {
    user_id as i64 * 100 + number as i64
}

/// Keys of currencies of so many rows.
pub(super) fn currencies(rows: usize) -> Values {
    Values::Keys(vec![USD; rows])
}

impl SubscriptionRows {
    /// Writes a user's periods in order of their start; an add-on comes after the period of the
    /// platform that begins with it.
    pub(super) fn push(&mut self, life: &Life, end: i64) {
        let mut add_ons = life.add_ons.iter().map(|add_on| &add_on.period).peekable();
        let mut number = life.user_id as i64 * 1_000;
        for (place, period) in life.periods.iter().enumerate() {
            while let Some(add_on) = add_ons.next_if(|one| one.started_at < period.started_at) {
                number += 1;
                self.period(life, number, add_on, false, end);
            }
            let next = life.periods.get(place + 1);
            let is_followed = next.is_some_and(|next| next.subscription == period.subscription);
            number += 1;
            self.period(life, number, period, is_followed, end);
        }
        for add_on in add_ons {
            number += 1;
            self.period(life, number, add_on, false, end);
        }
    }

    fn period(&mut self, life: &Life, number: i64, period: &Period, is_followed: bool, end: i64) {
        self.period_id.push(number);
        self.subscription_id
            .push(subscription_id(life.user_id, period.subscription));
        self.user_id.push(life.user_id as i64);
        self.product.push(period.product as u8);
        self.plan.push(match period.product {
            Product::Platform => period.contract.plan as u8,
            Product::PrioritySupport => NULL_KEY,
        });
        self.quantity.push(period.contract.seats);
        self.unit_price.push(period.price.unit_cents);
        self.discount.push(period.price.discount_cents);
        let is_yearly = period.contract.interval == Interval::Year;
        self.interval.push(u8::from(is_yearly));
        self.interval_count.push(match period.contract.interval {
            Interval::Month | Interval::Year => 1,
            Interval::Quarter => 3,
        });
        self.status.push(period.status(is_followed, end) as u8);
        // A trial is the first of a user's subscriptions.
        let trial = life.trial_ends_at.filter(|_| period.subscription == 1);
        self.trial_started_at
            .push(trial.map_or(NULL_INTEGER, |_| life.signed_up_at));
        self.trial_ends_at.push(trial.unwrap_or(NULL_INTEGER));
        self.started_at.push(period.started_at);
        self.ended_at.push(period.ended_at.unwrap_or(NULL_INTEGER));
        let word = period.cancellation;
        self.cancels_at_end
            .push(word.is_some_and(|word| word.said_at < word.leaves_at));
        self.canceled_at
            .push(word.map_or(NULL_INTEGER, |word| word.said_at));
        self.change.push(period.change as u8);
        self.reason
            .push(period.reason.map_or(NULL_KEY, |reason| reason as u8));
    }

    /// The columns, in order.
    pub(super) fn values(self) -> Vec<Values> {
        use Values::{Boolean, Integer, Keys, Long};
        let currencies = currencies(self.period_id.len());
        vec![
            Long(self.period_id),
            Long(self.subscription_id),
            Long(self.user_id),
            Keys(self.product),
            Keys(self.plan),
            Integer(self.quantity),
            Long(self.unit_price),
            Long(self.discount),
            currencies,
            Keys(self.interval),
            Integer(self.interval_count),
            Keys(self.status),
            Long(self.trial_started_at),
            Long(self.trial_ends_at),
            Long(self.started_at),
            Long(self.ended_at),
            Boolean(self.cancels_at_end),
            Long(self.canceled_at),
            Keys(self.change),
            Keys(self.reason),
        ]
    }
}
