//! No claims from a handful.

use super::*;

fn steps_of(segment: &str, signups: i64, paid: i64) -> Vec<FunnelStep> {
    [Step::SignedUp, Step::Paid]
        .into_iter()
        .zip([(signups, signups), (signups, paid)])
        .zip(1..)
        .map(|((step, (entered, reached)), number)| FunnelStep {
            segment: segment.to_owned(),
            number,
            step: step.name().to_owned(),
            entered,
            reached,
            still_in_window: 0,
            dropped: entered - reached,
            step_rate: Some(reached as f64 / entered as f64),
            overall_rate: Some(reached as f64 / signups as f64),
            settled_overall_rate: None,
            previous_overall_rate: None,
            median_hours: None,
        })
        .collect()
}

fn segments_said(segments_of: &[(&str, i64, i64)]) -> String {
    let rows: Vec<FunnelStep> = segments_of
        .iter()
        .flat_map(|(segment, signups, paid)| steps_of(segment, *signups, *paid))
        .collect();
    segments(&rows, Dimension::Channel).unwrap()
}

#[test]
fn segments_of_few_people_are_not_compared() {
    assert_eq!(
        segments_said(&[("email", 14, 14), ("direct", 9, 0)]),
        "Too few people to compare: the largest segment has 14."
    );
    assert_eq!(
        segments_said(&[("email", 14, 14), ("direct", 100, 8)]),
        "Direct: 8.0% of 100 signups got as far as a payment."
    );
    assert_eq!(
        segments_said(&[("email", 100, 12), ("direct", 100, 8)]),
        "No clear difference: 8.0% to 12.0% of each segment’s signups got as far as a payment."
    );
    // Beside them a pale bar shows one in three.
    assert_eq!(
        segments_said(&[("email", 100, 12), ("direct", 100, 8), ("partner", 3, 1)]),
        "No clear difference: 8.0% to 12.0% of each larger segment’s signups got as far as a payment."
    );
}

#[test]
fn a_funnel_of_few_people_has_no_rate() {
    let options = FunnelOptions::default();
    let few = steps_of("all", 14, 3);
    assert_eq!(
        page(&few, &options).unwrap(),
        "3 of 14 signups go through all steps to a payment within 60 days: too few people for a rate."
    );
    assert!(
        steps(&few, &options, "")
            .unwrap()
            .ends_with("too few people for a rate.")
    );
}

#[test]
fn channels_of_few_people_are_not_ranked() {
    let row = |channel: &str, eligible, activated| ChannelActivation {
        channel: channel.to_owned(),
        eligible,
        activated,
        rate: Some(activated as f64 / eligible as f64),
        lower: None,
        upper: None,
        previous_rate: None,
        median_hours: None,
    };
    assert_eq!(
        activation(&[row("referral", 3, 3), row("email", 4, 0)]).unwrap(),
        "Too few people to compare: the largest channel has 4."
    );
    let said = activation(&[
        row("referral", 3, 3),
        row("email", 60, 40),
        row("direct", 60, 10),
    ]);
    let said = said.unwrap();
    assert!(
        said.contains("66.7% from Email, but only 16.7% from Direct"),
        "{said}"
    );
    let close = activation(&[
        row("referral", 3, 3),
        row("email", 60, 32),
        row("direct", 60, 30),
    ]);
    let close = close.unwrap();
    assert!(
        close.ends_with("The larger channels range from 50.0% to 53.3% and cannot be told apart."),
        "{close}"
    );
}

/// 3 of 3 against 0 of 4: p = .029, yet no effect is claimed.
#[test]
fn a_handful_shows_no_clear_effect() {
    let few = |segment: &str| ExperimentResult {
        segment: segment.to_owned(),
        control_users: 4,
        treatment_users: 3,
        control_rate: Some(0.0),
        treatment_rate: Some(1.0),
        difference: Some(1.0),
        lower: Some(0.25),
        upper: Some(1.0),
        lift: None,
        p_value: Some(0.029),
        srm_p_value: Some(0.7),
        true_difference: None,
        true_lift: None,
    };
    let rows = [few("all"), few("1-10")];
    let said = experiment(&rows).unwrap();
    assert!(said.starts_with("Too few people to tell"), "{said}");
    let caption = experiment_caption(&rows, Dimension::Size);
    assert_eq!(
        caption,
        "Too few people to check the split: 3 with the change and 4 without. No segment has enough \
         people to show an effect."
    );
}
