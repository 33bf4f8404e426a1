//! Named starting points.

use super::Parameter;

/// A named scenario that others differ from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Preset {
    /// 10,000 users and 2 million events: opens by default.
    #[default]
    Demo,
    /// 50,000 users and 10 million events.
    Full,
    /// 500 users, for phones and tests.
    Tiny,
    /// Product-led growth on a freemium plan.
    Plg,
    /// Small businesses on cheap monthly plans.
    Smb,
    /// Few large customers on annual contracts, paid by invoice.
    Enterprise,
    /// High churn and failing payments.
    Leaky,
    /// Churn is pure chance: an honest model scores AUC ≈ .5.
    NoSignal,
}

impl Preset {
    /// Every preset, in the order of the form.
    pub const ALL: [Self; 8] = [
        Self::Demo,
        Self::Full,
        Self::Tiny,
        Self::Plg,
        Self::Smb,
        Self::Enterprise,
        Self::Leaky,
        Self::NoSignal,
    ];

    /// The preset's value of the URL key `preset`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Full => "full",
            Self::Tiny => "tiny",
            Self::Plg => "plg",
            Self::Smb => "smb",
            Self::Enterprise => "enterprise",
            Self::Leaky => "leaky",
            Self::NoSignal => "nosignal",
        }
    }

    /// The preset's name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Demo => "Demo",
            Self::Full => "Full",
            Self::Tiny => "Tiny",
            Self::Plg => "PLG freemium",
            Self::Smb => "SMB self-serve",
            Self::Enterprise => "Enterprise",
            Self::Leaky => "Leaky bucket",
            Self::NoSignal => "No signal",
        }
    }

    /// One sentence on the company it describes.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Demo => "10,000 users and 2 million events: a healthy company, quick to build.",
            Self::Full => {
                "50,000 users and 10 million events: the same company, five times larger."
            }
            Self::Tiny => "500 users, for phones and first looks.",
            Self::Plg => "Freemium, viral, many users and few payers.",
            Self::Smb => "Small teams on cheap monthly plans: quick to convert, quick to leave.",
            Self::Enterprise => {
                "Few, large customers on yearly contracts, who pay by invoice and rarely leave."
            }
            Self::Leaky => "One customer in twelve leaves each month and cards keep failing.",
            Self::NoSignal => {
                "Churn is pure chance: an honest model must score an AUC of about one half."
            }
        }
    }

    /// The preset of a URL key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.key() == key)
    }

    /// What the preset changes of the declared defaults, in steps.
    pub(super) const fn changes(self) -> &'static [(Parameter, i64)] {
        use Parameter as P;
        match self {
            Self::Demo => &[],
            Self::Full => &[(P::Users, 50_000)],
            Self::Tiny => &[(P::Users, 500), (P::EventsPerUser, 100)],
            Self::Plg => &[
                (P::TrialType, 0),
                (P::MonthlyGrowth, 60),
                (P::MixReferral, 30),
                (P::MixPaidSearch, 4),
                (P::MixPaidSocial, 4),
                (P::ActivationRate, 380),
                (P::DaysToConvert, 45),
                (P::PriceStarter, 9),
                (P::PriceProfessional, 24),
                (P::AnnualShare, 20),
                (P::Quarterly, 5),
                (P::Discounted, 5),
                (P::AddOn, 5),
                (P::Expansion, 50),
                (P::EventsPerUser, 150),
            ],
            Self::Smb => &[
                (P::LargeShare, 4),
                (P::MonthlyChurn, 45),
                (P::TenureEffect, 50),
                (P::PriceStarter, 15),
                (P::PriceProfessional, 35),
                (P::PriceEnterprise, 75),
                (P::SeatsSigma, 35),
                (P::AnnualShare, 15),
                (P::Quarterly, 5),
                (P::Discounted, 5),
                (P::AddOn, 5),
                (P::DaysToConvert, 10),
                (P::FailureRate, 90),
                (P::InvoiceShare, 30),
                (P::InvoluntaryShare, 35),
            ],
            Self::Enterprise => &[
                (P::Users, 4_000),
                (P::EventsPerUser, 400),
                (P::MonthlyGrowth, 20),
                (P::LargeShare, 80),
                (P::MixOrganicSearch, 10),
                (P::MixDirect, 10),
                (P::MixContent, 20),
                (P::MixPaidSearch, 18),
                (P::MixPaidSocial, 18),
                (P::MixPartner, 12),
                (P::ConversionFreemium, 40),
                (P::ConversionOptIn, 150),
                (P::ConversionOptOut, 250),
                (P::DaysToConvert, 60),
                (P::MonthlyChurn, 10),
                (P::AnnualShare, 85),
                (P::Quarterly, 20),
                (P::Discounted, 40),
                (P::AddOn, 20),
                (P::MedianSeats, 120),
                (P::SeatsSigma, 80),
                (P::PriceStarter, 35),
                (P::PriceProfessional, 65),
                (P::PriceEnterprise, 140),
                (P::Expansion, 40),
                (P::Contraction, 4),
                (P::FailureRate, 250),
                (P::RecoveryRate, 80),
                (P::InvoiceShare, 85),
                (P::LateInvoices, 100),
                (P::Terms, 30),
                // Hardly any failure is of a card.
                (P::ExpiredCardShare, 1),
                (P::TouchesPerSignup, 80),
                (P::WeekendDip, 85),
                (P::CostReferral, 1_000),
                (P::CostContent, 1_000),
                (P::CostPaidSearch, 5_000),
                (P::CostPaidSocial, 3_000),
                (P::CostPartner, 5_000),
            ],
            Self::Leaky => &[
                (P::MonthlyChurn, 85),
                (P::FailureRate, 140),
                (P::RecoveryRate, 30),
                (P::InvoluntaryShare, 40),
                (P::Expansion, 10),
                (P::Contraction, 15),
                (P::RefundRate, 50),
            ],
            // A tenure effect or a renewal date would be a signal too.
            Self::NoSignal => &[
                (P::SignalSigma, 0),
                (P::TenureEffect, 0),
                (P::AnnualShare, 0),
                (P::Quarterly, 0),
            ],
        }
    }
}
