//! What can be chosen about the forecast.

use crate::{LearnError, Setting, Settings};

const CHANGEPOINTS: Setting = Setting {
    key: "changepoints",
    label: "Changepoints",
    help: "Days on which the trend may change, spread over the first four fifths of the history.",
    default: 25.0,
    min: 0.0,
    max: 60.0,
    step: 1.0,
};
const FLEXIBILITY: Setting = Setting {
    key: "flexibility",
    label: "Flexibility of the trend",
    help: "Scale of the prior on trend changes. Larger values follow the past more closely and widen the interval.",
    default: 0.05,
    min: 0.001,
    max: 1.0,
    step: 0.001,
};
const SEASON_SCALE: Setting = Setting {
    key: "season_scale",
    label: "Seasonality strength",
    help: "Scale of the prior on seasons and holidays. Smaller values weaken them.",
    default: 10.0,
    min: 0.01,
    max: 20.0,
    step: 0.01,
};
const WEEKLY_ORDER: Setting = Setting {
    key: "weekly_order",
    label: "Weekly Fourier terms",
    help: "Fourier terms of the weekly season. 0 removes it.",
    default: 3.0,
    min: 0.0,
    max: 3.0,
    step: 1.0,
};
const YEARLY_ORDER: Setting = Setting {
    key: "yearly_order",
    label: "Yearly Fourier terms",
    help: "Fourier terms of the yearly season, with at least two years of history. 0 removes it.",
    default: 10.0,
    min: 0.0,
    max: 20.0,
    step: 1.0,
};
const MULTIPLICATIVE: Setting = Setting {
    key: "multiplicative",
    label: "Multiplicative seasons",
    help: "1: seasons are shares of the trend. 0: seasons are numbers of users.",
    default: 1.0,
    min: 0.0,
    max: 1.0,
    step: 1.0,
};
const ROOT: Setting = Setting {
    key: "root",
    label: "Fit the square root",
    help: "1: fits the square root of the count, which stabilises the variance. 0: fits the count.",
    default: 1.0,
    min: 0.0,
    max: 1.0,
    step: 1.0,
};
const HORIZON: Setting = Setting {
    key: "horizon",
    label: "Days ahead",
    help: "Forecast horizon, also used to evaluate each origin.",
    default: 90.0,
    min: 7.0,
    max: 365.0,
    step: 1.0,
};
const ORIGINS: Setting = Setting {
    key: "origins",
    label: "Rolling origins",
    help: "Past days from which a forecast is made and evaluated.",
    default: 6.0,
    min: 2.0,
    max: 12.0,
    step: 1.0,
};

/// What can be set.
pub(super) const SETTINGS: &[Setting] = &[
    CHANGEPOINTS,
    FLEXIBILITY,
    SEASON_SCALE,
    WEEKLY_ORDER,
    YEARLY_ORDER,
    MULTIPLICATIVE,
    ROOT,
    HORIZON,
    ORIGINS,
];

/// Choices as they come from a form; [`Self::check`] makes them usable.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hyperparameters {
    /// Values by key, defaults left out.
    pub settings: Settings,
    /// Seed of the interval's draws.
    pub seed: u64,
}

/// Choices that can be fitted. The defaults are Prophet's, but for seasons that grow with the
/// trend and the root (docs/decisions/0087).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// Days at which the trend may bend.
    pub changepoints: usize,
    /// Scale of the Laplace prior on bends.
    pub flexibility: f64,
    /// Scale of the normal prior on seasons and holidays.
    pub season_scale: f64,
    /// Waves of the weekly season.
    pub weekly_order: usize,
    /// Waves of the yearly season.
    pub yearly_order: usize,
    /// Whether seasons are shares of the trend.
    pub is_multiplicative: bool,
    /// Whether the square root of the count is fitted.
    pub is_root: bool,
    /// Days ahead.
    pub horizon: usize,
    /// Rolling origins.
    pub origins: usize,
    /// Seed of the interval's draws.
    pub seed: u64,
}

impl Hyperparameters {
    /// Checks the choices.
    ///
    /// # Errors
    /// [`LearnError::Setting`] when one lies out of its range.
    pub fn check(&self) -> Result<Checked, LearnError> {
        let value = |setting: &Setting| self.settings.checked(setting);
        Ok(Checked {
            changepoints: value(&CHANGEPOINTS)? as usize,
            flexibility: value(&FLEXIBILITY)?,
            season_scale: value(&SEASON_SCALE)?,
            weekly_order: value(&WEEKLY_ORDER)? as usize,
            yearly_order: value(&YEARLY_ORDER)? as usize,
            is_multiplicative: value(&MULTIPLICATIVE)? >= 0.5,
            is_root: value(&ROOT)? >= 0.5,
            horizon: value(&HORIZON)? as usize,
            origins: value(&ORIGINS)? as usize,
            seed: self.seed,
        })
    }
}
