//! Sessions and events.
//!
//! Sessions arrive as a Poisson process whose rate is constant within a stretch of *activity
//! mass* (`Calendar::mass_at`), a clock that runs with the hours and weekdays of the user's own
//! zone. So one exponential draw a session gives its exact instant, and the expected number of
//! events is a plain sum: the exposure.

mod rows;
mod sessions;

use parameters::{Parameter, Scenario};

use super::access::Allowed;
use super::calendar::{Calendar, DAY, HOUR};
use super::lapse;
use super::life::Life;
use super::random::Purpose;
use super::satisfaction::{STEP_DAYS, rate_pull};
pub(super) use rows::ActivityRows;
use sessions::{LAPSED_DEPTH, Segment, SessionRules, Writer, mean_length, planned_sessions};

/// How many more events are aimed at than asked for, so that the total is never short of it.
const MARGIN: f64 = 1.01;
/// Users of the calibration of depth: events a session at the default of 200 events a user.
const USUAL_DEPTH: f64 = 5.2;
const USUAL_EVENTS: f64 = 200.0;
/// Effect of satisfaction on the log of a session's length.
const DEPTH_PULL: f64 = 0.35;
/// Session rates relative to a customer's: on trial or on the free plan before anybody falls
/// asleep, in the first week, asleep, and after churn. Nobody comes by chance after a trial that
/// lapsed: `Life::lapsed_visits` are all there is.
const FREE_RATE: f64 = 0.42;
const ONBOARDING_BOOST: f64 = 1.6;
const DORMANT_RATE: f64 = 0.02;
const CHURNED_RATE: f64 = 0.012;
/// Ceiling of the session rate, relative to the median customer.
const BUSIEST: f64 = 20.0;
/// Everything about activity that is decided once for a scenario.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    calendar: Calendar,
    rate_pull: f64,
    feature_effect: f64,
    /// Events that are aimed at, in all.
    target: f64,
    /// Expected events of the sessions that every user has.
    fixed: f64,
    sessions: Purpose,
    rules: SessionRules,
}

impl Activity {
    pub(super) fn new(scenario: &Scenario, calendar: Calendar) -> Self {
        let events = scenario.number(Parameter::EventsPerUser);
        let users = scenario.users() as f64;
        // Busier products have both more and longer sessions.
        let depth = (USUAL_DEPTH * libm::pow(events / USUAL_EVENTS, 0.7)).max(1.3);
        let activation = scenario.fraction(Parameter::ActivationRate);
        Self {
            rules: SessionRules::new(scenario.seed(), calendar.end(), depth),
            calendar,
            rate_pull: rate_pull(scenario.number(Parameter::ActivityTail)),
            feature_effect: scenario.fraction(Parameter::FeatureEffect),
            target: users * events * MARGIN,
            fixed: users
                * (mean_length(depth) * (1.0 + 2.0 * activation)
                    + mean_length(LAPSED_DEPTH) * lapse::expected_visits(scenario)),
            sessions: Purpose::new(scenario.seed(), "sessions"),
        }
    }

    /// Expected events of a life, in units that [`Self::scale`] turns into events.
    pub(super) fn exposure(&self, life: &Life) -> f64 {
        let mut sum = 0.0;
        self.segments(life, |segment| {
            sum += (segment.to - segment.from) * segment.rate * mean_length(segment.depth);
        });
        sum
    }

    /// Factor on all session rates, such that the expected number of events is the target.
    pub(super) fn scale(&self, total_exposure: f64) -> f64 {
        ((self.target - self.fixed) / total_exposure.max(1e-9)).max(0.0)
    }

    /// Events that are aimed at for each user.
    pub(super) fn events_per_user(&self, users: u64) -> f64 {
        self.target / users as f64
    }

    fn segments(&self, life: &Life, mut visit: impl FnMut(Segment)) {
        let Some(persona) = life.persona else { return };
        let (start, end) = (life.signed_up_at, self.calendar.end());
        let offset = life.person.utc_offset_hours() * HOUR;
        let onboarded_at = start + 7 * DAY;
        // Instants at which the rate changes besides the steps of satisfaction.
        let mut marks = [i64::MAX; 13];
        marks[0] = onboarded_at;
        marks[1] = life.dormant_at;
        marks[2] = life.adopts_at.unwrap_or(i64::MAX);
        marks[3] = life.trial_ends_at.unwrap_or(i64::MAX);
        let edges = life
            .stretches
            .iter()
            .flat_map(|stretch| [stretch.started_at, stretch.ended_at]);
        for (mark, edge) in marks[4..].iter_mut().zip(edges) {
            *mark = edge;
        }
        marks.sort_unstable();

        let base = libm::exp(life.log_activity);
        let depth = self.rules.depth * persona.depth();
        let mut next_mark = 0;
        let mut from = start;
        let mut from_mass = self.calendar.mass_at(from + offset);
        let mut next_step = start + STEP_DAYS * DAY;
        while from < end {
            while marks[next_mark] <= from {
                next_mark += 1;
            }
            let Some(status) = Self::status(life, from) else {
                // Nothing happens until the user is let in again.
                from = marks[next_mark].min(end);
                from_mass = self.calendar.mass_at(from + offset);
                let steps = (from - start) / (STEP_DAYS * DAY) + 1;
                next_step = start + steps * STEP_DAYS * DAY;
                continue;
            };
            let to = marks[next_mark].min(next_step).min(end);
            let is_step = to == next_step;
            if is_step {
                next_step += STEP_DAYS * DAY;
            }
            let to_mass = self.calendar.mass_at(to + offset);
            let satisfaction = life.path.at(from);
            let mut rate = base * status * libm::exp(self.rate_pull * satisfaction);
            if from < onboarded_at {
                rate *= ONBOARDING_BOOST;
            }
            if life.adopts_at.is_some_and(|at| at <= from) {
                rate *= 1.0 + self.feature_effect;
            }
            // Nobody lives in one product: the busiest come close to a ceiling.
            rate /= 1.0 + rate / BUSIEST;
            visit(Segment {
                from: from_mass,
                to: to_mass,
                from_local: from + offset,
                rate,
                depth: depth * libm::exp(DEPTH_PULL * satisfaction),
                satisfaction,
            });
            from = to;
            from_mass = to_mass;
        }
    }

    /// Session rate relative to a customer's, by what the user is at an instant; `None` after a
    /// trial that lapsed.
    fn status(life: &Life, at: i64) -> Option<f64> {
        let mut has_churned = false;
        for stretch in &life.stretches {
            if stretch.started_at <= at {
                if at < stretch.ended_at {
                    return Some(1.0);
                }
                has_churned = true;
            }
        }
        if has_churned {
            Some(CHURNED_RATE)
        } else if life.trial_ends_at.is_some_and(|ended_at| ended_at <= at) {
            None
        } else if at < life.dormant_at {
            Some(FREE_RATE)
        } else {
            Some(DORMANT_RATE)
        }
    }

    /// Writes a life's sessions and events.
    pub(super) fn write(&self, life: &Life, allowed: Allowed, scale: f64, rows: &mut ActivityRows) {
        let Some(persona) = life.persona else { return };
        let mut arrivals = self.sessions.stream(life.user_id);
        let offset = life.person.utc_offset_hours() * HOUR;
        let mut writer = Writer::new(&self.rules, life, allowed, &persona, rows);
        let mut planned = planned_sessions(life, &mut arrivals);
        let mut wait = arrivals.exponential();
        self.segments(life, |segment| {
            writer.enter(&segment);
            let mut day = self.calendar.search_from(segment.from_local);
            let rate = segment.rate * scale;
            let mut mass = segment.from;
            let mut left = (segment.to - segment.from) * rate;
            while wait <= left {
                left -= wait;
                mass += wait / rate;
                wait = arrivals.exponential();
                let at = self.calendar.instant_of(mass, &mut day) - offset;
                while let Some((planned_at, event)) = planned.next_if(at) {
                    writer.session(planned_at, Some(event), &mut arrivals);
                }
                writer.session(at, None, &mut arrivals);
            }
            wait -= left;
        });
        while let Some((at, event)) = planned.next_if(i64::MAX) {
            writer.session(at, Some(event), &mut arrivals);
        }
    }
}
