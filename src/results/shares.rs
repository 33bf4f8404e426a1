//! Shares of people: their intervals, their differences, and what may be said of them.
//!
//! The formulas are those of the dbt project's macros and of `fct_experiment_results`
//! (decision 0123), so a filtered page and the mart agree.

use libm::sqrt;

use crate::statistics::{wilson, wilson_with};

pub use crate::statistics::FEWEST_FOR_A_CLAIM;

/// A part of a whole, both counted: 3 of 40 people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Those who did it.
    pub part: i64,
    /// Those who could have.
    pub whole: i64,
}

impl Share {
    /// `part` of `whole`; a part outside of 0 to `whole` is brought back into it.
    #[must_use]
    pub fn new(part: i64, whole: i64) -> Self {
        let whole = whole.max(0);
        Self {
            part: part.clamp(0, whole),
            whole,
        }
    }

    /// The share, from 0 to 1; `None` of nobody.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// Its 95% interval, lower and upper end; `None` of nobody.
    ///
    /// # Source
    /// Wilson (1927); decision 0123.
    #[must_use]
    pub fn interval(self) -> Option<[f64; 2]> {
        self.rate().map(|rate| wilson(rate, self.whole as f64))
    }

    /// Whether enough people stand behind it for a sentence to name it.
    #[must_use]
    pub const fn is_enough(self) -> bool {
        self.whole >= FEWEST_FOR_A_CLAIM
    }

    /// The 95% interval of this share less `other`; `None` where either is of nobody.
    ///
    /// # Source
    /// Newcombe (1998), method 10; decision 0123.
    #[must_use]
    pub fn less(self, other: Self) -> Option<[f64; 2]> {
        let (one, two) = (self.rate()?, other.rate()?);
        let [one_lower, one_upper] = self.interval()?;
        let [two_lower, two_upper] = other.interval()?;
        let reach = |left: f64, right: f64| sqrt(left * left + right * right);
        Some([
            one - two - reach(one - one_lower, two_upper - two),
            one - two + reach(one_upper - one, two - two_lower),
        ])
    }

    /// Whether both shares may be the same: the interval of their difference holds 0.
    #[must_use]
    pub fn may_equal(self, other: Self) -> bool {
        self.less(other)
            .is_some_and(|[lower, upper]| lower <= 0.0 && 0.0 <= upper)
    }

    /// Whether a sentence may say that this share is larger than `other`: both have enough people,
    /// and the interval of the difference lies above 0.
    #[must_use]
    pub fn is_clearly_above(self, other: Self) -> bool {
        self.is_enough()
            && other.is_enough()
            && self.less(other).is_some_and(|[lower, _]| lower > 0.0)
    }

    /// Whether a sentence may set this share, the largest of so many groups, above `other`, the
    /// smallest: among many, the extremes differ by chance, so each pair has its part of the 5%.
    ///
    /// # Source
    /// Dunn (1961), "Multiple comparisons among means"; decision 0153.
    #[must_use]
    pub fn is_clearly_first_of(self, groups: usize, other: Self) -> bool {
        let quantile = quantile_of_pairs(groups);
        let ends = |of: Self| {
            of.rate()
                .map(|rate| (rate, wilson_with(quantile, rate, of.whole as f64)))
        };
        let (Some((one, [one_lower, _])), Some((two, [_, two_upper]))) = (ends(self), ends(other))
        else {
            return false;
        };
        let (below, above) = (one - one_lower, two_upper - two);
        self.is_enough()
            && other.is_enough()
            && one - two - sqrt(below * below + above * above) > 0.0
    }
}

/// The normal quantile of a two-sided 5%, shared out to all pairs of so many groups.
const fn quantile_of_pairs(groups: usize) -> f64 {
    match groups {
        0..=2 => 1.960,
        3 => 2.394,
        4 => 2.638,
        5 => 2.807,
        6 => 2.935,
        7 => 3.038,
        8 => 3.124,
        9 => 3.197,
        10 => 3.261,
        _ => 3.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_close(values: [f64; 2], expected: [f64; 2]) {
        for (value, expected) in values.into_iter().zip(expected) {
            assert!(
                (value - expected).abs() < 6e-4,
                "{values:?}, not {expected}"
            );
        }
    }

    /// statsmodels 0.15: `proportion_confint(part, whole, method="wilson")`.
    #[test]
    fn a_share_of_none_or_all_has_a_width() {
        check_close(Share::new(0, 4).interval().unwrap(), [0.0, 0.4899]);
        check_close(Share::new(3, 3).interval().unwrap(), [0.4385, 1.0]);
        check_close(Share::new(37, 120).interval().unwrap(), [0.2327, 0.3959]);
        assert_eq!(Share::new(0, 0).interval(), None);
    }

    /// statsmodels 0.15: `confint_proportions_2indep(…, compare="diff", method="newcomb")`.
    #[test]
    fn differences_of_a_handful_are_wide() {
        let less = |one: (i64, i64), two: (i64, i64)| {
            Share::new(one.0, one.1)
                .less(Share::new(two.0, two.1))
                .unwrap()
        };
        check_close(less((3, 3), (0, 4)), [0.2548, 1.0]);
        check_close(less((0, 6), (0, 5)), [-0.4345, 0.3903]);
        check_close(less((2, 9), (3, 400)), [0.0551, 0.5399]);
    }

    /// Five of 27 and none of 25, the extremes of eight channels: Fisher's p is .05, of one pair.
    #[test]
    fn the_first_of_many_needs_more_than_the_first_of_two() {
        let (best, worst) = (Share::new(5, 27), Share::new(0, 25));
        assert!(best.is_clearly_first_of(2, worst));
        assert!(!best.is_clearly_first_of(8, worst));
        assert!(Share::new(60, 200).is_clearly_first_of(8, Share::new(20, 200)));
        assert!(!Share::new(19, 19).is_clearly_first_of(2, Share::new(0, 19)));
    }

    /// scipy 1.17: `norm.ppf(1 - .025 / pairs)`.
    #[test]
    fn pairs_share_five_percent() {
        for (groups, known) in [(2, 1.95996), (5, 2.80703), (8, 3.12456), (10, 3.26077)] {
            assert!((quantile_of_pairs(groups) - known).abs() < 6e-4, "{groups}");
        }
    }

    #[test]
    fn nothing_is_claimed_of_a_handful() {
        assert!(!Share::new(10, 10).is_clearly_above(Share::new(0, 10)));
        assert!(!Share::new(12, 40).is_clearly_above(Share::new(9, 40)));
        assert!(Share::new(30, 40).is_clearly_above(Share::new(9, 40)));
    }
}
