//! Random numbers that are the same on every machine.
//!
//! Each entity has one [`Stream`] for each purpose, seeded from a name. Streams are never shared
//! between purposes, so changing a parameter keeps every draw it has no say in (common random
//! numbers), and any part of the rows can be made alone.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A seedable stream of draws for one entity and one purpose.
#[derive(Debug, Clone)]
pub struct Stream {
    source: Xoshiro256PlusPlus,
}

/// The purpose of a stream, as a number derived from its name.
#[derive(Debug, Clone, Copy)]
pub struct Purpose(u64);

impl Purpose {
    /// The purpose called `name` under a scenario's seed.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        Self(xxh3_64_with_seed(name.as_bytes(), seed))
    }

    /// The stream of one entity for this purpose.
    #[must_use]
    pub fn stream(self, entity: u64) -> Stream {
        // A multiplication by an odd constant is a bijection: no two entities share a seed.
        let seed = self.0 ^ entity.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Stream {
            source: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }
}

impl Stream {
    /// The stream of `entity` for the purpose called `name`.
    #[must_use]
    pub fn new(seed: u64, name: &str, entity: u64) -> Self {
        Purpose::new(seed, name).stream(entity)
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.source.next_u64()
    }

    /// A uniform number in the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
    }

    /// A uniform number from `low` to `high`.
    #[inline]
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Whether an event of this probability happens.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number below `count`; 0 when `count` is 0.
    #[inline]
    pub fn below(&mut self, count: usize) -> usize {
        let index = (self.uniform() * count as f64) as usize;
        index.min(count.saturating_sub(1))
    }

    /// A standard normal number, from one uniform.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// A log-normal number with this median and this spread of its log.
    #[inline]
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// An exponential number with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// A Poisson count, by inversion of one uniform; made for small means.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut remaining = self.uniform();
        let mut mass = libm::exp(-mean);
        let mut count = 0;
        while remaining > mass && count < 200 {
            remaining -= mass;
            count += 1;
            mass *= mean / f64::from(count);
        }
        count
    }

    /// The index drawn with probability proportional to its weight.
    #[inline]
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut remaining = self.uniform() * total;
        for (index, weight) in weights.iter().enumerate() {
            remaining -= weight;
            if remaining < 0.0 {
                return index;
            }
        }
        weights
            .iter()
            .rposition(|&weight| weight > 0.0)
            .unwrap_or(0)
    }
}

/// The standard normal quantile, to about 1e-16.
///
/// # Source
/// M. J. Wichura, Algorithm AS 241, *Applied Statistics* 37 (1988), PPND16.
#[must_use]
pub fn normal_quantile(probability: f64) -> f64 {
    let q = probability - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRAL_NUMERATOR, &CENTRAL_DENOMINATOR);
    }
    let tail = if q < 0.0 {
        probability
    } else {
        1.0 - probability
    };
    let r = (-libm::log(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE_NUMERATOR, &MIDDLE_DENOMINATOR)
    } else {
        ratio(r - 5.0, &FAR_NUMERATOR, &FAR_DENOMINATOR)
    };
    if q < 0.0 { -magnitude } else { magnitude }
}

fn ratio(x: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| {
        coefficients
            .iter()
            .rev()
            .fold(0.0, |sum, coefficient| sum * x + coefficient)
    };
    polynomial(numerator) / polynomial(denominator)
}

const CENTRAL_NUMERATOR: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_4,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_6,
];
const CENTRAL_DENOMINATOR: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const MIDDLE_NUMERATOR: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const MIDDLE_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_NUMERATOR: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_match_published_values() {
        for (probability, quantile) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ] {
            let error = (normal_quantile(probability) - quantile).abs();
            assert!(error < 1e-12, "quantile of {probability}: off by {error}");
        }
    }

    #[test]
    fn streams_differ_by_purpose_and_entity_and_repeat() {
        let first = Stream::new(1, "touches", 7).bits();
        assert_eq!(first, Stream::new(1, "touches", 7).bits());
        assert_ne!(first, Stream::new(1, "touches", 8).bits());
        assert_ne!(first, Stream::new(1, "payments", 7).bits());
        assert_ne!(first, Stream::new(2, "touches", 7).bits());
    }

    #[test]
    fn moments_are_right() {
        let mut stream = Stream::new(3, "moments", 0);
        let count = 200_000;
        let (mut sum, mut squares, mut poisson, mut exponential) = (0.0, 0.0, 0.0, 0.0);
        for _ in 0..count {
            let normal = stream.normal();
            sum += normal;
            squares += normal * normal;
            poisson += f64::from(stream.poisson(3.0));
            exponential += stream.exponential();
        }
        let count = f64::from(count);
        assert!((sum / count).abs() < 0.01);
        assert!((squares / count - 1.0).abs() < 0.015);
        assert!((poisson / count - 3.0).abs() < 0.02);
        assert!((exponential / count - 1.0).abs() < 0.01);
    }
}
