//! Where nothing was, words say so.

use super::*;
use crate::dashboards::claims::assert_in_words;
use crate::results::adoption::ActiveDays;

#[test]
fn what_nobody_used_is_said() {
    let unused = weeks(&[(0, 40)]);
    let page = |users| sentence::page(&[month(users, Some(0.0))], &unused, in_november(30));
    check(page(0), "November 2025: nobody was active.");
    check_part(page(8), "…nobody used the newest feature.");
    check(
        adoption_curves::sentence(&unused),
        "No feature was used in the last week.",
    );
    let rows = groups(&[("everyone", 0, 40)]);
    check(
        feature_groups::sentence(&rows, &rows, "the 28 days before"),
        "No feature is used by active users.",
    );
    for users in [5, 500] {
        let said = power_users::sentence(&[ActiveDays { days: 1, users }]).unwrap();
        assert!(said.starts_with("None of "), "{said}");
        assert_in_words(&said);
    }
}
