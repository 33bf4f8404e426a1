//! What a declaration says of a parameter: group, unit, kind and range.

/// The group a parameter is shown under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Seed, users, months, events, end date.
    Scale,
    /// How signups arrive.
    Growth,
    /// How users use the product.
    Behaviour,
    /// Trial, activation and conversion.
    Funnel,
    /// Churn and what announces it.
    Retention,
    /// Prices, seats and movements.
    Revenue,
    /// Failures, recovery, refunds and disputes.
    Payments,
    /// Touches, costs and true effects.
    Marketing,
    /// What is planted for the methods to find.
    PlantedTruth,
    /// Faults planted in the raw rows, for the data tests to find.
    Defects,
}

impl Group {
    /// Every group, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::Scale,
        Self::Growth,
        Self::Behaviour,
        Self::Funnel,
        Self::Retention,
        Self::Revenue,
        Self::Payments,
        Self::Marketing,
        Self::PlantedTruth,
        Self::Defects,
    ];

    /// The heading over the group.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Scale => "Scale",
            Self::Growth => "Growth",
            Self::Behaviour => "Behaviour",
            Self::Funnel => "Funnel",
            Self::Retention => "Retention",
            Self::Revenue => "Revenue",
            Self::Payments => "Payments",
            Self::Marketing => "Marketing",
            Self::PlantedTruth => "Planted truth",
            Self::Defects => "Defects",
        }
    }
}

/// The unit that stands beside a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A pure number.
    None,
    /// Hundredths; [`super::Scenario::fraction`] divides by 100.
    Percent,
    /// Percent in each month.
    PercentPerMonth,
    /// A multiple of the usual value.
    Times,
    /// Standard deviations.
    Sigma,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Whole dollars.
    Dollars,
    /// Dollars for each click.
    DollarsPerClick,
    /// Users.
    Users,
    /// Seats.
    Seats,
    /// Events in a user's whole history.
    EventsPerUser,
    /// A weight relative to its siblings.
    Weight,
}

impl Unit {
    /// The unit as it is written after a figure; empty for a pure number.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::None | Self::Weight => "",
            Self::Percent => "%",
            Self::PercentPerMonth => "% / month",
            Self::Times => "×",
            Self::Sigma => "σ",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Months => "months",
            Self::Dollars => "$",
            Self::DollarsPerClick => "$ / click",
            Self::Users => "users",
            Self::Seats => "seats",
            Self::EventsPerUser => "per user",
        }
    }

    /// A number with its unit, as it stands in a sentence: `4%`, `$49`, `30 days`.
    #[must_use]
    pub fn write(self, number: &str) -> String {
        match self {
            Self::None | Self::Weight => number.to_owned(),
            Self::Percent | Self::Times => format!("{number}{}", self.suffix()),
            Self::PercentPerMonth => format!("{number}% a month"),
            Self::Dollars => format!("${number}"),
            Self::DollarsPerClick => format!("${number} a click"),
            Self::EventsPerUser => format!("{number} a user"),
            Self::Sigma | Self::Hours | Self::Days | Self::Months | Self::Users | Self::Seats => {
                format!("{number} {}", self.suffix())
            }
        }
    }
}

/// What values a parameter takes. Numbers are held as whole steps of `10^-decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number from `min` to `max`, both in steps of `10^-decimals`.
    Number {
        /// Digits after the point.
        decimals: u32,
        /// Least value, in steps.
        min: i64,
        /// Greatest value, in steps.
        max: i64,
    },
    /// Any 64-bit seed, held as its bits.
    Seed,
    /// A day from `min` to `max`, held as days since 1970-01-01.
    Date {
        /// First day allowed.
        min: i64,
        /// Last day allowed.
        max: i64,
    },
    /// One of some named options, held as its index.
    Choice(&'static [(&'static str, &'static str)]),
}
