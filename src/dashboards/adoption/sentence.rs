//! The sentence that sums the page up.

use chrono::NaiveDate;

use super::panels::adoption_curves::leader;
use super::tiles::of_users;
use super::words::count;
use crate::components::format::{counted, share};
use crate::dashboards::claims::{is_enough, share_of};
use crate::dashboards::periods::{is_over, month_so_far};
use crate::results::adoption::{AdoptionMonth, FeatureWeek};

/// One sentence on the whole page.
#[must_use]
pub fn page(months: &[AdoptionMonth], weeks: &[FeatureWeek], as_of: NaiveDate) -> Option<String> {
    let last = months.last()?;
    let named = month_so_far(last.month, as_of);
    // Of a few days' users a large share comes every day: a running month's is no figure to lead with.
    let mut sentence = if is_over(last.month, as_of) && is_enough(last.users) {
        format!(
            "{named}: {} of the month’s {} users are active on an average day",
            share(last.stickiness),
            count(last.users),
        )
    } else if last.users == 0 {
        format!("{named}: nobody was active")
    } else {
        format!(
            "{named}: {}",
            counted(last.users.unsigned_abs(), "active user")
        )
    };
    // Of the month's users, before a sentence on those of a week: each share names its own whole.
    if let Some(launched) = last.launched_share.filter(|_| last.users > 0) {
        let used = of_users(launched, last.users);
        let used = match used.part {
            0 => "nobody".to_owned(),
            _ => share_of(used, "users active in the month").unwrap_or_default(),
        };
        sentence.push_str(&format!("; {used} used the newest feature"));
    }
    if let Some(leader) = leader(weeks) {
        sentence.push_str(&format!("; {leader}"));
    }
    sentence.push('.');
    Some(sentence)
}
