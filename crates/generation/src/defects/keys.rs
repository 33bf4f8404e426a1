//! Defects of keys: repeated and dangling ones.

use super::Table;
use super::draft::Draft;
use super::fault::Fault;

/// Delivers rows twice, key and all.
pub(super) fn duplicates(fault: &Fault, draft: &mut Draft) -> u64 {
    let hits: Vec<bool> = draft
        .row_keys()
        .into_iter()
        .map(|key| fault.hits(key))
        .collect();
    draft.repeat_rows(|row| hits[row]).len() as u64
}

/// Points rows at a parent whose key is negative, as none is.
pub(super) fn orphans(fault: &Fault, draft: &mut Draft) -> u64 {
    let parent = if draft.table == Table::Payments {
        "subscription_id"
    } else {
        "user_id"
    };
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (parent, id) in draft.longs(parent).iter_mut().zip(ids) {
        if fault.hits(id) {
            *parent = -*parent;
            rows += 1;
        }
    }
    rows
}
