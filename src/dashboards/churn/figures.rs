//! Figures of the list of customers, and how sentences and tooltips write them.

use crate::components::format::{ValueFormat, counted};
use crate::results::churn::RiskBin;

/// Sums over customers of the list.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Listed {
    /// How many there are.
    pub customers: i64,
    /// Their monthly recurring revenue.
    pub mrr_cents: i64,
    /// Each one's revenue times their risk.
    pub expected_cents: f64,
}

impl Listed {
    /// Those whose risk reaches a threshold, in percent.
    #[must_use]
    pub fn at_least(threshold_percent: u32, list: &[RiskBin]) -> Self {
        let least = i64::from(threshold_percent);
        let reach = list.iter().filter(|bin| bin.percent >= least);
        reach.fold(Self::default(), |sum, bin| Self {
            customers: sum.customers + bin.customers,
            mrr_cents: sum.mrr_cents + bin.mrr_cents,
            expected_cents: sum.expected_cents + bin.expected_cents,
        })
    }

    /// All of them.
    #[must_use]
    pub fn all(list: &[RiskBin]) -> Self {
        Self::at_least(0, list)
    }
}

/// A whole number: `1,234`.
#[must_use]
pub fn count(value: i64) -> String {
    ValueFormat::Count.full(value as f64)
}

/// An amount of cents, in short: `$1.35k`.
#[must_use]
pub fn money(cents: f64) -> String {
    ValueFormat::Money.short(cents)
}

/// So many customers: `1 customer`, `1,234 customers`.
#[must_use]
pub fn customers(number: i64) -> String {
    counted(number.unsigned_abs(), "customer")
}
