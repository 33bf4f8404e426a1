//! The seasons and holidays as columns.

use super::features::Holiday;
use super::hyperparameters::Checked;

const WEEK: f64 = 7.0;
const YEAR: f64 = 365.25;
/// Days of history from which a yearly season can be told from the trend; Prophet's rule.
const TWO_YEARS: usize = 730;

/// A part of the forecast that is no trend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Weekly { order: usize },
    Yearly { order: usize },
    Holiday(Holiday),
}

impl Block {
    pub(super) const fn width(&self) -> usize {
        match self {
            Self::Weekly { order } | Self::Yearly { order } => 2 * *order,
            Self::Holiday(_) => 1,
        }
    }

    fn write(&self, day: i64, row: &mut Vec<f64>) {
        match self {
            Self::Weekly { order } => waves(day, WEEK, *order, row),
            Self::Yearly { order } => waves(day, YEAR, *order, row),
            Self::Holiday(holiday) => row.push(f64::from(holiday.is_on(day))),
        }
    }
}

/// Sines and cosines of a period.
///
/// # Source
/// Taylor and Letham (2018), Forecasting at scale, equation 5.
fn waves(day: i64, period: f64, order: usize, row: &mut Vec<f64>) {
    for wave in 1..=order {
        // Reduced to one turn first, where sines are exact to the last digits.
        let turns = (day as f64 * wave as f64 / period) % 1.0;
        let angle = core::f64::consts::TAU * turns;
        row.push(libm::sin(angle));
        row.push(libm::cos(angle));
    }
}

/// The columns of all blocks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Design {
    pub(super) blocks: Vec<Block>,
    pub(super) width: usize,
}

impl Design {
    /// The blocks a history of some days can tell apart; a holiday counts once it was seen.
    pub(super) fn new(
        choices: &Checked,
        holidays: &[Holiday],
        first_day: i64,
        days: usize,
    ) -> Self {
        let mut blocks = Vec::new();
        if choices.weekly_order > 0 && days >= 14 {
            blocks.push(Block::Weekly {
                order: choices.weekly_order,
            });
        }
        if choices.yearly_order > 0 && days >= TWO_YEARS {
            blocks.push(Block::Yearly {
                order: choices.yearly_order,
            });
        }
        let seen = holidays
            .iter()
            .filter(|holiday| (0..days as i64).any(|day| holiday.is_on(first_day + day)));
        blocks.extend(seen.cloned().map(Block::Holiday));
        let width = blocks.iter().map(Block::width).sum();
        Self { blocks, width }
    }

    /// The columns of a run of days, day after day.
    pub(super) fn rows(&self, days: impl Iterator<Item = i64>) -> Vec<f64> {
        let mut rows = Vec::new();
        for day in days {
            for block in &self.blocks {
                block.write(day, &mut rows);
            }
        }
        rows
    }
}
