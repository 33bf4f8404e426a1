//! Five personas, and the mix of events each one leaves.

use super::random::Stream;
use super::vocabulary::{EVENT_TYPES, FEATURES, PERSONAS};

/// Number of latent traits.
const TRAITS: usize = 4;
/// Number of event types.
pub(super) const TYPES: usize = EVENT_TYPES.len();
/// Key of the feature that ships at the feature launch.
pub(super) const AI_ASSISTANT: u8 = 9;

pub(super) const PAGE_VIEW: u8 = 0;
pub(super) const FEATURE_CLICK: u8 = 1;
pub(super) const REPORT_CREATED: u8 = 2;
pub(super) const DASHBOARD_VIEWED: u8 = 3;
pub(super) const API_CALL: u8 = 4;
pub(super) const EXPORT_DATA: u8 = 5;
pub(super) const INVITE_SENT: u8 = 6;
pub(super) const INTEGRATION_CONNECTED: u8 = 7;
pub(super) const SETTINGS_CHANGED: u8 = 9;
pub(super) const SUPPORT_TICKET_OPENED: u8 = 10;
pub(super) const ALERT_CONFIGURED: u8 = 13;

/// Relative number of users by persona.
const WEIGHTS: [f64; PERSONAS.len()] = [0.18, 0.22, 0.16, 0.20, 0.24];
/// Log of the session rate by persona.
const INTENSITY: [f64; PERSONAS.len()] = [0.45, 0.15, 0.25, 0.05, -0.50];
/// Events a session, relative to the mean.
const DEPTH: [f64; PERSONAS.len()] = [1.25, 1.00, 1.15, 0.95, 0.70];
/// Share that takes up the new feature.
const ADOPTION: [f64; PERSONAS.len()] = [0.65, 0.45, 0.50, 0.40, 0.20];

/// Share of each event type for somebody without any leaning.
const BASE: [f64; TYPES] = [
    0.26, 0.16, 0.05, 0.13, 0.08, 0.03, 0.022, 0.012, 0.07, 0.03, 0.008, 0.05, 0.06, 0.028,
];
/// How far one standard deviation of each trait moves the log of a type's weight. The traits
/// stand for exploring, collaborating, automating and analysing.
const LOADINGS: [[f64; TRAITS]; TYPES] = [
    [0.0, 0.0, 0.0, 0.0],
    [0.64, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.50],
    [0.0, 0.0, 0.0, 0.64],
    [0.0, 0.0, 0.64, 0.0],
    [0.0, 0.0, 0.0, 0.55],
    [0.0, 0.55, 0.0, 0.0],
    [0.0, 0.0, 0.20, 0.0],
    [0.55, 0.0, 0.0, 0.0],
    [0.10, 0.0, 0.05, 0.0],
    [0.0, 0.0, 0.0, 0.0],
    [0.0, 0.64, 0.0, 0.0],
    [0.0, 0.64, 0.0, 0.0],
    [0.0, 0.0, 0.62, 0.0],
];
/// Weight of each feature among feature clicks, the new one left out.
const FEATURE_BASE: [f64; FEATURES.len()] = [
    0.18, 0.12, 0.07, 0.05, 0.08, 0.06, 0.14, 0.10, 0.12, 0.0, 0.06, 0.02,
];
/// Trait that draws people to a feature; `TRAITS` for none.
const FEATURE_TRAIT: [usize; FEATURES.len()] = [3, 3, 2, 2, 2, 3, 1, 1, 0, 0, TRAITS, TRAITS];
/// Weight of the new feature among an adopter's feature clicks.
const AI_WEIGHT: f64 = 0.35;
/// The feature an event type belongs to; `NULL_KEY` for page views, and clicks are drawn.
pub(super) const FEATURE_OF_TYPE: [u8; TYPES] = [
    super::arrow::NULL_KEY,
    0,
    1,
    0,
    4,
    5,
    6,
    3,
    8,
    10,
    11,
    7,
    6,
    2,
];

/// A user's persona and what follows from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Persona {
    pub(super) index: usize,
    traits: [f64; TRAITS],
}

impl Persona {
    pub(super) fn draw(separation: f64, stream: &mut Stream) -> Self {
        let index = stream.pick(&WEIGHTS);
        let centre = centroid(index, separation);
        Self {
            index,
            traits: centre.map(|centre| centre + stream.normal()),
        }
    }

    /// Log of the session rate.
    pub(super) const fn intensity(&self) -> f64 {
        INTENSITY[self.index]
    }

    /// Events a session, relative to the mean.
    pub(super) const fn depth(&self) -> f64 {
        DEPTH[self.index]
    }

    /// Probability of taking up the new feature.
    pub(super) const fn adoption(&self) -> f64 {
        ADOPTION[self.index]
    }

    /// Weight of each event type. Personas differ in what they do with the product, not in how
    /// much of it is aimless: the types that have no leaning keep their share.
    pub(super) fn type_weights(&self) -> [f64; TYPES] {
        let mut weights = BASE;
        let (mut usual, mut leaning) = (0.0, 0.0);
        for (weight, loadings) in weights.iter_mut().zip(&LOADINGS) {
            if loadings.iter().any(|&loading| loading != 0.0) {
                let log: f64 = loadings.iter().zip(&self.traits).map(|(l, t)| l * t).sum();
                usual += *weight;
                *weight *= libm::exp(log);
                leaning += *weight;
            }
        }
        for (weight, loadings) in weights.iter_mut().zip(&LOADINGS) {
            if loadings.iter().any(|&loading| loading != 0.0) {
                *weight *= usual / leaning;
            }
        }
        weights
    }

    /// Weight of each feature among clicks, with the new one for those who took it up.
    pub(super) fn feature_weights(&self, has_adopted: bool) -> [f64; FEATURES.len()] {
        let mut weights = FEATURE_BASE;
        for (weight, &leaning) in weights.iter_mut().zip(&FEATURE_TRAIT) {
            if let Some(leaning) = self.traits.get(leaning) {
                *weight *= libm::exp(0.25 * leaning);
            }
        }
        if has_adopted {
            let total: f64 = weights.iter().sum();
            weights[usize::from(AI_ASSISTANT)] = total * AI_WEIGHT / (1.0 - AI_WEIGHT);
        }
        weights
    }
}

/// Variance of [`Persona::intensity`] over users.
pub(super) fn intensity_variance() -> f64 {
    let pairs = || WEIGHTS.iter().zip(&INTENSITY);
    let mean: f64 = pairs().map(|(weight, value)| weight * value).sum();
    pairs()
        .map(|(weight, value)| weight * (value - mean) * (value - mean))
        .sum()
}

/// A corner of the regular simplex whose edges are `separation` long: four on the axes, and the
/// casual persona opposite to all of them.
fn centroid(persona: usize, separation: f64) -> [f64; TRAITS] {
    let edge = separation / core::f64::consts::SQRT_2;
    let mut centre = [0.0; TRAITS];
    match centre.get_mut(persona) {
        Some(axis) => *axis = edge,
        // Solves 3x² + (1 - x)² = 2 for the corner that lies equally far from the others.
        None => centre = [edge * (1.0 - 5.0_f64.sqrt()) / 4.0; TRAITS],
    }
    centre
}

/// Thresholds on 32 random bits that pick an index with these weights.
pub(super) fn thresholds<const N: usize>(weights: &[f64; N]) -> [u32; N] {
    let total: f64 = weights.iter().sum();
    let scale = f64::from(u32::MAX) / total;
    let mut sum = 0.0;
    let mut thresholds = [u32::MAX; N];
    for (threshold, weight) in thresholds.iter_mut().zip(weights) {
        sum += weight;
        *threshold = (sum * scale) as u32;
    }
    thresholds
}

/// The index that `draw` picks.
#[inline]
pub(super) fn pick<const N: usize>(thresholds: &[u32; N], draw: u32) -> u8 {
    let mut index = 0;
    for &threshold in &thresholds[..N - 1] {
        index += u8::from(draw >= threshold);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centroids_lie_one_separation_apart() {
        for first in 0..PERSONAS.len() {
            for second in 0..first {
                let squares: f64 = centroid(first, 6.0)
                    .iter()
                    .zip(centroid(second, 6.0))
                    .map(|(a, b)| (a - b) * (a - b))
                    .sum();
                assert!((squares.sqrt() - 6.0).abs() < 1e-9);
            }
        }
    }
}
