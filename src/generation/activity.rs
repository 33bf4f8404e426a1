//! Sessions and events.
//!
//! Sessions arrive as a Poisson process whose rate is constant within a stretch of *activity
//! mass* (`Calendar::mass_at`), a clock that runs with the hours and weekdays of the user's own
//! zone. So one exponential draw a session gives its exact instant, and the expected number of
//! events is a plain sum: the exposure.

use crate::parameters::{Parameter, Scenario};

use super::arrow::NULL_KEY;
use super::calendar::{Calendar, DAY, HOUR, SECOND};
use super::life::{ACTIVATION_HOURS, Life, first_session_at};
use super::personas::{
    DASHBOARD_VIEWED, EXPORT_DATA, FEATURE_CLICK, FEATURE_OF_TYPE, INTEGRATION_CONNECTED,
    INVITE_SENT, PAGE_VIEW, Persona, REPORT_CREATED, SETTINGS_CHANGED, SUPPORT_TICKET_OPENED,
    TYPES, pick, thresholds,
};
use super::random::{Purpose, Stream, normal_quantile};
use super::satisfaction::STEP_DAYS;

/// How many more events are aimed at than asked for, so that the total is never short of it.
const MARGIN: f64 = 1.01;
/// Users of the calibration of depth: events a session at the default of 200 events a user.
const USUAL_DEPTH: f64 = 5.2;
const USUAL_EVENTS: f64 = 200.0;
/// Effect of satisfaction on the log of the session rate (see [`rate_pull`]), and of the session's
/// length.
const RATE_PULL: f64 = 1.1;
const DEPTH_PULL: f64 = 0.35;
/// Effect of satisfaction on the log of the weight of exports and of aimless page views; tickets
/// move twice as much, and invitations the other way.
const MIX_PULL: f64 = -0.95;
/// Session rates relative to a customer's: before anybody falls asleep or pays, in the first
/// week, asleep, and after churn.
const FREE_RATE: f64 = 0.42;
const ONBOARDING_BOOST: f64 = 1.6;
const DORMANT_RATE: f64 = 0.02;
const CHURNED_RATE: f64 = 0.012;
/// Ceiling of the session rate, relative to the median customer.
const BUSIEST: f64 = 20.0;
/// One session in ten is three times as long.
const LONG_SESSIONS: f64 = 0.1;
const LONG_FACTOR: f64 = 3.0;
/// Shortest pause between two sessions.
const SESSION_GAP: i64 = HOUR / 2 + SECOND;
/// Longest pause within a session.
const LONGEST_PAUSE_SECS: f64 = 1_500.0;
/// Steps of the table of pauses.
const PAUSE_STEPS: usize = 1 << 10;

/// Effect of satisfaction on the log of the session rate, as far as the spread of activity that
/// the scenario asks for leaves room for it.
pub(super) fn rate_pull(tail: f64) -> f64 {
    RATE_PULL.min(0.8 * tail)
}

/// A block's sessions and events, column by column.
#[derive(Debug, Default)]
pub(super) struct ActivityRows {
    pub(super) session_id: Vec<i64>,
    pub(super) session_user: Vec<i64>,
    pub(super) started_at: Vec<i64>,
    pub(super) platform: Vec<u8>,
    pub(super) device: Vec<u8>,
    pub(super) event_id: Vec<i64>,
    pub(super) event_session: Vec<i64>,
    pub(super) event_user: Vec<i64>,
    pub(super) event_at: Vec<i64>,
    pub(super) event_type: Vec<u8>,
    pub(super) feature: Vec<u8>,
}

impl ActivityRows {
    pub(super) fn with_capacity(events: usize) -> Self {
        let sessions = events / 6;
        Self {
            session_id: Vec::with_capacity(sessions),
            session_user: Vec::with_capacity(sessions),
            started_at: Vec::with_capacity(sessions),
            platform: Vec::with_capacity(sessions),
            device: Vec::with_capacity(sessions),
            event_id: Vec::with_capacity(events),
            event_session: Vec::with_capacity(events),
            event_user: Vec::with_capacity(events),
            event_at: Vec::with_capacity(events),
            event_type: Vec::with_capacity(events),
            feature: Vec::with_capacity(events),
        }
    }
}

/// Everything about activity that is decided once for a scenario.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    calendar: Calendar,
    depth: f64,
    rate_pull: f64,
    feature_effect: f64,
    /// Events that are aimed at, in all.
    target: f64,
    /// Expected events of the sessions that every user has.
    fixed: f64,
    /// Quantiles of the pause between two events, in microseconds.
    pauses: Vec<i64>,
    sessions: Purpose,
    events: Purpose,
}

/// A stretch of activity mass in which nothing about the rate changes.
struct Segment {
    from: f64,
    to: f64,
    from_local: i64,
    /// Sessions by unit of mass, before scaling.
    rate: f64,
    /// Mean events a session.
    depth: f64,
    satisfaction: f64,
}

impl Activity {
    pub(super) fn new(scenario: &Scenario, calendar: Calendar) -> Self {
        let events = scenario.number(Parameter::EventsPerUser);
        let users = scenario.users() as f64;
        // Busier products have both more and longer sessions.
        let depth = (USUAL_DEPTH * libm::pow(events / USUAL_EVENTS, 0.7)).max(1.3);
        let activation = scenario.fraction(Parameter::ActivationRate);
        let mut pauses: Vec<i64> = (0..PAUSE_STEPS)
            .map(|step| {
                let quantile = normal_quantile((step as f64 + 0.5) / PAUSE_STEPS as f64);
                let seconds = (20.0 * libm::exp(1.25 * quantile)).clamp(1.0, LONGEST_PAUSE_SECS);
                (seconds * SECOND as f64) as i64
            })
            .collect();
        pauses.extend(pauses.last().copied());
        Self {
            calendar,
            depth,
            rate_pull: rate_pull(scenario.number(Parameter::ActivityTail)),
            feature_effect: scenario.fraction(Parameter::FeatureEffect),
            target: users * events * MARGIN,
            fixed: users * mean_length(depth) * (1.0 + 2.0 * activation),
            pauses,
            sessions: Purpose::new(scenario.seed(), "sessions"),
            events: Purpose::new(scenario.seed(), "events"),
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
        let mut marks = [i64::MAX; 12];
        marks[0] = onboarded_at;
        marks[1] = life.dormant_at;
        marks[2] = life.adopts_at.unwrap_or(i64::MAX);
        let edges = life
            .stretches
            .iter()
            .flat_map(|stretch| [stretch.started_at, stretch.ended_at]);
        for (mark, edge) in marks[3..].iter_mut().zip(edges) {
            *mark = edge;
        }
        marks.sort_unstable();

        let base = libm::exp(life.log_activity);
        let depth = self.depth * persona.depth();
        let mut next_mark = 0;
        let mut from = start;
        let mut from_mass = self.calendar.mass_at(from + offset);
        let mut next_step = start + STEP_DAYS * DAY;
        while from < end {
            while marks[next_mark] <= from {
                next_mark += 1;
            }
            let to = marks[next_mark].min(next_step).min(end);
            let is_step = to == next_step;
            if is_step {
                next_step += STEP_DAYS * DAY;
            }
            let to_mass = self.calendar.mass_at(to + offset);
            let satisfaction = life.path.at(from);
            let mut rate =
                base * self.status(life, from) * libm::exp(self.rate_pull * satisfaction);
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

    /// Session rate relative to a customer's, by what the user is at an instant.
    fn status(&self, life: &Life, at: i64) -> f64 {
        let mut has_churned = false;
        for stretch in &life.stretches {
            if stretch.started_at <= at {
                if at < stretch.ended_at {
                    return 1.0;
                }
                has_churned = true;
            }
        }
        if has_churned {
            CHURNED_RATE
        } else if at < life.dormant_at {
            FREE_RATE
        } else {
            DORMANT_RATE
        }
    }

    /// Writes a life's sessions and events.
    pub(super) fn write(&self, life: &Life, scale: f64, rows: &mut ActivityRows) {
        let Some(persona) = life.persona else { return };
        let mut arrivals = self.sessions.stream(life.user_id);
        let offset = life.person.utc_offset_hours() * HOUR;
        let mut writer = Writer::new(self, life, &persona, rows);
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

/// Sessions that happen whatever the rate: the first one, and those that activate.
struct Planned {
    sessions: [(i64, u8); 3],
    next: usize,
    count: usize,
}

impl Planned {
    /// The next planned session, if it is due by `at`.
    fn next_if(&mut self, at: i64) -> Option<(i64, u8)> {
        let session = self.sessions[..self.count].get(self.next).copied()?;
        if session.0 > at {
            return None;
        }
        self.next += 1;
        Some(session)
    }
}

fn planned_sessions(life: &Life, stream: &mut Stream) -> Planned {
    let mut sessions = [
        (first_session_at(life, stream), PAGE_VIEW),
        (life.activates_at[0], INTEGRATION_CONNECTED),
        (life.activates_at[1], REPORT_CREATED),
    ];
    sessions[1..].sort_unstable();
    Planned {
        sessions,
        next: 0,
        count: if life.is_activated { 3 } else { 1 },
    }
}

/// Mean of the shorter kind of sessions, where the mean of all is `depth`.
fn short_length(depth: f64) -> f64 {
    (depth / (1.0 + LONG_SESSIONS * (LONG_FACTOR - 1.0))).max(1.05)
}

/// Mean events of a session that is meant to have `depth`.
fn mean_length(depth: f64) -> f64 {
    short_length(depth) * (1.0 + LONG_SESSIONS * (LONG_FACTOR - 1.0))
}

/// Scale of the exponential whose whole part, plus one, has this mean: a geometric number.
fn geometric_scale(mean: f64) -> f64 {
    1.0 / libm::log(mean / (mean - 1.0))
}

/// Writes one user's sessions.
struct Writer<'a> {
    activity: &'a Activity,
    life: &'a Life,
    rows: &'a mut ActivityRows,
    events: Stream,
    weights: [f64; TYPES],
    /// Feature clicks before and after the new feature is taken up.
    features: [[u32; 12]; 2],
    types: [u32; TYPES],
    lengths: [f64; 2],
    satisfaction: f64,
    depth: f64,
    is_ready: bool,
    previous_end: i64,
    session_no: i64,
    event_no: i64,
    main_platform: u8,
}

impl<'a> Writer<'a> {
    fn new(
        activity: &'a Activity,
        life: &'a Life,
        persona: &Persona,
        rows: &'a mut ActivityRows,
    ) -> Self {
        let mut events = activity.events.stream(life.user_id);
        let main_platform = events.pick(&[0.66, 0.14, 0.12, 0.08]) as u8;
        Self {
            activity,
            life,
            rows,
            events,
            weights: persona.type_weights(),
            features: [false, true].map(|adopted| thresholds(&persona.feature_weights(adopted))),
            types: [0; TYPES],
            lengths: [0.0; 2],
            satisfaction: 0.0,
            depth: activity.depth,
            is_ready: false,
            previous_end: life.signed_up_at - SESSION_GAP,
            session_no: 0,
            event_no: 0,
            main_platform,
        }
    }

    /// Moves on to a segment; its tables are made when a first session needs them.
    fn enter(&mut self, segment: &Segment) {
        self.satisfaction = segment.satisfaction;
        self.depth = segment.depth;
        self.is_ready = false;
    }

    fn prepare(&mut self) {
        let pull = libm::exp(MIX_PULL * self.satisfaction);
        let mut weights = self.weights;
        weights[usize::from(EXPORT_DATA)] *= pull;
        weights[usize::from(PAGE_VIEW)] *= pull;
        weights[usize::from(SUPPORT_TICKET_OPENED)] *= pull * pull;
        weights[usize::from(INVITE_SENT)] /= pull;
        self.types = thresholds(&weights);
        let short = short_length(self.depth);
        self.lengths = [short, short * LONG_FACTOR].map(geometric_scale);
        self.is_ready = true;
    }

    fn session(&mut self, at: i64, first_event: Option<u8>, stream: &mut Stream) {
        if !self.is_ready {
            self.prepare();
        }
        let end = self.activity.calendar.end();
        let started_at = at.max(self.previous_end + SESSION_GAP);
        let bits = stream.bits();
        let is_long = (bits & 0xFFFF) as f64 / 65_536.0 < LONG_SESSIONS;
        let more = stream.exponential() * self.lengths[usize::from(is_long)];
        if started_at >= end {
            return;
        }
        self.session_no += 1;
        let user = self.life.user_id as i64;
        let session_id = user * 1_000_000 + self.session_no;
        let (platform, device) = self.platform(bits >> 16);
        self.rows.session_id.push(session_id);
        self.rows.session_user.push(user);
        self.rows.started_at.push(started_at);
        self.rows.platform.push(platform);
        self.rows.device.push(device);

        let adopted = usize::from(self.life.adopts_at.is_some_and(|at| at <= started_at));
        let is_early = started_at < self.life.signed_up_at + (ACTIVATION_HOURS + 12) * HOUR;
        let count = 1 + more.min(2_000.0) as usize;
        let mut event_at = started_at;
        let pauses = &self.activity.pauses;
        for index in 0..count {
            let bits = self.events.bits();
            if index > 0 {
                let step = (bits >> 54) as usize;
                let within = ((bits >> 32) & 0x3F_FFFF) as i64;
                let (low, high) = (pauses[step], pauses[step + 1]);
                event_at += low + (((high - low) * within) >> 22);
                if event_at >= end {
                    break;
                }
            }
            let mut event_type = pick(&self.types, bits as u32);
            if index == 0
                && let Some(first_event) = first_event
            {
                event_type = first_event;
            } else if is_early {
                event_type = self.allowed(event_type);
            }
            let feature = if event_type == FEATURE_CLICK {
                pick(&self.features[adopted], (self.events.bits() >> 32) as u32)
            } else {
                FEATURE_OF_TYPE[usize::from(event_type)]
            };
            self.event_no += 1;
            self.rows.event_id.push(user * 1_000_000 + self.event_no);
            self.rows.event_session.push(session_id);
            self.rows.event_user.push(user);
            self.rows.event_at.push(event_at);
            self.rows.event_type.push(event_type);
            self.rows.feature.push(feature);
            self.previous_end = event_at;
        }
    }

    /// What a user who does not activate does instead of the one step that is missing.
    const fn allowed(&self, event_type: u8) -> u8 {
        match event_type {
            INTEGRATION_CONNECTED if !self.life.is_activated && self.life.lacks_integration => {
                SETTINGS_CHANGED
            }
            REPORT_CREATED if !self.life.is_activated && !self.life.lacks_integration => {
                DASHBOARD_VIEWED
            }
            other => other,
        }
    }

    /// Platform and device of a session: mostly the user's usual ones.
    const fn platform(&self, bits: u64) -> (u8, u8) {
        let platform = if bits & 7 == 0 {
            ((bits >> 3) & 3) as u8
        } else {
            self.main_platform
        };
        let roll = (bits >> 5) & 15;
        let device = match platform {
            0 if roll < 2 => 1,
            0 if roll == 2 => 2,
            2 | 3 if roll < 4 => 2,
            2 | 3 => 1,
            _ => 0,
        };
        (platform, device)
    }
}

const _: () = assert!(NULL_KEY == FEATURE_OF_TYPE[PAGE_VIEW as usize]);
