//! Charts, tooltips and clicks of Product adoption, from representative rows.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod panels;

use chrono::{Days, Months, NaiveDate};
use metricflow::components::chart_spec::ChartMark;
use metricflow::components::theme::{DARK, LIGHT};
use metricflow::dashboards::adoption::options::{By, Within};
use metricflow::dashboards::adoption::panels::adoption_curves::AdoptionCurves;
use metricflow::dashboards::adoption::panels::adoption_curves_since_start::SinceStart;
use metricflow::dashboards::adoption::panels::feature_groups::{self, FeatureGroups};
use metricflow::dashboards::adoption::panels::power_users::PowerUsers;
use metricflow::dashboards::adoption::panels::rfm::Rfm;
use metricflow::dashboards::adoption::panels::segment_map::SegmentMap;
use metricflow::dashboards::adoption::panels::segment_profiles::SegmentProfiles;
use metricflow::dashboards::adoption::panels::stickiness::Stickiness;
use metricflow::dashboards::adoption::panels::time_to_adopt::TimeToAdopt;
use metricflow::dashboards::claims::PALE;
use metricflow::dashboards::plot::Figure;
use metricflow::results::adoption::{
    ActiveDays, FeatureAge, FeatureGroup, FeatureWeek, MapPoint, RfmSegment, SegmentProfile,
    StickinessMonth, TimeToAdopt as FeatureTime,
};
use metricflow::state::filters::Dimension;

use panels::{at, behind, date, drawn, told_of as told};

/// Three weeks; Exports were launched in the second.
fn weeks() -> Vec<FeatureWeek> {
    let row = |feature: &str, category: &str, place: u64, users| FeatureWeek {
        week: date(2025, 12, 8) + Days::new(7 * place),
        feature: feature.to_owned(),
        category: category.to_owned(),
        users,
        active_users: 100,
        rate: users as f64 / 100.0,
    };
    vec![
        row("API", "automation", 0, 20),
        row("API", "automation", 1, 18),
        row("API", "automation", 2, 16),
        row("Exports", "teamwork", 1, 30),
        row("Exports", "teamwork", 2, 31),
    ]
}

fn ages() -> Vec<FeatureAge> {
    let row = |(feature, weeks, adopters): (&str, i64, i64)| FeatureAge {
        feature: feature.to_owned(),
        category: "analysis".to_owned(),
        weeks,
        adopters,
        eligible: 80,
        rate: adopters as f64 / 80.0,
    };
    let rows = [
        ("API", 0, 8),
        ("API", 1, 10),
        ("Maps", 0, 4),
        ("Maps", 1, 40),
    ];
    rows.map(row).to_vec()
}

fn groups() -> Vec<FeatureGroup> {
    let rows = [
        ("API", "everyone", 20, 150),
        ("API", "starter", 2, 4),
        ("Maps", "everyone", 120, 150),
        ("Maps", "starter", 4, 4),
    ];
    let row = |(feature, group, users, active_users): (&str, &str, i64, i64)| FeatureGroup {
        feature: feature.to_owned(),
        group: group.to_owned(),
        users,
        active_users,
        rate: users as f64 / active_users as f64,
    };
    rows.map(row).to_vec()
}

fn habit(users: i64) -> Vec<ActiveDays> {
    let days = (1..=28).step_by(5);
    days.map(|days| ActiveDays { days, users }).collect()
}

/// Months up to the one given; nobody of Enterprise came in the second of them.
fn sticky(months: u32, last: NaiveDate) -> Vec<StickinessMonth> {
    let of = |group: &'static str, users: i64| {
        (0..months).map(move |place| StickinessMonth {
            month: last - Months::new(months - 1 - place),
            group: group.to_owned(),
            active_days: 600,
            days: 31,
            users: users + i64::from(place),
            stickiness: 0.2 + users as f64 / 1_000.0,
        })
    };
    let gap = last - Months::new(months.saturating_sub(2));
    let enterprise = of("enterprise", 10).filter(|row| row.month != gap);
    let all = of("everyone", 100).chain(enterprise);
    all.chain(of("starter", 60)).collect()
}

fn times(median: f64) -> Vec<FeatureTime> {
    let row = |feature: &str, adopters| FeatureTime {
        key: feature.to_lowercase(),
        feature: feature.to_owned(),
        category: "analysis".to_owned(),
        eligible: 200,
        adopters,
        share: adopters as f64 / 200.0,
        quarter: Some(1.0),
        median: Some(median),
        three_quarters: Some(4.0),
    };
    vec![row("Maps", 60), row("API", 3)]
}

fn points() -> Vec<MapPoint> {
    let row = |(user_id, segment): (i64, &str)| MapPoint {
        user_id,
        segment: segment.to_owned(),
        x: user_id as f64 / 7.0,
        y: -1.5,
    };
    let rows = [(1, "Readers"), (2, "Builders"), (3, "Readers")];
    rows.map(row).to_vec()
}

fn profiles() -> Vec<SegmentProfile> {
    let row = |(segment, users, times): (&str, i64, f64)| SegmentProfile {
        segment: segment.to_owned(),
        users,
        active_days: 5.0 * times,
        core_actions: 5.0,
        events: 100.0,
        navigation: 0.2,
        analysis: 0.2 * times,
        automation: 0.0,
        teamwork: 0.2,
        administration: 0.2,
        paying: 0.3,
        mrr_cents: 1_000.0 * times,
    };
    let rows = [
        ("everyone", 100, 1.0),
        ("Builders and planners", 60, 0.2),
        ("Readers", 40, 4.0),
    ];
    rows.map(row).to_vec()
}

fn customers() -> Vec<RfmSegment> {
    let row = |(segment, customers, mrr_cents): (&str, i64, i64)| RfmSegment {
        segment: segment.to_owned(),
        customers,
        mrr_cents,
        recency_days: 1.25,
        frequency_days: 40.0,
        monetary_cents: 500_000.0,
    };
    let rows = [
        ("cannot_lose", 25, 465_000),
        ("loyal", 4, 30_000),
        ("hibernating", 12, 0),
    ];
    rows.map(row).to_vec()
}

const BY: By = By(Dimension::Plan);

fn of_weeks() -> Figure {
    drawn::<AdoptionCurves>((weeks(), Vec::new()), "", &(), &LIGHT)
}

fn of_ages() -> Figure {
    drawn::<SinceStart>((ages(), Vec::new()), "", &(), &LIGHT)
}

fn of_groups(before: Vec<FeatureGroup>) -> Figure {
    drawn::<FeatureGroups>((groups(), before), "", &BY, &LIGHT)
}

fn of_habit(before: Vec<ActiveDays>) -> Figure {
    drawn::<PowerUsers>((habit(20), before), "", &(), &LIGHT)
}

fn of_sticky(months: u32) -> Figure {
    let rows = sticky(months, date(2025, 12, 1));
    let before = sticky(months, date(2024, 12, 1));
    drawn::<Stickiness>((rows, before), "", &BY, &LIGHT)
}

fn of_times(before: Vec<FeatureTime>) -> Figure {
    drawn::<TimeToAdopt>((times(2.0), before), "", &Within(30), &LIGHT)
}

fn of_points() -> Figure {
    drawn::<SegmentMap>((points(), Vec::new()), "", &(), &LIGHT)
}

fn of_profiles() -> Figure {
    drawn::<SegmentProfiles>((profiles(), Vec::new()), "", &(), &LIGHT)
}

fn of_customers(is_narrow: bool) -> Figure {
    drawn::<Rfm>((customers(), Vec::new()), "", &is_narrow, &DARK)
}

#[test]
fn charts_are_drawn_as_before() {
    let figures = [
        ("adoption_curves", of_weeks()),
        ("adoption_curves_since_start", of_ages()),
        ("feature_groups", of_groups(Vec::new())),
        ("power_users_compared", of_habit(habit(12))),
        ("stickiness_compared", of_sticky(3)),
        ("stickiness_of_a_month", of_sticky(1)),
        ("time_to_adopt_compared", of_times(times(3.0))),
        ("segment_map", of_points()),
        ("segment_profiles", of_profiles()),
        ("rfm_dark", of_customers(false)),
    ];
    for (name, figure) in figures {
        insta::assert_json_snapshot!(name, figure.chart);
    }
}

#[test]
fn no_chart_fails_without_rows() {
    let figures = [
        drawn::<AdoptionCurves>(Default::default(), "", &(), &LIGHT),
        drawn::<SinceStart>(Default::default(), "", &(), &LIGHT),
        drawn::<FeatureGroups>((Vec::new(), groups()), "", &BY, &LIGHT),
        drawn::<PowerUsers>((Vec::new(), habit(1)), "", &(), &LIGHT),
        drawn::<Stickiness>(Default::default(), "", &BY, &LIGHT),
        drawn::<TimeToAdopt>((Vec::new(), times(2.0)), "", &Within(30), &LIGHT),
        drawn::<SegmentMap>(Default::default(), "", &(), &LIGHT),
        drawn::<SegmentProfiles>(Default::default(), "", &(), &LIGHT),
        drawn::<Rfm>(Default::default(), "", &false, &LIGHT),
    ];
    for figure in figures {
        assert_eq!(told(&figure, Some(0), 0), "");
        assert!(figure.marks.is_empty());
    }
}

#[test]
fn tooltips_write_the_same_figures() {
    let check = |figure: Figure, series, index, expected: &str| {
        assert_eq!(told(&figure, series, index), expected);
    };
    check(
        of_weeks(),
        None,
        2,
        "Week of 22 Dec 2025; Exports 31.0%; API 16.0%; Active users 100",
    );
    check(
        of_weeks(),
        None,
        0,
        "Week of 8 Dec 2025; API 20.0%; Active users 100",
    );
    check(
        of_ages(),
        None,
        0,
        "On the first day; API 10.0%; Maps 5.0%; Users observed 80",
    );
    check(
        of_ages(),
        Some(1),
        1,
        "Within a week; Maps 50.0%; API 12.5%; Users observed 80",
    );
    check(
        of_groups(groups()),
        Some(0),
        0,
        "API, everyone; Users of the feature 20; 95% interval 8.8% to 19.7%; Active users 150; \
         Share 13.3%; Period before 13.3%",
    );
    check(
        of_habit(habit(12)),
        None,
        0,
        "1 day of 28; Users 20; Period before 12; Share 16.7%; On at least as many days 100.0%",
    );
    check(
        of_habit(Vec::new()),
        None,
        5,
        "26 days of 28; Users 20; Share 16.7%; On at least as many days 16.7%",
    );
    check(
        of_sticky(3),
        None,
        1,
        "November 2025; Everyone 30.0%; Starter 26.0%; Everyone, November 2024 30.0%; \
         Active users 101",
    );
    check(
        of_sticky(1),
        None,
        0,
        "December 2025; Everyone 30.0%; Starter 26.0%; \
         Everyone, December 2024 30.0%; Active users 100",
    );
    // Counted from the bottom, as ECharts does.
    check(
        of_times(times(3.0)),
        None,
        1,
        "Maps; Eligible users 200; Adopted within 30 days 60; Share 30.0%; \
         95% interval 24.1% to 36.7%; A quarter within a day; Half adopted within 2 days; \
         Three quarters within 4 days; Share, period before 30.0%; \
         Half within, period before 3 days",
    );
    check(
        of_points(),
        Some(1),
        1,
        "User 3; Readers ; First component 0.43; Second component −1.50",
    );
    check(
        of_profiles(),
        Some(0),
        0,
        "Builders and planners: navigation; Segment 20.0%; Everyone 20.0%; Users 60",
    );
    let tile = ChartMark {
        name: "Can’t lose".to_owned(),
        ..ChartMark::default()
    };
    let customers = of_customers(false);
    let tooltip = (customers.tooltip)(&tile).unwrap();
    assert_eq!(tooltip.heading, "Can’t lose");
    assert_eq!(tooltip.lines[2].value, "25 of 41");
    assert_eq!((customers.mark_at)(&tile), Some(0));
}

/// A click reaches the row that is drawn there: whichever way bars run, and where a line has gaps.
#[test]
fn places_on_a_chart_are_rows_again() {
    let check = |figure: &Figure, series, index, expected: Option<&str>| {
        assert_eq!(at(figure, series, index).as_deref(), expected);
    };
    // A curve is one mark, of its last week.
    let weeks = of_weeks();
    check(&weeks, Some(1), 0, Some("2025-12-22.exports"));
    check(&weeks, Some(0), 2, Some("2025-12-22.api"));
    check(&weeks, Some(2), 0, None);
    check(&weeks, None, 1, None);
    check(&of_ages(), Some(1), 0, Some("within-1-weeks.maps"));
    // Cells stand in two series, and people are few in pale ones.
    let groups = of_groups(Vec::new());
    check(&groups, Some(0), 2, Some("maps.starter"));
    check(&groups, Some(1), 0, Some("maps.everyone"));
    check(&groups, Some(1), 1, None);
    assert!(groups.marks[0].filter.is_none() && groups.marks[1].filter.is_some());
    check(&of_habit(Vec::new()), Some(0), 3, Some("days-16"));
    let sticky = of_sticky(3);
    check(&sticky, Some(1), 2, Some("2025-12.enterprise"));
    check(&sticky, Some(1), 1, None);
    check(&sticky, None, 1, None);
    // The newest month comes first.
    assert_eq!(sticky.marks[0].key, "2025-12.everyone");
    assert_eq!(sticky.marks.len(), 8);
    let times = of_times(Vec::new());
    check(&times, Some(1), 0, Some("api"));
    check(&times, None, 1, Some("maps"));
    check(&of_points(), Some(1), 0, Some("readers"));
    // A cell reaches its segment.
    let profiles = of_profiles();
    assert_eq!(profiles.marks.len(), 2);
    let drawn = serde_json::to_value(&profiles.chart).unwrap();
    let last = drawn["series"][0]["data"].as_array().unwrap().len() - 1;
    check(&profiles, Some(0), 0, Some("builders-and-planners"));
    check(&profiles, Some(0), last, Some("readers"));
}

/// Rows behind a mark are asked for with the filters, each from a file of its own.
#[test]
fn each_mark_has_a_statement() {
    for figure in [
        of_weeks(),
        of_ages(),
        of_groups(Vec::new()),
        of_habit(Vec::new()),
        of_sticky(3),
        of_times(Vec::new()),
        of_points(),
        of_profiles(),
        of_customers(false),
    ] {
        let count = figure.marks.len();
        let statements = behind(figure);
        assert_eq!(statements.len(), count);
        for statement in statements {
            assert!(!statement.contains("select error("), "{statement}");
        }
    }
}

#[test]
fn cells_of_few_people_are_pale_and_set_no_scale() {
    let shades = |rows: &[FeatureGroup]| feature_groups::shades(rows);
    let rows = groups();
    assert_eq!(shades(&rows[2..]), [1.0, PALE]);
    assert_eq!(shades(&rows[3..]), [PALE]);
}

#[test]
fn bars_of_few_people_are_pale() {
    let drawn = serde_json::to_value(of_times(Vec::new()).chart).unwrap();
    let opacity = |place: usize| drawn["series"][1]["data"][place]["itemStyle"]["opacity"].as_f64();
    // ECharts counts from the bottom.
    assert_eq!([opacity(0), opacity(1)], [Some(0.45 * PALE), Some(0.45)]);
}

/// "$4.65…" stood on a tile of a telephone.
#[test]
fn figures_have_lines_of_their_own_where_tiles_are_small() {
    let text = |is_narrow| {
        let option = serde_json::to_value(of_customers(is_narrow).chart).unwrap();
        option.pointer("/dataset/0/source/0/4").cloned().unwrap()
    };
    assert_eq!(text(false), "Can’t lose\n$4.65k · 25");
    assert_eq!(text(true), "Can’t lose\n$4.65k\n25");
}
