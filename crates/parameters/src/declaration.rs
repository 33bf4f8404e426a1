//! The one declaration of every parameter.

use super::kind::{Group, Kind, Unit};

/// The eight acquisition channels, as they are spelled in the data.
pub const CHANNELS: [&str; 8] = [
    "organic_search",
    "direct",
    "referral",
    "content",
    "email",
    "paid_search",
    "paid_social",
    "partner",
];

/// Options of [`Parameter::TrialType`]: text form and label.
pub(super) const TRIAL_TYPES: &[(&str, &str)] = &[
    ("freemium", "Freemium"),
    ("opt_in", "Opt-in trial (no card)"),
    ("opt_out", "Opt-out trial (card first)"),
];

/// All there is to know about one parameter.
#[derive(Debug, Clone, Copy)]
pub struct Specification {
    /// The parameter.
    pub parameter: Parameter,
    /// Its key in the URL query.
    pub key: &'static str,
    /// Where the form shows it.
    pub group: Group,
    /// Its name on screen.
    pub label: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Its kind and range.
    pub kind: Kind,
    /// Its value in the Demo preset, in steps.
    pub default: i64,
    /// One sentence on what it does.
    pub help: &'static str,
}

impl Specification {
    /// Whether `steps` is a value this parameter may take.
    #[must_use]
    pub const fn allows(&self, steps: i64) -> bool {
        match self.kind {
            Kind::Number { min, max, .. } | Kind::Date { min, max } => steps >= min && steps <= max,
            Kind::Seed => true,
            Kind::Choice(options) => steps >= 0 && (steps as usize) < options.len(),
        }
    }
}

const fn whole(min: i64, max: i64) -> Kind {
    Kind::Number {
        decimals: 0,
        min,
        max,
    }
}

const fn tenths(min: i64, max: i64) -> Kind {
    Kind::Number {
        decimals: 1,
        min,
        max,
    }
}

const fn hundredths(min: i64, max: i64) -> Kind {
    Kind::Number {
        decimals: 2,
        min,
        max,
    }
}

macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident, $key:literal, $group:ident, $label:literal, $unit:ident, $kind:expr, $default:expr, $help:literal;)+) => {
        /// A parameter of the scenario.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Parameter { $(#[doc = $help] $name,)+ }

        /// Every parameter, in the order of the form and of the canonical text.
        pub const PARAMETERS: &[Specification] = &[$(Specification {
            parameter: Parameter::$name,
            key: $key,
            group: Group::$group,
            label: $label,
            unit: Unit::$unit,
            kind: $kind,
            default: $default,
            help: $help,
        },)+];
    };
}

parameters! {
    Seed, "seed", Scale, "Seed", None, Kind::Seed, 42,
        "Every random draw starts here; another seed is another company with the same rules.";
    Users, "users", Scale, "Users", Users, whole(100, 200_000), 10_000,
        "People who sign up over the whole history.";
    Months, "months", Scale, "History", Months, whole(6, 60), 48,
        "Calendar months of history, the last one holding the end date.";
    EventsPerUser, "events", Scale, "Events per user", EventsPerUser, whole(5, 400), 200,
        "Mean number of product events a user leaves in the whole history.";
    AsOf, "as_of", Scale, "End date", None, Kind::Date { min: 18_262, max: 24_105 }, 20_453,
        "The last day of data; everything relative is measured from here.";

    MonthlyGrowth, "growth", Growth, "Signup growth", PercentPerMonth, tenths(-50, 150), 30,
        "Growth of each month's signups over the month before.";
    SignupSeasonality, "season", Growth, "Yearly season of signups", Times, hundredths(0, 200), 100,
        "Strength of the yearly signup season; 0 removes it, 1 swings by about a fifth.";
    MixOrganicSearch, "mix_organic", Growth, "Mix: organic search", Weight, whole(0, 100), 24,
        "Weight of organic search among signups.";
    MixDirect, "mix_direct", Growth, "Mix: direct", Weight, whole(0, 100), 16,
        "Weight of people who come directly.";
    MixReferral, "mix_referral", Growth, "Mix: referral", Weight, whole(0, 100), 12,
        "Weight of people sent by other customers.";
    MixContent, "mix_content", Growth, "Mix: content", Weight, whole(0, 100), 12,
        "Weight of readers of articles and guides.";
    MixEmail, "mix_email", Growth, "Mix: email", Weight, whole(0, 100), 6,
        "Weight of newsletter readers.";
    MixPaidSearch, "mix_search", Growth, "Mix: paid search", Weight, whole(0, 100), 16,
        "Weight of paid search among signups.";
    MixPaidSocial, "mix_social", Growth, "Mix: paid social", Weight, whole(0, 100), 10,
        "Weight of paid social among signups.";
    MixPartner, "mix_partner", Growth, "Mix: partner", Weight, whole(0, 100), 4,
        "Weight of partners and resellers among signups.";
    LargeShare, "large", Growth, "Large companies", Percent, whole(0, 100), 16,
        "Share of signups from companies of more than 200 people; they buy more seats and dearer plans, and pay by invoice.";
    CampaignSpikes, "spikes", Growth, "Campaign spikes", None, whole(0, 24), 4,
        "Short campaigns that lift signups for about ten days each.";
    CampaignSpikeSize, "spike_size", Growth, "Spike size", Times, tenths(10, 60), 20,
        "Signups at a campaign's peak, as a multiple of the usual.";
    ProductLaunch, "launch", Growth, "Product launch", Months, whole(0, 60), 18,
        "Months before the end date at which a launch lifts signups; 0 for no launch.";

    ActivityTail, "tail", Behaviour, "Activity tail", Sigma, hundredths(30, 200), 130,
        "Spread of the log of users' activity; larger means fewer users do more of the work.";
    WeekendDip, "weekend", Behaviour, "Weekend dip", None, hundredths(0, 100), 65,
        "Share of weekday activity that is missing on weekends.";
    PersonaSeparation, "separation", Behaviour, "Persona separation", Sigma, tenths(20, 100), 60,
        "How far apart the five personas behave, in within-persona standard deviations.";
    FeatureLaunch, "feature", Behaviour, "Feature launch", Months, whole(0, 60), 9,
        "Months before the end date at which a new feature ships; 0 for none.";
    FeatureEffect, "feature_effect", Behaviour, "Adoption effect", Percent, whole(0, 200), 25,
        "How much more active adopters of the new feature become.";

    TrialType, "trial", Funnel, "Leading trial type", None, Kind::Choice(TRIAL_TYPES), 1,
        "The offer most signups see; the other two stay on as small price tests.";
    ActivationRate, "activation", Funnel, "Activation rate", Percent, tenths(50, 800), 300,
        "Share of signups who connect an integration and create a report within seven days.";
    ConversionFreemium, "conv_freemium", Funnel, "Free to paid: freemium", Percent, tenths(5, 400), 60,
        "Share of freemium signups who ever pay, given time.";
    ConversionOptIn, "conv_opt_in", Funnel, "Free to paid: opt-in trial", Percent, tenths(10, 700), 180,
        "Share of opt-in trials that turn into paid plans.";
    ConversionOptOut, "conv_opt_out", Funnel, "Free to paid: opt-out trial", Percent, tenths(50, 900), 450,
        "Share of opt-out trials that turn into paid plans.";
    DaysToConvert, "convert_days", Funnel, "Median days to convert", Days, whole(1, 120), 14,
        "Median days from signup to the first paid plan.";

    MonthlyChurn, "churn", Retention, "Monthly churn", PercentPerMonth, tenths(5, 150), 40,
        "Share of customers billed monthly who leave in a month; those billed by the quarter or year can leave only at renewal, where the risk of their term adds up.";
    InvoluntaryShare, "involuntary", Retention, "Involuntary share", Percent, whole(0, 60), 25,
        "Share of churn that comes from failed payments, as far as failures allow.";
    SignalSigma, "signal", Retention, "Churn signal", Sigma, tenths(0, 30), 20,
        "Spread of the log of the churn hazard between customers; 0 makes churn pure chance.";
    AcausalShare, "acausal", Retention, "Unseen share", Percent, whole(0, 100), 10,
        "Share of the hazard's variance that leaves no trace in usage.";
    WarningLead, "lead", Retention, "Warning lead", Days, whole(0, 90), 30,
        "Days by which usage falls before the hazard rises.";
    TenureEffect, "tenure", Retention, "Tenure effect", Percent, whole(0, 80), 25,
        "By how much a year of tenure lowers the hazard of settled customers; new ones stand out in proportion, and 0 makes all alike.";
    Reactivation, "reactivation", Retention, "Reactivation", Percent, tenths(0, 400), 80,
        "Share of churned customers who come back, given time.";

    PriceStarter, "price_starter", Revenue, "Starter price", Dollars, whole(1, 1_000), 19,
        "Monthly list price of a Starter seat.";
    PriceProfessional, "price_professional", Revenue, "Professional price", Dollars, whole(1, 2_000), 49,
        "Monthly list price of a Professional seat.";
    PriceEnterprise, "price_enterprise", Revenue, "Enterprise price", Dollars, whole(1, 5_000), 99,
        "Monthly list price of an Enterprise seat.";
    MedianSeats, "median_seats", Revenue, "Median seats", Seats, tenths(10, 500), 55,
        "Median seats of new customers of 51 to 200 people; smaller and larger companies buy in proportion.";
    SeatsSigma, "seats", Revenue, "Spread of seats", Sigma, hundredths(0, 150), 45,
        "Spread of the log of seats within a company size.";
    AnnualShare, "annual", Revenue, "Annual share", Percent, whole(0, 100), 30,
        "Share of new customers on annual plans.";
    AnnualDiscount, "discount", Revenue, "Annual discount", Percent, whole(0, 50), 15,
        "Discount on annual plans.";
    Quarterly, "quarterly", Revenue, "Quarterly plans", Percent, whole(0, 100), 8,
        "Share of new customers, of those not billed by the year, who are billed by the quarter.";
    Discounted, "discounted", Revenue, "Contracts with a discount", Percent, whole(0, 100), 10,
        "Share of new contracts that have 10, 15, 20 or 25% off each bill, for as long as the customer stays.";
    AddOn, "add_on", Revenue, "Priority support", Percent, whole(0, 100), 10,
        "Share of customers on Professional or Enterprise who add priority support, given time: a subscription of its own, billed by the month.";
    Expansion, "expansion", Revenue, "Expansion", PercentPerMonth, tenths(0, 100), 20,
        "Share of customers who add seats or move up a plan in a month.";
    Contraction, "contraction", Revenue, "Contraction", PercentPerMonth, tenths(0, 50), 7,
        "Share of customers who drop seats or move down a plan in a month.";
    PriceRise, "rise", Revenue, "Price rise", Percent, whole(0, 50), 0,
        "List price rise that reaches customers at their next bill; 0 for none.";
    PriceRiseMonths, "rise_when", Revenue, "Price rise, before the end", Months, whole(1, 60), 12,
        "Months before the end date at which the price rise takes effect.";

    FailureRate, "failure", Payments, "Payment failure", Percent, tenths(0, 300), 70,
        "Share of charges whose first attempt fails.";
    RecoveryRate, "recovery", Payments, "Recovery", Percent, whole(0, 95), 48,
        "Share of failed charges that a retry recovers.";
    RefundRate, "refund", Payments, "Refunds", Percent, tenths(0, 200), 20,
        "Share of successful charges that are refunded, in whole or in part.";
    DisputeRate, "dispute", Payments, "Disputes", Percent, tenths(0, 50), 3,
        "Share of card charges that are disputed, after a customer's first; a small company's first charge is disputed five times as often.";
    InvoiceShare, "invoice", Payments, "Paid by invoice", Percent, whole(1, 99), 53,
        "Share of companies of 201 to 1,000 people who pay by bank transfer; larger ones do more often, smaller ones less.";
    LateInvoices, "late", Payments, "Late invoices", Times, tenths(10, 100), 10,
        "How many times as often a bank transfer is late as the charge of a card fails, with the same failures of all.";
    Terms, "terms", Payments, "Terms of an invoice", Days, whole(0, 60), 0,
        "Days from the bill of a yearly contract to the day it is due, for who pays by bank transfer.";
    ExpiredCardShare, "expired", Payments, "Expired cards", Percent, whole(0, 100), 27,
        "Share of failures that are expired cards.";

    TouchesPerSignup, "touches", Marketing, "Touches per signup", None, tenths(10, 100), 30,
        "Mean number of marketing touches before a signup.";
    UpliftOrganicSearch, "lift_organic", Marketing, "True effect: organic search", Percent, whole(-50, 200), 15,
        "By how much a touch of organic search truly raises free-to-paid conversion.";
    UpliftDirect, "lift_direct", Marketing, "True effect: direct", Percent, whole(-50, 200), 10,
        "By how much a direct visit truly raises free-to-paid conversion.";
    UpliftReferral, "lift_referral", Marketing, "True effect: referral", Percent, whole(-50, 200), 60,
        "By how much a referral truly raises free-to-paid conversion.";
    UpliftContent, "lift_content", Marketing, "True effect: content", Percent, whole(-50, 200), 30,
        "By how much content truly raises free-to-paid conversion.";
    UpliftEmail, "lift_email", Marketing, "True effect: email", Percent, whole(-50, 200), 20,
        "By how much an email truly raises free-to-paid conversion.";
    UpliftPaidSearch, "lift_search", Marketing, "True effect: paid search", Percent, whole(-50, 200), 10,
        "By how much a paid search click truly raises free-to-paid conversion.";
    UpliftPaidSocial, "lift_social", Marketing, "True effect: paid social", Percent, whole(-50, 200), -10,
        "By how much a paid social click truly raises free-to-paid conversion.";
    UpliftPartner, "lift_partner", Marketing, "True effect: partner", Percent, whole(-50, 200), 40,
        "By how much a partner's word truly raises free-to-paid conversion.";
    CostContent, "cost_content", Marketing, "Cost: content", DollarsPerClick, hundredths(0, 5_000), 80,
        "Cost of a content visit.";
    CostEmail, "cost_email", Marketing, "Cost: email", DollarsPerClick, hundredths(0, 5_000), 20,
        "Cost of an email click.";
    CostPaidSearch, "cost_search", Marketing, "Cost: paid search", DollarsPerClick, hundredths(0, 5_000), 700,
        "Cost of a paid search click.";
    CostPaidSocial, "cost_social", Marketing, "Cost: paid social", DollarsPerClick, hundredths(0, 5_000), 450,
        "Cost of a paid social click.";
    CostPartner, "cost_partner", Marketing, "Cost: partner", DollarsPerClick, hundredths(0, 5_000), 900,
        "Cost of a partner lead.";
    CostReferral, "cost_referral", Marketing, "Cost: referral", DollarsPerClick, hundredths(0, 5_000), 200,
        "Reward paid for a referred visit.";
    OrganicBaseline, "baseline", Marketing, "Organic baseline", Percent, whole(0, 100), 35,
        "Share of signups who come with a single touch, as they would without marketing.";

    Anomalies, "anomalies", PlantedTruth, "Revenue anomalies", None, whole(0, 60), 12,
        "Days on which something befalls the bills: a double charge, a failing processor, a wrong price, an offer or an outage.";
    AnomalySize, "anomaly_size", PlantedTruth, "Anomaly size", Times, tenths(10, 100), 40,
        "How many times too much (or too little) one plan is charged on days of a wrong price; the other kinds have no size.";
    ExperimentLift, "lift", PlantedTruth, "Experiment lift", Percent, whole(-50, 100), 15,
        "Relative lift on activation that the experiment's treatment truly has.";

    DefectDuplicates, "defect_duplicates", Defects, "Duplicate keys", Percent, tenths(0, 500), 0,
        "Share of rows of every raw table that are delivered twice, key and all.";
    DefectOrphans, "defect_orphans", Defects, "Orphan keys", Percent, tenths(0, 500), 0,
        "Share of sessions, payments and touches that point at a row that does not exist.";
    DefectEarly, "defect_early", Defects, "Use before signup", Percent, tenths(0, 500), 0,
        "Share of users whose first session is dated three days before their signup.";
    DefectLate, "defect_late", Defects, "Late events", Percent, tenths(0, 500), 0,
        "Share of events stamped after the end date, as by a device whose clock runs ahead.";
    DefectOutside, "defect_outside", Defects, "Events outside their session", Percent, tenths(0, 500), 0,
        "Share of events stamped three days after the session they belong to.";
    DefectTimeZone, "defect_zone", Defects, "Swapped time zone", Hours, whole(0, 14), 0,
        "Hours by which sessions on iOS start early, because local time was taken for UTC.";
    DefectForeign, "defect_foreign", Defects, "Session of another user", Percent, tenths(0, 500), 0,
        "Share of sessions that are booked on the next user, while their events are not.";
    DefectMissingDays, "defect_days", Defects, "Missing days", None, whole(0, 60), 0,
        "Days on which no session and no event was recorded.";
    DefectTruncated, "defect_truncated", Defects, "Truncated events", Percent, tenths(0, 500), 0,
        "Share of users, the last ones, whose events are cut off the end of the table.";
    DefectNulls, "defect_nulls", Defects, "Null burst", Percent, tenths(0, 500), 0,
        "Share of each thousand users, in one run, whose country, company size and amounts are lost.";
    DefectUnknown, "defect_unknown", Defects, "Unknown category", Percent, tenths(0, 500), 0,
        "Share of events and payments whose type or method is an undeclared value.";
    DefectEmails, "defect_emails", Defects, "Reused address", Percent, tenths(0, 500), 0,
        "Share of users who carry the e-mail address of the user before them.";
    DefectImbalance, "defect_imbalance", Defects, "Sample ratio mismatch", Percent, whole(0, 100), 0,
        "Share of the experiment's control group that is logged as treatment.";
    DefectOverlap, "defect_overlap", Defects, "Overlapping subscriptions", Percent, tenths(0, 500), 0,
        "Share of ended periods that end twenty days after their successor began.";
    DefectBackwards, "defect_backwards", Defects, "Periods that run backwards", Percent, tenths(0, 500), 0,
        "Share of ended periods that end a day before they start.";
    DefectPrice, "defect_price", Defects, "Price of another plan", Percent, tenths(0, 400), 0,
        "Share of paid periods that are labelled with the next plan but keep their price.";
    DefectReason, "defect_reason", Defects, "Churn without reason", Percent, tenths(0, 1_000), 0,
        "Share of churned periods whose reason is missing.";
    DefectNegative, "defect_negative", Defects, "Negative amounts", Percent, tenths(0, 500), 0,
        "Share of payments and touches whose amount has the wrong sign.";
    DefectCurrency, "defect_currency", Defects, "Currency unit error", Percent, tenths(0, 500), 0,
        "Share of payments whose amount was multiplied by a hundred once too often.";
    DefectMonthMissing, "defect_month_missing", Defects, "Months without billing", None, whole(0, 24), 0,
        "Months whose payments were never delivered.";
    DefectMonthDoubled, "defect_month_doubled", Defects, "Months billed twice", None, whole(0, 24), 0,
        "Months whose payments were delivered twice, under new ids.";
    DefectReplay, "defect_replay", Defects, "Replayed payments", Percent, tenths(0, 500), 0,
        "Share of collected charges that come again an hour later under a new id.";
    DefectRetries, "defect_retries", Defects, "Broken retry order", Percent, tenths(0, 1_000), 0,
        "Share of retries whose attempt number skips one.";
    DefectFailureCode, "defect_codes", Defects, "Failures without code", Percent, tenths(0, 1_000), 0,
        "Share of failed payments whose failure code is missing.";
    DefectRefundSize, "defect_refund_size", Defects, "Refunds above their charge", Percent, tenths(0, 1_000), 0,
        "Share of refunds that give back three times what was charged.";
    DefectRefundOrphan, "defect_refund_orphan", Defects, "Refunds without charge", Percent, tenths(0, 1_000), 0,
        "Share of refunds that point at a charge that does not exist.";
    DefectTouches, "defect_touches", Defects, "Converting touch after signup", Percent, tenths(0, 500), 0,
        "Share of converting touches that are dated two days after the signup.";
    DefectSpend, "defect_spend", Defects, "Lost ad spend", Percent, tenths(0, 500), 0,
        "Share of campaigns' days whose spend was not delivered.";
}

/// Channel weights, in the order of [`CHANNELS`].
pub(super) const MIX: [Parameter; 8] = [
    Parameter::MixOrganicSearch,
    Parameter::MixDirect,
    Parameter::MixReferral,
    Parameter::MixContent,
    Parameter::MixEmail,
    Parameter::MixPaidSearch,
    Parameter::MixPaidSocial,
    Parameter::MixPartner,
];

/// True effects, in the order of [`CHANNELS`].
pub(super) const UPLIFT: [Parameter; 8] = [
    Parameter::UpliftOrganicSearch,
    Parameter::UpliftDirect,
    Parameter::UpliftReferral,
    Parameter::UpliftContent,
    Parameter::UpliftEmail,
    Parameter::UpliftPaidSearch,
    Parameter::UpliftPaidSocial,
    Parameter::UpliftPartner,
];

/// Costs, in the order of [`CHANNELS`]; `None` for a channel nobody pays for.
pub(super) const COST: [Option<Parameter>; 8] = [
    None,
    None,
    Some(Parameter::CostReferral),
    Some(Parameter::CostContent),
    Some(Parameter::CostEmail),
    Some(Parameter::CostPaidSearch),
    Some(Parameter::CostPaidSocial),
    Some(Parameter::CostPartner),
];

impl Parameter {
    /// What is declared of this parameter.
    #[must_use]
    pub const fn specification(self) -> &'static Specification {
        &PARAMETERS[self as usize]
    }
}
