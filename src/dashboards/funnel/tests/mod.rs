//! What the page says, and whether its statements can be rendered.

mod handful;
mod nothing;
mod sentences;
mod statements;

use super::options::Step;
use crate::components::format::THIN_SPACE;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, ExperimentResult, FunnelStep, PathLink, TimeBin,
};

fn plain(said: Option<String>) -> String {
    said.unwrap().replace(THIN_SPACE, " ")
}

fn check(said: Option<String>, expected: &str) {
    assert_eq!(plain(said), expected);
}

/// A segment's steps: how many reached each, and how many have not and still have time.
fn funnel(segment: &str, steps: &[(Step, i64, i64)]) -> Vec<FunnelStep> {
    let mut entered = steps[0].1;
    let mut rows = Vec::new();
    for (number, (step, reached, still_in_window)) in (1..).zip(steps) {
        rows.push(FunnelStep {
            segment: segment.to_owned(),
            number,
            step: step.name().to_owned(),
            entered,
            reached: *reached,
            still_in_window: *still_in_window,
            dropped: entered - reached - still_in_window,
            step_rate: Some(*reached as f64 / entered as f64),
            overall_rate: Some(*reached as f64 / steps[0].1 as f64),
            settled_overall_rate: None,
            previous_overall_rate: None,
            median_hours: None,
        });
        entered = *reached;
    }
    rows
}

fn paid_of(segment: &str, signups: i64, paid: i64) -> Vec<FunnelStep> {
    funnel(
        segment,
        &[(Step::SignedUp, signups, 0), (Step::Paid, paid, 0)],
    )
}

fn channel(channel: &str, eligible: i64, activated: i64) -> ChannelActivation {
    ChannelActivation {
        channel: channel.to_owned(),
        eligible,
        activated,
        rate: Some(activated as f64 / eligible as f64),
        lower: None,
        upper: None,
        previous_rate: None,
        median_hours: None,
    }
}

fn bin(number: i64, people: i64) -> TimeBin {
    TimeBin {
        number,
        time: String::new(),
        people,
        share: None,
        median_hours: Some(5.25),
        p90_hours: Some(240.0),
        holds_median: false,
    }
}

fn link(source_level: i64, source: &str, target_level: i64, target: &str, people: i64) -> PathLink {
    PathLink {
        source_level,
        source: source.to_owned(),
        target_level,
        target: target.to_owned(),
        people,
    }
}

fn credit(channel: &str, model: &str, share: f64, truth: Option<f64>) -> ChannelCredit {
    ChannelCredit {
        channel: channel.to_owned(),
        model: model.to_owned(),
        model_number: 1,
        conversions: share * 200.0,
        share: Some(share),
        true_share: truth,
        uplift: truth,
    }
}

/// An effect between two ends, on so many without the change and with it.
fn result(
    segment: &str,
    users: [i64; 2],
    [lower, upper]: [f64; 2],
    truth: Option<f64>,
) -> ExperimentResult {
    let difference = (lower + upper) / 2.0;
    ExperimentResult {
        segment: segment.to_owned(),
        control_users: users[0],
        treatment_users: users[1],
        control_rate: Some(0.3),
        treatment_rate: Some(0.3 + difference),
        difference: Some(difference),
        lower: Some(lower),
        upper: Some(upper),
        lift: Some(0.1),
        p_value: Some(0.029),
        srm_p_value: Some(0.5),
        true_difference: truth,
        true_lift: truth,
    }
}
