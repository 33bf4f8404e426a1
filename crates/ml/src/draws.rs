//! Seeded random draws that are the same bits on every machine.

use rand::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// One stream of draws; a purpose and a number make streams of one seed independent.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    source: Xoshiro256PlusPlus,
}

impl Draws {
    /// The stream of `seed` for a purpose, such as `"restart"`, and its number.
    pub(super) fn new(seed: u64, purpose: &str, number: u64) -> Self {
        let mut named = Vec::with_capacity(purpose.len() + 8);
        named.extend_from_slice(purpose.as_bytes());
        named.extend_from_slice(&number.to_le_bytes());
        let seed = xxhash_rust::xxh3::xxh3_64_with_seed(&named, seed);
        Self {
            source: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    /// Uniform on `[0, 1)`, in steps of 2⁻⁵³.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.source.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number below `count`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((self.uniform() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Standard normal.
    ///
    /// # Source
    /// Box and Muller (1958); its second value is not kept, so that draws count alike.
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// Laplace with mean 0 and the given scale.
    pub(super) fn laplace(&mut self, scale: f64) -> f64 {
        let draw = self.uniform() - 0.5;
        let size = -libm::log(1.0 - 2.0 * draw.abs());
        scale * if draw < 0.0 { -size } else { size }
    }

    /// `count` different indices below `from`, in rising order; all of them when there are fewer.
    pub(super) fn sample(&mut self, from: usize, count: usize) -> Vec<usize> {
        let mut left = count.min(from);
        let mut chosen = Vec::with_capacity(left);
        // Selection sampling (Knuth, volume 2, algorithm S): one pass, no set to look up.
        for index in 0..from {
            if left == 0 {
                break;
            }
            if self.uniform() * ((from - index) as f64) < left as f64 {
                chosen.push(index);
                left -= 1;
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_different_rising_and_of_the_size_asked_for() {
        for (from, count, expected) in [(10, 3, 3), (5, 9, 5), (0, 4, 0), (1000, 999, 999)] {
            let sample = Draws::new(7, "test", 1).sample(from, count);
            assert_eq!(sample.len(), expected);
            assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn moments_are_right() {
        let mut draws = Draws::new(1, "moments", 0);
        let count = 40_000;
        let (mut sum, mut squares, mut absolute) = (0.0, 0.0, 0.0);
        for _ in 0..count {
            let normal = draws.normal();
            sum += normal;
            squares += normal * normal;
            absolute += draws.laplace(2.0).abs();
        }
        let count = f64::from(count);
        assert!((sum / count).abs() < 0.02);
        assert!((squares / count - 1.0).abs() < 0.03);
        assert!((absolute / count - 2.0).abs() < 0.05);
    }
}
