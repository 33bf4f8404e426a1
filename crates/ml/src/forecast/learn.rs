//! From the warehouse's rows to the forecast and its card.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};

use super::evaluation::{Evaluation, evaluate};
use super::features::{Features, HISTORY, date_of, holidays_of};
use super::fit::fit;
use super::hyperparameters::{Checked, Hyperparameters, SETTINGS};
use crate::tables::column;
use crate::{
    Card, Evidence, Importance, Kind, LearnError, Learned, Learner, Model, Part, Progress, Report,
    Score, Table, Task,
};

/// The active-user forecast for those who run models.
pub const LEARNER: Learner = Learner {
    model: Model::Forecast,
    inputs: &[HISTORY],
    tables: &[USER_FORECAST, COMPONENTS, ORIGINS],
    settings: SETTINGS,
};

/// All days of the history, with what came, and the days ahead, without.
static USER_FORECAST: Table = Table {
    name: "user_forecast",
    columns: &[
        column("date", Kind::Day),
        column("yhat", Kind::Number),
        column("lower", Kind::Number),
        column("upper", Kind::Number),
        column("actual", Kind::Number),
    ],
};
/// What each part adds to a day's forecast, in users.
static COMPONENTS: Table = Table {
    name: "user_forecast_components",
    columns: &[
        column("date", Kind::Day),
        column("component", Kind::Text),
        column("value", Kind::Number),
    ],
};
/// How each rolling origin did.
static ORIGINS: Table = Table {
    name: "user_forecast_origins",
    columns: &[
        column("origin", Kind::Day),
        column("days", Kind::Whole),
        column("mape", Kind::Number),
        column("naive_mape", Kind::Number),
        column("seasonal_naive_mape", Kind::Number),
        column("coverage", Kind::Number),
    ],
};

pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let checked = Hyperparameters {
        settings: task.settings.clone(),
        seed: task.scenario.seed(),
    }
    .check()?;
    let features = Features::read(task.input(HISTORY.name)?)?;
    let holidays = holidays_of(&task.scenario);
    let total = {
        let days = features.active_users.len();
        let judged = super::evaluation::origin_days(days, &checked)?;
        let earlier = super::evaluation::earlier_days(&judged, days, &checked);
        judged.len() + earlier.len() + 1
    };
    let evaluation = evaluate(&features, &holidays, &checked, &mut |done| {
        report(Progress::new("Forecasting the past", done, total));
    })?;
    report(Progress::new("Forecasting the future", total - 1, total));
    let fitted = fit(&features, &holidays, &checked)?;
    let known = features.active_users.len();
    let mut predictions = fitted.predict(0, known + checked.horizon);
    for ahead in &mut predictions[known..] {
        *ahead = ahead.widened(evaluation.widening, checked.is_root);
    }
    let components = fitted.components(0, known + checked.horizon);

    let number = |value: fn(&super::Prediction) -> f64| {
        Arc::new(Float64Array::from_iter_values(
            predictions.iter().map(value),
        )) as ArrayRef
    };
    let forecast: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from_iter_values(
            predictions.iter().map(|row| row.day as i32),
        )),
        number(|row| row.value),
        number(|row| row.lower),
        number(|row| row.upper),
        Arc::new(Float64Array::from_iter(
            (0..predictions.len()).map(|day| features.active_users.get(day).copied()),
        )),
    ];
    let parts: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from_iter_values(
            components.iter().map(|row| row.day as i32),
        )),
        Arc::new(StringArray::from_iter_values(
            components.iter().map(|row| row.name),
        )),
        Arc::new(Float64Array::from_iter_values(
            components.iter().map(|row| row.value),
        )),
    ];
    Ok(Learned {
        tables: vec![
            (
                &USER_FORECAST,
                RecordBatch::try_new(USER_FORECAST.schema(), forecast)?,
            ),
            (
                &COMPONENTS,
                RecordBatch::try_new(COMPONENTS.schema(), parts)?,
            ),
            (&ORIGINS, origins(&features, &evaluation, &checked)?),
        ],
        card: card(task, &features, &components, evaluation, &checked),
    })
}

fn origins(
    features: &Features,
    evaluation: &Evaluation,
    checked: &Checked,
) -> Result<RecordBatch, LearnError> {
    let origins = &evaluation.origins;
    let ends = super::evaluation::origin_days(features.active_users.len(), checked)?;
    let score = |score: fn(&super::Origin) -> f64| {
        Arc::new(Float64Array::from_iter_values(origins.iter().map(score))) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from_iter_values(
            ends.iter()
                .map(|&end| (features.first_day + end as i64 - 1) as i32),
        )),
        Arc::new(arrow_array::Int64Array::from_iter_values(
            origins.iter().map(|origin| origin.days as i64),
        )),
        score(|origin| origin.mape),
        score(|origin| origin.naive_mape),
        score(|origin| origin.seasonal_naive_mape),
        score(|origin| origin.coverage),
    ];
    Ok(RecordBatch::try_new(ORIGINS.schema(), columns)?)
}

fn card(
    task: &Task,
    features: &Features,
    components: &[super::Component],
    evaluation: Evaluation,
    checked: &Checked,
) -> Card {
    let known = features.active_users.len();
    let date = |number: usize| date_of(features.first_day + number as i64).to_string();
    let horizon = evaluation.horizon;
    let scores = vec![
        Score {
            baseline: Some(evaluation.seasonal_naive_mape),
            baseline_name: Some("Repeating the last week".to_owned()),
            is_more_better: false,
            is_share: true,
            ..Score::of(
                "mape",
                "Mean absolute percentage error",
                format!(
                    "Average error of forecasts of the next {horizon} days over {} past origins.",
                    evaluation.origins.len()
                ),
                evaluation.mape,
            )
        },
        Score {
            baseline: Some(evaluation.naive_mape),
            baseline_name: Some("Repeating the last day".to_owned()),
            is_more_better: false,
            is_share: true,
            ..Score::of(
                "naive_mape",
                "The same error, beside repeating the last day",
                "The naive baseline: nothing changes.",
                evaluation.mape,
            )
        },
        Score {
            baseline: Some(evaluation.model_coverage),
            baseline_name: Some("Prophet's own interval".to_owned()),
            oracle: Some(super::predict::INTERVAL),
            is_share: true,
            ..Score::of(
                "coverage",
                "Coverage of the 80% interval",
                "Share of evaluated days within the interval, whose width comes from earlier origins. The target is 80%. The model's own interval is beside it.",
                evaluation.coverage,
            )
        },
    ];
    Card {
        model: Model::Forecast,
        question: "How many users will be active each day?".to_owned(),
        method: format!(
            "Prophet's model: a trend with {} changepoints, weekly and yearly seasons and the scenario's launches, {}; the maximum of the posterior.",
            checked.changepoints,
            if checked.is_multiplicative { "multiplied" } else { "added" },
        ),
        split: format!("Rolling origins: each of {} forecasts of {horizon} days uses only the days before it.", evaluation.origins.len()),
        parts: vec![
            Part {
                days: Some([date(0), date(known - 1)]),
                ..Part::of("History", known)
            },
            Part {
                days: evaluation.origins.first().map(|first| [first.date.clone(), date(known - 1)]),
                ..Part::of("Judged", evaluation.origins.iter().map(|origin| origin.days).sum())
            },
        ],
        seed: task.scenario.seed(),
        settings: task.settings.filled(SETTINGS),
        scores,
        importances: importances(components),
        limits: vec![
            "Future trend changes are assumed to be as frequent and as large as in the past.".to_owned(),
            "The model's own interval covers trend changes and noise, but not uncertainty about seasons, so it is widened by the errors of earlier origins.".to_owned(),
            "A launch counts once it has happened. Future launches do not affect the forecast.".to_owned(),
        ],
        evidence: Evidence::Forecast(evaluation),
    }
}

/// How much each component moves over the history and the days ahead.
fn importances(components: &[super::Component]) -> Vec<Importance> {
    let mut names: Vec<&str> = Vec::new();
    for component in components {
        if !names.contains(&component.name) {
            names.push(component.name);
        }
    }
    let spread = |name: &str| -> f64 {
        let values: Vec<f64> = components
            .iter()
            .filter(|row| row.name == name)
            .map(|row| row.value)
            .collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        values
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum()
    };
    let spreads = names.iter().map(|name| ((*name).to_owned(), spread(name)));
    Importance::shares(spreads.collect())
}
