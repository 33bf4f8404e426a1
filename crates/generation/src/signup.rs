//! When people sign up, and from where.

use parameters::{Parameter, Scenario};

use super::calendar::{Calendar, DAY, HOUR, date_of, epoch_day, weekday};
use super::people::COUNTRIES;
use super::random::Stream;
use chrono::Datelike;

/// Share of signups that see the leading offer; the rest is split between the other two.
pub(super) const LEADING_SHARE: f64 = 0.70;

/// Relative signups by local hour.
const HOURLY_SIGNUPS: [f64; 24] = [
    0.5, 0.3, 0.2, 0.2, 0.2, 0.3, 0.6, 1.2, 2.2, 3.0, 3.3, 3.1, 2.6, 2.8, 3.0, 2.9, 2.6, 2.2, 1.9,
    1.8, 1.8, 1.6, 1.2, 0.8,
];
/// Relative signups from Monday to Sunday.
const WEEKDAY_SIGNUPS: [f64; 7] = [1.15, 1.22, 1.20, 1.14, 0.99, 0.62, 0.68];
/// Spread of the log of a day's signups.
const DAY_NOISE: f64 = 0.10;
/// Swing of the yearly season at strength 1.
const SEASON_SWING: f64 = 0.2;
/// Days from a campaign's start to its peak, and from there to its end.
const CAMPAIGN_HALF: f64 = 5.0;
/// Extra signups on the day of the product launch, which fade with a month's time constant.
const LAUNCH_BUMP: f64 = 0.9;
const LAUNCH_FADE_DAYS: f64 = 25.0;

/// How deep the end of the year goes, where in the year it is deepest, and how narrow it is: the
/// power of a bell that is half as deep three weeks before and after.
///
/// # Source
/// docs/decisions/0145-time-in-the-generator.md
const YEAR_END_DEPTH: f64 = 2.3;
const YEAR_END_POSITION: f64 = 0.97;
const YEAR_END_NARROWNESS: f64 = 24.0;

/// The yearly season at a position in the year from 0 to 1: highest in February, level from spring
/// to autumn, and lowest at the end of December, when hardly any company tries new software.
pub(super) fn season_shape(position: f64) -> f64 {
    let angle = core::f64::consts::TAU * position;
    let year_end = 0.5 + 0.5 * libm::cos(angle - core::f64::consts::TAU * YEAR_END_POSITION);
    0.6 * libm::cos(angle - 0.5) + 0.5 * libm::cos(2.0 * angle - 0.9)
        - YEAR_END_DEPTH * libm::pow(year_end, YEAR_END_NARROWNESS)
}

/// The cumulative signup intensity, and who signs up at which hour.
#[derive(Debug, Clone)]
pub(super) struct Signups {
    users: f64,
    start: i64,
    /// Share of all signups before each day.
    cumulative: Vec<f64>,
    /// Share of a day's signups before each UTC hour.
    hours: [f64; 25],
    /// Weight of each country at each UTC hour.
    countries: Vec<[f64; COUNTRIES.len()]>,
}

impl Signups {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        let mut countries = vec![[0.0; COUNTRIES.len()]; 24];
        let mut hours = [0.0; 25];
        for (hour, weights) in countries.iter_mut().enumerate() {
            for (weight, country) in weights.iter_mut().zip(&COUNTRIES) {
                let local = (hour as i64 + country.utc_offset_hours).rem_euclid(24);
                *weight = country.weight * HOURLY_SIGNUPS[local as usize];
            }
            hours[hour + 1] = hours[hour] + weights.iter().sum::<f64>();
        }
        normalise(&mut hours);
        let mut cumulative = Vec::with_capacity(calendar.days + 1);
        let mut sum = 0.0;
        cumulative.push(0.0);
        for intensity in daily_intensity(scenario, calendar) {
            sum += intensity;
            cumulative.push(sum);
        }
        normalise(&mut cumulative);
        Self {
            users: scenario.users() as f64,
            start: calendar.start(),
            cumulative,
            hours,
            countries,
        }
    }

    /// The instant at which user number `index` (from 0) signs up: a stratified quantile of the
    /// intensity, so that instants rise with the index and every user stands alone.
    pub(super) fn instant(&self, index: u64, stream: &mut Stream) -> i64 {
        let quantile = (index as f64 + stream.uniform()) / self.users;
        let (day, share) = locate(&self.cumulative, quantile);
        let (hour, within) = locate(&self.hours, share);
        self.start + day as i64 * DAY + ((hour as f64 + within) * HOUR as f64) as i64
    }

    /// The country of somebody who signs up at `instant`.
    pub(super) fn country(&self, instant: i64, stream: &mut Stream) -> usize {
        let hour = instant.rem_euclid(DAY) / HOUR;
        stream.pick(&self.countries[hour as usize])
    }

    /// First day of the history.
    pub(super) const fn first_day(&self) -> i64 {
        self.start.div_euclid(DAY)
    }

    /// Signups expected on each day of the history.
    pub(super) fn per_day(&self) -> impl Iterator<Item = f64> {
        let shares = self.cumulative.windows(2).map(|pair| pair[1] - pair[0]);
        shares.map(move |share| share * self.users)
    }

    /// Share of all signups that lie more than so many days before the end.
    pub(super) fn older_than(&self, days: f64) -> f64 {
        let last = self.cumulative.len() - 1;
        let position = (last as f64 - days).clamp(0.0, last as f64);
        let day = (position as usize).min(last - 1);
        let within = position - day as f64;
        self.cumulative[day] + within * (self.cumulative[day + 1] - self.cumulative[day])
    }
}

/// The interval of a rising sequence that holds `value`, and the position within it.
fn locate(cumulative: &[f64], value: f64) -> (usize, f64) {
    let index = cumulative.partition_point(|&bound| bound <= value);
    let index = index.clamp(1, cumulative.len() - 1) - 1;
    let width = cumulative[index + 1] - cumulative[index];
    let within = ((value - cumulative[index]) / width).clamp(0.0, 0.999_999_9);
    (index, within)
}

fn normalise(cumulative: &mut [f64]) {
    let total = cumulative.last().copied().unwrap_or(1.0);
    for value in cumulative.iter_mut() {
        *value /= total;
    }
}

/// Relative signups on each day of the history.
fn daily_intensity(scenario: &Scenario, calendar: &Calendar) -> Vec<f64> {
    let growth = libm::log(1.0 + scenario.fraction(Parameter::MonthlyGrowth));
    let season = SEASON_SWING * scenario.number(Parameter::SignupSeasonality);
    let spikes = campaign_starts(scenario, calendar);
    let spike_size = scenario.number(Parameter::CampaignSpikeSize) - 1.0;
    let launch = launch_day(scenario, calendar);
    (0..calendar.days)
        .map(|index| {
            let day = calendar.first_day + index as i64;
            let date = date_of(day);
            let months = (index as f64) / 30.436_875;
            let position = f64::from(date.ordinal0()) / 365.25;
            let noise = Stream::new(scenario.seed(), "signup noise", index as u64).normal();
            let campaign: f64 = spikes
                .iter()
                .map(|&peak| (1.0 - (index as f64 - peak).abs() / CAMPAIGN_HALF).max(0.0))
                .fold(0.0, f64::max);
            let bump = launch.map_or(0.0, |launch| {
                let since = (index as i64 - launch) as f64;
                if since < 0.0 {
                    0.0
                } else {
                    LAUNCH_BUMP * libm::exp(-since / LAUNCH_FADE_DAYS)
                }
            });
            libm::exp(growth * months + DAY_NOISE * noise)
                * (1.0 + season * season_shape(position)).max(0.05)
                * WEEKDAY_SIGNUPS[weekday(day) as usize]
                * (1.0 + spike_size * campaign + bump)
        })
        .collect()
}

/// Peaks of the campaigns, in days from the start; apart from one another by construction.
pub(super) fn campaign_starts(scenario: &Scenario, calendar: &Calendar) -> Vec<f64> {
    let count = scenario.number(Parameter::CampaignSpikes) as usize;
    (0..count)
        .map(|spike| {
            let mut stream = Stream::new(scenario.seed(), "campaign spikes", spike as u64);
            let slot = calendar.days as f64 / count as f64;
            (spike as f64 + stream.between(0.15, 0.85)) * slot
        })
        .collect()
}

/// Day of the product launch, from the start; `None` without one or when it lies before.
pub(super) fn launch_day(scenario: &Scenario, calendar: &Calendar) -> Option<i64> {
    let months = scenario.number(Parameter::ProductLaunch) as u32;
    let day = epoch_day(scenario.month_before_end(months)) + 9 - calendar.first_day;
    (months > 0 && day >= 0).then_some(day)
}
