//! What a user may do with the product: access follows from the plan.

use super::billing::Change;
use super::life::Life;
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

/// Follows a life's periods as time goes on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AccessAt {
    period: usize,
}

impl AccessAt {
    /// Access at an instant that is no earlier than the one asked before.
    pub(super) fn of(&mut self, life: &Life, at: i64) -> Access {
        while let Some(period) = life.periods.get(self.period) {
            if at < period.started_at {
                break;
            }
            if period.ended_at.is_none_or(|ended_at| at < ended_at) {
                let is_trial = period.change == Change::Trial;
                return if !is_trial && period.contract.plan == STARTER {
                    Access::Starter
                } else {
                    Access::Whole
                };
            }
            self.period += 1;
        }
        if life.trial_ends_at.is_none() {
            Access::Free
        } else {
            Access::Ended
        }
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
