//! Marketing paths, and what a touch truly does to conversion.

use parameters::{Parameter, Scenario, TrialType};

use super::calendar::{DAY, SECOND};
use super::random::{Purpose, Stream};
use super::vocabulary::CAMPAIGNS;

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

/// Share of impressions among the touches before the last one, in channels that show any.
const IMPRESSIONS_BEFORE: f64 = 0.35;
/// Days that lie between two touches at most, and minutes between the last one and the signup.
const LONGEST_GAP_DAYS: f64 = 60.0;
const LONGEST_WAIT_MINUTES: f64 = 1_200.0;
/// Days from the first touch of the longest path to the signup, and one for the wait.
pub(super) const LONGEST_PATH_DAYS: i64 = LONGEST_PATH as i64 * LONGEST_GAP_DAYS as i64 + 1;
/// Days for which a campaign follows the launch of the product.
const LAUNCH_DAYS: i64 = 60;
/// Campaigns of a channel: its brand, generic words, the launch.
const CAMPAIGNS_A_CHANNEL: usize = 3;
/// Share of the launch among a channel's campaigns while it runs, and of the brand always.
const LAUNCH_SHARE: f64 = 0.5;
const BRAND_SHARE: f64 = 0.32;
/// Spread of the log of a click's price, from one day and campaign to another.
const PRICE_SIGMA: f64 = 0.25;

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
    prices: Purpose,
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
            prices: Purpose::new(scenario.seed(), "click prices"),
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

    /// Clicks that a signup brings on average, by channel: as last touch, as first of several and
    /// in between.
    pub(super) fn clicks_per_signup(&self) -> [[f64; 3]; 8] {
        // How often a path has a first touch that is not its last, and how many lie in between.
        let (mut first, mut middle) = (0.0, 0.0);
        let mut mass = (1.0 - self.single) * libm::exp(-self.extra);
        for extra in 0..200_u32 {
            let count = (self.least + extra).clamp(1, LONGEST_PATH as u32);
            first += mass * f64::from(u8::from(count > 1));
            middle += mass * f64::from(count.saturating_sub(2));
            mass *= self.extra / f64::from(extra + 1);
        }
        core::array::from_fn(|channel| {
            let clicked = if SHOWS_IMPRESSIONS[channel] {
                1.0 - IMPRESSIONS_BEFORE
            } else {
                1.0
            };
            [
                self.last[channel],
                first * self.first[channel] * clicked,
                middle * self.middle[channel] * clicked,
            ]
        })
    }

    /// Whether people see the channel's campaigns who do not click.
    pub(super) const fn shows_impressions(channel: usize) -> bool {
        SHOWS_IMPRESSIONS[channel]
    }

    /// What a click of a campaign costs on a day: the same for everybody who clicks.
    pub(super) fn click_price_cents(&self, campaign: u8, day: i64) -> i64 {
        let Some(channel) = channel_of(campaign) else {
            return 0;
        };
        let cost = self.costs[channel];
        if cost == 0 {
            return 0;
        }
        let key = day as u64 * CAMPAIGNS.len() as u64 + u64::from(campaign);
        let mut stream = self.prices.stream(key);
        // The noise has mean 1, and what is cut off is made up for: the mean price of a click is
        // the parameter, even of a few cents.
        let noise = PRICE_SIGMA * stream.normal() - 0.5 * PRICE_SIGMA * PRICE_SIGMA;
        (cost as f64 * libm::exp(noise) + stream.uniform()) as i64
    }

    /// Times, campaigns and types of a path that ends in a signup; what they cost comes after.
    pub(super) fn touches(
        &self,
        channels: &[u8],
        signed_up_at: i64,
        launched_at: Option<i64>,
        stream: &mut Stream,
        touches: &mut Vec<Touch>,
    ) {
        touches.clear();
        let minutes = stream
            .log_normal(15.0, 1.0)
            .clamp(0.5, LONGEST_WAIT_MINUTES);
        let mut touched_at = signed_up_at - (minutes * 60.0) as i64 * SECOND;
        for (position, &channel) in channels.iter().enumerate().rev() {
            let is_last = position + 1 == channels.len();
            let gap_days = stream.log_normal(3.0, 1.0).clamp(0.02, LONGEST_GAP_DAYS);
            let kind = stream.uniform();
            let campaign = stream.uniform();
            if !is_last {
                touched_at -= (gap_days * DAY as f64) as i64;
            }
            let index = usize::from(channel);
            let touch_type = if !is_last && SHOWS_IMPRESSIONS[index] && kind < IMPRESSIONS_BEFORE {
                0
            } else if index <= 1 || index == 3 {
                2
            } else {
                1
            };
            touches.push(Touch {
                touched_at,
                channel,
                campaign: campaign_of(index, campaign, touched_at, launched_at),
                touch_type,
                cost_cents: 0,
            });
        }
        touches.reverse();
    }

    /// Prices the clicks of a path.
    pub(super) fn price(&self, touches: &mut [Touch]) {
        for touch in touches {
            if touch.is_click() {
                let day = touch.touched_at.div_euclid(DAY);
                touch.cost_cents = self.click_price_cents(touch.campaign, day);
            }
        }
    }
}

impl Touch {
    /// Whether a campaign pays for it.
    pub(super) const fn is_click(&self) -> bool {
        self.campaign > 0 && self.touch_type > 0
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
    let near_launch = launched_at
        .is_some_and(|launch| (0..LAUNCH_DAYS).contains(&(touched_at - launch).div_euclid(DAY)));
    let kind = match draw {
        draw if near_launch && draw < LAUNCH_SHARE => 2,
        draw if draw > 1.0 - BRAND_SHARE => 0,
        _ => 1,
    };
    (1 + (channel - 2) * CAMPAIGNS_A_CHANNEL + kind) as u8
}

/// The channel of a campaign; `None` for what is no campaign.
pub(super) fn channel_of(campaign: u8) -> Option<usize> {
    let before = usize::from(campaign).checked_sub(1)?;
    Some(before / CAMPAIGNS_A_CHANNEL + 2)
}

/// A campaign's share of its channel's clicks so many days after the launch.
pub(super) fn campaign_share(campaign: u8, since_launch: Option<i64>) -> f64 {
    let near_launch = since_launch.is_some_and(|days| (0..LAUNCH_DAYS).contains(&days));
    let launch = if near_launch { LAUNCH_SHARE } else { 0.0 };
    match usize::from(campaign).checked_sub(1) {
        Some(before) => match before % CAMPAIGNS_A_CHANNEL {
            0 => BRAND_SHARE,
            1 => 1.0 - BRAND_SHARE - launch,
            _ => launch,
        },
        None => 0.0,
    }
}

fn normalised(mut weights: [f64; 8]) -> [f64; 8] {
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    weights
}
