//! No claims from a handful.

use super::super::options::FunnelOptions;
use super::super::panels::{activation, experiment, funnel as steps, funnel_segments};
use super::super::sentence::page;
use super::{channel, check, paid_of, plain, result};
use crate::state::filters::Dimension;

#[test]
fn segments_of_few_people_are_not_compared() {
    let check = |segments: &[(&str, i64, i64)], expected: &str| {
        let rows = segments.iter().flat_map(|of| paid_of(of.0, of.1, of.2));
        let rows: Vec<_> = rows.collect();
        check(
            funnel_segments::sentence(&rows, Dimension::Channel),
            expected,
        );
    };
    check(
        &[("email", 14, 14), ("direct", 9, 0)],
        "Too few people to compare: the largest segment has 14.",
    );
    check(
        &[("email", 14, 14), ("direct", 100, 8)],
        "Direct: 8.0% of 100 signups got as far as a payment.",
    );
    check(
        &[("email", 100, 12), ("direct", 100, 8)],
        "No clear difference: 8.0% to 12.0% of each segment’s signups got as far as a payment.",
    );
    // Beside them a pale bar shows one in three.
    check(
        &[("email", 100, 12), ("direct", 100, 8), ("partner", 3, 1)],
        "No clear difference: 8.0% to 12.0% of each larger segment’s signups got as far as a payment.",
    );
}

#[test]
fn a_funnel_of_few_people_has_no_rate() {
    let options = FunnelOptions::default();
    let few = paid_of("all", 14, 3);
    check(
        page(&few, &options),
        "3 of 14 signups go through all steps to a payment within 60 days: too few people for a rate.",
    );
    check(
        steps::sentence(&few, &options, ""),
        "Of 14 signups 3 went through all steps and paid within 60 days of the signup: too few people for a rate.",
    );
}

#[test]
fn channels_of_few_people_are_not_ranked() {
    let few = channel("referral", 3, 3);
    check(
        activation::sentence(&[few.clone(), channel("email", 4, 0)]),
        "Too few people to compare: the largest channel has 4.",
    );
    for (email, direct, expected) in [
        (40, 10, ": 66.7% from Email, but only 16.7% from Direct."),
        (
            32,
            30,
            ". The larger channels range from 50.0% to 53.3% and cannot be told apart.",
        ),
    ] {
        let rows = [
            few.clone(),
            channel("email", 60, email),
            channel("direct", 60, direct),
        ];
        let said = plain(activation::sentence(&rows));
        assert!(said.ends_with(expected), "{said}");
    }
}

/// 3 of 3 against 0 of 4: p = .029, yet no effect is claimed.
#[test]
fn a_handful_shows_no_clear_effect() {
    let rows = ["all", "1-10"].map(|segment| result(segment, [4, 3], [0.25, 1.0], None));
    let said = plain(experiment::sentence(&rows));
    assert!(said.starts_with("Too few people to tell"), "{said}");
    check(
        Some(experiment::caption(&rows, Dimension::Size)),
        "Too few people to check the split: 3 with the change and 4 without. No segment has enough \
         people to show an effect.",
    );
}
