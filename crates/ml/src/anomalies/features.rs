//! What anomalies are found in.

use crate::{Frame, Input, LearnError};

/// The residuals of a day, in the order of [`Features::residuals`].
pub const RESIDUALS: [(&str, &str); 4] = [
    (
        "attempted_ratio",
        "log of first attempts over bills that fell due",
    ),
    ("failed_share", "share of first attempts that failed"),
    (
        "off_price_share",
        "share of first attempts off their agreed price",
    ),
    (
        "price_ratio",
        "log of the middle price over the agreed price",
    ),
];

/// One row a day of the history.
pub(super) const DAYS: Input = Input::of("days", include_str!("features.sql"));

/// Planted days, for the score alone.
pub(super) const PLANTED: Input = Input::of("planted", include_str!("planted.sql"));

/// Days and their residuals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Days since 1970-01-01, rising.
    pub days: Vec<i64>,
    /// Money collected on each, cents.
    pub revenue_cents: Vec<f64>,
    /// What the robust z-score of the SQL model says of each.
    pub is_flagged: Vec<bool>,
    /// The residuals of each: one row a day.
    pub residuals: Vec<[f64; RESIDUALS.len()]>,
}

impl Features {
    /// Reads the rows of the query.
    ///
    /// # Errors
    /// [`LearnError`] when a column or a value is missing.
    pub fn read(frame: &Frame) -> Result<Self, LearnError> {
        let values = [
            frame.required(RESIDUALS[0].0)?,
            frame.required(RESIDUALS[1].0)?,
            frame.required(RESIDUALS[2].0)?,
            frame.required(RESIDUALS[3].0)?,
        ];
        let revenue = frame.required("revenue_cents")?;
        let flags = frame.required("is_flagged")?;
        let mut features = Self::default();
        for (row, &day) in frame.required("date")?.iter().enumerate() {
            features.push(
                day as i64,
                revenue[row],
                flags[row] > 0.0,
                values.map(|value| value[row]),
            )?;
        }
        Ok(features)
    }

    /// Adds a day, with ratios and shares as the query gives them.
    ///
    /// # Errors
    /// [`LearnError::NotANumber`] when a value is no number, or a ratio not above 0.
    pub fn push(
        &mut self,
        day: i64,
        revenue_cents: f64,
        is_flagged: bool,
        [attempted_ratio, failed_share, off_price_share, price_ratio]: [f64; RESIDUALS.len()],
    ) -> Result<(), LearnError> {
        let residuals = [
            libm::log(attempted_ratio),
            failed_share,
            off_price_share,
            libm::log(price_ratio),
        ];
        if let Some(at) = residuals.iter().position(|value| !value.is_finite()) {
            return Err(LearnError::NotANumber {
                column: RESIDUALS[at].0.to_owned(),
                row: self.days.len(),
            });
        }
        self.days.push(day);
        self.revenue_cents.push(revenue_cents);
        self.is_flagged.push(is_flagged);
        self.residuals.push(residuals);
        Ok(())
    }
}
