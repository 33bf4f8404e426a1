//! Marketing paths, and what a touch truly does to conversion.

use crate::parameters::{Parameter, Scenario, TrialType};

use super::calendar::{DAY, SECOND};
use super::random::Stream;

/// Longest path.
pub(super) const LONGEST_PATH: usize = 20;

/// How much more often a channel opens a path than it closes one.
const FIRST_TILT: [f64; 8] = [1.1, 0.4, 0.9, 1.6, 0.3, 1.0, 2.2, 0.9];
/// The same for touches in between.
const MIDDLE_TILT: [f64; 8] = [0.9, 0.8, 0.8, 1.3, 1.8, 0.9, 1.3, 0.9];
/// Whether people pay for the channel's clicks in an auction; these also show impressions.
const SHOWS_IMPRESSIONS: [bool; 8] = [false, false, false, false, true, true, true, false];
/// Highest probability of conversion.
const HIGHEST_CONVERSION: f64 = 0.97;

/// Clicks paid for until one is followed by a signup. The rows hold only people who signed up, so
/// each of their paid touches carries what the others cost; about one visitor in fifty signs up.
const CLICKS_PER_SIGNUP: f64 = 50.0;

/// A touch, before it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Touch {
    pub(super) touched_at: i64,
    pub(super) channel: u8,
    pub(super) campaign: u8,
    pub(super) touch_type: u8,
    pub(super) cost_cents: i64,
}

/// Everything about paths that the scenario alone decides.
#[derive(Debug, Clone)]
pub(super) struct Marketing {
    first: [f64; 8],
    middle: [f64; 8],
    last: [f64; 8],
    costs: [i64; 8],
    factors: [f64; 8],
    single: f64,
    extra: f64,
    least: u32,
    /// Probability of conversion by trial type and activation, for a path of effect 1.
    conversion: [[f64; 2]; 3],
}

impl Marketing {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let last = normalised(scenario.mix_weights());
        let tilted = |tilt: [f64; 8]| {
            let mut weights = last;
            for (weight, tilt) in weights.iter_mut().zip(tilt) {
                *weight *= tilt;
            }
            normalised(weights)
        };
        let single = scenario.fraction(Parameter::OrganicBaseline);
        let mean = scenario.number(Parameter::TouchesPerSignup);
        // Mean length of the paths that are not single by plan.
        let longer = if single < 1.0 {
            ((mean - single) / (1.0 - single)).max(1.0)
        } else {
            1.0
        };
        let least = if longer >= 2.0 { 2 } else { 1 };
        let mut marketing = Self {
            first: tilted(FIRST_TILT),
            middle: tilted(MIDDLE_TILT),
            last,
            costs: scenario.click_costs_cents(),
            factors: scenario.channel_uplifts().map(|uplift| 1.0 + uplift),
            single,
            extra: longer - f64::from(least),
            least,
            conversion: [[0.0; 2]; 3],
        };
        marketing.calibrate(scenario);
        marketing
    }

    /// Share of signups whose last touch is of each channel.
    pub(super) const fn mix(&self) -> &[f64; 8] {
        &self.last
    }

    /// Finds base probabilities so that each trial type converts at its parameter on average,
    /// over paths (4,096 fixed ones) and over activation.
    fn calibrate(&mut self, scenario: &Scenario) {
        let effects: Vec<f64> = (0..4_096)
            .map(|path| {
                // Not the scenario's seed: the calibration depends on parameters alone.
                let mut stream = Stream::new(0, "calibration paths", path);
                let (channels, count) = self.channels(&mut stream);
                self.effect(&channels[..count])
            })
            .collect();
        let mean_of = |probability: f64| {
            let sum: f64 = effects
                .iter()
                .map(|effect| (probability * effect).min(HIGHEST_CONVERSION))
                .sum();
            sum / effects.len() as f64
        };
        // The base probability whose mean over paths is `target`.
        let solve = |target: f64| {
            let (mut low, mut high) = (0.0, 1.0);
            while mean_of(high) < target && high < 1e3 {
                high *= 2.0;
            }
            for _ in 0..40 {
                let middle = 0.5 * (low + high);
                if mean_of(middle) < target {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        };
        let activation = scenario.fraction(Parameter::ActivationRate);
        for (trial_type, rates) in TrialType::ALL.iter().zip(&mut self.conversion) {
            let rate = scenario.fraction(trial_type.conversion());
            let (inactive, active) = split_by_activation(rate, activation);
            *rates = [solve(inactive), solve(active)];
        }
    }

    /// Probability that a signup ever pays.
    pub(super) fn conversion(&self, trial_type: usize, is_activated: bool, effect: f64) -> f64 {
        let base = self.conversion[trial_type][usize::from(is_activated)];
        (base * effect).min(HIGHEST_CONVERSION)
    }

    /// Channels of a path, in order.
    pub(super) fn channels(&self, stream: &mut Stream) -> ([u8; LONGEST_PATH], usize) {
        let mut channels = [0; LONGEST_PATH];
        let is_single = stream.chance(self.single);
        let extra = stream.poisson(self.extra);
        let count = if is_single { 1 } else { self.least + extra };
        let count = (count as usize).clamp(1, LONGEST_PATH);
        // The last touch is drawn first: its channel is the signup's, whatever comes before.
        channels[count - 1] = stream.pick(&self.last) as u8;
        for (index, channel) in channels[..count - 1].iter_mut().enumerate() {
            let weights = if index == 0 {
                &self.first
            } else {
                &self.middle
            };
            *channel = stream.pick(weights) as u8;
        }
        (channels, count)
    }

    /// Product of the true effects of the distinct channels of a path.
    pub(super) fn effect(&self, channels: &[u8]) -> f64 {
        let mut seen = 0_u8;
        let mut effect = 1.0;
        for &channel in channels {
            if seen & (1 << channel) == 0 {
                seen |= 1 << channel;
                effect *= self.factors[usize::from(channel)];
            }
        }
        effect
    }

    /// Times, campaigns, types and costs of a path that ends in a signup.
    pub(super) fn touches(
        &self,
        channels: &[u8],
        signed_up_at: i64,
        launched_at: Option<i64>,
        stream: &mut Stream,
        touches: &mut Vec<Touch>,
    ) {
        touches.clear();
        let minutes = stream.log_normal(15.0, 1.0).clamp(0.5, 1_200.0);
        let mut touched_at = signed_up_at - (minutes * 60.0) as i64 * SECOND;
        for (position, &channel) in channels.iter().enumerate().rev() {
            let is_last = position + 1 == channels.len();
            let gap_days = stream.log_normal(3.0, 1.0).clamp(0.02, 60.0);
            let kind = stream.uniform();
            let campaign = stream.uniform();
            let noise = stream.normal();
            if !is_last {
                touched_at -= (gap_days * DAY as f64) as i64;
            }
            let index = usize::from(channel);
            let touch_type = if !is_last && SHOWS_IMPRESSIONS[index] && kind < 0.35 {
                0
            } else if index <= 1 || index == 3 {
                2
            } else {
                1
            };
            let cost = self.costs[index] as f64;
            let cost_cents = if touch_type == 0 || cost == 0.0 {
                0
            } else {
                // The noise has mean 1, so that the mean cost of a click is the parameter.
                libm::round(CLICKS_PER_SIGNUP * cost * libm::exp(0.25 * noise - 0.031_25)) as i64
            };
            touches.push(Touch {
                touched_at,
                channel,
                campaign: campaign_of(index, campaign, touched_at, launched_at),
                touch_type,
                cost_cents,
            });
        }
        touches.reverse();
    }
}

/// Splits a conversion rate into that of people who did not activate and of those who did, about
/// five times as high where there is room.
fn split_by_activation(rate: f64, activation: f64) -> (f64, f64) {
    let fivefold = 5.0 * rate / (1.0 + 4.0 * activation);
    let highest = (0.55 + 0.45 * rate).min(0.92).max(rate);
    let active = fivefold.min(highest);
    let inactive = ((rate - activation * active) / (1.0 - activation)).max(0.0);
    (inactive, active)
}

fn campaign_of(channel: usize, draw: f64, touched_at: i64, launched_at: Option<i64>) -> u8 {
    if channel <= 1 {
        return 0;
    }
    let near_launch =
        launched_at.is_some_and(|launch| (0..60 * DAY).contains(&(touched_at - launch)));
    let kind = match draw {
        draw if near_launch && draw < 0.5 => 2,
        draw if draw > 0.68 => 0,
        _ => 1,
    };
    (1 + (channel - 2) * 3 + kind) as u8
}

fn normalised(mut weights: [f64; 8]) -> [f64; 8] {
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    weights
}
