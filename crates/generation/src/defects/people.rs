//! Defects of users, categories and marketing touches.

use super::Table;
use super::draft::Draft;
use super::fault::Fault;
use crate::arrow::{NULL_INTEGER, NULL_KEY};
use crate::calendar::DAY;
use crate::tables::ColumnKind;

/// Keys of `vocabulary::VARIANTS`.
const CONTROL: u8 = 0;
const TREATMENT: u8 = 1;
/// Days by which a touch is late: more than the longest wait between touch and signup.
const TOUCH_DAYS: i64 = 2;

/// Loses columns in one run of users: where they live and work, and what they paid.
pub(super) fn nulls(fault: &Fault, draft: &mut Draft) -> u64 {
    let length = libm::ceil(fault.active.share * fault.users as f64) as i64;
    let room = (fault.users - length + 1).max(1) as usize;
    let mut stream = fault.active.purpose.stream(fault.first_user as u64);
    let start = fault.first_user + stream.below(room) as i64;
    let is_lost = |user: i64| start <= user && user < start + length;
    let users = draft.longs("user_id").to_vec();
    if draft.table == Table::Users {
        for name in ["country", "company_size"] {
            for (key, &user) in draft.keys(name).iter_mut().zip(&users) {
                if is_lost(user) {
                    *key = NULL_KEY;
                }
            }
        }
    } else {
        for (amount, &user) in draft.longs("amount_cents").iter_mut().zip(&users) {
            if is_lost(user) {
                *amount = NULL_INTEGER;
            }
        }
    }
    users.iter().filter(|&&user| is_lost(user)).count() as u64
}

/// Puts a word that nobody declared into a category.
pub(super) fn unknown(fault: &Fault, draft: &mut Draft) -> u64 {
    let name = if draft.table == Table::Events {
        "event_type"
    } else {
        "method"
    };
    let column = draft
        .table
        .columns()
        .iter()
        .find(|column| column.name == name);
    let Some(ColumnKind::Dictionary(words)) = column.map(|column| column.kind) else {
        return 0;
    };
    // Every block gets the wider dictionary, so that all of a stream's are the same.
    draft.admit_unheard(name);
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (key, id) in draft.keys(name).iter_mut().zip(ids) {
        if fault.hits(id) {
            *key = words.len() as u8;
            rows += 1;
        }
    }
    rows
}

/// Gives users the address of the one before them in the block.
pub(super) fn emails(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let is_hit = |row: usize| row > 0 && fault.hits(ids[row]);
    draft.copy_text("email", |row| row - usize::from(is_hit(row)));
    (0..ids.len()).filter(|&row| is_hit(row)).count() as u64
}

/// Logs some of the control group as treatment.
pub(super) fn imbalance(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (variant, id) in draft.keys("experiment_variant").iter_mut().zip(ids) {
        if *variant == CONTROL && fault.hits(id) {
            *variant = TREATMENT;
            rows += 1;
        }
    }
    rows
}

/// Dates the last touch of a path after the signup.
pub(super) fn touches(fault: &Fault, draft: &mut Draft) -> u64 {
    let users = draft.longs("user_id").to_vec();
    let mut rows = 0;
    for (row, at) in draft.longs("touched_at").iter_mut().enumerate() {
        let is_last = users.get(row + 1) != Some(&users[row]);
        if is_last && fault.hits(users[row]) {
            *at += TOUCH_DAYS * DAY;
            rows += 1;
        }
    }
    rows
}
