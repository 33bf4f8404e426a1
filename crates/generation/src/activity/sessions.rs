//! One user's sessions and the events in them: how long they are, what is done, on which device.

use super::super::access::{Access, AccessAt, Allowed};
use super::super::arrow::NULL_KEY;
use super::super::calendar::{HOUR, SECOND};
use super::super::lapse::LAPSED_VISITS;
use super::super::life::{ACTIVATION_HOURS, Life, first_session_at};
use super::super::personas::{
    DASHBOARD_VIEWED, EXPORT_DATA, FEATURE_CLICK, FEATURE_OF_TYPE, INTEGRATION_CONNECTED,
    INVITE_SENT, PAGE_VIEW, Persona, REPORT_CREATED, SETTINGS_CHANGED, SUPPORT_TICKET_OPENED,
    TYPES, pick, thresholds,
};
use super::super::random::{Purpose, Stream};
use super::rows::ActivityRows;

/// Effect of satisfaction on the log of the weight of exports and of aimless page views; tickets
/// move twice as much, and invitations the other way.
const MIX_PULL: f64 = -1.1;
/// One session in ten is three times as long.
const LONG_SESSIONS: f64 = 0.1;
const LONG_FACTOR: f64 = 3.0;
/// Shortest pause between two sessions.
const SESSION_GAP: i64 = HOUR / 2 + SECOND;
/// Longest pause within a session, in microseconds.
const LONGEST_PAUSE: i64 = HOUR / 2 - 50 * SECOND;
/// Steps of the table of pauses.
const PAUSE_STEPS: usize = 1 << 10;
/// Pauses are of two kinds: the next click, and reading, thinking or typing. Share of each, its
/// median in seconds and the spread of its log.
///
/// # Source
/// docs/decisions/0145-time-in-the-generator.md
const PAUSE_KINDS: [(f64, f64, f64); 2] = [(0.5, 4.5, 0.8), (0.5, 44.0, 1.1)];
/// Spread of the log of a user's pace: how long their pauses are beside everybody's.
const PACE_SIGMA: f64 = 0.25;
/// Bits of a pace behind the point.
const PACE_BITS: u32 = 16;

/// Quantiles of the pause between two events, in microseconds, of somebody of the mean pace. The
/// outer ones lie within, where both tails still have an end.
fn pauses() -> Vec<i64> {
    let shorter = |seconds: f64| -> f64 {
        let kinds = PAUSE_KINDS.iter();
        kinds
            .map(|&(share, median, sigma)| {
                let z = libm::log(seconds / median) / sigma;
                share * 0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
            })
            .sum()
    };
    (0..=PAUSE_STEPS)
        .map(|step| {
            let quantile = (step as f64).clamp(0.25, PAUSE_STEPS as f64 - 0.25);
            let quantile = quantile / PAUSE_STEPS as f64;
            let (mut low, mut high) = (1e-3_f64, 1e5_f64);
            for _ in 0..32 {
                let middle = (low * high).sqrt();
                if shorter(middle) < quantile {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            (low * SECOND as f64) as i64
        })
        .collect()
}

/// A user's pace, with mean 1, in steps of 2⁻¹⁶.
fn pace(stream: &mut Stream) -> i64 {
    let log = PACE_SIGMA * stream.normal() - 0.5 * PACE_SIGMA * PACE_SIGMA;
    (libm::exp(log) * f64::from(1 << PACE_BITS)) as i64
}

/// Mean events of a visit by somebody who has no access.
pub(super) const LAPSED_DEPTH: f64 = 1.8;

/// Sessions that happen whatever the rate: the first one, those that activate, and visits after a
/// trial that lapsed.
pub(super) struct Planned {
    sessions: [(i64, u8); 3 + LAPSED_VISITS],
    next: usize,
    count: usize,
}

impl Planned {
    /// The next planned session, if it is due by `at`.
    pub(super) fn next_if(&mut self, at: i64) -> Option<(i64, u8)> {
        let session = self.sessions[..self.count].get(self.next).copied()?;
        if session.0 > at {
            return None;
        }
        self.next += 1;
        Some(session)
    }
}

pub(super) fn planned_sessions(life: &Life, stream: &mut Stream) -> Planned {
    let mut sessions = [(0, PAGE_VIEW); 3 + LAPSED_VISITS];
    sessions[0].0 = first_session_at(life, stream);
    let mut count = 1;
    if life.is_activated {
        sessions[1] = (life.activates_at[0], INTEGRATION_CONNECTED);
        sessions[2] = (life.activates_at[1], REPORT_CREATED);
        sessions[1..3].sort_unstable();
        count = 3;
    }
    for &visit in &life.lapsed_visits {
        sessions[count].0 = visit;
        count += 1;
    }
    Planned {
        sessions,
        next: 0,
        count,
    }
}

/// Mean of the shorter kind of sessions, where the mean of all is `depth`.
fn short_length(depth: f64) -> f64 {
    (depth / (1.0 + LONG_SESSIONS * (LONG_FACTOR - 1.0))).max(1.05)
}

/// Mean events of a session that is meant to have `depth`.
pub(super) fn mean_length(depth: f64) -> f64 {
    short_length(depth) * (1.0 + LONG_SESSIONS * (LONG_FACTOR - 1.0))
}

/// Scale of the exponential whose whole part, plus one, has this mean: a geometric number.
fn geometric_scale(mean: f64) -> f64 {
    1.0 / libm::log(mean / (mean - 1.0))
}

/// Scales of the lengths of short and of long sessions.
fn lengths(depth: f64) -> [f64; 2] {
    let short = short_length(depth);
    [short, short * LONG_FACTOR].map(geometric_scale)
}

/// A stretch of activity mass in which nothing about the rate changes.
pub(super) struct Segment {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) from_local: i64,
    /// Sessions by unit of mass, before scaling.
    pub(super) rate: f64,
    /// Mean events a session.
    pub(super) depth: f64,
    pub(super) satisfaction: f64,
}

/// What all sessions have in common.
#[derive(Debug, Clone)]
pub(super) struct SessionRules {
    /// The end of history.
    end: i64,
    /// Mean events a session.
    pub(super) depth: f64,
    /// Quantiles of the pause between two events, in microseconds.
    pauses: Vec<i64>,
    events: Purpose,
}

impl SessionRules {
    pub(super) fn new(seed: u64, end: i64, depth: f64) -> Self {
        Self {
            end,
            depth,
            pauses: pauses(),
            events: Purpose::new(seed, "events"),
        }
    }
}

/// Writes one user's sessions.
pub(super) struct Writer<'a> {
    rules: &'a SessionRules,
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
    pace: i64,
    access: AccessAt<'a>,
    lapsed_lengths: [f64; 2],
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        rules: &'a SessionRules,
        life: &'a Life,
        allowed: Allowed<'a>,
        persona: &Persona,
        rows: &'a mut ActivityRows,
    ) -> Self {
        let mut events = rules.events.stream(life.user_id);
        let main_platform = events.pick(&[0.66, 0.14, 0.12, 0.08]) as u8;
        let pace = pace(&mut events);
        Self {
            rules,
            life,
            rows,
            events,
            weights: persona.type_weights(),
            features: [false, true].map(|adopted| thresholds(&persona.feature_weights(adopted))),
            types: [0; TYPES],
            lengths: [0.0; 2],
            satisfaction: 0.0,
            depth: rules.depth,
            is_ready: false,
            previous_end: life.signed_up_at - SESSION_GAP,
            session_no: 0,
            event_no: 0,
            main_platform,
            pace,
            access: AccessAt::new(allowed),
            lapsed_lengths: lengths(LAPSED_DEPTH),
        }
    }

    /// Moves on to a segment; its tables are made when a first session needs them.
    pub(super) fn enter(&mut self, segment: &Segment) {
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
        self.lengths = lengths(self.depth);
        self.is_ready = true;
    }

    pub(super) fn session(&mut self, at: i64, first_event: Option<u8>, stream: &mut Stream) {
        if !self.is_ready {
            self.prepare();
        }
        let end = self.rules.end;
        let started_at = at.max(self.previous_end + SESSION_GAP);
        let bits = stream.bits();
        let is_long = (bits & 0xFFFF) as f64 / 65_536.0 < LONG_SESSIONS;
        let access = self.access.of(started_at);
        let lengths = if access == Access::Ended {
            self.lapsed_lengths
        } else {
            self.lengths
        };
        let more = stream.exponential() * lengths[usize::from(is_long)];
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
        let pauses = &self.rules.pauses;
        for index in 0..count {
            let bits = self.events.bits();
            if index > 0 {
                let step = (bits >> 54) as usize;
                let within = ((bits >> 32) & 0x3F_FFFF) as i64;
                let (low, high) = (pauses[step], pauses[step + 1]);
                let pause = low + (((high - low) * within) >> 22);
                let own = (pause * self.pace) >> PACE_BITS;
                // A pause that would end the session is as long as everybody's.
                event_at += if own > LONGEST_PAUSE { pause } else { own };
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
            event_type = access.event(event_type, is_early);
            let feature = if event_type == FEATURE_CLICK {
                access.feature(pick(
                    &self.features[adopted],
                    (self.events.bits() >> 32) as u32,
                ))
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
