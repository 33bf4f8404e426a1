//! Where nothing was, words say so.

use chrono::NaiveDate;

use super::super::panels::{active_users, drivers, movements, mrr};
use super::super::sentence::page;
use crate::dashboards::claims::assert_in_words;
use crate::dashboards::compared::Against;
use crate::dashboards::executive::panels::active_users::AudienceDay;
use crate::dashboards::executive::panels::drivers::NorthStarDay;
use crate::dashboards::executive::panels::headline::HeadlineMonth;
use crate::dashboards::executive::panels::movements::MovementMonth;
use crate::dashboards::executive::panels::mrr::PlanMonth;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn movement(new_cents: i64, churn_cents: i64) -> MovementMonth {
    MovementMonth {
        month: date("2025-11-01"),
        opening_cents: 9_900,
        new_cents,
        expansion_cents: 0,
        reactivation_cents: 0,
        contraction_cents: 0,
        churn_cents,
        transfer_cents: 0,
        closing_cents: 9_900 + new_cents + churn_cents,
        customers: [0; 5],
    }
}

#[test]
fn no_mrr_is_said_and_set_against_nothing() {
    let headline = |month: &str, mrr_cents| HeadlineMonth {
        month: date(month),
        mrr_cents,
        arr_cents: 0,
        nrr: None,
        active_users: None,
        signups: 0,
        quick_ratio: None,
        ltv_to_cac: None,
    };
    let rows = [headline("2025-10-01", 9_900), headline("2025-11-01", 0)];
    assert_eq!(
        page(&rows, &[], Against::MonthBefore, date("2025-11-30")).unwrap(),
        "November 2025: no MRR."
    );
    let plan = PlanMonth {
        month: date("2025-11-01"),
        plan: "starter".to_owned(),
        mrr_cents: 0,
    };
    assert_eq!(
        mrr::sentence(&[plan], &[], date("2025-11-30")).unwrap(),
        "There was no MRR at the end of November 2025."
    );
}

#[test]
fn mrr_that_did_not_move_is_said() {
    let (over, running) = (date("2025-11-30"), date("2025-11-04"));
    let said = |row: MovementMonth, as_of| {
        let rows = [row];
        let said = movements::sentence(&rows, &rows, as_of).unwrap();
        assert_in_words(&said);
        said
    };
    assert_eq!(
        said(movement(0, 0), running),
        "November 2025 so far, MRR did not move."
    );
    assert_eq!(
        said(movement(2_000, -2_000), over),
        "In November 2025 MRR ended where it began: $20 from new customers, $20 lost to churn; in November 2025 it ended where it began."
    );
    assert!(
        said(movement(2_000, 0), over).contains("$20 from new customers, nothing lost to churn")
    );
    assert!(said(movement(2_000, 0), running).ends_with("nothing lost to churn."));
}

#[test]
fn nobody_is_nobody() {
    let day = |mau| AudienceDay {
        date: date("2025-11-30"),
        dau: Some(0),
        wau: Some(0),
        mau: Some(mau),
        expected: None,
        lower: None,
        upper: None,
    };
    assert_eq!(
        active_users::sentence(&[day(0)], &[day(400)]).unwrap(),
        "Nobody was active in the last 30 days."
    );
    let star = |paying_customers, churned_customers| NorthStarDay {
        date: date("2025-11-30"),
        weekly_active_customers: 0,
        paying_customers,
        customer_activity_rate: None,
        new_customers: 0,
        reactivated_customers: 0,
        transferred_customers: 0,
        churned_customers,
        signups: 0,
        new_customers_per_signup: None,
        activation_rate: None,
    };
    assert_eq!(
        drivers::sentence(&[star(0, 3)]).unwrap(),
        "Nobody pays any more; in 28 days nobody joined or returned and 3 churned, a net loss of 3."
    );
    assert_eq!(
        drivers::sentence(&[star(12, 0)]).unwrap(),
        "None of 12 paying customers took a core action in the last week; in 28 days nobody joined, returned or churned."
    );
}
