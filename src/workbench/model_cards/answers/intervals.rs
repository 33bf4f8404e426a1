//! Scores whose intervals overlap are not ranked.

use super::*;

fn score(value: f64, interval: [f64; 2], oracle: Option<f64>) -> Score {
    Score {
        key: "auc".into(),
        label: "AUC".into(),
        meaning: String::new(),
        value,
        interval: Some(interval),
        baseline: None,
        baseline_name: None,
        oracle,
        is_more_better: true,
        is_share: false,
    }
}

#[test]
fn a_leak_within_the_interval_is_no_triumph() {
    let (honest, leaky) = (
        score(0.963, [0.94, 0.98], None),
        score(0.970, [0.95, 0.99], None),
    );
    assert_eq!(
        leak(Some(&honest), Some(&leaky)),
        "AUC 0.970 with the leak, 0.963 without: their 95% intervals overlap, so the leak changes nothing that can be told \
         apart."
    );
    let leaky = score(0.999, [0.99, 1.0], None);
    assert!(leak(Some(&honest), Some(&leaky)).starts_with("AUC 0.999 instead of 0.963"));
}

/// "0.963 of the 0.958 that can be had".
#[test]
fn nothing_is_more_than_all_that_can_be_had() {
    let said = |oracle| beside_oracle(&score(0.963, [0.94, 0.98], Some(oracle)));
    assert_eq!(
        said(0.958),
        ", as good as the oracle’s 0.958 within its interval"
    );
    assert_eq!(said(0.99), ", where an oracle reaches 0.990");
    assert_eq!(said(0.9), ", above the oracle’s 0.900");
    assert_eq!(beside_oracle(&score(0.9, [0.8, 0.95], None)), "");
}
