//! The six dashboards, each with its panels.

use super::rooms::Room;
use super::spec::PanelSpec;

/// One of the six dashboards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// Executive growth.
    Executive,
    /// Retention intelligence.
    Retention,
    /// Revenue deep-dive.
    Revenue,
    /// Funnel diagnostics.
    Funnel,
    /// Product adoption.
    Adoption,
    /// Churn early warning.
    Churn,
}

impl Page {
    /// All pages, in the order of the rail.
    pub const ALL: [Self; 6] = [
        Self::Executive,
        Self::Retention,
        Self::Revenue,
        Self::Funnel,
        Self::Adoption,
        Self::Churn,
    ];

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Executive => "Executive growth",
            Self::Retention => "Retention intelligence",
            Self::Revenue => "Revenue deep-dive",
            Self::Funnel => "Funnel diagnostics",
            Self::Adoption => "Product adoption",
            Self::Churn => "Churn early warning",
        }
    }

    /// Its route below the site's root.
    #[must_use]
    pub const fn route(self) -> &'static str {
        match self {
            Self::Executive => "",
            Self::Retention => "retention/",
            Self::Revenue => "revenue/",
            Self::Funnel => "funnel/",
            Self::Adoption => "adoption/",
            Self::Churn => "churn/",
        }
    }

    /// Its panels that have a chart.
    #[must_use]
    pub const fn rooms(self) -> &'static [Room] {
        match self {
            Self::Executive => super::executive::panels::ROOMS,
            Self::Retention => super::retention::panels::ROOMS,
            Self::Revenue => super::revenue::panels::ROOMS,
            Self::Funnel => super::funnel::panels::ROOMS,
            Self::Adoption => super::adoption::panels::ROOMS,
            Self::Churn => super::churn::panels::ROOMS,
        }
    }

    /// What its panels declare.
    #[must_use]
    pub const fn panels(self) -> &'static [&'static PanelSpec] {
        match self {
            Self::Executive => super::executive::panels::PANELS,
            Self::Retention => super::retention::panels::PANELS,
            Self::Revenue => super::revenue::panels::PANELS,
            Self::Funnel => super::funnel::panels::PANELS,
            Self::Adoption => super::adoption::panels::PANELS,
            Self::Churn => super::churn::panels::PANELS,
        }
    }
}
