//! What somebody who knows every state would say of a customer: the oracle's score.

use super::super::calendar::{DAY, add_months};
use super::super::dunning::DUNNING_DAYS;
use super::books::Outlook;
use super::stay::Run;

/// Days that an outlook looks ahead: as far as the churn model.
const OUTLOOK_DAYS: i64 = 90;
/// Days between outlooks, counted back from the end of history: the snapshots of `churn_features`.
const DAYS_APART: i64 = 30;

/// The snapshots after `from` and up to `to`.
fn snapshots(from: i64, to: i64, end: i64) -> impl Iterator<Item = i64> {
    let step = DAYS_APART * DAY;
    let first = end - (end - from - 1).div_euclid(step) * step;
    (0..)
        .map(move |number| first + number * step)
        .take_while(move |&at| at <= to.min(end))
}

impl Run<'_> {
    /// Writes the outlooks between the last anniversary and the one at `tenure`, or the instant at
    /// which the customer leaves before. `accumulated` is the hazard since the last decision before
    /// them. Nobody foresees who leaves in mid-term: few do.
    pub(super) fn look_ahead(
        &self,
        tenure: u32,
        until: i64,
        accumulated: f64,
        unseen: f64,
        outlooks: &mut Vec<Outlook>,
    ) {
        let hazard = &self.billing.hazard;
        let from = add_months(self.started_at, tenure - 1);
        let to = add_months(self.started_at, tenure).min(until);
        let involuntary_share = self.dunning().involuntary_share;
        for today in snapshots(from, to, self.billing.end) {
            let log_hazard = |tenure: u32, at: i64| {
                // Satisfaction is known up to this day; later, its last value has to do.
                let heard = (at - self.billing.lead).min(today).max(self.started_at);
                hazard.log_hazard(tenure as usize, self.path.at(heard), unseen)
            };
            let horizon = today + OUTLOOK_DAYS * DAY;
            let (mut pending, mut stays) = (accumulated, 1.0);
            for later in tenure.. {
                let at = add_months(self.started_at, later);
                if at >= horizon {
                    break;
                }
                pending += libm::exp(log_hazard(later, at));
                if later % self.contract.interval.months() == 0 {
                    // Whoever leaves by a card nobody renews is a customer until the last retry.
                    let in_time = if at + self.terms() + DUNNING_DAYS * DAY < horizon {
                        1.0
                    } else {
                        1.0 - involuntary_share
                    };
                    stays *= 1.0 - in_time * (1.0 - libm::exp(-pending.max(0.0)));
                    pending = 0.0;
                }
            }
            outlooks.push(Outlook {
                day: today / DAY,
                log_hazard: log_hazard(tenure, today),
                churn_probability: 1.0 - stays,
            });
        }
    }

    /// Writes the outlooks of somebody who decided at `from` and is a customer until `to`.
    pub(super) fn look_back(
        &self,
        from: i64,
        to: i64,
        log_hazard: f64,
        outlooks: &mut Vec<Outlook>,
    ) {
        let days = snapshots(from, to, self.billing.end);
        outlooks.extend(days.map(|today| Outlook {
            day: today / DAY,
            log_hazard,
            churn_probability: 1.0,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_count_back_from_the_end_and_none_is_left_out_or_doubled() {
        let end = 1_000 * DAY;
        let all = |from: i64, to: i64| -> Vec<i64> {
            snapshots(from, to, end)
                .map(|at| (end - at) / DAY)
                .collect()
        };
        assert_eq!(all(end - 65 * DAY, end), [60, 30, 0]);
        assert_eq!(all(end - 60 * DAY, end - 30 * DAY), [30]);
        assert_eq!(all(end - 60 * DAY - 1, end - 30 * DAY - 1), [60]);
        assert_eq!(all(end - 29 * DAY, end - 1), [0; 0]);
    }
}
