//! Where nothing was, words say so.

use super::super::panels::{health, lead_time, mrr_at_risk, risk};
use super::super::sentence::page;
use super::{bin_of_health, bin_of_risk, left, plan};
use crate::dashboards::claims::assert_in_words;

fn check(said: Option<String>, expected: &str) {
    let said = said.unwrap();
    assert_eq!(said, expected);
    assert_in_words(&said);
}

#[test]
fn nobody_at_the_threshold_is_none() {
    for customers in [8, 80] {
        let bins = [bin_of_risk(1, customers)];
        for said in [page(&bins, 20, false), risk::sentence(&bins, 20)] {
            assert_in_words(&said.unwrap());
        }
    }
    check(
        risk::sentence(&[bin_of_risk(1, 80)], 20),
        "Half of the 80 customers have a risk below 2%. None reaches the threshold.",
    );
    check(
        mrr_at_risk::sentence(&[plan("starter", 80, 100.0, 0)]),
        "None of $10 MRR belongs to customers at or above the threshold; Starter is expected to lose the most, $1 in 90 days.",
    );
}

#[test]
fn nobody_warned_healthy_or_at_risk_is_none() {
    check(
        lead_time::sentence(&[left(None, 40)]),
        "None of 40 customers who churned was flagged in advance.",
    );
    check(
        lead_time::sentence(&[left(None, 1)]),
        "The one customer who churned was not flagged in advance.",
    );
    assert_in_words(&lead_time::sentence(&[left(Some(0), 40)]).unwrap());
    check(
        health::sentence(&[bin_of_health("neutral", 40)]),
        "None of 40 customers are healthy. None is at risk.",
    );
}
