//! A validated set of values.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::declaration::{COST, MIX, UPLIFT};
use super::{Kind, PARAMETERS, Parameter, Preset, Specification};

const COUNT: usize = PARAMETERS.len();

/// A validated scenario: every value lies in its range, and at least one channel has weight.
///
/// Equal scenarios give equal rows, bit for bit, on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    preset: Preset,
    steps: [i64; COUNT],
}

/// The offer a signup sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrialType {
    /// A free plan without end.
    Freemium,
    /// A trial without a card.
    OptIn,
    /// A trial that charges the card unless cancelled.
    OptOut,
}

impl TrialType {
    /// Every trial type, in the order of the data's dictionary.
    pub const ALL: [Self; 3] = [Self::Freemium, Self::OptIn, Self::OptOut];

    /// The parameter that holds its free-to-paid rate.
    #[must_use]
    pub const fn conversion(self) -> Parameter {
        match self {
            Self::Freemium => Parameter::ConversionFreemium,
            Self::OptIn => Parameter::ConversionOptIn,
            Self::OptOut => Parameter::ConversionOptOut,
        }
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self::preset(Preset::Demo)
    }
}

impl Scenario {
    /// The scenario a preset stands for.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let mut steps = [0; COUNT];
        for (slot, specification) in steps.iter_mut().zip(PARAMETERS) {
            *slot = specification.default;
        }
        for &(parameter, value) in preset.changes() {
            steps[parameter as usize] = value;
        }
        Self { preset, steps }
    }

    /// The preset this scenario starts from.
    #[must_use]
    pub const fn base(&self) -> Preset {
        self.preset
    }

    /// The raw value of `parameter`, in its smallest steps.
    #[must_use]
    pub const fn steps(&self, parameter: Parameter) -> i64 {
        self.steps[parameter as usize]
    }

    /// This scenario with one value changed; the nearest allowed value is taken.
    #[must_use]
    pub fn with(&self, parameter: Parameter, steps: i64) -> Self {
        let mut changed = self.clone();
        changed.steps[parameter as usize] = nearest(parameter.specification(), steps);
        if changed.mix_weights().iter().all(|&weight| weight == 0.0) {
            return self.clone();
        }
        changed
    }

    /// Whether `parameter` differs from the preset.
    #[must_use]
    pub fn is_changed(&self, parameter: Parameter) -> bool {
        self.steps(parameter) != Self::preset(self.preset).steps(parameter)
    }

    /// The value of a number in its own unit (4% is `4.0`).
    #[must_use]
    pub fn number(&self, parameter: Parameter) -> f64 {
        let steps = self.steps(parameter) as f64;
        match parameter.specification().kind {
            Kind::Number { decimals, .. } => steps / scale(decimals),
            Kind::Seed | Kind::Date { .. } | Kind::Choice(_) => steps,
        }
    }

    /// The value of a percentage as a fraction (4% is `0.04`).
    #[must_use]
    pub fn fraction(&self, parameter: Parameter) -> f64 {
        self.number(parameter) / 100.0
    }

    /// The seed of every random stream.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.steps(Parameter::Seed) as u64
    }

    /// People who sign up over the whole history.
    #[must_use]
    pub const fn users(&self) -> u64 {
        self.steps(Parameter::Users) as u64
    }

    /// The leading trial type.
    #[must_use]
    pub fn trial_type(&self) -> TrialType {
        let index = usize::try_from(self.steps(Parameter::TrialType)).unwrap_or(0);
        TrialType::ALL
            .get(index)
            .copied()
            .unwrap_or(TrialType::OptIn)
    }

    /// The last day of data.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        date_of(self.steps(Parameter::AsOf))
    }

    /// The first day of data: the first of the month that makes the last one number `months`.
    #[must_use]
    pub fn starts_on(&self) -> NaiveDate {
        self.month_before_end(self.steps(Parameter::Months) as u32 - 1)
    }

    /// The first day of the month `months` before the month of [`Self::as_of`].
    #[must_use]
    pub fn month_before_end(&self, months: u32) -> NaiveDate {
        let as_of = self.as_of();
        let first = as_of.with_day(1).unwrap_or(as_of);
        first
            .checked_sub_months(Months::new(months))
            .unwrap_or(first)
    }

    /// Weights of the channels among signups, in the order of [`super::CHANNELS`].
    #[must_use]
    pub fn mix_weights(&self) -> [f64; 8] {
        MIX.map(|parameter| self.number(parameter))
    }

    /// True relative effects of a touch on conversion, in the order of [`super::CHANNELS`].
    #[must_use]
    pub fn channel_uplifts(&self) -> [f64; 8] {
        UPLIFT.map(|parameter| self.fraction(parameter))
    }

    /// Cents for each click, in the order of [`super::CHANNELS`].
    #[must_use]
    pub fn click_costs_cents(&self) -> [i64; 8] {
        COST.map(|parameter| parameter.map_or(0, |cost| self.steps(cost)))
    }

    /// Forgets changed channel weights, when together they would leave nobody to sign up.
    pub(super) fn restore_mix(&mut self) {
        let preset = Self::preset(self.preset);
        for parameter in MIX {
            self.steps[parameter as usize] = preset.steps(parameter);
        }
    }

    pub(super) fn set(&mut self, parameter: Parameter, steps: i64) {
        debug_assert!(parameter == Parameter::Users || parameter.specification().allows(steps));
        self.steps[parameter as usize] = steps;
    }
}

fn nearest(specification: &Specification, steps: i64) -> i64 {
    match specification.kind {
        Kind::Number { min, max, .. } | Kind::Date { min, max } => steps.clamp(min, max),
        Kind::Seed => steps,
        Kind::Choice(options) => steps.clamp(0, options.len() as i64 - 1),
    }
}

/// Ten to the `decimals`.
pub(super) fn scale(decimals: u32) -> f64 {
    10_i64.pow(decimals) as f64
}

/// The day that lies `days` after 1970-01-01.
pub(super) fn date_of(days: i64) -> NaiveDate {
    let offset = Days::new(days.unsigned_abs());
    let date = if days < 0 {
        NaiveDate::default().checked_sub_days(offset)
    } else {
        NaiveDate::default().checked_add_days(offset)
    };
    date.unwrap_or_default()
}
