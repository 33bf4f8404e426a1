//! When customers say that they leave.

use super::super::calendar::{DAY, SECOND, add_months};
use super::super::satisfaction::State;
use super::period::{Cancellation, Period};
use super::stay::Run;

/// Mean days before a renewal at which somebody says that they leave at it, where there is room.
const NOTICE_DAYS: f64 = 9.0;

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

impl Run<'_> {
    /// The word of a customer who leaves by choice at the renewal after so many months.
    pub(super) fn cancellation(&self, tenure: u32, period: &Period) -> Cancellation {
        let at = |tenure| add_months(self.started_at, tenure);
        let billed_at = at(tenure - self.contract.interval.months());
        let leaves_at = at(tenure);
        Cancellation {
            said_at: said_at(self.notice, billed_at.max(period.started_at), leaves_at),
            leaves_at,
        }
    }

    /// Looks ahead to the first renewal from `tenure` on, which lies after the end of history: the
    /// word of who leaves by choice at it. The state is that of `tenure`, before it is decided. Only
    /// draws are taken that come after all others of this stay.
    pub(super) fn next_cancellation(
        &mut self,
        tenure: u32,
        mut accumulated: f64,
        mut unseen: State,
        period: &Period,
    ) -> Option<Cancellation> {
        for tenure in tenure.. {
            let instant = add_months(self.started_at, tenure);
            accumulated += libm::exp(self.log_hazard(tenure, instant, unseen.value()));
            let (draw, reason) = (self.churn.uniform(), self.churn.uniform());
            if tenure % self.contract.interval.months() == 0 {
                let leaves = draw < 1.0 - libm::exp(-accumulated.max(0.0));
                let by_choice = leaves && reason >= self.dunning().involuntary_share;
                return by_choice.then(|| self.cancellation(tenure, period));
            }
            unseen.step(&mut self.unseen);
        }
        None
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
