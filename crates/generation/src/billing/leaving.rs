//! When customers say that they leave.

use super::super::calendar::add_months;
use super::super::satisfaction::State;
use super::period::{Cancellation, Period, said_at};
use super::stay::Run;

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
