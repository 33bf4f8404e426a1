//! The forecast, its interval and its components.

use super::design::Block;
use super::fit::Fitted;
use crate::draws::Draws;

/// Draws behind an interval.
const PATHS: usize = 1_000;
/// Share of days that the interval should hold.
pub(super) const INTERVAL: f64 = 0.8;

/// The forecast of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The day, since 1970-01-01.
    pub day: i64,
    /// The forecast.
    pub value: f64,
    /// Lower end of the 80% interval.
    pub lower: f64,
    /// Upper end of the 80% interval.
    pub upper: f64,
}

/// What one part adds to the forecast of one day, in users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// The day, since 1970-01-01.
    pub day: i64,
    /// `trend`, `weekly`, `yearly` or a holiday's name.
    pub name: &'static str,
    /// Users; the components of a day sum to its forecast.
    pub value: f64,
}

impl Fitted {
    /// Forecasts days from number `first` of the history to before number `end`; what lies behind
    /// its last day is the future. Nobody can be less than not there: bounds stop at 0.
    ///
    /// # Source
    /// Prophet's interval: bends go on coming as often as they may have in the past, as large as
    /// they were on average; and each day has noise.
    #[must_use]
    pub fn predict(&self, first: usize, end: usize) -> Vec<Prediction> {
        let past = self.days;
        let mut predictions = Vec::with_capacity(end - first);
        let width = self.noise * INTERVAL_REACH;
        let paths = self.paths(end.saturating_sub(past));
        for number in first..end {
            let day = self.first_day + number as i64;
            let (trend, season) = self.parts(number);
            let value = self.combine(trend, season);
            let [lower, upper] = if number < past {
                [value - width, value + width]
            } else {
                let ahead = number - past;
                let mut draws: Vec<f64> = paths
                    .iter()
                    .map(|path| self.combine(trend + path[ahead].0, season) + path[ahead].1)
                    .collect();
                draws.sort_by(f64::total_cmp);
                let tail = (1.0 - INTERVAL) / 2.0;
                [quantile(&draws, tail), quantile(&draws, 1.0 - tail)]
            };
            predictions.push(Prediction {
                day,
                value: self.users(value),
                lower: self.users(lower),
                upper: self.users(upper),
            });
        }
        predictions
    }

    /// What each part adds to the forecasts of the same days.
    #[must_use]
    pub fn components(&self, first: usize, end: usize) -> Vec<Component> {
        let mut components = Vec::new();
        for number in first..end {
            let day = self.first_day + number as i64;
            let row = self.design.rows(core::iter::once(day));
            let (trend, _) = self.parts(number);
            let season: f64 = row
                .iter()
                .zip(&self.effects)
                .map(|(x, effect)| x * effect)
                .sum();
            // The parts of a square (a + b)² beside a² share b (2a + b) by their part of b.
            let whole = self.users(self.combine(trend, season));
            let unit = if season == 0.0 {
                0.0
            } else {
                (whole - self.users(trend)) / season
            };
            components.push(Component {
                day,
                name: "trend",
                value: self.users(trend),
            });
            let mut at = 0;
            for block in &self.design.blocks {
                let columns = at..at + block.width();
                at = columns.end;
                let effect: f64 = row[columns.clone()]
                    .iter()
                    .zip(&self.effects[columns])
                    .map(|(x, effect)| x * effect)
                    .sum();
                let name = match block {
                    Block::Weekly { .. } => "weekly",
                    Block::Yearly { .. } => "yearly",
                    Block::Holiday(holiday) => holiday.name,
                };
                components.push(Component {
                    day,
                    name,
                    value: effect * unit,
                });
            }
        }
        components
    }

    /// Users for what was fitted, which is scaled and may be a root.
    fn users(&self, fitted: f64) -> f64 {
        let value = (fitted * self.scale).max(0.0);
        if self.choices.is_root {
            value * value
        } else {
            value
        }
    }

    /// Trend and season of a day, scaled.
    fn parts(&self, number: usize) -> (f64, f64) {
        let time = number as f64 / (self.days - 1) as f64;
        let mut trend = self.slope * time + self.level;
        for (changepoint, bend) in self.changepoints.iter().zip(&self.bends) {
            trend += bend * (time - changepoint).max(0.0);
        }
        let row = self
            .design
            .rows(core::iter::once(self.first_day + number as i64));
        let season = row
            .iter()
            .zip(&self.effects)
            .map(|(x, effect)| x * effect)
            .sum();
        (trend, season)
    }

    fn combine(&self, trend: f64, season: f64) -> f64 {
        if self.choices.is_multiplicative {
            trend * (1.0 + season)
        } else {
            trend + season
        }
    }

    /// Draws of the future: by how much the trend leaves its line on each day ahead, and the noise.
    fn paths(&self, ahead: usize) -> Vec<Vec<(f64, f64)>> {
        if ahead == 0 {
            return Vec::new();
        }
        let count = self.bends.len();
        let size = if count == 0 {
            0.0
        } else {
            self.bends.iter().map(|bend| bend.abs()).sum::<f64>() / count as f64 + 1e-8
        };
        let step = 1.0 / (self.days - 1) as f64;
        // As many bends come in a unit of time as might have in the history.
        let chance = (count as f64 * step).min(1.0);
        (0..PATHS)
            .map(|number| {
                let mut draws = Draws::new(self.choices.seed, "forecast path", number as u64);
                let (mut rate, mut shift) = (0.0, 0.0);
                (0..ahead)
                    .map(|_| {
                        shift += rate * step;
                        if draws.uniform() < chance {
                            rate += draws.laplace(size);
                        }
                        (shift, self.noise * draws.normal())
                    })
                    .collect()
            })
            .collect()
    }
}

/// Standard deviations from the middle to the ends of the 80% interval of a normal.
const INTERVAL_REACH: f64 = 1.281_551_565_544_600_4;

/// A quantile of sorted values, between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let below = at as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
