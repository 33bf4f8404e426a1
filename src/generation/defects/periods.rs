//! Defects of subscriptions.

use super::Fault;
use super::draft::Draft;
use crate::generation::arrow::{NULL_INTEGER, NULL_KEY};
use crate::generation::calendar::DAY;
use crate::generation::vocabulary::PLANS;

/// Days by which a period runs into its successor.
const OVERLAP_DAYS: i64 = 20;

/// Lets a period run on after the next one of its user began.
pub(super) fn overlap(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, users) = (draft.ids().to_vec(), draft.longs("user_id").to_vec());
    let starts = draft.longs("started_at").to_vec();
    let mut rows = 0;
    for (row, ended_at) in draft.longs("ended_at").iter_mut().enumerate() {
        let is_followed = users.get(row + 1) == Some(&users[row]);
        if is_followed && fault.hits(ids[row]) {
            *ended_at = starts[row + 1] + OVERLAP_DAYS * DAY;
            rows += 1;
        }
    }
    rows
}

/// Ends a period a day before it starts.
pub(super) fn backwards(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, starts) = (draft.ids().to_vec(), draft.longs("started_at").to_vec());
    let mut rows = 0;
    for (row, ended_at) in draft.longs("ended_at").iter_mut().enumerate() {
        if *ended_at != NULL_INTEGER && fault.hits(ids[row]) {
            *ended_at = starts[row] - DAY;
            rows += 1;
        }
    }
    rows
}

/// Labels a paid period with the next plan; its price stays.
pub(super) fn price(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let amounts = draft.longs("monthly_amount_cents").to_vec();
    let mut rows = 0;
    for (row, plan) in draft.keys("plan").iter_mut().enumerate() {
        if amounts[row] > 0 && fault.hits(ids[row]) {
            *plan = (*plan + 1) % PLANS.len() as u8;
            rows += 1;
        }
    }
    rows
}

/// Loses the reason of a churn.
pub(super) fn reason(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (row, reason) in draft.keys("churn_reason").iter_mut().enumerate() {
        if *reason != NULL_KEY && fault.hits(ids[row]) {
            *reason = NULL_KEY;
            rows += 1;
        }
    }
    rows
}
