//! Charts, tooltips and answers of Executive growth and Revenue deep-dive, from representative rows.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod panels;

use chrono::{Months, NaiveDate};
use metricflow::components::chart_spec::ChartMark;
use metricflow::components::format::THIN_SPACE;
use metricflow::components::running;
use metricflow::components::theme::{DARK, LIGHT};
use metricflow::dashboards::compared::Against;
use metricflow::dashboards::declared::Source;
use metricflow::dashboards::executive::drivers::TREE;
use metricflow::dashboards::executive::panels::active_users::AudienceDay;
use metricflow::dashboards::executive::panels::active_users::{self, ActiveUsers, Forecast};
use metricflow::dashboards::executive::panels::drivers::NorthStarDay;
use metricflow::dashboards::executive::panels::drivers::{self, Drivers};
use metricflow::dashboards::executive::panels::headline::Headline;
use metricflow::dashboards::executive::panels::headline::HeadlineMonth;
use metricflow::dashboards::executive::panels::movements::MovementMonth;
use metricflow::dashboards::executive::panels::movements::{self, Movements};
use metricflow::dashboards::executive::panels::mrr::{self, Mrr, Unusual};
use metricflow::dashboards::executive::panels::mrr::{PlanMonth, UnusualDay};
use metricflow::dashboards::executive::panels::signups::{self, Signups};
use metricflow::dashboards::executive::sentence;
use metricflow::dashboards::executive::tiles::{TILES, kpi};
use metricflow::dashboards::groups::Group;
use metricflow::dashboards::plot::Figure;
use metricflow::dashboards::revenue::panels::ltv_deciles::{self, LtvDeciles};
use metricflow::dashboards::revenue::panels::revenue_anomalies::{self, Finders, RevenueAnomalies};
use metricflow::dashboards::revenue::panels::waterfall::{self, Waterfall};
use metricflow::dashboards::revenue::panels::{dunning, quick_ratio, refunds, revenue_retention};
use metricflow::dashboards::revenue::sentence as revenue_sentence;
use metricflow::results::revenue::{
    DunningFlow, LtvDecile, PlantedDay, RefundMonth, RetentionMonth, RevenueDay,
};
use metricflow::state::filters::{Dimension, Filters};

use panels::{at, date, drawn, told};

fn months(count: u32) -> impl Iterator<Item = (u32, NaiveDate)> {
    (0..count).map(move |back| {
        let month = date(2025, 12, 1) - Months::new(count - 1 - back);
        (back, month)
    })
}

fn plan_months() -> Vec<PlanMonth> {
    let plans = [("starter", 20), ("professional", 50), ("enterprise", 30)];
    months(15)
        .flat_map(|(position, month)| {
            plans.map(|(plan, share)| PlanMonth {
                month,
                plan: plan.to_owned(),
                mrr_cents: i64::from(10_000 + 1_000 * position) * share,
            })
        })
        .collect()
}

fn movement_months() -> Vec<MovementMonth> {
    let mut opening_cents = 1_000_000;
    months(3)
        .map(|(position, month)| {
            let gain = 10_000 * i64::from(position);
            let row = MovementMonth {
                month,
                opening_cents,
                new_cents: 80_000 + gain,
                expansion_cents: 30_000,
                reactivation_cents: 5_000,
                contraction_cents: -8_000,
                churn_cents: -45_000,
                transfer_cents: 0,
                closing_cents: opening_cents + 62_000 + gain,
                customers: [8, 3, 1, 2, 5],
            };
            opening_cents = row.closing_cents;
            row
        })
        .collect()
}

fn active_days() -> Vec<AudienceDay> {
    (0..4)
        .map(|position| AudienceDay {
            date: date(2025, 12, 28 + position),
            dau: Some(700 + i64::from(position)),
            wau: Some(2_300),
            mau: Some(4_400 + 10 * i64::from(position)),
            expected: None,
            lower: None,
            upper: None,
        })
        .collect()
}

/// Four days that were counted and two that lie ahead.
fn days_ahead() -> Vec<AudienceDay> {
    let ahead = (0..2).map(|position| AudienceDay {
        date: date(2026, 1, 1 + position),
        dau: None,
        wau: None,
        mau: None,
        expected: Some(710.0),
        lower: Some(610.0),
        upper: Some(810.0),
    });
    active_days().into_iter().chain(ahead).collect()
}

fn unusual_days() -> Vec<UnusualDay> {
    [3, 20]
        .map(|day| UnusualDay {
            date: date(2025, 12, day),
            score: 0.71,
        })
        .to_vec()
}

fn revenue_days() -> Vec<RevenueDay> {
    let day = |day, revenue_cents, score, is_flagged| RevenueDay {
        date: date(2025, 12, day),
        revenue_cents,
        usual_cents: (day > 1).then_some(10_000.0),
        is_flagged,
        score: Some(score),
        is_called: score > 0.6,
        charges: 20,
        planted: (day == 2).then(|| PlantedDay {
            kind: "wrong_price".to_owned(),
            factor: 4.0,
        }),
        is_after_outage: false,
    };
    vec![
        day(1, 11_000, 0.4, false),
        day(2, 40_000, 0.71, false),
        day(3, 9_000, 0.65, true),
    ]
}

fn deciles() -> Vec<LtvDecile> {
    let decile = |decile, mean_predicted_cents, mean_actual_cents: f64| LtvDecile {
        decile,
        users: 50,
        mean_predicted_cents,
        mean_actual_cents,
        actual_cents: 50 * mean_actual_cents as i64,
    };
    vec![decile(1, 2_000.0, 1_000.0), decile(2, 9_000.0, 8_000.0)]
}

fn channel_signups(counts: [i64; 3]) -> Vec<Group> {
    let names = ["organic_search", "paid_search", "partner"].into_iter();
    let group = |(name, count): (&str, i64)| Group {
        name: name.to_owned(),
        count,
    };
    names.zip(counts).map(group).collect()
}

/// Signups now and in the period before.
fn signups_and_before() -> (Vec<Group>, Vec<Group>) {
    (
        channel_signups([101, 63, 16]),
        channel_signups([88, 66, 16]),
    )
}

fn headline_months() -> Vec<HeadlineMonth> {
    months(3)
        .map(|(position, month)| HeadlineMonth {
            month,
            mrr_cents: 40_000_000 + 1_000_000 * i64::from(position),
            arr_cents: 480_000_000 + 12_000_000 * i64::from(position),
            nrr: (position > 0).then_some(1.04),
            active_users: Some(4_400 + i64::from(position)),
            signups: 400 + i64::from(position),
            quick_ratio: Some(3.2),
            ltv_to_cac: None,
        })
        .collect()
}

fn north_star_days() -> Vec<NorthStarDay> {
    let day = |date, churned_customers, active| NorthStarDay {
        date,
        weekly_active_customers: active,
        paying_customers: 1_200,
        customer_activity_rate: Some(active as f64 / 1_200.0),
        new_customers: 81,
        reactivated_customers: 9,
        churned_customers,
        transferred_customers: 0,
        signups: 412,
        new_customers_per_signup: Some(81.0 / 412.0),
        activation_rate: None,
    };
    vec![
        day(date(2025, 12, 3), 44, 600),
        day(date(2025, 12, 31), 49, 630),
    ]
}

const YEAR_END: (i32, u32, u32) = (2025, 12, 31);

fn as_of((year, month, day): (i32, u32, u32)) -> NaiveDate {
    date(year, month, day)
}

fn of_plans(rows: &[PlanMonth], before: &[PlanMonth], days: &[UnusualDay]) -> Figure {
    let unusual = Unusual {
        days: days.to_vec(),
        why_missing: None,
    };
    drawn::<Mrr>((rows.to_vec(), before.to_vec()), "", &unusual, &LIGHT)
}

#[test]
fn charts_are_drawn_as_before() {
    insta::assert_json_snapshot!("mrr_by_plan", of_plans(&plan_months(), &[], &[]).chart);
    insta::assert_json_snapshot!(
        "mrr_by_plan_compared_and_marked",
        of_plans(&plan_months(), &plan_months(), &unusual_days()).chart
    );
    let movements = |before: &[MovementMonth], theme| {
        drawn::<Movements>((movement_months(), before.to_vec()), "", &None, theme).chart
    };
    insta::assert_json_snapshot!("mrr_movements", movements(&[], &LIGHT));
    insta::assert_json_snapshot!("mrr_movements_unfinished_dark", {
        let mut option = serde_json::to_value(movements(&movement_months()[..2], &DARK)).unwrap();
        running::fill(&mut option, 2, &DARK);
        option
    });
    insta::assert_json_snapshot!("mrr_by_plan_unfinished", {
        let chart = of_plans(&plan_months()[..9], &[], &[]).chart;
        let mut option = serde_json::to_value(&chart).unwrap();
        running::fill(&mut option, 2, &LIGHT);
        option
    });
    let query = "from=2025-10-01&to=2025-12-15";
    insta::assert_json_snapshot!(
        "waterfall",
        drawn::<Waterfall>((movement_months(), Vec::new()), query, &false, &LIGHT).chart
    );
    let active = |rows, before, theme| {
        drawn::<ActiveUsers>((rows, before), "", &Forecast::default(), theme).chart
    };
    insta::assert_json_snapshot!("active_users", active(active_days(), Vec::new(), &LIGHT));
    insta::assert_json_snapshot!(
        "active_users_compared_and_ahead",
        active(days_ahead(), active_days(), &DARK)
    );
    insta::assert_json_snapshot!("revenue_anomalies", unusual_revenue(revenue_days()).chart);
    insta::assert_json_snapshot!(
        "ltv_deciles",
        drawn::<LtvDeciles>((deciles(), Vec::new()), "", &(), &LIGHT).chart
    );
    let chosen = "channel=partner";
    insta::assert_json_snapshot!(
        "signups_by_channel",
        drawn::<Signups>(signups_and_before(), chosen, &(), &DARK).chart
    );
}

fn unusual_revenue(rows: Vec<RevenueDay>) -> Figure {
    let finders = Finders {
        forests: 1,
        is_truth_shown: true,
    };
    drawn::<RevenueAnomalies>((rows, Vec::new()), "", &(finders, None), &LIGHT)
}

#[test]
fn no_chart_fails_without_rows() {
    let place = ChartMark::default();
    let figures = [
        of_plans(&[], &plan_months(), &unusual_days()),
        drawn::<Movements>(Default::default(), "", &None, &LIGHT),
        drawn::<ActiveUsers>(
            (Vec::new(), active_days()),
            "",
            &Forecast::default(),
            &LIGHT,
        ),
        unusual_revenue(Vec::new()),
        drawn::<LtvDeciles>(Default::default(), "", &(), &LIGHT),
        drawn::<Signups>(Default::default(), "", &(), &LIGHT),
        drawn::<Waterfall>(Default::default(), "", &false, &LIGHT),
    ];
    for figure in figures {
        assert_eq!((figure.tooltip)(&place), None);
        assert!(figure.marks.is_empty());
    }
}

fn lines(tooltip: Option<metricflow::components::tooltip::Tooltip>) -> String {
    let tooltip = tooltip.unwrap();
    let lines = tooltip.lines.iter();
    let lines = lines.map(|line| format!("{} {}", line.name, line.value));
    let text = std::iter::once(tooltip.heading.clone())
        .chain(lines)
        .chain((!tooltip.remark.is_empty()).then(|| tooltip.remark.clone()))
        .collect::<Vec<_>>()
        .join("; ");
    text.replace(THIN_SPACE, " ")
}

#[test]
fn tooltips_write_the_same_figures() {
    assert_eq!(
        told(&of_plans(&plan_months(), &[], &[]), 14),
        "December 2025; Starter $4,800; Professional $12,000; Enterprise $7,200; MRR $24,000"
    );
    let compared = of_plans(&plan_months()[36..], &plan_months()[..9], &unusual_days());
    assert_eq!(
        told(&compared, 2),
        "December 2025; Starter $4,800; Professional $12,000; Enterprise $7,200; MRR $24,000; \
         Anomalous charges 3 Dec 2025, 20 Dec 2025; December 2024 $12,000; Change +100%"
    );
    let movements = |before: &[MovementMonth]| {
        drawn::<Movements>((movement_months(), before.to_vec()), "", &None, &LIGHT)
    };
    assert_eq!(
        told(&movements(&[]), 2),
        "December 2025; Opening $11,340; New $1,000; Expansion $300; Reactivation $50; \
         Contraction −$80; Churn −$450; Closing $12,160"
    );
    assert!(
        told(&movements(&movement_months()[..2]), 1)
            .ends_with("Closing $11,340; Net $720; Net, November 2025 $720")
    );
    let rows = (days_ahead(), Vec::new());
    let active = drawn::<ActiveUsers>(rows, "", &Forecast::default(), &LIGHT);
    assert_eq!(
        told(&active, 3),
        "31 Dec 2025; Monthly 4,430; Weekly 2,300; Daily 703; Daily of monthly 15.9%"
    );
    assert_eq!(
        told(&active, 5),
        "2 Jan 2026; Daily, expected 710; 80% band 610 to 810"
    );
    assert_eq!(
        told(&unusual_revenue(revenue_days()), 1),
        "2 Dec 2025; Revenue $400; Usual $100; Isolation Forest 0.71, unusual; \
         Robust z-score normal; Planted A plan’s prices times 4"
    );
    let rows = (deciles(), Vec::new());
    assert_eq!(
        told(&drawn::<LtvDeciles>(rows, "", &(), &LIGHT), 1),
        "Decile 2; Predicted, mean $90; Actual, mean $80; Users 50; Actual, total $4,000"
    );
    // Counted from the bottom, as ECharts does.
    let rows = signups_and_before();
    assert_eq!(
        told(&drawn::<Signups>(rows, "", &(), &LIGHT), 1),
        "Paid search; Signups 63; Share 35.0%; Period before 66; Change −4.5%, within chance"
    );
}

/// A click reaches the row that is drawn there, whichever way bars run and however few dots a series has.
#[test]
fn places_on_a_chart_are_rows_again() {
    let rows = signups_and_before();
    let signups = drawn::<Signups>(rows, "", &(), &LIGHT);
    assert_eq!(at(&signups, Some(0), 0).as_deref(), Some("partner"));
    assert_eq!(at(&signups, None, 2).as_deref(), Some("organic_search"));
    assert_eq!(signups.marks[0].key, "organic_search");
    let plans = of_plans(&plan_months(), &[], &[]);
    assert_eq!(at(&plans, Some(2), 14).as_deref(), Some("2025-12.starter"));
    // Beside the areas, the largest plan of the month.
    assert_eq!(at(&plans, None, 0).as_deref(), Some("2024-10.professional"));
    let days = unusual_revenue(revenue_days());
    assert_eq!(at(&days, Some(3), 0).as_deref(), Some("2025-12-03"));
    assert_eq!(at(&days, Some(2), 1).as_deref(), Some("2025-12-03"));
    assert_eq!(at(&days, Some(4), 0).as_deref(), Some("2025-12-02"));
    assert_eq!(at(&days, Some(0), 2).as_deref(), Some("2025-12-03"));
    assert_eq!(days.marks[0].key, "2025-12-03");
}

fn check(answer: Option<String>, expected: &str) {
    assert_eq!(
        answer.unwrap_or_default().replace(THIN_SPACE, " "),
        expected
    );
}

#[test]
fn answers_are_computed_from_the_rows() {
    check(
        sentence::page(
            &headline_months(),
            &movement_months(),
            Against::MonthBefore,
            as_of(YEAR_END),
        ),
        "December 2025: $420k MRR, +2.4% on the month; revenue churn was the largest loss, 4.0% of \
         opening MRR.",
    );
    check(
        sentence::page(
            &headline_months(),
            &[],
            Against::Month(date(2025, 10, 1)),
            as_of(YEAR_END),
        ),
        "December 2025: $420k MRR, +5.0% on Oct 2025.",
    );
    check(
        sentence::page(
            &headline_months()[..1],
            &[],
            Against::EndOf(date(2025, 9, 1)),
            date(2025, 10, 9),
        ),
        "October 2025 so far: $400k MRR.",
    );
    check(
        mrr::sentence(&plan_months(), &[], as_of(YEAR_END)),
        "MRR was $24.0k at the end of December 2025, +100% on the year; Professional brings 50.0%.",
    );
    check(
        movements::sentence(&movement_months(), &[], as_of(YEAR_END)),
        "From Oct 2025 to Dec 2025 MRR grew by $2.16k: $2.70k from new customers, $1.35k lost to churn.",
    );
    check(
        mrr::sentence(&plan_months()[36..], &plan_months()[..9], as_of(YEAR_END)),
        "MRR was $24.0k at the end of December 2025, +100% on Dec 2024; Professional brings 50.0%.",
    );
    check(
        movements::sentence(
            &movement_months()[1..],
            &movement_months()[..1],
            as_of(YEAR_END),
        ),
        "From Nov 2025 to Dec 2025 MRR grew by $1.54k: $1.90k from new customers, $900 lost to churn; in October 2025 it grew by $620.",
    );
    check(
        mrr::unusual_days(&unusual_days()),
        "Orange: months with days on which charges do not match contracts, by the Isolation Forest: 20 Dec 2025, 3 Dec 2025.",
    );
    check(
        active_users::sentence(&active_days(), &[]),
        "4,430 people were active in the last 30 days.",
    );
    check(
        active_users::sentence(&days_ahead()[2..], &active_days()[..2]),
        "4,430 people were active in the last 30 days, +0.5% on 29 Dec 2025. \
         Forecast for the week to 2 Jan 2026: 710 a day, 610 to 810 with 80% confidence.",
    );
    check(
        signups::sentence(
            &signups_and_before().0,
            &signups_and_before().1,
            "the 76 days before",
        ),
        "Organic search brought 56.1% of 180 signups; overall, +5.9% on the 76 days before, which is within chance.",
    );
    check(
        drivers::sentence(&north_star_days()),
        "630 of 1,200 paying customers took a core action in the last week; in 28 days 90 joined or returned and 49 churned, a net gain of 41.",
    );
    check(mrr::sentence(&[], &[], as_of(YEAR_END)), "");
    check(
        revenue_anomalies::sentence(&revenue_days(), true, true),
        "The Isolation Forest flags 2 of 3 days, last 3 Dec 2025; robust z-scores flag 1, 1 of them on the same days. \
         Of the one planted day the forest finds 1 with 1 false alarm, the z-scores find none with 1 false alarm.",
    );
    // What an outage left for the day after is odd there, and nobody's false alarm.
    let mut after_outage = revenue_days();
    after_outage[2].is_after_outage = true;
    check(
        revenue_anomalies::sentence(&after_outage, true, true),
        "The Isolation Forest flags 2 of 3 days, last 3 Dec 2025; robust z-scores flag 1, 1 of them on the same days. \
         Of the one planted day the forest finds 1 with no false alarm, the z-scores find none with no false alarm.",
    );
    assert!(
        lines((unusual_revenue(after_outage).tooltip)(&ChartMark {
            index: 2,
            ..ChartMark::default()
        }))
        .ends_with("Planted Billing did not run the day before")
    );
    check(
        revenue_anomalies::sentence(&revenue_days(), false, false),
        "Robust z-scores flag 1 of 3 days. The Isolation Forest is still training.",
    );
    check(
        ltv_deciles::sentence(&deciles()),
        "The top decile was predicted to pay $90 per user and paid $80, 88.9% of all 100 users’ revenue; the bottom decile paid $10. Overall, predictions were 22.2% too high.",
    );
}

/// December is under way: it is told as what it is, and left out of what grew.
#[test]
fn a_month_under_way_is_left_out_of_claims() {
    let on = date(2025, 12, 4);
    check(
        sentence::page(
            &headline_months(),
            &movement_months(),
            Against::EndOf(date(2025, 11, 1)),
            on,
        ),
        "December 2025 so far: $420k MRR, +2.4% since 30 Nov 2025; in November revenue churn was the largest loss, 4.2% of opening MRR.",
    );
    check(
        mrr::sentence(&plan_months(), &[], on),
        "MRR was $24.0k on 4 December 2025, +100% since 31 Dec 2024; Professional brings 50.0%.",
    );
    check(
        movements::sentence(&movement_months(), &movement_months()[..2], on),
        "From Oct 2025 to Nov 2025 MRR grew by $1.34k: $1.70k from new customers, $900 lost to churn; \
         from Oct 2025 to Nov 2025 it grew by $1.34k; so far in December it is up by $820.",
    );
    check(
        movements::sentence(&movement_months()[2..], &[], on),
        "December 2025 so far, MRR is up by $820: $1.00k from new customers, $450 lost to churn.",
    );
    check(
        revenue_sentence::page(&movement_months(), on),
        "$12.2k MRR on 4 December 2025; from Oct 2025 to Nov 2025, $2.26 was gained for each dollar lost.",
    );
    check(
        revenue_sentence::page(&movement_months(), as_of(YEAR_END)),
        "$12.2k MRR at the end of December 2025; from Oct 2025 to Dec 2025, $2.36 was gained for each dollar lost.",
    );
    check(
        waterfall::sentence(&movement_months(), &movement_months()[..2], on),
        "From Oct 2025 to 4 December 2025 MRR rose from $10.0k to $12.2k, +22%; +13% over whole months compared with +13% \
         from Oct 2025 to Nov 2025; new brought $2.70k, churn took $1.35k.",
    );
    check(
        quick_ratio::sentence(&movement_months(), &movement_months()[..1], on),
        "From Oct 2025 to Nov 2025, $2.26 was gained for each dollar lost ($2.17 in October 2025), \
         $2.17 without reactivation; no month lost more than it gained.",
    );
    check(
        quick_ratio::sentence(&movement_months()[2..], &[], on),
        "So far in December 2025, $2.55 was gained for each dollar lost, $2.45 without reactivation; no \
         month lost more than it gained.",
    );
    let refunds: Vec<RefundMonth> = months(3)
        .map(|(position, month)| RefundMonth {
            month,
            refunds: 10,
            refunded_cents: 1_000 * i64::from(position + 1),
            disputes: 0,
            disputed_cents: 0,
            gross_cents: 100_000,
        })
        .collect();
    check(
        refunds::sentence(&refunds, &refunds[..2], on),
        "From Oct 2025 to Nov 2025, $30 was refunded in 20 refunds, 1.5% of the money charged; from Oct 2025 to Nov 2025 it \
         was 1.5%; so far in December 2025 $30.",
    );
    check(
        refunds::sentence(&refunds, &[], as_of(YEAR_END)),
        "$60 was refunded in 30 refunds, 2.0% of the money charged.",
    );
    let disputed = [RefundMonth {
        disputes: 2,
        disputed_cents: 5_000,
        ..refunds[0].clone()
    }];
    check(
        refunds::sentence(&disputed, &[], as_of(YEAR_END)),
        "$10 was refunded in 10 refunds, 1.0% of the money charged. 2 disputes took $50, less what was won.",
    );
    // Ten refunds are compared with nothing.
    check(
        refunds::sentence(&refunds[..1], &refunds[..1], as_of(YEAR_END)),
        "$10 was refunded in 10 refunds, 1.0% of the money charged.",
    );
    let kept: Vec<RetentionMonth> = months(3)
        .map(|(position, month)| RetentionMonth {
            month,
            nrr: Some(1.0 + f64::from(position) / 10.0),
            grr: Some(0.9),
            base_cents: 100_000,
            retained_cents: 100_000,
            base_customers: 40,
        })
        .collect();
    check(
        revenue_retention::sentence(&kept, &kept[..1], on),
        "At the end of Nov 2025, the 40 customers of a year before paid 110.0% of what they paid then. Without expansion it \
         would be 90.0%, so expansion adds 20.0 points; +10.0 pp on Oct 2025.",
    );
}

/// Charges of the last days are still being retried: they are neither recovered nor lost.
#[test]
fn charges_that_are_still_retried_are_told_apart() {
    let flow = |reason: Option<&str>, outcome: &str, charges| DunningFlow {
        reason: reason.map(str::to_owned),
        outcome: outcome.to_owned(),
        charges,
        amount_cents: 100 * charges,
    };
    let rows = [
        flow(None, "paid_at_once", 80),
        flow(Some("expired_card"), "recovered", 15),
        flow(Some("expired_card"), "lost", 10),
        flow(Some("expired_card"), "in_dunning", 10),
    ];
    check(
        dunning::sentence(&rows, &rows[..3], "the 76 days before"),
        "30.4% of 115 charges failed on the first attempt; 60.0% of those settled were recovered (60.0% in the 76 days before), and \
         $10 was lost; 10 are still being retried.",
    );
    check(
        dunning::sentence(&rows[..3], &[], ""),
        "23.8% of 105 charges failed on the first attempt; 60.0% of them were recovered, and $10 was lost.",
    );
    // A handful is counted and set against nothing.
    let few = [
        flow(None, "paid_at_once", 9),
        flow(Some("expired_card"), "recovered", 3),
        flow(Some("expired_card"), "lost", 1),
    ];
    check(
        dunning::sentence(&few, &rows, "the 76 days before"),
        "4 of 13 charges failed on the first attempt; 3 of 4 were recovered, and $1 was lost.",
    );
}

#[test]
fn tiles_leave_out_what_cannot_be_computed() {
    let tile = |id: &str| TILES.iter().find(|tile| tile.id == id).unwrap();
    let shown_on =
        |id: &str, against, as_of| kpi(tile(id), &headline_months(), against, as_of).unwrap();
    let shown = |id: &str, against| shown_on(id, against, date(2025, 12, 31));
    let mrr = shown("mrr", Against::MonthBefore);
    assert_eq!((mrr.text.as_str(), mrr.raw.as_str()), ("$420k", "42000000"));
    assert!(mrr.delta.is_some_and(|delta| delta.is_good == Some(true)));
    assert_eq!(shown("ltv-to-cac", Against::MonthBefore).text, "–");
    let november = Against::EndOf(date(2025, 11, 1));
    let under_way = date(2025, 12, 4);
    for id in ["signups", "quick-ratio", "ltv-to-cac"] {
        let unfinished = shown_on(id, november, under_way);
        // Where there is no figure, none is so far.
        let unit = (unfinished.text != "–").then_some("so far");
        let said = (unfinished.unit, unfinished.delta, unfinished.is_running);
        assert_eq!(said, (unit, None, true), "{id}");
    }
    // What stands at a day has a change since the month's end.
    for id in ["mrr", "arr", "active-users"] {
        let state = shown_on(id, november, under_way);
        assert_eq!((state.unit, state.is_running), (None, true), "{id}");
        assert_eq!(state.delta.unwrap().against, "since 30 Nov 2025", "{id}");
    }
    // Twelve months to the fourth of a month would be eleven and four days, so the last whole one stands,
    // whatever the range is set against.
    for against in [november, Against::EndOf(date(2025, 10, 1))] {
        let mut year = headline_months();
        year[2].nrr = Some(0.5);
        let nrr = kpi(tile("nrr"), &year, against, under_way).unwrap();
        assert_eq!(
            (nrr.text.as_str(), nrr.note.as_deref()),
            ("104.0%", Some("to 30 Nov 2025"))
        );
        assert_eq!((nrr.unit, nrr.delta, nrr.is_running), (None, None, false));
    }
}

#[test]
fn more_churn_is_unwelcome_and_a_missing_rate_has_no_change() {
    let days = north_star_days();
    let node = |id: &str| {
        TREE.flatten()
            .into_iter()
            .find(|node| node.id == id)
            .unwrap()
    };
    let churn = node("churned-customers")
        .change(&days[1], &days[0])
        .unwrap();
    // 49 after 44 may be chance (decision 0149).
    assert_eq!(churn.is_welcome, None);
    assert!(churn.text.ends_with(", within chance"), "{}", churn.text);
    let far_more = NorthStarDay {
        churned_customers: 90,
        ..days[1].clone()
    };
    let churn = node("churned-customers")
        .change(&far_more, &days[0])
        .unwrap();
    assert_eq!(
        (churn.text.as_str(), churn.is_welcome),
        ("+105%", Some(false))
    );
    let few = NorthStarDay {
        churned_customers: 13,
        ..days[1].clone()
    };
    let churn = node("churned-customers").change(&few, &days[0]).unwrap();
    assert_eq!(
        (churn.text.as_str(), churn.is_welcome),
        ("too few to compare", None)
    );
    assert_eq!(
        node("signups").change(&days[1], &days[0]).unwrap().text,
        "unchanged"
    );
    assert_eq!(node("activation-rate").change(&days[1], &days[0]), None);
}

#[test]
fn queries_read_models_only() {
    let everyone = Filters::new(date(2023, 1, 1), date(2025, 12, 31));
    let some = everyone.clone().toggled(Dimension::Country, "DE");
    let all = [everyone, some].into_iter().flat_map(|filters| {
        [
            Headline::sql(&filters, &()),
            Mrr::sql(&filters, &()),
            Movements::sql(&filters, &()),
            ActiveUsers::sql(&filters, &1),
            Drivers::sql(&filters, &()),
            Signups::sql(&filters, &()),
        ]
    });
    for sql in all {
        for schema in ["raw.", "truth.", "staging."] {
            assert!(!sql.contains(schema), "{schema} in {sql}");
        }
    }
}
