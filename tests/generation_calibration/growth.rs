//! How signups grow, and their seasons.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::{Parameter, Scenario};

use crate::generation::Dataset;
use crate::line::Line;

/// Regresses the log of monthly signups, without campaigns and launch, on time and season.
pub(crate) fn growth(scenario: &Scenario, lines: &mut Vec<Line>) {
    let plain = scenario
        .with(Parameter::CampaignSpikes, 0)
        .with(Parameter::ProductLaunch, 0)
        .with(Parameter::Users, scenario.users().max(4_000) as i64);
    let data = Dataset::with(plain, TableSet::of(&[Table::Users]));
    let date = |instant: i64| {
        DateTime::from_timestamp_micros(instant)
            .unwrap()
            .date_naive()
    };
    let mut months: BTreeMap<(i32, u32), f64> = BTreeMap::new();
    for &at in data.table(Table::Users).get("signed_up_at") {
        let date = date(at);
        *months.entry((date.year(), date.month())).or_default() += 1.0;
    }
    let mut rows = Vec::new();
    for (index, (&(year, month), &signups)) in months.iter().enumerate() {
        let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| day.month() == month)
            .collect();
        let weekdays = [1.15, 1.22, 1.20, 1.14, 0.99, 0.62, 0.68];
        let mut usual = 0.0;
        let mut seasonal = 0.0;
        for day in &days {
            let weight = weekdays[day.weekday().num_days_from_monday() as usize];
            let angle = core::f64::consts::TAU * f64::from(day.ordinal0()) / 365.25;
            let year_end = 0.5 + 0.5 * libm::cos(angle - core::f64::consts::TAU * 0.97);
            let shape = 0.6 * libm::cos(angle - 0.5) + 0.5 * libm::cos(2.0 * angle - 0.9)
                - 2.3 * libm::pow(year_end, 24.0);
            usual += weight;
            seasonal += weight * (1.0 + 0.2 * shape);
        }
        rows.push((
            [1.0, index as f64, libm::log(seasonal / usual)],
            libm::log(signups / usual),
        ));
    }
    let (coefficients, errors) = regress(&rows);
    let planted = scenario.fraction(Parameter::MonthlyGrowth);
    let observed = libm::exp(coefficients[1]) - 1.0;
    lines.push(Line::estimate(
        "signup growth",
        planted,
        observed,
        errors[1].max(1e-3),
    ));
    let season = scenario.number(Parameter::SignupSeasonality);
    lines.push(Line::estimate(
        "signup season",
        season,
        coefficients[2],
        errors[2].max(0.03),
    ));
}

/// Least squares with three columns: coefficients and their standard errors.
fn regress(rows: &[([f64; 3], f64)]) -> ([f64; 3], [f64; 3]) {
    let mut system = [[0.0; 6]; 3];
    let mut right = [0.0; 3];
    for (x, y) in rows {
        for i in 0..3 {
            right[i] += x[i] * y;
            for j in 0..3 {
                system[i][j] += x[i] * x[j];
            }
        }
    }
    for (i, row) in system.iter_mut().enumerate() {
        row[3 + i] = 1.0;
    }
    for pivot in 0..3 {
        let scale = system[pivot][pivot];
        system[pivot] = system[pivot].map(|value| value / scale);
        for other in 0..3 {
            if other != pivot {
                let factor = system[other][pivot];
                let pivot_row = system[pivot];
                for (value, by) in system[other].iter_mut().zip(pivot_row) {
                    *value -= factor * by;
                }
            }
        }
    }
    let coefficients: [f64; 3] =
        core::array::from_fn(|i| (0..3).map(|j| system[i][3 + j] * right[j]).sum());
    let residual: f64 = rows
        .iter()
        .map(|(x, y)| y - x.iter().zip(coefficients).map(|(x, c)| x * c).sum::<f64>())
        .map(|error| error * error)
        .sum();
    let variance = residual / (rows.len() as f64 - 3.0);
    (
        coefficients,
        core::array::from_fn(|i| (variance * system[i][3 + i]).sqrt()),
    )
}
