//! Charts, tooltips and answers of Executive growth and Revenue deep-dive, from representative rows.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use chrono::{Months, NaiveDate};
use metricflow::components::format::THIN_SPACE;
use metricflow::components::running;
use metricflow::components::theme::{DARK, LIGHT};
use metricflow::dashboards::compared::Against;
use metricflow::dashboards::executive::charts::{
    active_users, mrr_by_plan, mrr_movements, signups_by_channel,
};
use metricflow::dashboards::executive::drivers::TREE;
use metricflow::dashboards::executive::tiles::{TILES, kpi};
use metricflow::dashboards::executive::{answers, queries};
use metricflow::dashboards::revenue::answers as revenue_answers;
use metricflow::dashboards::revenue::charts::{anomalies, ltv_deciles, waterfall};
use metricflow::results::executive::{
    ActiveUsersDay, ChannelSignups, ForecastDay, HeadlineMonth, MovementMonth, NorthStarDay,
    PlanMonth, UnusualDay,
};
use metricflow::results::revenue::{
    DunningFlow, LtvDecile, PlantedDay, RefundMonth, RetentionMonth, RevenueDay,
};
use metricflow::state::filters::{Dimension, Filters};

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

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

fn active_days() -> Vec<ActiveUsersDay> {
    (0..4)
        .map(|position| ActiveUsersDay {
            date: date(2025, 12, 28 + position),
            dau: 700 + i64::from(position),
            wau: 2_300,
            mau: 4_400 + 10 * i64::from(position),
        })
        .collect()
}

fn days_ahead() -> Vec<ForecastDay> {
    (0..2)
        .map(|position| ForecastDay {
            date: date(2026, 1, 1 + position),
            expected: 710.0,
            lower: 610.0,
            upper: 810.0,
        })
        .collect()
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

fn channel_signups() -> Vec<ChannelSignups> {
    let row = |channel: &str, signups, before| ChannelSignups {
        channel: channel.to_owned(),
        signups,
        before,
    };
    vec![
        row("organic_search", 101, Some(88)),
        row("paid_search", 63, Some(66)),
        row("partner", 16, Some(16)),
    ]
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

#[test]
fn charts_are_drawn_as_before() {
    insta::assert_json_snapshot!(
        "mrr_by_plan",
        mrr_by_plan::chart(&plan_months(), &[], &[], &LIGHT)
    );
    insta::assert_json_snapshot!(
        "mrr_by_plan_compared_and_marked",
        mrr_by_plan::chart(&plan_months(), &plan_months(), &unusual_days(), &LIGHT)
    );
    insta::assert_json_snapshot!(
        "mrr_movements",
        mrr_movements::chart(&movement_months(), &[], &LIGHT)
    );
    insta::assert_json_snapshot!("mrr_movements_unfinished_dark", {
        let chart = mrr_movements::chart(&movement_months(), &movement_months()[..2], &DARK);
        let mut option = serde_json::to_value(&chart).unwrap();
        running::fill(&mut option, 2, &DARK);
        option
    });
    insta::assert_json_snapshot!("mrr_by_plan_unfinished", {
        let chart = mrr_by_plan::chart(&plan_months()[..9], &[], &[], &LIGHT);
        let mut option = serde_json::to_value(&chart).unwrap();
        running::fill(&mut option, 2, &LIGHT);
        option
    });
    insta::assert_json_snapshot!(
        "waterfall_unfinished",
        waterfall::chart(&movement_months(), date(2025, 12, 15), false, &LIGHT)
    );
    insta::assert_json_snapshot!(
        "active_users",
        active_users::chart(&active_days(), &[], &[], &LIGHT)
    );
    insta::assert_json_snapshot!(
        "active_users_compared_and_ahead",
        active_users::chart(&active_days(), &active_days(), &days_ahead(), &DARK)
    );
    insta::assert_json_snapshot!(
        "revenue_anomalies",
        anomalies::chart(&revenue_days(), &LIGHT)
    );
    insta::assert_json_snapshot!("ltv_deciles", ltv_deciles::chart(&deciles(), &LIGHT));
    insta::assert_json_snapshot!(
        "signups_by_channel",
        signups_by_channel::chart(&channel_signups(), &["partner"], &DARK)
    );
}

#[test]
fn no_chart_fails_without_rows() {
    let _ = mrr_by_plan::chart(&[], &plan_months(), &unusual_days(), &LIGHT);
    let _ = mrr_movements::chart(&[], &[], &LIGHT);
    let _ = active_users::chart(&[], &active_days(), &days_ahead(), &LIGHT);
    let _ = anomalies::chart(&[], &LIGHT);
    let _ = ltv_deciles::chart(&[], &LIGHT);
    let _ = signups_by_channel::chart(&[], &[], &LIGHT);
    assert_eq!(mrr_by_plan::tooltip(&[], &[], &[], &LIGHT, 0), None);
    assert_eq!(active_users::tooltip(&[], &[], &[], &LIGHT, 3), None);
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
        lines(mrr_by_plan::tooltip(&plan_months(), &[], &[], &LIGHT, 14)),
        "December 2025; Starter $4,800; Professional $12,000; Enterprise $7,200; MRR $24,000"
    );
    assert_eq!(
        lines(mrr_by_plan::tooltip(
            &plan_months()[36..],
            &plan_months()[..9],
            &unusual_days(),
            &LIGHT,
            2
        )),
        "December 2025; Starter $4,800; Professional $12,000; Enterprise $7,200; MRR $24,000; \
         December 2024 $12,000; Change +100%; Anomalous charges 3 Dec 2025, 20 Dec 2025"
    );
    assert_eq!(
        lines(mrr_movements::tooltip(&movement_months(), &[], &LIGHT, 2)),
        "December 2025; Opening $11,340; New $1,000; Expansion $300; Reactivation $50; \
         Contraction −$80; Churn −$450; Closing $12,160"
    );
    assert_eq!(
        lines(active_users::tooltip(
            &active_days(),
            &[],
            &days_ahead(),
            &LIGHT,
            3
        )),
        "31 Dec 2025; Monthly 4,430; Weekly 2,300; Daily 703; Daily of monthly 15.9%"
    );
    assert_eq!(
        lines(active_users::tooltip(
            &active_days(),
            &[],
            &days_ahead(),
            &LIGHT,
            5
        )),
        "2 Jan 2026; Daily, expected 710; 80% band 610 to 810"
    );
    assert_eq!(
        lines(anomalies::tooltip(&revenue_days(), &LIGHT, 1)),
        "2 Dec 2025; Revenue $400; Usual $100; Isolation Forest 0.71, unusual; \
         Robust z-score normal; Planted A plan’s prices times 4"
    );
    assert_eq!(
        lines(ltv_deciles::tooltip(&deciles(), &LIGHT, 1)),
        "Decile 2; Predicted, mean $90; Actual, mean $80; Users 50; Actual, total $4,000"
    );
    assert_eq!(
        lines(signups_by_channel::tooltip(&channel_signups(), &LIGHT, 1)),
        "Paid search; Signups 63; Share 35.0%; Period before 66; Change −4.5%, within chance"
    );
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
        answers::page(
            &headline_months(),
            &movement_months(),
            Against::MonthBefore,
            as_of(YEAR_END),
        ),
        "December 2025: $420k MRR, +2.4% on the month; revenue churn was the largest loss, 4.0% of \
         opening MRR.",
    );
    check(
        answers::page(
            &headline_months(),
            &[],
            Against::Month(date(2025, 10, 1)),
            as_of(YEAR_END),
        ),
        "December 2025: $420k MRR, +5.0% on Oct 2025.",
    );
    check(
        answers::page(
            &headline_months()[..1],
            &[],
            Against::EndOf(date(2025, 9, 1)),
            date(2025, 10, 9),
        ),
        "October 2025 so far: $400k MRR.",
    );
    check(
        answers::mrr_by_plan(&plan_months(), &[], as_of(YEAR_END)),
        "MRR was $24.0k at the end of December 2025, +100% on the year; Professional brings 50.0%.",
    );
    check(
        answers::mrr_movements(&movement_months(), &[], as_of(YEAR_END)),
        "From Oct 2025 to Dec 2025 MRR grew by $2.16k: $2.70k from new customers, $1.35k lost to churn.",
    );
    check(
        answers::mrr_by_plan(&plan_months()[36..], &plan_months()[..9], as_of(YEAR_END)),
        "MRR was $24.0k at the end of December 2025, +100% on Dec 2024; Professional brings 50.0%.",
    );
    check(
        answers::mrr_movements(
            &movement_months()[1..],
            &movement_months()[..1],
            as_of(YEAR_END),
        ),
        "From Nov 2025 to Dec 2025 MRR grew by $1.54k: $1.90k from new customers, $900 lost to churn; in October 2025 it grew by $620.",
    );
    check(
        answers::unusual_days(&unusual_days()),
        "Orange: months with days on which charges do not match contracts, by the Isolation Forest: 20 Dec 2025, 3 Dec 2025.",
    );
    check(
        answers::active_users(&active_days(), &[], &[]),
        "4,430 people were active in the last 30 days.",
    );
    check(
        answers::active_users(&active_days()[2..], &active_days()[..2], &days_ahead()),
        "4,430 people were active in the last 30 days, +0.5% on 29 Dec 2025. \
         Forecast for the week to 2 Jan 2026: 710 a day, 610 to 810 with 80% confidence.",
    );
    check(
        answers::signups_by_channel(&channel_signups(), "the 76 days before"),
        "Organic search brought 56.1% of 180 signups; overall, +5.9% on the 76 days before, which is within chance.",
    );
    check(
        answers::drivers(&north_star_days()),
        "630 of 1,200 paying customers took a core action in the last week; in 28 days 90 joined or returned and 49 churned, a net gain of 41.",
    );
    check(answers::mrr_by_plan(&[], &[], as_of(YEAR_END)), "");
    check(
        revenue_answers::anomalies(&revenue_days(), true, true),
        "The Isolation Forest flags 2 of 3 days, last 3 Dec 2025; robust z-scores flag 1, 1 of them on the same days. \
         Of the one planted day the forest finds 1 with 1 false alarm, the z-scores find none with 1 false alarm.",
    );
    // What an outage left for the day after is odd there, and nobody's false alarm.
    let mut after_outage = revenue_days();
    after_outage[2].is_after_outage = true;
    check(
        revenue_answers::anomalies(&after_outage, true, true),
        "The Isolation Forest flags 2 of 3 days, last 3 Dec 2025; robust z-scores flag 1, 1 of them on the same days. \
         Of the one planted day the forest finds 1 with no false alarm, the z-scores find none with no false alarm.",
    );
    assert!(
        lines(anomalies::tooltip(&after_outage, &LIGHT, 2))
            .ends_with("Planted Billing did not run the day before")
    );
    check(
        revenue_answers::anomalies(&revenue_days(), false, false),
        "Robust z-scores flag 1 of 3 days. The Isolation Forest is still training.",
    );
    check(
        revenue_answers::ltv_deciles(&deciles()),
        "The top decile was predicted to pay $90 per user and paid $80, 88.9% of all 100 users’ revenue; the bottom decile paid $10. Overall, predictions were 22.2% too high.",
    );
}

/// December is under way: it is told as what it is, and left out of what grew.
#[test]
fn a_month_under_way_is_left_out_of_claims() {
    let on = date(2025, 12, 4);
    check(
        answers::page(
            &headline_months(),
            &movement_months(),
            Against::EndOf(date(2025, 11, 1)),
            on,
        ),
        "December 2025 so far: $420k MRR, +2.4% since 30 Nov 2025; in November revenue churn was the largest loss, 4.2% of opening MRR.",
    );
    check(
        answers::mrr_by_plan(&plan_months(), &[], on),
        "MRR was $24.0k on 4 December 2025, +100% since 31 Dec 2024; Professional brings 50.0%.",
    );
    check(
        answers::mrr_movements(&movement_months(), &movement_months()[..2], on),
        "From Oct 2025 to Nov 2025 MRR grew by $1.34k: $1.70k from new customers, $900 lost to churn; \
         from Oct 2025 to Nov 2025 it grew by $1.34k; so far in December it is up by $820.",
    );
    check(
        answers::mrr_movements(&movement_months()[2..], &[], on),
        "December 2025 so far, MRR is up by $820: $1.00k from new customers, $450 lost to churn.",
    );
    check(
        revenue_answers::page(&movement_months(), on),
        "$12.2k MRR on 4 December 2025; from Oct 2025 to Nov 2025, $2.26 was gained for each dollar lost.",
    );
    check(
        revenue_answers::page(&movement_months(), as_of(YEAR_END)),
        "$12.2k MRR at the end of December 2025; from Oct 2025 to Dec 2025, $2.36 was gained for each dollar lost.",
    );
    check(
        revenue_answers::waterfall(&movement_months(), &movement_months()[..2], on),
        "From Oct 2025 to 4 December 2025 MRR rose from $10.0k to $12.2k, +22%; +13% over whole months compared with +13% \
         from Oct 2025 to Nov 2025; new brought $2.70k, churn took $1.35k.",
    );
    check(
        revenue_answers::quick_ratio(&movement_months(), &movement_months()[..1], on),
        "From Oct 2025 to Nov 2025, $2.26 was gained for each dollar lost ($2.17 in October 2025), \
         $2.17 without reactivation; no month lost more than it gained.",
    );
    check(
        revenue_answers::quick_ratio(&movement_months()[2..], &[], on),
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
        revenue_answers::refunds(&refunds, &refunds[..2], on),
        "From Oct 2025 to Nov 2025, $30 was refunded in 20 refunds, 1.5% of the money charged; from Oct 2025 to Nov 2025 it \
         was 1.5%; so far in December 2025 $30.",
    );
    check(
        revenue_answers::refunds(&refunds, &[], as_of(YEAR_END)),
        "$60 was refunded in 30 refunds, 2.0% of the money charged.",
    );
    let disputed = [RefundMonth {
        disputes: 2,
        disputed_cents: 5_000,
        ..refunds[0].clone()
    }];
    check(
        revenue_answers::refunds(&disputed, &[], as_of(YEAR_END)),
        "$10 was refunded in 10 refunds, 1.0% of the money charged. 2 disputes took $50, less what was won.",
    );
    // Ten refunds are compared with nothing.
    check(
        revenue_answers::refunds(&refunds[..1], &refunds[..1], as_of(YEAR_END)),
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
        revenue_answers::retention(&kept, &kept[..1], on),
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
        revenue_answers::dunning(&rows, &rows[..3], "the 76 days before"),
        "30.4% of 115 charges failed on the first attempt; 60.0% of those settled were recovered (60.0% in the 76 days before), and \
         $10 was lost; 10 are still being retried.",
    );
    check(
        revenue_answers::dunning(&rows[..3], &[], ""),
        "23.8% of 105 charges failed on the first attempt; 60.0% of them were recovered, and $10 was lost.",
    );
    // A handful is counted and set against nothing.
    let few = [
        flow(None, "paid_at_once", 9),
        flow(Some("expired_card"), "recovered", 3),
        flow(Some("expired_card"), "lost", 1),
    ];
    check(
        revenue_answers::dunning(&few, &rows, "the 76 days before"),
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
    let statements = [
        queries::headline,
        queries::mrr_by_plan,
        queries::mrr_movements,
        queries::audience,
        queries::drivers,
        queries::signups_by_channel,
    ];
    let all = [everyone, some]
        .into_iter()
        .flat_map(|filters| statements.map(|statement| statement(&filters)));
    for sql in all {
        for schema in ["raw.", "truth.", "staging."] {
            assert!(!sql.contains(schema), "{schema} in {sql}");
        }
    }
}
