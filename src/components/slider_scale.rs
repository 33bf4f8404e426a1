//! Where a value stands on a slider.

/// Positions from left to right.
pub const STEPS: i64 = 1_000;

/// How a slider spreads its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliderScale {
    min: i64,
    max: i64,
}

impl SliderScale {
    /// A scale from `min` to `max`; positive ranges of more than two decades are logarithmic.
    #[must_use]
    pub const fn new(min: i64, max: i64) -> Self {
        Self { min, max }
    }

    fn is_logarithmic(self) -> bool {
        self.min > 0 && self.max / self.min > 100
    }

    /// The position of `value`, from 0 to [`STEPS`].
    #[must_use]
    pub fn position(self, value: i64) -> i64 {
        let value = value.clamp(self.min, self.max);
        let share = if self.is_logarithmic() {
            libm::log(value as f64 / self.min as f64) / libm::log(self.max as f64 / self.min as f64)
        } else if self.max > self.min {
            (value - self.min) as f64 / (self.max - self.min) as f64
        } else {
            0.0
        };
        (share * STEPS as f64).round() as i64
    }

    /// The value at `position`; on a logarithmic scale rounded to two digits.
    #[must_use]
    pub fn value(self, position: i64) -> i64 {
        let share = position.clamp(0, STEPS) as f64 / STEPS as f64;
        if self.is_logarithmic() {
            let ratio = self.max as f64 / self.min as f64;
            let value = self.min as f64 * libm::exp(share * libm::log(ratio));
            two_digits(value).clamp(self.min, self.max)
        } else {
            self.min + (share * (self.max - self.min) as f64).round() as i64
        }
    }

    /// The value some key presses away: one position, or one step where positions are closer.
    #[must_use]
    pub fn step(self, value: i64, steps: i64) -> i64 {
        let moved = self.value(self.position(value) + steps * (STEPS / 100));
        let least = value + steps.signum();
        let moved = if steps < 0 {
            moved.min(least)
        } else {
            moved.max(least)
        };
        moved.clamp(self.min, self.max)
    }
}

fn two_digits(value: f64) -> i64 {
    let mut unit = 1.0;
    while value / unit >= 100.0 {
        unit *= 10.0;
    }
    ((value / unit).round() * unit) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_middle() {
        let users = SliderScale::new(100, 200_000);
        assert_eq!((users.position(100), users.position(200_000)), (0, STEPS));
        assert_eq!((users.value(0), users.value(STEPS)), (100, 200_000));
        assert_eq!(users.value(users.position(10_000)), 10_000);
        let churn = SliderScale::new(5, 150);
        assert_eq!(churn.value(churn.position(40)), 40);
        assert_eq!(SliderScale::new(3, 3).position(3), 0);
    }

    #[test]
    fn keys_always_move_and_never_leave_the_range() {
        let tiny = SliderScale::new(0, 4);
        assert_eq!((tiny.step(2, 1), tiny.step(2, -1)), (3, 1));
        assert_eq!((tiny.step(4, 1), tiny.step(0, -10)), (4, 0));
        let users = SliderScale::new(100, 200_000);
        assert!(users.step(100, 1) > 100);
        assert!(users.step(10_000, -1) < 10_000);
    }
}
