//! Days, months and the hours of a day.

use chrono::{DateTime, Datelike, Months, NaiveDate};

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
/// Microseconds in an hour.
pub(super) const HOUR: i64 = 3_600 * SECOND;
/// Microseconds in a day.
pub(super) const DAY: i64 = 24 * HOUR;

/// Days by which activity may run over the history on either side, through time zones.
const MARGIN: i64 = 2;

/// Relative use of the product by local hour.
const HOURLY_USE: [f64; 24] = [
    0.25, 0.15, 0.10, 0.08, 0.10, 0.20, 0.45, 1.00, 2.10, 3.10, 3.40, 3.20, 2.50, 2.80, 3.20, 3.10,
    2.80, 2.30, 1.60, 1.30, 1.20, 1.00, 0.70, 0.40,
];

/// The days of the history, and how much of a usual day's activity each one brings.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    /// First day, since 1970-01-01.
    pub(super) first_day: i64,
    /// Number of days, `as_of` included.
    pub(super) days: usize,
    /// Sum of the weights of all local days before each one, with a margin on both sides.
    mass: Vec<f64>,
    /// Share of a day's activity before each hour.
    hours: [f64; 25],
}

impl Calendar {
    pub(super) fn new(starts_on: NaiveDate, as_of: NaiveDate, weekend_dip: f64) -> Self {
        let first_day = epoch_day(starts_on);
        let days = epoch_day(as_of) - first_day + 1;
        let mut mass = vec![0.0];
        let mut sum = 0.0;
        for day in first_day - MARGIN..first_day + days + MARGIN {
            sum += day_weight(day, weekend_dip);
            mass.push(sum);
        }
        let total: f64 = HOURLY_USE.iter().sum();
        let mut hours = [0.0; 25];
        for (hour, weight) in HOURLY_USE.iter().enumerate() {
            hours[hour + 1] = hours[hour] + weight / total;
        }
        hours[24] = 1.0;
        Self {
            first_day,
            days: days as usize,
            mass,
            hours,
        }
    }

    /// First instant of the history.
    pub(super) const fn start(&self) -> i64 {
        self.first_day * DAY
    }

    /// First instant after the history.
    pub(super) const fn end(&self) -> i64 {
        (self.first_day + self.days as i64) * DAY
    }

    /// Activity mass before a local instant: a clock that runs fast on busy hours.
    pub(super) fn mass_at(&self, local: i64) -> f64 {
        let since = local - (self.first_day - MARGIN) * DAY;
        let day = ((since.max(0) / DAY) as usize).min(self.mass.len() - 2);
        let within = (since - day as i64 * DAY) as f64 / HOUR as f64;
        let within = within.clamp(0.0, 23.999_999);
        let hour = within as usize;
        let share =
            self.hours[hour] + (within - hour as f64) * (self.hours[hour + 1] - self.hours[hour]);
        self.mass[day] + share * (self.mass[day + 1] - self.mass[day])
    }

    /// The local instant of an activity mass; `day` is where the search starts and moves on.
    pub(super) fn instant_of(&self, mass: f64, day: &mut usize) -> i64 {
        let last = self.mass.len() - 2;
        while *day < last && self.mass[*day + 1] <= mass {
            *day += 1;
        }
        let share = (mass - self.mass[*day]) / (self.mass[*day + 1] - self.mass[*day]);
        // The first hour to try: the shape is steep enough for a few steps to be all it takes.
        let mut hour = 0;
        for step in [16, 8, 4, 2, 1] {
            if hour + step < 24 && self.hours[hour + step] <= share {
                hour += step;
            }
        }
        let width = self.hours[hour + 1] - self.hours[hour];
        let within = hour as f64 + ((share - self.hours[hour]) / width).clamp(0.0, 1.0);
        (self.first_day - MARGIN + *day as i64) * DAY + (within * HOUR as f64) as i64
    }

    /// The day [`Self::instant_of`] may start its search from.
    pub(super) fn search_from(&self, local: i64) -> usize {
        let day = local.div_euclid(DAY) - (self.first_day - MARGIN);
        (day.max(0) as usize).min(self.mass.len() - 2)
    }
}

/// How much of a usual day's activity a day brings.
fn day_weight(day: i64, weekend_dip: f64) -> f64 {
    let weekend = if weekday(day) >= 5 {
        1.0 - weekend_dip
    } else {
        1.0
    };
    let date = date_of(day);
    let holiday = match (date.month(), date.day()) {
        (12, 24..=31) | (1, 1) => 0.75,
        _ => 1.0,
    };
    // Never nothing: the activity clock must move on every day.
    (weekend * holiday).max(0.02)
}

/// Monday is 0, Sunday is 6.
pub(super) const fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Days from 1970-01-01 to `date`.
pub(super) fn epoch_day(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// The date of a day since 1970-01-01.
pub(super) fn date_of(day: i64) -> NaiveDate {
    DateTime::from_timestamp(day * 86_400, 0)
        .unwrap_or_default()
        .date_naive()
}

/// The same time of day `months` later; the last day of a shorter month stands in for later days.
pub(super) fn add_months(instant: i64, months: u32) -> i64 {
    let day = instant.div_euclid(DAY);
    let date = date_of(day);
    let later = date.checked_add_months(Months::new(months)).unwrap_or(date);
    epoch_day(later) * DAY + instant.rem_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activity_mass_and_instants_are_inverse() {
        let starts_on = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let as_of = NaiveDate::from_ymd_opt(2024, 12, 31).unwrap();
        let calendar = Calendar::new(starts_on, as_of, 0.65);
        for step in 0..3_000 {
            let instant = calendar.start() + step * (2 * HOUR + 977 * SECOND);
            let mut day = calendar.search_from(instant);
            let back = calendar.instant_of(calendar.mass_at(instant), &mut day);
            assert!(
                (back - instant).abs() < SECOND,
                "{instant} came back as {back}"
            );
        }
    }

    #[test]
    fn months_end_on_the_last_day() {
        let day = |year, month, day| epoch_day(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        let instant = day(2024, 1, 31) * DAY + 5 * HOUR;
        assert_eq!(add_months(instant, 1), day(2024, 2, 29) * DAY + 5 * HOUR);
        assert_eq!(add_months(instant, 3), day(2024, 4, 30) * DAY + 5 * HOUR);
        assert_eq!(weekday(day(2024, 1, 1)), 0);
    }
}
