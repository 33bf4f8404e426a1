//! What is said of many.

use super::super::options::{FunnelOptions, Step};
use super::super::panels::{
    activation, attribution, experiment, funnel as steps, funnel_segments, paths, time_to_convert,
};
use super::super::sentence::page;
use super::{bin, channel, check, credit, funnel, link, plain, result};
use crate::results::funnel::FunnelStep;
use crate::state::filters::Dimension;

/// Of each step those who reached it and those who still can.
fn all_steps(segment: &str, counts: [(i64, i64); 5]) -> Vec<FunnelStep> {
    let steps = Step::ALL.into_iter().zip(counts);
    let steps: Vec<_> = steps.map(|(step, of)| (step, of.0, of.1)).collect();
    funnel(segment, &steps)
}

/// 400 of the 800 whose time is over connected; 80 of 200 paid.
fn usual(segment: &str, paid: i64) -> Vec<FunnelStep> {
    let counts = [(1_000, 0), (1_000, 0), (400, 200), (300, 20), (paid, 100)];
    all_steps(segment, counts)
}

#[test]
fn the_leak_is_found_among_those_whose_time_is_over() {
    let options = FunnelOptions::default();
    check(
        steps::sentence(&usual("all", 80), &options, ""),
        "Of 1,000 signups 80 went through all steps and paid within 60 days of the signup (8.0% so far); the largest drop-off is before \
         “first payment”: 60.0% of people whose window has closed never got there.",
    );
    check(
        page(&usual("all", 80), &options),
        "8.0% of signups went through all steps to a payment within 60 days so far; the largest drop-off is before “first payment”.",
    );
    let mut compared = usual("all", 80);
    // Who still has time is not set against people who had all of it: .08 of all, but .12 of the settled.
    compared[4].settled_overall_rate = Some(0.12);
    compared[4].previous_overall_rate = Some(0.1);
    let said = plain(steps::sentence(&compared, &options, "the 76 days before"));
    let change = "(8.0% so far), +20% on the 76 days before among those whose window has closed;";
    assert!(said.contains(change), "{said}");
    assert_eq!(steps::sentence(&[], &options, ""), None);
}

/// Of 37 signups all but two still had time, and the page named a drop-off of 0.0% and a change of −100%.
#[test]
fn nothing_is_ranked_or_compared_while_windows_are_open() {
    let options = FunnelOptions::default();
    let counts = [(37, 0), (37, 0), (6, 29), (4, 2), (1, 3)];
    let mut young = all_steps("all", counts);
    young[4].settled_overall_rate = Some(0.0);
    young[4].previous_overall_rate = Some(0.111);
    // Nobody lost is no drop-off.
    let whole = funnel("all", &[(Step::SignedUp, 100, 0), (Step::Started, 100, 0)]);
    for rows in [young, whole] {
        let said = plain(steps::sentence(&rows, &options, "the 65 days before"));
        let page = plain(page(&rows, &options));
        assert!(!said.contains("65 days"), "{said}");
        assert!(!said.contains("drop-off") && !page.contains("drop-off"));
    }
}

#[test]
fn segments_are_ranked_by_the_last_step() {
    let rows = [usual("email", 120), usual("direct", 80)].concat();
    check(
        funnel_segments::sentence(&rows, Dimension::Channel),
        "Email converts best: 12.0% of 1,000 signups got as far as a payment. Direct: 8.0% of 1,000.",
    );
}

#[test]
fn times_are_told_in_fitting_units() {
    let options = FunnelOptions::default();
    check(
        time_to_convert::sentence(&[bin(1, 30), bin(2, 70)], &options),
        "Of 100 people who connected an integration, half did so within 5.2 h of signup and \
         nine in ten within 10.0 days.",
    );
    assert_eq!(time_to_convert::sentence(&[bin(1, 0)], &options), None);
}

#[test]
fn channels_that_overlap_are_not_ranked() {
    check(
        activation::sentence(&[channel("referral", 100, 50), channel("email", 100, 25)]),
        "37.5% of signups activate within seven days: 50.0% from Referral, but only 25.0% from Email.",
    );
    let close = [channel("referral", 100, 50), channel("email", 100, 45)];
    assert!(plain(activation::sentence(&close)).ends_with("cannot be told apart."));
}

#[test]
fn paths_are_summed_by_where_they_begin() {
    let rows = [
        link(1, "report_created", 2, "api_call", 30),
        link(1, "report_created", 4, "not_activated", 20),
        link(1, "nothing", 4, "not_activated", 50),
        link(4, "activated", 5, "paid", 15),
        link(4, "activated", 5, "not_paid", 15),
        link(4, "not_activated", 5, "not_paid", 70),
    ];
    check(
        paths::sentence(&rows),
        "50.0% start with “report created”, 50.0% only look around; 50.0% of activated \
         users pay, 0.0% of the others.",
    );
}

#[test]
fn models_are_judged_only_by_truth_that_is_shown() {
    let check = |truth: Option<f64>, expected: &str| {
        let rows = [
            credit("email", "first_touch", 0.2, truth),
            credit("email", "last_touch", 0.6, truth),
            credit("direct", "first_touch", 0.7, truth),
            credit("direct", "last_touch", 0.4, truth),
        ];
        check(attribution::sentence(&rows), expected);
    };
    check(
        None,
        "It depends on the model: Email brings 60.0% of 200 first payments by last touch, 20.0% by \
         first touch.",
    );
    check(
        Some(0.5),
        "Last touch is closest to what channels truly added, 10.0 points off on average. First \
         touch is furthest, at 25.0 points.",
    );
}

#[test]
fn an_effect_is_claimed_only_when_the_interval_leaves_out_zero() {
    let all = |ends, truth| [result("all", [500, 510], ends, truth)];
    check(
        experiment::sentence(&all([0.01, 0.05], Some(0.045))),
        "Yes: activation moved by +3.0 pp (+1.0 pp to +5.0 pp), +10% in relative terms; the \
         interval holds the planted +4.5 pp.",
    );
    let unclear = plain(experiment::sentence(&all([-0.01, 0.05], None)));
    assert!(unclear.starts_with("Inconclusive") && !unclear.contains("planted"));
}

#[test]
fn a_broken_split_is_said_first() {
    let segments = [("all", 0.05), ("1-10", 0.2)];
    let mut rows =
        segments.map(|(segment, upper)| result(segment, [500, 510], [0.01, upper], None));
    let caption = experiment::caption(&rows, Dimension::Size);
    assert!(caption.starts_with("The split is balanced"), "{caption}");
    assert!(
        caption.contains("Of 1 segments 1–10 shows a clear effect"),
        "{caption}"
    );
    rows[0].srm_p_value = Some(0.0001);
    assert!(experiment::caption(&rows, Dimension::Size).starts_with("The split is broken"));
}
