//! Which tables a parameter has a say in.

use parameters::Parameter;

use super::defects;
use super::tables::{Table, TableSet};

/// The tables whose rows can change when only `parameter` changes; the others keep theirs, bit
/// for bit, and need not be made again.
#[must_use]
pub fn tables_affected(parameter: Parameter) -> TableSet {
    use Parameter as P;
    const PARAMETERS: TableSet = TableSet::of(&[Table::TruthParameters]);
    const ACTIVITY: TableSet =
        TableSet::of(&[Table::Sessions, Table::Events, Table::TruthParameters]);
    const MONEY: TableSet = TableSet::of(&[
        Table::Subscriptions,
        Table::Payments,
        Table::TruthParameters,
    ]);
    const PAYMENTS: TableSet = TableSet::of(&[Table::Payments, Table::TruthParameters]);
    const TRUTH: TableSet = TableSet::of(&[Table::TruthUsers]);
    const HAZARDS: TableSet = TableSet::of(&[Table::TruthHazards]);
    const EFFECTS: TableSet = TableSet::of(&[Table::TruthChannelEffects]);
    const USERS: TableSet = TableSet::of(&[Table::Users]);
    const TOUCHES: TableSet = TableSet::of(&[Table::MarketingTouches, Table::AdSpend]);
    // Who pays, and from when to when: it also moves how much people use the product, and which
    // company has a seat for a colleague.
    let customers = ACTIVITY
        .union(MONEY)
        .union(TRUTH)
        .union(HAZARDS)
        .union(USERS);
    match parameter {
        P::Seed | P::Users | P::Months | P::AsOf => TableSet::ALL,
        P::EventsPerUser | P::WeekendDip | P::FeatureLaunch | P::FeatureEffect => ACTIVITY,
        P::MonthlyGrowth
        | P::SignupSeasonality
        | P::CampaignSpikes
        | P::CampaignSpikeSize
        | P::ProductLaunch => TableSet::BY_BLOCK.union(PARAMETERS),
        P::MixOrganicSearch
        | P::MixDirect
        | P::MixReferral
        | P::MixContent
        | P::MixEmail
        | P::MixPaidSearch
        | P::MixPaidSocial
        | P::MixPartner => customers.union(TOUCHES).union(EFFECTS),
        P::TouchesPerSignup | P::OrganicBaseline => customers.union(TOUCHES).union(EFFECTS),
        P::ActivityTail | P::PersonaSeparation => ACTIVITY.union(TRUTH),
        P::ActivationRate | P::ExperimentLift => {
            customers.union(TableSet::of(&[Table::TruthExperiment]))
        }
        P::TrialType
        | P::ConversionFreemium
        | P::ConversionOptIn
        | P::ConversionOptOut
        | P::DaysToConvert
        | P::MonthlyChurn
        | P::InvoluntaryShare
        | P::SignalSigma
        | P::AcausalShare
        | P::WarningLead
        | P::TenureEffect
        | P::Reactivation
        | P::AnnualShare
        | P::Quarterly
        | P::Terms
        | P::FailureRate
        | P::RecoveryRate
        | P::InvoiceShare
        | P::LateInvoices
        | P::ExpiredCardShare => customers,
        // Which plans customers have decides whose price is wrong on a day.
        P::LargeShare => customers.union(TableSet::of(&[Table::TruthAnomalyDays])),
        P::PriceStarter
        | P::PriceProfessional
        | P::PriceEnterprise
        | P::AnnualDiscount
        | P::Discounted
        | P::AddOn
        | P::PriceRise
        | P::PriceRiseMonths => MONEY,
        // A customer on another plan may do other things, one with a single seat who shrinks moves to
        // a lesser plan, and seats are what colleagues find room in.
        P::MedianSeats | P::SeatsSigma | P::Expansion | P::Contraction => {
            MONEY.union(ACTIVITY).union(USERS)
        }
        P::RefundRate | P::DisputeRate => PAYMENTS,
        P::UpliftOrganicSearch
        | P::UpliftDirect
        | P::UpliftReferral
        | P::UpliftContent
        | P::UpliftEmail
        | P::UpliftPaidSearch
        | P::UpliftPaidSocial
        | P::UpliftPartner => customers.union(EFFECTS),
        P::CostContent
        | P::CostEmail
        | P::CostPaidSearch
        | P::CostPaidSocial
        | P::CostPartner
        | P::CostReferral => TOUCHES.union(EFFECTS).union(PARAMETERS),
        P::Anomalies | P::AnomalySize => PAYMENTS.union(TableSet::of(&[Table::TruthAnomalyDays])),
        P::DefectDuplicates
        | P::DefectOrphans
        | P::DefectEarly
        | P::DefectLate
        | P::DefectOutside
        | P::DefectTimeZone
        | P::DefectForeign
        | P::DefectMissingDays
        | P::DefectTruncated
        | P::DefectNulls
        | P::DefectUnknown
        | P::DefectEmails
        | P::DefectImbalance
        | P::DefectOverlap
        | P::DefectBackwards
        | P::DefectPrice
        | P::DefectReason
        | P::DefectNegative
        | P::DefectCurrency
        | P::DefectMonthMissing
        | P::DefectMonthDoubled
        | P::DefectReplay
        | P::DefectRetries
        | P::DefectFailureCode
        | P::DefectRefundSize
        | P::DefectRefundOrphan
        | P::DefectTouches
        | P::DefectSpend => defects::tables_of(parameter)
            .union(PARAMETERS)
            .union(TableSet::of(&[Table::TruthDefects])),
    }
}
