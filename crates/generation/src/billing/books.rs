//! Where a customer's rows go.

use super::super::payments::Ledger;
use super::add_on::AddOn;
use super::period::Period;

/// A stretch of time with a paid plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) started_at: i64,
    /// `i64::MAX` while it runs.
    pub(crate) ended_at: i64,
}

/// A customer's state at the end of history.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    pub(crate) log_hazard: Option<f64>,
    pub(crate) unseen: f64,
}

/// Where a customer's rows go.
#[derive(Debug)]
pub(crate) struct Books<'a, 'b> {
    /// Subscriptions so far; a trial counts as one until the plan that follows it begins.
    pub(crate) subscriptions: u8,
    pub(crate) periods: &'a mut Vec<Period>,
    pub(crate) stretches: &'a mut Vec<Stretch>,
    /// `None` when nobody asks for add-ons.
    pub(crate) add_ons: Option<&'a mut Vec<AddOn>>,
    /// `None` when nobody asks for outlooks.
    pub(crate) outlooks: Option<&'a mut Vec<Outlook>>,
    pub(crate) ledger: &'a mut Ledger<'b>,
}

/// The outlook at the first instant of a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outlook {
    /// Day since 1970-01-01; the state is that of its first instant.
    pub(crate) day: i64,
    /// Log of the monthly hazard in force.
    pub(crate) log_hazard: f64,
    /// Probability of being gone within 90 days.
    pub(crate) churn_probability: f64,
}
