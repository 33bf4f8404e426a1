//! What can't be learned says why, as a value and as a sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use metricflow::ml::{Frame, LEARNERS, LearnError, Learned, Model, Settings, Task};
use metricflow::parameters::Scenario;

/// Snapshots of the churn model, and their rows.
const SNAPSHOTS: usize = 16;

/// Rows that a model reads: columns of numbers by a function of the row, and columns of words.
fn frame(
    rows: usize,
    numbers: &[&str],
    number: impl Fn(&str, usize) -> f64,
    words: &[&str],
) -> Frame {
    let numbers = numbers.iter().map(|&name| {
        let values = (0..rows).map(|row| number(name, row));
        let array: ArrayRef = Arc::new(Float64Array::from_iter_values(values));
        (name, array)
    });
    let words = words.iter().map(|&name| {
        let array: ArrayRef = Arc::new(StringArray::from(vec!["one"; rows]));
        (name, array)
    });
    let batch = RecordBatch::try_from_iter(numbers.chain(words)).unwrap();
    Frame::from_batches(&[batch]).unwrap()
}

const CHURN: &[&str] = &[
    "user_id",
    "snapshot_date",
    "has_churned_in_90d",
    "mrr_cents",
    "seats",
    "tenure_days",
    "days_since_last_change",
    "days_since_last_session",
    "count_reactivations",
    "failed_payments_90d",
    "days_past_due",
    "billing_months",
    "days_to_renewal",
    "mrr_change_90d_cents",
    "sessions_7d",
    "active_days_30d",
    "events_30d",
    "events_prior_30d",
    "events_prior_60d",
    "sessions_30d",
    "sessions_prior_30d",
    "sessions_prior_60d",
    "page_views_30d",
    "page_views_prior_30d",
    "page_views_prior_60d",
    "exports_30d",
    "exports_prior_30d",
    "exports_prior_60d",
    "invites_30d",
    "invites_prior_30d",
    "invites_prior_60d",
    "support_tickets_30d",
    "support_tickets_prior_30d",
    "support_tickets_prior_60d",
    "usual_sessions",
    "usual_events",
    "usual_page_views",
    "usual_exports",
];

const LTV: &[&str] = &[
    "user_id",
    "snapshot_date",
    "next_12_months_revenue_cents",
    "seats",
    "mrr_cents",
    "revenue_30d_cents",
    "failed_30d_cents",
    "sessions_30d",
    "active_days_30d",
    "events_30d",
    "core_actions_30d",
    "support_tickets_30d",
    "duration_secs_30d",
    "is_activated",
    "hours_to_activation",
    "is_trialing",
    "is_verified",
];
const LTV_WORDS: &[&str] = &[
    "plan",
    "initial_plan",
    "billing_interval",
    "trial_type",
    "company_size",
];

/// Churn among `users`, each of whom is there at every snapshot.
fn churn(users: usize, value: impl Fn(&str, usize) -> f64) -> Result<Learned, LearnError> {
    let rows = users * SNAPSHOTS;
    let number = |name: &str, row: usize| match name {
        "user_id" => (row % users) as f64,
        "snapshot_date" => 20_000.0 + 30.0 * (row / users) as f64,
        _ => value(name, row),
    };
    let features = frame(rows, CHURN, number, &[]);
    let none = ["user_id", "snapshot_date", "churn_probability"].map(|name| (name, Vec::new()));
    learn(
        Model::Churn,
        [
            ("churn_features", features),
            ("churn_oracle", Frame::from_numbers(none).unwrap()),
        ],
    )
}

fn ltv(users: usize, value: impl Fn(&str, usize) -> f64) -> Result<Learned, LearnError> {
    let number = |name: &str, row: usize| match name {
        "user_id" => row as f64,
        "snapshot_date" => 20_000.0,
        _ => value(name, row),
    };
    let truth = |name: &str, row: usize| if name == "user_id" { row as f64 } else { 0.0 };
    learn(
        Model::Ltv,
        [
            ("ltv_features", frame(users, LTV, number, LTV_WORDS)),
            (
                "ltv_oracle",
                frame(
                    users,
                    &["user_id", "will_convert", "log_hazard"],
                    truth,
                    &[],
                ),
            ),
        ],
    )
}

fn learn<const N: usize>(model: Model, inputs: [(&str, Frame); N]) -> Result<Learned, LearnError> {
    let learner = LEARNERS
        .iter()
        .find(|learner| learner.model == model)
        .unwrap();
    let task = Task {
        scenario: Scenario::default(),
        settings: Settings::default(),
        leaks: false,
        inputs: inputs.map(|(name, frame)| (name.to_owned(), frame)).into(),
    };
    learner.learn(&task, &mut |_| {})
}

/// A value that differs from row to row.
fn varied(row: usize) -> f64 {
    ((row * 7_919 + 13) % 1_009) as f64
}

fn leaves(row: usize) -> f64 {
    f64::from(u8::from((row * 31).is_multiple_of(7)))
}

#[test]
fn rows_of_both_kinds_are_learned() {
    let found = churn(300, |name, row| match name {
        "has_churned_in_90d" => leaves(row),
        _ => varied(row),
    });
    assert_eq!(found.unwrap().tables.len(), 2);
    let found = ltv(900, |_, row| varied(row));
    assert_eq!(found.unwrap().tables.len(), 1);
}

#[test]
fn too_few_rows_say_how_many_there_are_and_must_be() {
    for found in [
        churn(3, |name, row| match name {
            "has_churned_in_90d" => leaves(row),
            _ => varied(row),
        }),
        ltv(90, |_, row| varied(row)),
    ] {
        match found.unwrap_err() {
            LearnError::TooFewRows { found, needed, .. } => assert!(found < needed),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn one_class_is_nothing_to_tell_apart() {
    for label in [0.0, 1.0] {
        let found = churn(300, |name, row| match name {
            "has_churned_in_90d" => label,
            _ => varied(row),
        });
        let error = found.unwrap_err();
        assert!(matches!(error, LearnError::OneClass { .. }), "{error:?}");
        assert!(error.to_string().contains("same label"), "{error}");
    }
}

#[test]
fn constant_features_teach_nothing() {
    let found = churn(300, |name, row| match name {
        "has_churned_in_90d" => leaves(row),
        _ => 1.0,
    });
    let error = found.unwrap_err();
    assert!(
        matches!(error, LearnError::ConstantFeatures { .. }),
        "{error:?}"
    );
    let found = ltv(900, |name, row| match name {
        "next_12_months_revenue_cents" => varied(row),
        _ => 1.0,
    });
    let error = found.unwrap_err();
    assert!(
        matches!(error, LearnError::ConstantFeatures { .. }),
        "{error:?}"
    );
}

#[test]
fn a_number_that_is_missing_is_named() {
    let found = churn(300, |name, row| match name {
        "has_churned_in_90d" => leaves(row),
        "mrr_cents" if row == 41 => f64::NAN,
        _ => varied(row),
    });
    let expected = LearnError::NotANumber {
        column: "mrr_cents".to_owned(),
        row: 41,
    };
    assert_eq!(found.unwrap_err(), expected);
    let found = ltv(900, |name, row| match name {
        "mrr_cents" if row == 41 => f64::NAN,
        _ => varied(row),
    });
    assert_eq!(found.unwrap_err(), expected);
}
