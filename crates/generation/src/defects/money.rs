//! Defects of payments.

use std::collections::BTreeMap;

use super::Table;
use super::draft::Draft;
use super::fault::Fault;
use crate::arrow::NULL_KEY;
use crate::calendar::HOUR;
use crate::payments::{FAILED, REFUNDED, SUCCEEDED};

/// Payments are numbered within their user, who has fewer than any of these: what is added to the
/// number of a copy, and to that of a charge which does not exist.
const DOUBLED_ID: i64 = 5_000;
const REPLAYED_ID: i64 = 2_500;
const MISSING_ID: i64 = 4_000;

/// Changes the amount of the rows that are hit and that `applies` to.
fn amounts(
    fault: &Fault,
    draft: &mut Draft,
    applies: impl Fn(u8) -> bool,
    changed: impl Fn(i64) -> i64,
) -> u64 {
    let (ids, statuses) = (draft.ids().to_vec(), draft.keys("status").to_vec());
    let mut rows = 0;
    for (row, amount) in draft.longs("amount_cents").iter_mut().enumerate() {
        if applies(statuses[row]) && fault.hits(ids[row]) {
            *amount = changed(*amount);
            rows += 1;
        }
    }
    rows
}

/// Turns the sign of amounts and costs.
pub(super) fn negative(fault: &Fault, draft: &mut Draft) -> u64 {
    if draft.table == Table::Payments {
        return amounts(fault, draft, |_| true, |amount| -amount);
    }
    let ids = draft.row_keys();
    let mut rows = 0;
    for (cost, id) in draft.longs("cost_cents").iter_mut().zip(ids) {
        if *cost > 0 && fault.hits(id) {
            *cost = -*cost;
            rows += 1;
        }
    }
    rows
}

/// Loses what a campaign cost on a day.
pub(super) fn spend(fault: &Fault, draft: &mut Draft) -> u64 {
    let keys = draft.row_keys();
    draft.drop_rows(|row| fault.hits(keys[row]))
}

/// Takes cents for dollars.
pub(super) fn currency(fault: &Fault, draft: &mut Draft) -> u64 {
    amounts(fault, draft, |_| true, |amount| amount * 100)
}

/// Gives back three times what was charged, however small the refund was.
pub(super) fn refund_size(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, statuses) = (draft.ids().to_vec(), draft.keys("status").to_vec());
    let charges = draft.longs("refund_of").to_vec();
    let charged: BTreeMap<i64, i64> = {
        let amounts = draft.longs("amount_cents");
        ids.iter().copied().zip(amounts.iter().copied()).collect()
    };
    let mut rows = 0;
    for (row, amount) in draft.longs("amount_cents").iter_mut().enumerate() {
        if statuses[row] == REFUNDED && fault.hits(ids[row]) {
            // A charge that another defect took away leaves only the refund to go by.
            let charged = charged.get(&charges[row]).copied().unwrap_or(*amount);
            *amount = charged * 3;
            rows += 1;
        }
    }
    rows
}

/// Refunds what was never charged.
pub(super) fn refund_orphan(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, statuses) = (draft.ids().to_vec(), draft.keys("status").to_vec());
    let mut rows = 0;
    for (row, charge) in draft.longs("refund_of").iter_mut().enumerate() {
        if statuses[row] == REFUNDED && fault.hits(ids[row]) {
            *charge += MISSING_ID;
            rows += 1;
        }
    }
    rows
}

/// Skips a number in the count of attempts.
pub(super) fn retries(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (row, attempt) in draft.integers("attempt_no").iter_mut().enumerate() {
        if *attempt > 1 && fault.hits(ids[row]) {
            *attempt += 1;
            rows += 1;
        }
    }
    rows
}

/// Loses the code of a failure.
pub(super) fn failure_code(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, statuses) = (draft.ids().to_vec(), draft.keys("status").to_vec());
    let mut rows = 0;
    for (row, code) in draft.keys("failure_code").iter_mut().enumerate() {
        if statuses[row] == FAILED && fault.hits(ids[row]) {
            *code = NULL_KEY;
            rows += 1;
        }
    }
    rows
}

fn is_within(spans: &[(i64, i64)], at: i64) -> bool {
    spans.iter().any(|&(start, end)| start <= at && at < end)
}

/// Loses whole months of payments.
pub(super) fn month_missing(fault: &Fault, draft: &mut Draft) -> u64 {
    let times = draft.longs("attempted_at").to_vec();
    draft.drop_rows(|row| is_within(&fault.active.spans, times[row]))
}

/// Delivers whole months of payments twice, under new ids.
pub(super) fn month_doubled(fault: &Fault, draft: &mut Draft) -> u64 {
    let times = draft.longs("attempted_at").to_vec();
    let copies = draft.repeat_rows(|row| is_within(&fault.active.spans, times[row]));
    let ids = draft.longs("payment_id");
    for &copy in &copies {
        ids[copy] += DOUBLED_ID;
    }
    copies.len() as u64
}

/// Delivers collected charges again, an hour later and under new ids.
pub(super) fn replay(fault: &Fault, draft: &mut Draft) -> u64 {
    let (ids, statuses) = (draft.ids().to_vec(), draft.keys("status").to_vec());
    let copies = draft.repeat_rows(|row| statuses[row] == SUCCEEDED && fault.hits(ids[row]));
    for &copy in &copies {
        draft.longs("payment_id")[copy] += REPLAYED_ID;
        draft.longs("attempted_at")[copy] += HOUR;
    }
    copies.len() as u64
}
