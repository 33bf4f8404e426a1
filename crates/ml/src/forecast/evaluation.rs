//! How well the past would have been forecast.

use serde::{Deserialize, Serialize};

use super::features::{Features, Holiday, date_of};
use super::fit::{LEAST_DAYS, fit};
use super::hyperparameters::Checked;
use super::widening::{Missed, widening};
use crate::LearnError;

/// Origins before the judged ones that are only there to say how wide intervals must be.
const EARLIER: usize = 4;
/// Days between origins when the history leaves no room for more.
const LEAST_SPACING: usize = 7;

/// One day from which a forecast was made and then judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The last day the forecast knew, ISO.
    pub date: String,
    /// Days it was judged on.
    pub days: usize,
    /// Mean absolute error in relation to what came, as a share.
    pub mape: f64,
    /// The same of the last day repeated.
    pub naive_mape: f64,
    /// The same of the last week repeated.
    pub seasonal_naive_mape: f64,
    /// Share of days within the 80% interval.
    pub coverage: f64,
    /// The same of the interval the model itself would give.
    pub model_coverage: f64,
    /// How much wider than the model's own the interval is, by what earlier origins missed.
    pub widening: f64,
    /// Mean width of the interval in relation to the forecast.
    pub width: f64,
}

/// What stands behind the forecast's scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The origins, oldest first.
    pub origins: Vec<Origin>,
    /// Mean over all judged days.
    pub mape: f64,
    /// The same of the last day repeated.
    pub naive_mape: f64,
    /// The same of the last week repeated.
    pub seasonal_naive_mape: f64,
    /// Share of judged days within the 80% interval.
    pub coverage: f64,
    /// The same of the interval the model itself would give.
    pub model_coverage: f64,
    /// How much wider than the model's own the interval of the days ahead is.
    pub widening: f64,
    /// Days ahead that were judged.
    pub horizon: usize,
}

/// Judges the choices on rolling origins: each forecast knows only what came before it.
/// `progress` hears how many origins are done.
///
/// # Errors
/// [`LearnError`] when the history is too short for two origins, or a fit fails.
pub fn evaluate(
    features: &Features,
    holidays: &[Holiday],
    choices: &Checked,
    progress: &mut dyn FnMut(usize),
) -> Result<Evaluation, LearnError> {
    let judged = origin_days(features.active_users.len(), choices)?;
    let earlier = earlier_days(&judged, features.active_users.len(), choices);
    let first_judged = earlier.len();
    let mut origins = Vec::new();
    let mut missed: Vec<Missed> = Vec::new();
    for (number, &end) in earlier.iter().chain(&judged).enumerate() {
        progress(number);
        let known = features.until(end);
        let fitted = fit(&known, holidays, choices)?;
        let came = &features.active_users[end..end + choices.horizon];
        let predictions = fitted.predict(end, end + choices.horizon);
        if number >= first_judged {
            let factor = widening(&missed, end);
            origins.push(judge(&known, &predictions, came, factor, choices.is_root));
        }
        missed.push(Missed::new(&predictions, came, end, choices.is_root));
    }
    let mean = |score: fn(&Origin) -> f64| {
        origins.iter().map(score).sum::<f64>() / origins.len().max(1) as f64
    };
    Ok(Evaluation {
        mape: mean(|origin| origin.mape),
        naive_mape: mean(|origin| origin.naive_mape),
        seasonal_naive_mape: mean(|origin| origin.seasonal_naive_mape),
        coverage: mean(|origin| origin.coverage),
        model_coverage: mean(|origin| origin.model_coverage),
        widening: widening(&missed, features.active_users.len()),
        horizon: choices.horizon,
        origins,
    })
}

/// Numbers of the first days that forecasts don't know: a horizon apart where there is room, so
/// that no day is judged twice.
pub(super) fn origin_days(days: usize, choices: &Checked) -> Result<Vec<usize>, LearnError> {
    let least = least_days(days, choices);
    let steps = choices.origins - 1;
    let room = days.saturating_sub(least + choices.horizon);
    let spacing = choices.horizon.min(room / steps);
    if spacing < LEAST_SPACING {
        return Err(LearnError::TooFewRows {
            part: "the history of active users".to_owned(),
            found: days,
            needed: least + choices.horizon + steps * LEAST_SPACING,
        });
    }
    let last = days - choices.horizon;
    Ok((0..=steps)
        .rev()
        .map(|step| last - step * spacing)
        .collect())
}

/// Numbers of the same before the judged origins, as many as there is room for, oldest first.
pub(super) fn earlier_days(judged: &[usize], days: usize, choices: &Checked) -> Vec<usize> {
    let Some(&first) = judged.first() else {
        return Vec::new();
    };
    let spacing = judged.get(1).map_or(choices.horizon, |next| next - first);
    let least = least_days(days, choices);
    (1..=EARLIER)
        .rev()
        .filter_map(|step| first.checked_sub(step * spacing))
        .filter(|&end| end >= least)
        .collect()
}

/// A quarter of the history, and twice the horizon, is the least to learn from.
fn least_days(days: usize, choices: &Checked) -> usize {
    LEAST_DAYS.max(days / 4).max(2 * choices.horizon)
}

fn judge(
    known: &Features,
    predictions: &[super::Prediction],
    came: &[f64],
    widening: f64,
    is_root: bool,
) -> Origin {
    let last = known.active_users.len() - 1;
    let mut judged = 0.0;
    let (mut error, mut naive, mut seasonal) = (0.0, 0.0, 0.0);
    let (mut covered, mut model_covered, mut width) = (0.0, 0.0, 0.0);
    for (ahead, (prediction, &actual)) in predictions.iter().zip(came).enumerate() {
        // Relation to nothing is no number; such days don't count.
        if actual <= 0.0 {
            continue;
        }
        judged += 1.0;
        let relative = |forecast: f64| (forecast - actual).abs() / actual;
        error += relative(prediction.value);
        naive += relative(known.active_users[last]);
        seasonal += relative(known.active_users[last - 6 + ahead % 7]);
        let wide = prediction.widened(widening, is_root);
        covered += f64::from((wide.lower..=wide.upper).contains(&actual));
        model_covered += f64::from((prediction.lower..=prediction.upper).contains(&actual));
        width += (wide.upper - wide.lower) / prediction.value.max(1e-9);
    }
    let mean = |sum: f64| sum / f64::max(judged, 1.0);
    Origin {
        date: date_of(known.first_day + last as i64).to_string(),
        days: judged as usize,
        mape: mean(error),
        naive_mape: mean(naive),
        seasonal_naive_mape: mean(seasonal),
        coverage: mean(covered),
        model_coverage: mean(model_covered),
        widening,
        width: mean(width),
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::HolidayWindow;
    use super::super::hyperparameters::Hyperparameters;
    use super::*;

    /// Two and a half years of counts: a line, quiet weekends, one holiday, and a little noise.
    fn history() -> (Features, Holiday) {
        let holiday = Holiday {
            name: "launch",
            days: HolidayWindow::Once(400, 414),
        };
        let mut draws = crate::draws::Draws::new(9, "history", 0);
        let active_users = (0..900_i64)
            .map(|day| {
                let weekday = if (day + 3).rem_euclid(7) >= 5 {
                    0.5
                } else {
                    1.0
                };
                let launch = if holiday.is_on(day) { 1.4 } else { 1.0 };
                (100.0 + 0.5 * day as f64) * weekday * launch * (1.0 + 0.02 * draws.normal())
            })
            .collect();
        (
            Features {
                first_day: 0,
                active_users,
            },
            holiday,
        )
    }

    #[test]
    fn what_was_planted_is_found_and_the_future_follows() {
        let (features, holiday) = history();
        let choices = Hyperparameters::default().check().unwrap();
        let fitted = fit(&features, &[holiday], &choices).unwrap();
        let components = fitted.components(405, 406);
        let value = |name: &str| {
            components
                .iter()
                .find(|row| row.name == name)
                .unwrap()
                .value
        };
        let launch = value("launch") / (fitted.predict(405, 406)[0].value - value("launch"));
        assert!((launch - 0.4).abs() < 0.1, "{launch}");
        let sum: f64 = components.iter().map(|row| row.value).sum();
        assert!((sum - fitted.predict(405, 406)[0].value).abs() < 1e-9 * sum);
        for row in fitted.predict(900, 990) {
            let weekday = if (row.day + 3).rem_euclid(7) >= 5 {
                0.5
            } else {
                1.0
            };
            let expected = (100.0 + 0.5 * row.day as f64) * weekday;
            assert!(
                (row.value / expected - 1.0).abs() < 0.05,
                "{row:?} {expected}"
            );
            assert!(row.lower < row.value && row.value < row.upper);
        }
        assert_eq!(fitted, fit(&features, &[history().1], &choices).unwrap());
    }

    #[test]
    fn origins_judge_no_day_twice_and_beat_the_naive_ones() {
        let (features, holiday) = history();
        let choices = Hyperparameters::default().check().unwrap();
        let ends = origin_days(features.active_users.len(), &choices).unwrap();
        assert_eq!(ends, [360, 450, 540, 630, 720, 810]);
        let found = evaluate(&features, &[holiday], &choices, &mut |_| {}).unwrap();
        assert!(
            found.mape < 0.5 * found.seasonal_naive_mape && found.mape < 0.05,
            "{found:?}"
        );
        // What comes before the judged ones, as far as there is enough to learn from.
        assert_eq!(earlier_days(&ends, 900, &choices), [270]);
        assert!((0.72..=0.95).contains(&found.coverage), "{found:?}");
        let short = features.until(280);
        assert!(matches!(
            evaluate(&short, &[], &choices, &mut |_| {}),
            Err(LearnError::TooFewRows { found: 280, .. })
        ));
    }
}
