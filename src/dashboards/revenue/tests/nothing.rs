//! Where nothing was, words say so.

use chrono::NaiveDate;

use super::super::panels::{
    dunning, ltv_deciles, quick_ratio, refunds, revenue_anomalies, revenue_retention, waterfall,
};
use super::super::sentence::page;
use crate::dashboards::claims::assert_in_words;
use crate::dashboards::executive::panels::movements::MovementMonth;
use crate::results::revenue::{DunningFlow, LtvDecile, RefundMonth, RetentionMonth, RevenueDay};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month(month: &str, opening_cents: i64, new_cents: i64, churn_cents: i64) -> MovementMonth {
    MovementMonth {
        month: date(month),
        opening_cents,
        new_cents,
        expansion_cents: 0,
        reactivation_cents: 0,
        contraction_cents: 0,
        churn_cents,
        transfer_cents: 0,
        closing_cents: opening_cents + new_cents + churn_cents,
        customers: [0; 5],
    }
}

/// "MRR rose from $0 to $0" stood over an empty chart.
#[test]
fn no_mrr_did_not_rise() {
    let as_of = date("2025-11-30");
    let none = [month("2025-10-01", 0, 0, 0), month("2025-11-01", 0, 0, 0)];
    assert_eq!(
        waterfall::sentence(&none, &none, as_of).unwrap(),
        "There is no MRR in this period."
    );
    assert_eq!(
        page(&none, as_of).unwrap(),
        "No MRR at the end of November 2025."
    );
    assert_eq!(
        quick_ratio::sentence(&none, &none, as_of).unwrap(),
        "Nothing was gained or lost from Oct 2025 to Nov 2025."
    );
    let first = [month("2025-11-01", 0, 9_900, 0)];
    assert_eq!(
        waterfall::sentence(&first, &[], as_of).unwrap(),
        "From Nov 2025 to Nov 2025 MRR rose from nothing to $99."
    );
    let gone = [month("2025-11-01", 9_900, 0, -9_900)];
    assert_eq!(
        waterfall::sentence(&gone, &[], as_of).unwrap(),
        "From Nov 2025 to Nov 2025 MRR fell from $99 to nothing."
    );
    assert_eq!(
        quick_ratio::sentence(&gone, &gone, as_of).unwrap(),
        "Nothing was gained for each dollar lost (nothing in November 2025); one month lost more than it gained."
    );
    let same = [month("2025-11-01", 9_900, 2_000, -2_000)];
    assert_eq!(
        waterfall::sentence(&same, &[], as_of).unwrap(),
        "From Nov 2025 to Nov 2025 MRR ended where it began, at $99; new brought $20, churn took $20."
    );
    for rows in [&none[..], &first, &gone, &same] {
        for said in [
            page(rows, as_of),
            waterfall::sentence(rows, rows, as_of),
            quick_ratio::sentence(rows, rows, as_of),
        ] {
            assert_in_words(&said.unwrap());
        }
    }
}

/// "$0 was refunded in 0 refunds, 0.0% of the money charged".
#[test]
fn nothing_refunded_is_said() {
    let row = |month: &str| RefundMonth {
        month: date(month),
        refunds: 0,
        refunded_cents: 0,
        disputes: 0,
        disputed_cents: 0,
        gross_cents: 100_000,
    };
    let rows = [row("2025-11-01"), row("2025-12-01")];
    assert_eq!(
        refunds::sentence(&rows[..1], &[], date("2025-11-30")).unwrap(),
        "Nothing was refunded."
    );
    assert_eq!(
        refunds::sentence(&rows, &[], date("2025-12-04")).unwrap(),
        "In November 2025, nothing was refunded; so far in December 2025 nothing."
    );
}

#[test]
fn charges_of_which_none_failed_or_was_lost_are_told() {
    let flow = |outcome: &str, reason: Option<&str>, charges| DunningFlow {
        reason: reason.map(str::to_owned),
        outcome: outcome.to_owned(),
        charges,
        amount_cents: charges * 100,
    };
    let paid = flow("none", None, 40);
    assert_eq!(
        dunning::sentence(std::slice::from_ref(&paid), &[], "").unwrap(),
        "None of 40 charges failed on the first attempt."
    );
    let recovered = [paid, flow("recovered", Some("expired_card"), 30)];
    let said = dunning::sentence(&recovered, &[], "").unwrap();
    assert!(said.ends_with("and nothing was lost."), "{said}");
    assert_in_words(&said);
}

#[test]
fn what_is_not_flagged_or_paid_is_none() {
    let day = RevenueDay {
        date: date("2025-11-30"),
        revenue_cents: 0,
        usual_cents: None,
        is_flagged: false,
        score: None,
        is_called: false,
        charges: 0,
        planted: None,
        is_after_outage: false,
    };
    let said = revenue_anomalies::sentence(std::slice::from_ref(&day), true, true).unwrap();
    assert_eq!(
        said,
        "The Isolation Forest flags none of 1 days; robust z-scores flag none. Nothing was planted in these days: \
         the forest finds none with no false alarm, the z-scores find none with no false alarm."
    );
    let decile = |users| LtvDecile {
        decile: 1,
        users,
        mean_predicted_cents: 0.0,
        mean_actual_cents: 0.0,
        actual_cents: 0,
    };
    for users in [0, 40] {
        assert_in_words(&ltv_deciles::sentence(&[decile(users)]).unwrap());
    }
    let row = RetentionMonth {
        month: date("2025-11-01"),
        nrr: Some(0.0),
        grr: Some(0.0),
        base_cents: 100_000,
        retained_cents: 0,
        base_customers: 40,
    };
    assert_eq!(
        revenue_retention::sentence(&[row], &[], date("2025-11-30")).unwrap(),
        "The 40 customers of a year ago now pay nothing of what they paid then. Without expansion it would be nothing, so expansion adds nothing."
    );
}
