//! Defects of subscriptions.

use super::draft::Draft;
use super::fault::Fault;
use crate::arrow::{NULL_INTEGER, NULL_KEY};
use crate::calendar::DAY;
use crate::vocabulary::PLANS;

/// Days by which a period runs into its successor.
const OVERLAP_DAYS: i64 = 20;

/// Lets a period run on after the next one of its subscription began.
pub(super) fn overlap(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let (users, subscriptions) = (
        draft.longs("user_id").to_vec(),
        draft.longs("subscription_id").to_vec(),
    );
    // Periods of a user come by their start, those of an add-on among the others.
    let next_of = |row: usize| {
        let of_user = (row + 1..users.len()).take_while(|&next| users[next] == users[row]);
        of_user
            .into_iter()
            .find(|&next| subscriptions[next] == subscriptions[row])
    };
    let starts = draft.longs("started_at").to_vec();
    let mut rows = 0;
    for (row, ended_at) in draft.longs("ended_at").iter_mut().enumerate() {
        if let Some(next) = next_of(row)
            && fault.hits(ids[row])
        {
            *ended_at = starts[next] + OVERLAP_DAYS * DAY;
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

/// Labels a paid period of the product with the next plan; its price stays.
pub(super) fn price(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let prices = draft.longs("unit_price_cents").to_vec();
    let mut rows = 0;
    for (row, plan) in draft.keys("plan").iter_mut().enumerate() {
        if prices[row] > 0 && *plan != NULL_KEY && fault.hits(ids[row]) {
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
