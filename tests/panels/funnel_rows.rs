//! Representative rows of Funnel diagnostics.

use metricflow::dashboards::funnel::options::Step;
use metricflow::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};

/// A segment's five steps: 1,000 times `scale` signups, of which some still have time.
pub(crate) fn steps_of(segment: &str, scale: f64, is_compared: bool) -> Vec<FunnelStep> {
    let of = |count: f64| (count * scale) as i64;
    let steps = [
        (Step::SignedUp, 1_000.0, 1_000.0, 0.0),
        (Step::Started, 1_000.0, 900.0, 60.0),
        (Step::Connected, 900.0, 400.0, 200.0),
        (Step::Reported, 400.0, 300.0, 20.0),
        (Step::Paid, 300.0, 80.0, 100.0),
    ];
    let steps = (1..).zip(steps);
    steps
        .map(|(number, (step, entered, reached, open))| FunnelStep {
            segment: segment.to_owned(),
            number,
            step: step.name().to_owned(),
            entered: of(entered),
            reached: of(reached),
            still_in_window: of(open),
            dropped: of(entered - reached - open),
            step_rate: Some(reached / entered),
            overall_rate: Some(reached / 1_000.0),
            settled_overall_rate: is_compared.then_some(reached / 900.0),
            previous_overall_rate: (is_compared && number > 1).then_some(reached / 950.0),
            median_hours: (number > 2).then_some(5.25 * number as f64),
        })
        .collect()
}

/// Three channels and a value that is none; the last are of few people.
pub(crate) fn segments(is_compared: bool) -> Vec<FunnelStep> {
    [("email", 1.0), ("direct", 0.5), ("partner", 0.012)]
        .into_iter()
        .flat_map(|(channel, scale)| steps_of(channel, scale, is_compared))
        .collect()
}

/// Four bins, of which one is empty.
pub(crate) fn bins(scale: i64) -> Vec<TimeBin> {
    let times = ["< 1 h", "1–3 h", "3–6 h", "6–12 h"];
    let people = [30, 50, 0, 20].map(|people| people * scale);
    let bins = (1..).zip(times).zip(people);
    bins.map(|((number, time), people)| TimeBin {
        number,
        time: time.to_owned(),
        people,
        share: Some(people as f64 / (100 * scale) as f64 + scale as f64 / 100.0),
        median_hours: Some(2.0),
        p90_hours: Some(8.0),
        holds_median: number == 2,
    })
    .collect()
}

/// Three channels, of which one has few people and one nobody.
pub(crate) fn channels(is_compared: bool) -> Vec<ChannelActivation> {
    let row = |channel: &str, eligible: i64, activated: i64| {
        let rate = (eligible > 0).then(|| activated as f64 / eligible as f64);
        ChannelActivation {
            channel: channel.to_owned(),
            eligible,
            activated,
            rate,
            lower: rate.map(|rate| rate - 0.1),
            upper: rate.map(|rate| rate + 0.1),
            previous_rate: rate.filter(|_| is_compared).map(|rate| rate + 0.05),
            median_hours: rate.map(|_| 20.0),
        }
    };
    vec![
        row("referral", 200, 110),
        row("email", 12, 3),
        row("direct", 100, 20),
        row("partner", 0, 0),
    ]
}

/// Paths of three levels, their outcomes and payments.
pub(crate) fn links() -> Vec<PathLink> {
    let links = [
        (1, "report_created", 2, "api_call", 30),
        (1, "report_created", 4, "not_activated", 20),
        (1, "nothing", 4, "not_activated", 50),
        (2, "api_call", 3, "other", 30),
        (3, "other", 4, "activated", 30),
        (4, "activated", 5, "paid", 15),
        (4, "activated", 5, "not_paid", 15),
        (4, "not_activated", 5, "not_paid", 70),
    ];
    let links = links.into_iter();
    links
        .map(
            |(source_level, source, target_level, target, people)| PathLink {
                source_level,
                source: source.to_owned(),
                target_level,
                target: target.to_owned(),
                people,
            },
        )
        .collect()
}

/// Two channels by all seven models; one share of the second cannot be computed.
pub(crate) fn credits(has_truth: bool) -> Vec<ChannelCredit> {
    let models = [
        "first_touch",
        "last_touch",
        "linear",
        "position",
        "time_decay",
        "markov",
        "shapley",
    ];
    let channels = [("direct", 0.3), ("email", 0.5), ("partner", 0.0)].into_iter();
    let credits = channels.flat_map(|(channel, share)| {
        (1..).zip(models).map(move |(model_number, model)| {
            let share = share + 0.02 * f64::from(model_number);
            ChannelCredit {
                channel: channel.to_owned(),
                model: model.to_owned(),
                model_number: i64::from(model_number),
                conversions: if channel == "partner" {
                    0.0
                } else {
                    share * 200.0
                },
                share: (channel != "partner" && (channel, model) != ("direct", "linear"))
                    .then_some(share),
                true_share: (has_truth && channel != "partner").then_some(0.4),
                uplift: has_truth.then_some(0.25),
            }
        })
    });
    credits.collect()
}

/// Everyone and three segments; nothing is known of the second.
pub(crate) fn results(has_truth: bool) -> Vec<ExperimentResult> {
    let row = |segment: &str, users: i64, difference: Option<f64>| ExperimentResult {
        segment: segment.to_owned(),
        control_users: users,
        treatment_users: users + 10,
        control_rate: Some(0.3),
        treatment_rate: difference.map(|difference| 0.3 + difference),
        difference,
        lower: difference.map(|difference| difference - 0.04),
        upper: difference.map(|difference| difference + 0.04),
        lift: difference.map(|difference| difference / 0.3),
        p_value: difference.map(|_| 0.03),
        srm_p_value: Some(0.5),
        true_difference: has_truth.then_some(0.045),
        true_lift: has_truth.then_some(0.15),
    };
    vec![
        row("all", 500, Some(0.05)),
        row("1-10", 0, None),
        row("11-50", 100, Some(-0.01)),
        row("1000+", 300, Some(0.08)),
    ]
}

/// Two people who dropped, of thirty.
pub(crate) fn people() -> Vec<DroppedPerson> {
    let person = |user_id, name: &str, active_days| DroppedPerson {
        user_id,
        full_name: name.to_owned(),
        signed_up: super::date(2025, 3, 1),
        people: 30,
        still_active: 1,
        active_days,
    };
    vec![person(1, "Ada", 12), person(2, "Grace", 0)]
}
