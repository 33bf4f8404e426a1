//! Where nothing was, words say so.

use super::*;
use crate::dashboards::claims::assert_in_words;

#[test]
fn nobody_who_paid_is_none() {
    let options = FunnelOptions::default();
    for (signups, still_in_window) in [(14, 0), (14, 3), (120, 0), (120, 30)] {
        let step = |number, step: Step, reached| FunnelStep {
            segment: "all".to_owned(),
            number,
            step: step.name().to_owned(),
            entered: signups,
            reached,
            still_in_window,
            dropped: signups - reached - still_in_window,
            step_rate: Some(0.0),
            overall_rate: Some(0.0),
            settled_overall_rate: Some(0.0),
            previous_overall_rate: Some(0.2),
            median_hours: None,
        };
        let rows = [step(1, Step::SignedUp, signups), step(2, Step::Paid, 0)];
        let said = page(&rows, &options).unwrap();
        assert!(
            said.starts_with(&format!("None of {signups} signups ")),
            "{said}"
        );
        assert_in_words(&said);
        let said = steps(&rows, &options, "the 76 days before").unwrap();
        assert!(
            said.contains("signups none went through all steps"),
            "{said}"
        );
        assert_in_words(&said);
    }
}
