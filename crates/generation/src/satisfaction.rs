//! How content a user is: the hidden state behind usage, tickets, movements and churn.

use super::calendar::DAY;
use super::random::Stream;

/// Days a value of the path holds.
pub(super) const STEP_DAYS: i64 = 10;
/// Correlation of the moving part over 30 days.
pub(super) const PERSISTENCE: f64 = 0.94;
/// Share of the variance that never moves.
pub(super) const FIXED_SHARE: f64 = 0.15;
/// Effect on the log of the session rate, at most.
const RATE_PULL: f64 = 1.1;

/// Effect of satisfaction on the log of the session rate, as far as the spread of activity that
/// the scenario asks for leaves room for it.
pub(super) fn rate_pull(tail: f64) -> f64 {
    RATE_PULL.min(0.8 * tail)
}

/// A state of unit variance: a fixed part and an AR(1) part.
#[derive(Debug, Clone)]
pub(super) struct State {
    fixed: f64,
    moving: f64,
    keep: f64,
    shock: f64,
}

impl State {
    /// Starts at the stationary distribution; each step keeps `persistence` of the moving part.
    pub(super) fn start(persistence: f64, stream: &mut Stream) -> Self {
        Self {
            fixed: FIXED_SHARE.sqrt() * stream.normal(),
            moving: (1.0 - FIXED_SHARE).sqrt() * stream.normal(),
            keep: persistence,
            shock: ((1.0 - persistence * persistence) * (1.0 - FIXED_SHARE)).sqrt(),
        }
    }

    pub(super) fn value(&self) -> f64 {
        self.fixed + self.moving
    }

    pub(super) fn step(&mut self, stream: &mut Stream) {
        self.moving = self.keep * self.moving + self.shock * stream.normal();
    }
}

/// Satisfaction from signup to the end of history.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    starts_at: i64,
    values: Vec<f64>,
}

impl Path {
    /// Draws the whole path anew.
    pub(super) fn restart(&mut self, starts_at: i64, ends_at: i64, stream: &mut Stream) {
        let steps = ((ends_at - starts_at).max(0) / (STEP_DAYS * DAY)) as usize + 1;
        self.starts_at = starts_at;
        self.values.clear();
        self.values.resize(steps, 0.0);
        self.draw(0, stream);
    }

    /// Draws the path anew from `instant` on: whoever comes back starts with fresh eyes.
    pub(super) fn renew(&mut self, instant: i64, stream: &mut Stream) {
        let from = self.index(instant);
        self.draw(from, stream);
    }

    fn draw(&mut self, from: usize, stream: &mut Stream) {
        // The persistence of one step of the path.
        let keep = libm::pow(PERSISTENCE, STEP_DAYS as f64 / 30.0);
        let mut state = State::start(keep, stream);
        for value in &mut self.values[from..] {
            *value = state.value();
            state.step(stream);
        }
    }

    fn index(&self, instant: i64) -> usize {
        let step = (instant - self.starts_at).max(0) / (STEP_DAYS * DAY);
        (step as usize).min(self.values.len().saturating_sub(1))
    }

    /// The state at an instant; the first value stands for all time before.
    pub(super) fn at(&self, instant: i64) -> f64 {
        self.values.get(self.index(instant)).copied().unwrap_or(0.0)
    }
}
