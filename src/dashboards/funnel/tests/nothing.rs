//! Where nothing was, words say so.

use super::super::options::{FunnelOptions, Step};
use super::super::panels::funnel as steps;
use super::super::sentence::page;
use super::funnel;
use crate::dashboards::claims::assert_in_words;

#[test]
fn nobody_who_paid_is_none() {
    let options = FunnelOptions::default();
    for (signups, open) in [(14, 0), (14, 3), (120, 0), (120, 30)] {
        let steps = [(Step::SignedUp, signups, open), (Step::Paid, 0, open)];
        let mut rows = funnel("all", &steps);
        for row in &mut rows {
            row.settled_overall_rate = Some(0.0);
            row.previous_overall_rate = Some(0.2);
        }
        let said = page(&rows, &options).unwrap();
        let start = format!("None of {signups} signups ");
        assert!(said.starts_with(&start), "{said}");
        assert_in_words(&said);
        let said = steps::sentence(&rows, &options, "the 76 days before").unwrap();
        let none = "signups none went through all steps";
        assert!(said.contains(none), "{said}");
        assert_in_words(&said);
    }
}
