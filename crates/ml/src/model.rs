//! Which models there are.

use serde::{Deserialize, Serialize};

/// A model that is learned from the warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Who leaves within 90 days.
    Churn,
    /// What a user pays in the year after the first 30 days.
    Ltv,
    /// Which users behave alike.
    Segments,
    /// On which days the revenue is not what it should be.
    Anomalies,
    /// How many users will be active.
    Forecast,
}

impl Model {
    /// Every model, in the order in which they are trained and shown.
    pub const ALL: [Self; 5] = [
        Self::Churn,
        Self::Ltv,
        Self::Segments,
        Self::Anomalies,
        Self::Forecast,
    ];

    /// Its name in links, test ids and scripts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Churn => "churn",
            Self::Ltv => "ltv",
            Self::Segments => "segments",
            Self::Anomalies => "anomalies",
            Self::Forecast => "forecast",
        }
    }

    /// Its name for readers.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Churn => "Churn",
            Self::Ltv => "Lifetime value",
            Self::Segments => "Segments",
            Self::Anomalies => "Revenue anomalies",
            Self::Forecast => "Active-user forecast",
        }
    }
}
