//! Defects of sessions and events.

use super::Table;
use super::draft::Draft;
use super::fault::Fault;
use crate::calendar::{DAY, HOUR};

/// Sessions are numbered within their user: the number of the first one, and of how many.
const FIRST_SESSION: i64 = 1;
const SESSIONS_A_USER: i64 = 1_000_000;
/// Key of iOS in `vocabulary::PLATFORMS`.
const IOS: u8 = 2;
/// Days by which stray events and early sessions lie off.
const DAYS_OFF: i64 = 3;

const fn time_of(table: Table) -> &'static str {
    match table {
        Table::Sessions => "started_at",
        _ => "event_at",
    }
}

/// Dates a user's first session, and the events in it, before the signup.
pub(super) fn early(fault: &Fault, draft: &mut Draft) -> u64 {
    let sessions = draft.longs("session_id").to_vec();
    let mut rows = 0;
    for (at, session) in draft.longs(time_of(draft.table)).iter_mut().zip(sessions) {
        let is_first = session % SESSIONS_A_USER == FIRST_SESSION;
        if is_first && fault.hits(session / SESSIONS_A_USER) {
            *at -= DAYS_OFF * DAY;
            rows += 1;
        }
    }
    rows
}

/// Stamps events on the day after the last one.
pub(super) fn late(fault: &Fault, draft: &mut Draft) -> u64 {
    shift_events(fault, draft, |at, end| end + at.rem_euclid(DAY))
}

/// Stamps events days after their session; before it where history would be over.
pub(super) fn outside(fault: &Fault, draft: &mut Draft) -> u64 {
    shift_events(fault, draft, |at, end| {
        if at + DAYS_OFF * DAY < end {
            at + DAYS_OFF * DAY
        } else {
            at - DAYS_OFF * DAY
        }
    })
}

fn shift_events(fault: &Fault, draft: &mut Draft, shifted: impl Fn(i64, i64) -> i64) -> u64 {
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (at, id) in draft.longs("event_at").iter_mut().zip(ids) {
        if fault.hits(id) {
            *at = shifted(*at, fault.scope.end);
            rows += 1;
        }
    }
    rows
}

/// Takes one platform's local time for UTC in sessions, but not in their events.
pub(super) fn time_zone(fault: &Fault, draft: &mut Draft) -> u64 {
    let platforms = draft.keys("platform").to_vec();
    let mut rows = 0;
    for (at, platform) in draft.longs("started_at").iter_mut().zip(platforms) {
        if platform == IOS {
            *at -= fault.active.number * HOUR;
            rows += 1;
        }
    }
    rows
}

/// Books sessions on the next user, and the last user's on the one before.
pub(super) fn foreign(fault: &Fault, draft: &mut Draft) -> u64 {
    let ids = draft.ids().to_vec();
    let mut rows = 0;
    for (user, id) in draft.longs("user_id").iter_mut().zip(ids) {
        if fault.hits(id) {
            *user += if *user < fault.scope.users { 1 } else { -1 };
            rows += 1;
        }
    }
    rows
}

/// Loses whole days of sessions and events.
pub(super) fn missing_days(fault: &Fault, draft: &mut Draft) -> u64 {
    let times = draft.longs(time_of(draft.table)).to_vec();
    let spans = &fault.active.spans;
    draft.drop_rows(|row| {
        let at = times[row];
        spans.iter().any(|&(start, end)| start <= at && at < end)
    })
}

/// Cuts the events of the last users off.
pub(super) fn truncated(fault: &Fault, draft: &mut Draft) -> u64 {
    let lost = libm::ceil(fault.active.share * fault.scope.users as f64) as i64;
    let users = draft.longs("user_id").to_vec();
    draft.drop_rows(|row| users[row] > fault.scope.users - lost)
}
