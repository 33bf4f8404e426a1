use super::*;
use crate::components::format::THIN_SPACE;

fn check(sentence: Option<String>, expected: &str) {
    let plain = sentence.map(|text| text.replace(THIN_SPACE, " "));
    assert_eq!(plain.as_deref(), Some(expected));
}

fn step(segment: &str, step: Step, entered: i64, reached: i64, still_in_window: i64) -> FunnelStep {
    let number = Step::ALL.iter().position(|other| *other == step).unwrap() as i64 + 1;
    FunnelStep {
        segment: segment.to_owned(),
        number,
        step: step.name().to_owned(),
        entered,
        reached,
        still_in_window,
        dropped: entered - reached - still_in_window,
        step_rate: Some(reached as f64 / entered as f64),
        overall_rate: Some(reached as f64 / 1_000.0),
        settled_overall_rate: None,
        previous_overall_rate: None,
        median_hours: None,
    }
}

fn funnel(segment: &str, paid: i64) -> Vec<FunnelStep> {
    vec![
        step(segment, Step::SignedUp, 1_000, 1_000, 0),
        step(segment, Step::Started, 1_000, 1_000, 0),
        step(segment, Step::Connected, 1_000, 400, 200),
        step(segment, Step::Reported, 400, 300, 20),
        step(segment, Step::Paid, 300, paid, 100),
    ]
}

#[test]
fn the_leak_is_found_among_those_whose_time_is_over() {
    let options = FunnelOptions::default();
    // 400 of the 800 whose time is over connected; 80 of 200 paid.
    check(
        steps(&funnel("all", 80), &options, ""),
        "Of 1,000 signups 80 went through all steps and paid within 60 days of the signup (8.0%); the largest drop-off is before \
         “first payment”: 60.0% of people whose window has closed never got there.",
    );
    let mut compared = funnel("all", 80);
    // Who still has time is not set against people who had all of it: .08 of all, but .12 of the settled.
    compared[4].settled_overall_rate = Some(0.12);
    compared[4].previous_overall_rate = Some(0.1);
    let told = steps(&compared, &options, "the 76 days before").unwrap();
    let told = told.replace(THIN_SPACE, " ");
    let change = "(8.0%), +20% on the 76 days before among those whose window has closed;";
    assert!(told.contains(change), "{told}");
    assert_eq!(steps(&[], &options, ""), None);
}

/// Of 37 signups all but two still had time, and the page named a drop-off of 0.0% and a change of −100%.
#[test]
fn nothing_is_ranked_or_compared_while_windows_are_open() {
    let options = FunnelOptions::default();
    let mut young = vec![
        step("all", Step::SignedUp, 37, 37, 0),
        step("all", Step::Started, 37, 37, 0),
        step("all", Step::Connected, 37, 6, 29),
        step("all", Step::Reported, 6, 4, 2),
        step("all", Step::Paid, 4, 1, 3),
    ];
    young[4].settled_overall_rate = Some(0.0);
    young[4].previous_overall_rate = Some(0.111);
    let told = steps(&young, &options, "the 65 days before").unwrap();
    assert!(
        !told.contains("drop-off") && !told.contains("65 days"),
        "{told}"
    );
    assert!(!page(&young, &options).unwrap().contains("drop-off"));
    // Nobody lost is no drop-off.
    let whole = [Step::SignedUp, Step::Started].map(|name| step("all", name, 100, 100, 0));
    assert!(!steps(&whole, &options, "").unwrap().contains("drop-off"));
}

#[test]
fn segments_are_ranked_by_the_last_step() {
    let rows = [funnel("email", 120), funnel("direct", 80)].concat();
    check(
        segments(&rows, Dimension::Channel),
        "Email converts best: 12.0% of 1,000 signups got as far as a payment. Direct: 8.0% of 1,000.",
    );
}

#[test]
fn times_are_told_in_fitting_units() {
    let bin = |number, people| TimeBin {
        number,
        time: String::new(),
        people,
        share: None,
        median_hours: Some(5.25),
        p90_hours: Some(240.0),
        holds_median: false,
    };
    check(
        times(&[bin(1, 30), bin(2, 70)], &FunnelOptions::default()),
        "Of 100 people who connected an integration, half did so within 5.2 h of signup and \
         nine in ten within 10.0 days.",
    );
    assert_eq!(times(&[bin(1, 0)], &FunnelOptions::default()), None);
}

#[test]
fn channels_that_overlap_are_not_ranked() {
    let row = |channel: &str, rate: f64, margin: f64| ChannelActivation {
        channel: channel.to_owned(),
        eligible: 100,
        activated: (rate * 100.0) as i64,
        rate: Some(rate),
        lower: Some(rate - margin),
        upper: Some(rate + margin),
        previous_rate: None,
        median_hours: None,
    };
    check(
        activation(&[row("referral", 0.5, 0.05), row("email", 0.25, 0.05)]),
        "37.5% of signups activate within seven days: 50.0% from Referral, but only 25.0% from Email.",
    );
    let close = activation(&[row("referral", 0.5, 0.1), row("email", 0.45, 0.1)]);
    assert!(close.unwrap().ends_with("cannot be told apart."));
}

#[test]
fn paths_are_summed_by_where_they_begin() {
    let link = |source_level, source: &str, target_level, target: &str, people| PathLink {
        source_level,
        source: source.to_owned(),
        target_level,
        target: target.to_owned(),
        people,
    };
    let rows = vec![
        link(1, "report_created", 2, "api_call", 30),
        link(1, "report_created", 4, "not_activated", 20),
        link(1, "nothing", 4, "not_activated", 50),
        link(4, "activated", 5, "paid", 15),
        link(4, "activated", 5, "not_paid", 15),
        link(4, "not_activated", 5, "not_paid", 70),
    ];
    check(
        paths(&rows),
        "50.0% start with “report created”, 50.0% only look around; 50.0% of activated \
         users pay, 0.0% of the others.",
    );
}

#[test]
fn models_are_judged_only_by_truth_that_is_shown() {
    let credit = |channel: &str, model: &str, share: f64, truth: Option<f64>| ChannelCredit {
        channel: channel.to_owned(),
        model: model.to_owned(),
        model_number: 1,
        conversions: share * 200.0,
        share: Some(share),
        true_share: truth,
        uplift: truth,
    };
    let rows = |truth: [Option<f64>; 2]| {
        vec![
            credit("email", "first_touch", 0.2, truth[0]),
            credit("email", "last_touch", 0.6, truth[0]),
            credit("direct", "first_touch", 0.7, truth[1]),
            credit("direct", "last_touch", 0.4, truth[1]),
        ]
    };
    check(
        attribution(&rows([None, None])),
        "It depends on the model: Email brings 60.0% of 200 first payments by last touch, 20.0% by \
         first touch.",
    );
    check(
        attribution(&rows([Some(0.5), Some(0.5)])),
        "Last touch is closest to what channels truly added, 10.0 points off on average. First \
         touch is furthest, at 25.0 points.",
    );
}

fn result(segment: &str, lower: f64, upper: f64, truth: Option<f64>) -> ExperimentResult {
    ExperimentResult {
        segment: segment.to_owned(),
        control_users: 500,
        treatment_users: 510,
        control_rate: Some(0.3),
        treatment_rate: Some(0.3 + (lower + upper) / 2.0),
        difference: Some((lower + upper) / 2.0),
        lower: Some(lower),
        upper: Some(upper),
        lift: Some(0.1),
        p_value: Some(0.03),
        srm_p_value: Some(0.5),
        true_difference: truth,
        true_lift: truth,
    }
}

#[test]
fn an_effect_is_claimed_only_when_the_interval_leaves_out_zero() {
    check(
        experiment(&[result("all", 0.01, 0.05, Some(0.045))]),
        "Yes: activation moved by +3.0 pp (+1.0 pp to +5.0 pp), +10% in relative terms; the \
         interval holds the planted +4.5 pp.",
    );
    let unclear = experiment(&[result("all", -0.01, 0.05, None)]).unwrap();
    assert!(unclear.starts_with("Inconclusive") && !unclear.contains("planted"));
}

#[test]
fn a_broken_split_is_said_first() {
    let mut rows = vec![
        result("all", 0.01, 0.05, None),
        result("1-10", 0.01, 0.2, None),
    ];
    let caption = experiment_caption(&rows, Dimension::Size);
    assert!(caption.starts_with("The split is balanced"), "{caption}");
    assert!(
        caption.contains("Of 1 segments 1–10 shows a clear effect"),
        "{caption}"
    );
    rows[0].srm_p_value = Some(0.0001);
    assert!(experiment_caption(&rows, Dimension::Size).starts_with("The split is broken"));
}
