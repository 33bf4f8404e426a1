//! The page's sentences where there is little or nothing to say.

use crate::results::churn::{HealthBin, LeadTime, PlanRisk, RiskBin};

mod handful;
mod nothing;

fn bin_of_risk(percent: i64, customers: i64) -> RiskBin {
    RiskBin {
        snapshot: chrono::NaiveDate::default(),
        percent,
        customers,
        mrr_cents: 1_000,
        expected_cents: 400.0,
    }
}

fn left(days: Option<i64>, churned: i64) -> LeadTime {
    LeadTime {
        days,
        churned,
        mrr_cents: 1_000,
    }
}

fn bin_of_health(status: &str, customers: i64) -> HealthBin {
    HealthBin {
        points: 50,
        status: status.to_owned(),
        customers,
        mrr_cents: 1_000,
    }
}

/// A plan of $10 MRR, half of it of those at or above the threshold, if there are any.
fn plan(plan: &str, customers: i64, expected_cents: f64, flagged_customers: i64) -> PlanRisk {
    PlanRisk {
        plan: plan.to_owned(),
        customers,
        mrr_cents: 1_000,
        expected_cents,
        flagged_customers,
        flagged_cents: if flagged_customers > 0 { 500 } else { 0 },
    }
}
