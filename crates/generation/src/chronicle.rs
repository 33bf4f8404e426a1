//! What happened on which day: what the company announced, and what was planted.

use chrono::NaiveDate;

use parameters::{Parameter, Scenario};

use super::anomalies::AnomalyKind;
use super::calendar::{Calendar, DAY, date_of, epoch_day};
use super::defects::spans;
use super::life::feature_day;
use super::payments::PaymentRules;
use super::signup::{campaign_starts, launch_day};

/// Something that happened on a day, or over a run of days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Happening {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day, included.
    pub last: NaiveDate,
    /// What it was.
    pub kind: HappeningKind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HappeningKind {
    /// A launch that lifts signups.
    ProductLaunch,
    /// A new feature ships.
    FeatureLaunch,
    /// List prices rise by so many percent.
    PriceRise(i64),
    /// The peak of a campaign that lifts signups to so many times the usual.
    Campaign(f64),
    /// Planted: what befalls the bills of the day, which are charged so many times what was agreed.
    Anomaly(AnomalyKind, f64),
    /// Planted: no session and no event was recorded.
    MissingDay,
    /// Planted: payments were never delivered.
    MonthMissing,
    /// Planted: payments were delivered twice.
    MonthDoubled,
}

impl HappeningKind {
    /// Whether nobody in the company knows of it: it is planted for methods to find.
    #[must_use]
    pub const fn is_planted(self) -> bool {
        matches!(
            self,
            Self::Anomaly(..) | Self::MissingDay | Self::MonthMissing | Self::MonthDoubled
        )
    }
}

/// Everything of a scenario that has a date, in order of its first day.
///
/// Defects that are spread over all rows have none and are left out.
#[must_use]
pub fn chronicle(scenario: &Scenario) -> Vec<Happening> {
    let calendar = Calendar::new(
        scenario.starts_on(),
        scenario.as_of(),
        scenario.number(Parameter::WeekendDip),
    );
    let (start, as_of) = (scenario.starts_on(), scenario.as_of());
    let on = |day: i64, kind| Happening {
        first: date_of(day),
        last: date_of(day),
        kind,
    };
    let mut all: Vec<Happening> = Vec::new();
    if let Some(day) = launch_day(scenario, &calendar) {
        all.push(on(calendar.first_day + day, HappeningKind::ProductLaunch));
    }
    if let Some(day) = feature_day(scenario) {
        all.push(on(day, HappeningKind::FeatureLaunch));
    }
    let rise = scenario.steps(Parameter::PriceRise);
    if rise > 0 {
        let months = scenario.number(Parameter::PriceRiseMonths) as u32;
        let day = epoch_day(scenario.month_before_end(months));
        all.push(on(day, HappeningKind::PriceRise(rise)));
    }
    let size = scenario.number(Parameter::CampaignSpikeSize);
    // A campaign that lifts nothing leaves no trace.
    if size > 1.0 {
        all.extend(
            campaign_starts(scenario, &calendar)
                .into_iter()
                .map(|peak| {
                    let day = calendar.first_day + peak as i64;
                    on(day, HappeningKind::Campaign(size))
                }),
        );
    }
    let rules = PaymentRules::new(scenario, &calendar);
    all.extend(
        rules
            .anomalies()
            .iter()
            .map(|one| on(one.day, HappeningKind::Anomaly(one.kind, one.factor))),
    );
    for (parameter, kind) in [
        (Parameter::DefectMissingDays, HappeningKind::MissingDay),
        (Parameter::DefectMonthMissing, HappeningKind::MonthMissing),
        (Parameter::DefectMonthDoubled, HappeningKind::MonthDoubled),
    ] {
        all.extend(
            spans(scenario, parameter)
                .into_iter()
                .map(|(first, end)| Happening {
                    first: date_of(first.div_euclid(DAY)),
                    last: date_of(end.div_euclid(DAY) - 1),
                    kind,
                }),
        );
    }
    all.retain(|happening| happening.last >= start && happening.first <= as_of);
    all.sort_by_key(|happening| happening.first);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Plan, Table};
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Date32Type;

    #[test]
    fn planted_days_are_those_of_the_truth_table() {
        let scenario = Scenario::default();
        let tables = Plan::new(&scenario).global_tables();
        let (_, planted) = tables
            .into_iter()
            .find(|(table, _)| *table == Table::TruthAnomalyDays)
            .unwrap();
        let days: Vec<NaiveDate> = planted
            .column(0)
            .as_primitive::<Date32Type>()
            .values()
            .iter()
            .map(|&day| date_of(i64::from(day)))
            .collect();
        let told: Vec<NaiveDate> = chronicle(&scenario)
            .into_iter()
            .filter(|one| one.kind.is_planted())
            .map(|one| one.first)
            .collect();
        assert_eq!(told, days);
        assert_eq!(told.len(), 12);
    }

    #[test]
    fn only_what_the_scenario_has_is_told() {
        let count = |scenario: &Scenario, kind: fn(HappeningKind) -> bool| {
            let all = chronicle(scenario);
            all.into_iter().filter(|one| kind(one.kind)).count()
        };
        let usual = Scenario::default();
        assert_eq!(
            count(&usual, |kind| kind == HappeningKind::ProductLaunch),
            1
        );
        assert_eq!(
            count(&usual, |kind| matches!(kind, HappeningKind::Campaign(_))),
            4
        );
        assert_eq!(
            count(&usual, |kind| matches!(kind, HappeningKind::PriceRise(_))),
            0
        );
        let other = usual
            .with(Parameter::PriceRise, 10)
            .with(Parameter::CampaignSpikes, 0)
            .with(Parameter::ProductLaunch, 0)
            .with(Parameter::DefectMonthMissing, 1);
        assert_eq!(
            count(&other, |kind| kind == HappeningKind::PriceRise(10)),
            1
        );
        assert_eq!(
            count(&other, |kind| kind == HappeningKind::ProductLaunch),
            0
        );
        assert_eq!(
            count(&other, |kind| matches!(kind, HappeningKind::Campaign(_))),
            0
        );
        let all = chronicle(&other);
        let month = all
            .iter()
            .find(|one| one.kind == HappeningKind::MonthMissing)
            .unwrap();
        assert!((month.last - month.first).num_days() >= 27, "{month:?}");
    }
}
