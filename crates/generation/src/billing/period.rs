//! Periods of a subscription, and how they end.

use super::super::calendar::{DAY, SECOND};
use super::contract::{Contract, Price, half_up};

/// Mean days before a renewal at which somebody says that they leave at it, where there is room.
const NOTICE_DAYS: f64 = 9.0;

/// What is sold, as keys of `vocabulary::PRODUCTS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Product {
    Platform,
    PrioritySupport,
}

/// How a period began, as keys of `vocabulary::CHANGE_TYPES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Change {
    Trial,
    New,
    Upgrade,
    Downgrade,
    Renewal,
    Reprice,
    Reactivation,
}

/// Why a customer was lost, as keys of `vocabulary::CHURN_REASONS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reason {
    Voluntary,
    Involuntary,
}

/// How a period stands at the end of history, as keys of `vocabulary::SUBSCRIPTION_STATUSES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    Trialing,
    Active,
    PastDue,
    Canceled,
    Replaced,
}

/// A customer's word that they leave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cancellation {
    pub(crate) said_at: i64,
    /// The end of what is paid for; `said_at` for who leaves at once.
    pub(crate) leaves_at: i64,
}

/// An instant between the last bill and the end of what it pays for: an exponential time before
/// that end, of those that fit. `draw` is uniform.
pub(super) fn said_at(draw: f64, billed_at: i64, leaves_at: i64) -> i64 {
    let room = leaves_at - billed_at;
    let mean = NOTICE_DAYS * DAY as f64;
    let fits = 1.0 - libm::exp(-(room as f64) / mean);
    let before = -mean * libm::log(1.0 - draw * fits);
    let before = before as i64 / SECOND * SECOND;
    leaves_at - before.clamp(SECOND, (room - SECOND).max(SECOND))
}

/// A bill that nobody will pay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lost {
    /// When it was made.
    pub(crate) billed_at: i64,
    pub(crate) due_at: i64,
}

/// A period of a subscription, [`started_at`, `ended_at`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period {
    /// The user's subscriptions are numbered from 1 on, in order of their start.
    pub(crate) subscription: u8,
    pub(crate) product: Product,
    pub(crate) contract: Contract,
    pub(crate) price: Price,
    pub(crate) started_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) change: Change,
    pub(crate) reason: Option<Reason>,
    pub(crate) cancellation: Option<Cancellation>,
    /// The bill over which the customer is lost, whether the end lies in the history or not.
    pub(crate) lost: Option<Lost>,
}

impl Period {
    /// What one bill asks for.
    pub(crate) const fn bill_cents(&self) -> i64 {
        self.contract.seats as i64 * self.price.unit_cents - self.price.discount_cents
    }

    /// What it brings in a month.
    pub(super) const fn monthly_cents(&self) -> i64 {
        half_up(self.bill_cents(), self.contract.interval.months() as i64)
    }

    /// How it stands at the end of a history, given whether another period of its subscription
    /// follows.
    pub(crate) fn status(&self, is_followed: bool, end: i64) -> Status {
        if is_followed {
            Status::Replaced
        } else if self.ended_at.is_some() {
            Status::Canceled
        } else if self.change == Change::Trial {
            Status::Trialing
        } else if self.lost.is_some_and(|lost| lost.due_at < end) {
            Status::PastDue
        } else {
            Status::Active
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_says_so_between_the_last_bill_and_the_end() {
        for room in [28 * DAY, 365 * DAY, 3 * SECOND] {
            let mut sum = 0.0;
            for step in 0..1_000 {
                let draw = (f64::from(step) + 0.5) / 1_000.0;
                let at = said_at(draw, 0, room);
                assert!(0 < at && at < room, "{at} of {room}");
                sum += (room - at) as f64 / DAY as f64 / 1_000.0;
            }
            if room > 300 * DAY {
                assert!((sum - NOTICE_DAYS).abs() < 0.1, "{sum} days");
            }
        }
    }
}
