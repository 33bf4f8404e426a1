use super::super::marks;
use super::*;
use crate::dashboards::marks::PanelMark;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};

fn rows_behind(marks: Vec<PanelMark>) -> impl Iterator<Item = String> {
    { marks.into_iter() }.filter_map(|mark| Some(mark.rows?.sql.text()))
}

fn of_everyone(step: Step) -> FunnelStep {
    FunnelStep {
        segment: "all".to_owned(),
        number: 1,
        step: step.name().to_owned(),
        entered: 9,
        reached: 3,
        still_in_window: 3,
        dropped: 3,
        step_rate: None,
        overall_rate: None,
        settled_overall_rate: None,
        previous_overall_rate: None,
        median_hours: None,
    }
}

fn path_links() -> Vec<PathLink> {
    let links = [
        (1, "it's", 2, "other"),
        (1, "other", 4, "activated"),
        (2, "other", 3, "nothing"),
        (4, "activated", 5, "paid"),
        (4, "not_activated", 5, "not_paid"),
    ];
    links
        .map(|(source_level, source, target_level, target)| PathLink {
            source_level,
            source: source.to_owned(),
            target_level,
            target: target.to_owned(),
            people: 3,
        })
        .to_vec()
}

fn participants(segment: &str) -> ExperimentResult {
    ExperimentResult {
        segment: segment.to_owned(),
        control_users: 9,
        treatment_users: 9,
        control_rate: None,
        treatment_rate: None,
        difference: None,
        lower: None,
        upper: None,
        lift: None,
        p_value: None,
        srm_p_value: None,
        true_difference: None,
        true_lift: None,
    }
}

/// A fault of a statement's file would else be seen in the browser alone.
#[test]
fn every_statement_can_be_rendered() {
    let day = |text: &str| text.parse().unwrap();
    let everyone = Filters::new(day("2022-01-01"), day("2025-12-15"));
    let some = everyone.clone().toggled(Dimension::Plan, "starter");
    let mut compared = some.clone();
    compared.compare = true;
    let bin = TimeBin {
        number: 2,
        time: "1–3 h".to_owned(),
        people: 3,
        share: None,
        median_hours: None,
        p90_hours: None,
        holds_median: false,
    };
    let person = DroppedPerson {
        user_id: 1,
        full_name: "Ada".to_owned(),
        signed_up: day("2025-01-01"),
        people: 3,
        still_active: 0,
        active_days: 0,
    };
    let channel = ChannelActivation {
        channel: "it's".to_owned(),
        eligible: 9,
        activated: 3,
        rate: None,
        lower: None,
        upper: None,
        previous_rate: None,
        median_hours: None,
    };
    let credit = ChannelCredit {
        channel: "it's".to_owned(),
        model: "last_touch".to_owned(),
        model_number: 2,
        conversions: 3.0,
        share: None,
        true_share: None,
        uplift: None,
    };
    let mut all = Vec::new();
    for filters in [everyone, some, compared] {
        for has_truth in [false, true] {
            let options = &FunnelOptions {
                has_truth,
                ..FunnelOptions::default()
            };
            all.extend([
                attribution(&filters, options),
                experiment(&filters, options),
            ]);
        }
        let options = &FunnelOptions::default();
        all.extend([
            steps(&filters, options),
            segments(&filters, options),
            times(&filters, options),
            dropped(&filters, options),
            activation(&filters),
            paths(&filters),
        ]);
        let steps = Step::ALL.map(of_everyone);
        let people = [participants("all"), participants("it's")];
        for marks in [
            marks::steps(&steps, &filters, options),
            marks::segments(&steps, &filters, options),
            marks::times(&[bin.clone()], &filters, options),
            marks::dropped(&[person.clone()], &filters, options),
            marks::activation(&[channel.clone()], &filters),
            marks::paths(&path_links(), &filters),
            marks::attribution(&[credit.clone()], &filters),
            marks::experiment(&people, &filters, options),
        ] {
            all.extend(rows_behind(marks));
        }
    }
    assert_eq!(all.len(), 3 * (4 + 6 + 15 + 5 + 1 + 1 + 1 + 5 + 1 + 2));
    for sql in all {
        assert!(!sql.starts_with("select error("), "{sql}");
    }
}
