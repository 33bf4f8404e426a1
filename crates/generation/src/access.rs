//! What a user may do with the product: access follows from the plan.

use super::billing::{Change, Period};
use super::personas::{
    ALERT_CONFIGURED, API_CALL, DASHBOARD_VIEWED, EXPORT_DATA, INTEGRATION_CONNECTED, PAGE_VIEW,
    SETTINGS_CHANGED, SUPPORT_TICKET_OPENED, TYPES,
};
use super::vocabulary::FEATURES;

/// Keys of `vocabulary::FEATURES` that some plan lacks, and what is used in their place.
const REPORTS: u8 = 1;
const ALERTS: u8 = 2;
const INTEGRATIONS: u8 = 3;
const API: u8 = 4;
const EXPORTS: u8 = 5;
const ADMIN: u8 = 10;
/// The plan that has no API, as key of `vocabulary::PLANS`.
const STARTER: usize = 0;

/// What a user may do at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Everything: the plans above the first, and every trial.
    Whole,
    /// Everything but the API: the first paid plan.
    Starter,
    /// No API, no exports, and integrations only while the product is being set up.
    Free,
    /// Nothing: pages that anybody sees, the account's settings and the help desk.
    Ended,
}

impl Access {
    /// What `event_type` becomes: somebody who lacks a feature does what comes closest to it, so
    /// that a persona shows on every plan.
    #[inline]
    pub(super) const fn event(self, event_type: u8, is_early: bool) -> u8 {
        match (self, event_type) {
            (Self::Starter | Self::Free, API_CALL) => ALERT_CONFIGURED,
            (Self::Free, EXPORT_DATA) => DASHBOARD_VIEWED,
            (Self::Free, INTEGRATION_CONNECTED) if !is_early => SETTINGS_CHANGED,
            (Self::Ended, SETTINGS_CHANGED | SUPPORT_TICKET_OPENED) => event_type,
            (Self::Ended, _) => PAGE_VIEW,
            _ => event_type,
        }
    }

    /// What a click on `feature` becomes; see [`Self::event`].
    #[inline]
    pub(super) const fn feature(self, feature: u8) -> u8 {
        match (self, feature) {
            (Self::Starter | Self::Free, API) => ALERTS,
            (Self::Free, EXPORTS) => REPORTS,
            (Self::Free, INTEGRATIONS) => ADMIN,
            _ => feature,
        }
    }
}

/// What an account's plan allows from one instant to another, and to how many people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) from: i64,
    /// `i64::MAX` while it runs.
    pub(super) to: i64,
    pub(super) seats: i32,
    pub(super) is_trial: bool,
    access: Access,
}

impl From<&Period> for Held {
    fn from(period: &Period) -> Self {
        let is_trial = period.change == Change::Trial;
        Self {
            from: period.started_at,
            to: period.ended_at.unwrap_or(i64::MAX),
            seats: period.contract.seats,
            is_trial,
            access: if !is_trial && period.contract.plan == STARTER {
                Access::Starter
            } else {
                Access::Whole
            },
        }
    }
}

/// What a user may do: what the account's plans allow, and what is left without one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed<'a> {
    /// In time's order, without overlaps.
    pub(super) held: &'a [Held],
    /// Access without a plan.
    pub(super) otherwise: Access,
}

/// Follows what is allowed as time goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct AccessAt<'a> {
    allowed: Allowed<'a>,
    next: usize,
}

impl<'a> AccessAt<'a> {
    pub(super) const fn new(allowed: Allowed<'a>) -> Self {
        Self { allowed, next: 0 }
    }

    /// Access at an instant that is no earlier than the one asked before.
    pub(super) fn of(&mut self, at: i64) -> Access {
        while let Some(held) = self.allowed.held.get(self.next) {
            if at < held.from {
                break;
            }
            if at < held.to {
                return held.access;
            }
            self.next += 1;
        }
        self.allowed.otherwise
    }
}

const _: () = assert!(FEATURES.len() == 12 && TYPES == 14);

#[cfg(test)]
mod tests {
    use super::super::vocabulary::EVENT_TYPES;
    use super::*;

    #[test]
    fn words_are_those_that_are_meant() {
        let types = [
            (API_CALL, "api_call"),
            (ALERT_CONFIGURED, "alert_configured"),
            (EXPORT_DATA, "export_data"),
            (DASHBOARD_VIEWED, "dashboard_viewed"),
        ];
        for (key, word) in types {
            assert_eq!(EVENT_TYPES[usize::from(key)], word);
        }
        let features = [
            (REPORTS, "reports"),
            (ALERTS, "alerts"),
            (INTEGRATIONS, "integrations"),
            (API, "api"),
            (EXPORTS, "exports"),
            (ADMIN, "admin"),
        ];
        for (key, word) in features {
            assert_eq!(FEATURES[usize::from(key)], word);
        }
    }

    #[test]
    fn a_lesser_plan_never_allows_more() {
        let allowed = |access: Access| {
            (0..TYPES as u8)
                .filter(|&event| access.event(event, false) == event)
                .collect::<Vec<_>>()
        };
        let plans = [Access::Whole, Access::Starter, Access::Free, Access::Ended].map(allowed);
        for pair in plans.windows(2) {
            assert!(pair[1].iter().all(|event| pair[0].contains(event)));
            assert!(pair[1].len() < pair[0].len());
        }
    }
}
