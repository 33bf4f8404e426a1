//! Who people are: countries, kinds of company.

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
/// Relative number of people by company size, in the order of `vocabulary::COMPANY_SIZES`.
pub(super) const SIZE_WEIGHTS: [f64; 5] = [0.36, 0.28, 0.20, 0.11, 0.05];
/// Median seats by company size: one team buys, not the company.
///
/// # Source
/// docs/decisions/0060-seats-and-costs.md
pub(super) const MEDIAN_SEATS: [f64; 5] = [2.2, 3.5, 5.5, 10.0, 18.0];
/// Relative choice of plans (starter, professional, enterprise) by company size.
pub(super) const PLAN_WEIGHTS: [[f64; 3]; 5] = [
    [0.68, 0.28, 0.04],
    [0.46, 0.44, 0.10],
    [0.26, 0.52, 0.22],
    [0.10, 0.48, 0.42],
    [0.04, 0.36, 0.60],
];

/// Traits of a person that the product does not change.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    pub(super) country: usize,
    pub(super) industry: usize,
    pub(super) company_size: usize,
    pub(super) is_verified: bool,
}

impl Person {
    pub(super) fn draw(country: usize, stream: &mut Stream) -> Self {
        let company_size = stream.pick(&SIZE_WEIGHTS);
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
