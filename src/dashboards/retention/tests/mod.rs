//! The page’s sentences.

use chrono::NaiveDate;

use super::options::RetentionOptions;
use super::panels::{cohorts, lifecycle, retention_curves, revenue_cohorts, survival};
use super::sentence;
use crate::components::format::THIN_SPACE;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};

mod handful;
mod nothing;
mod sentences;

fn check(sentence: Option<String>, expected: &str) {
    let plain = sentence.map(|text| text.replace(THIN_SPACE, " "));
    assert_eq!(plain.as_deref(), Some(expected));
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first day of a month of 2025.
fn month(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, number, 1).unwrap()
}

/// A cell of the cohort of a month of 2025, or of all cohorts.
fn cell(cohort: Option<u32>, period: i64, eligible: i64, retained: i64) -> CohortCell {
    CohortCell {
        cohort: cohort.map(month),
        period,
        cohort_size: eligible,
        eligible,
        retained,
        rate: (eligible > 0).then(|| retained as f64 / eligible as f64),
        is_complete: true,
    }
}

fn point(segment: &str, period: i64, eligible: i64, retained: i64) -> SegmentPeriod {
    SegmentPeriod {
        segment: segment.to_owned(),
        period,
        eligible,
        retained,
        rate: Some(retained as f64 / eligible as f64),
    }
}

fn spell(plan: &str, month: i64, at_risk: i64, survival: f64) -> SurvivalMonth {
    SurvivalMonth {
        plan: plan.to_owned(),
        month,
        at_risk,
        churned: 1,
        censored: 0,
        survival,
        lower: survival,
        upper: survival,
    }
}

/// People by state: new, active, at risk, dormant and churned.
fn states(month: NaiveDate, people: [i64; 5], returned: i64) -> LifecycleMonth {
    let [new, active, at_risk, dormant, churned] = people;
    LifecycleMonth {
        month,
        new,
        active,
        at_risk,
        dormant,
        churned,
        returned,
    }
}

/// All customers together after so many months.
fn balance(month: i64, customers: i64, nrr: f64, grr: f64) -> RevenueCell {
    RevenueCell {
        cohort: None,
        month,
        customers,
        base_cents: 1_000,
        retained_cents: 0,
        kept_cents: 0,
        nrr: Some(nrr),
        grr: Some(grr),
        is_complete: true,
    }
}

fn of_cohorts(rows: &[CohortCell]) -> Option<String> {
    cohorts::sentence(rows, &[], "", &RetentionOptions::default())
}

fn of_page(rows: &[CohortCell], states: &[LifecycleMonth]) -> Option<String> {
    sentence::page(rows, states, &RetentionOptions::default())
}

fn of_segments(rows: &[SegmentPeriod]) -> Option<String> {
    retention_curves::sentence(rows, &RetentionOptions::default())
}
