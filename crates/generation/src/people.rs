//! Who people are: countries, kinds of company.

use parameters::{Parameter, Scenario};

use super::names::{self, Names};
use super::random::Stream;

/// A country people sign up from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Country {
    /// Relative number of signups.
    pub(super) weight: f64,
    /// Hours its clocks are ahead of UTC, summer time left out.
    pub(super) utc_offset_hours: i64,
    /// What people there are called.
    pub(super) names: &'static Names,
    /// What the names of companies there end in.
    pub(super) legal_form: &'static str,
}

const fn country(
    weight: f64,
    utc_offset_hours: i64,
    names: &'static Names,
    legal_form: &'static str,
) -> Country {
    Country {
        weight,
        utc_offset_hours,
        names,
        legal_form,
    }
}

/// The countries, in the order of `vocabulary::COUNTRY_CODES`.
pub(super) const COUNTRIES: [Country; 16] = [
    country(0.38, -6, &names::ENGLISH, "Inc."),
    country(0.11, 0, &names::ENGLISH, "Ltd"),
    country(0.09, 1, &names::GERMAN, "GmbH"),
    country(0.06, -5, &names::ENGLISH, "Inc."),
    country(0.06, 1, &names::FRENCH, "SAS"),
    country(0.07, 5, &names::INDIAN, "Pvt Ltd"),
    country(0.04, 10, &names::ENGLISH, "Pty Ltd"),
    country(0.04, -3, &names::PORTUGUESE, "Ltda"),
    country(0.03, 1, &names::DUTCH, "B.V."),
    country(0.03, 1, &names::SPANISH, "S.L."),
    country(0.02, 1, &names::NORDIC, "AB"),
    country(0.02, 9, &names::JAPANESE, "K.K."),
    country(0.015, 1, &names::POLISH, "Sp. z o.o."),
    country(0.015, 8, &names::SINGAPOREAN, "Pte Ltd"),
    country(0.01, -6, &names::SPANISH, "S.A. de C.V."),
    country(0.01, 0, &names::ENGLISH, "Ltd"),
];

/// Relative number of people by industry, in the order of `vocabulary::INDUSTRIES`.
const INDUSTRY_WEIGHTS: [f64; 8] = [0.26, 0.16, 0.12, 0.10, 0.09, 0.09, 0.08, 0.10];
/// Relative number of people by company size, in the order of `vocabulary::COMPANY_SIZES`, where
/// the scenario says nothing else of large ones.
const SIZE_WEIGHTS: [f64; 5] = [0.36, 0.28, 0.20, 0.11, 0.05];
/// Company sizes from this key on are large.
const LARGE: usize = 3;
/// Relative choice of plans (starter, professional, enterprise) by company size.
pub(super) const PLAN_WEIGHTS: [[f64; 3]; 5] = [
    [0.68, 0.28, 0.04],
    [0.46, 0.44, 0.10],
    [0.26, 0.52, 0.22],
    [0.10, 0.48, 0.42],
    [0.04, 0.36, 0.60],
];

/// Relative number of people by company size: the scenario's share is of large ones, and among them
/// and among the others sizes keep their proportions.
pub(super) fn size_weights(scenario: &Scenario) -> [f64; 5] {
    let large = scenario.fraction(Parameter::LargeShare);
    let usual: f64 = SIZE_WEIGHTS[LARGE..].iter().sum();
    let factors = [(1.0 - large) / (1.0 - usual), large / usual];
    let mut weights = SIZE_WEIGHTS;
    for (size, weight) in weights.iter_mut().enumerate() {
        *weight *= factors[usize::from(size >= LARGE)];
    }
    weights
}

/// Traits of a person that the product does not change.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    pub(super) country: usize,
    pub(super) industry: usize,
    pub(super) company_size: usize,
    pub(super) is_verified: bool,
}

impl Person {
    pub(super) fn draw(country: usize, size_weights: &[f64; 5], stream: &mut Stream) -> Self {
        let company_size = stream.pick(size_weights);
        Self {
            country,
            industry: stream.pick(&INDUSTRY_WEIGHTS),
            company_size,
            is_verified: stream.chance(0.92),
        }
    }

    /// Hours the person's clock is ahead of UTC.
    pub(super) const fn utc_offset_hours(&self) -> i64 {
        COUNTRIES[self.country].utc_offset_hours
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_the_usual_ones_until_a_scenario_says_otherwise() {
        assert_eq!(size_weights(&Scenario::default()), SIZE_WEIGHTS);
        for large in [0, 3, 80, 100] {
            let scenario = Scenario::default().with(Parameter::LargeShare, large);
            let weights = size_weights(&scenario);
            let share: f64 = weights[LARGE..].iter().sum();
            assert!((share - large as f64 / 100.0).abs() < 1e-12);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
