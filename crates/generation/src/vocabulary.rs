//! The words of the data: the values that each dictionary column may take.

/// Countries, ISO 3166 alpha-2, in the order of `countries::COUNTRIES`.
pub const COUNTRY_CODES: &[&str] = &[
    "US", "GB", "DE", "CA", "FR", "IN", "AU", "BR", "NL", "ES", "SE", "JP", "PL", "SG", "MX", "IE",
];

/// Industries.
pub const INDUSTRIES: &[&str] = &[
    "software",
    "ecommerce",
    "finance",
    "healthcare",
    "education",
    "media",
    "manufacturing",
    "agency",
];

/// Company sizes, by employees.
pub const COMPANY_SIZES: &[&str] = &["1-10", "11-50", "51-200", "201-1000", "1001+"];

/// Paid plans, from the least to the most.
pub const PLANS: &[&str] = &["starter", "professional", "enterprise"];

/// Plans chosen at signup.
pub const INITIAL_PLANS: &[&str] = &["free", "starter", "professional", "enterprise"];

/// Trial types, in the order of `TrialType::ALL`.
pub const TRIAL_TYPES: &[&str] = &["freemium", "opt_in", "opt_out"];

/// Arms of the experiment.
pub const VARIANTS: &[&str] = &["control", "treatment"];

/// Platforms of a session.
pub const PLATFORMS: &[&str] = &["web", "desktop", "ios", "android"];

/// Devices of a session.
pub const DEVICES: &[&str] = &["computer", "phone", "tablet"];

/// Event types, in the order of `EventType`.
pub const EVENT_TYPES: &[&str] = &[
    "page_view",
    "feature_click",
    "report_created",
    "dashboard_viewed",
    "api_call",
    "export_data",
    "invite_sent",
    "integration_connected",
    "search_performed",
    "settings_changed",
    "support_ticket_opened",
    "file_uploaded",
    "comment_added",
    "alert_configured",
];

/// Features an event may belong to.
pub const FEATURES: &[&str] = &[
    "dashboards",
    "reports",
    "alerts",
    "integrations",
    "api",
    "exports",
    "collaboration",
    "files",
    "search",
    "ai_assistant",
    "admin",
    "support",
];

/// What is sold: the product, and an add-on to it.
pub const PRODUCTS: &[&str] = &["platform", "priority_support"];

/// Currencies, ISO 4217 in small letters.
pub const CURRENCIES: &[&str] = &["usd"];

/// How a period of a subscription stands at the end of history.
pub const SUBSCRIPTION_STATUSES: &[&str] =
    &["trialing", "active", "past_due", "canceled", "replaced"];

/// Billing intervals, of which a bill covers one or more.
pub const INTERVALS: &[&str] = &["month", "year"];

/// How a subscription period begins.
pub const CHANGE_TYPES: &[&str] = &[
    "trial",
    "new",
    "upgrade",
    "downgrade",
    "renewal",
    "price_change",
    "reactivation",
];

/// How a customer is lost.
pub const CHURN_REASONS: &[&str] = &["voluntary", "involuntary"];

/// What became of a payment attempt, and what went back of a charge.
pub const STATUSES: &[&str] = &["succeeded", "failed", "refunded", "disputed", "dispute_won"];

/// Why an attempt failed.
pub const FAILURE_CODES: &[&str] = &[
    "expired_card",
    "insufficient_funds",
    "card_declined",
    "processing_error",
    "fraud_suspected",
    "transfer_overdue",
];

/// What befalls the bills of a planted day, in the order of `AnomalyKind`.
pub const ANOMALY_KINDS: &[&str] = &[
    "double_charge",
    "processor_failure",
    "wrong_price",
    "campaign",
    "outage",
];

/// Ways to pay.
pub const METHODS: &[&str] = &["card", "bank_transfer", "wallet"];

/// Campaigns: three for each channel that runs any, and `none`.
pub const CAMPAIGNS: &[&str] = &[
    "none",
    "referral_brand",
    "referral_generic",
    "referral_launch",
    "content_brand",
    "content_generic",
    "content_launch",
    "email_brand",
    "email_generic",
    "email_launch",
    "paid_search_brand",
    "paid_search_generic",
    "paid_search_launch",
    "paid_social_brand",
    "paid_social_generic",
    "paid_social_launch",
    "partner_brand",
    "partner_generic",
    "partner_launch",
];

/// Where a campaign's link stands: `utm_source`.
pub const UTM_SOURCES: &[&str] = &[
    "referral_program",
    "trade_press",
    "newsletter",
    "google",
    "linkedin",
    "facebook",
    "partner_network",
];

/// What kind of link it is: `utm_medium`.
pub const UTM_MEDIUMS: &[&str] = &[
    "referral",
    "sponsored",
    "email",
    "cpc",
    "paid_social",
    "affiliate",
];

/// Kinds of touch.
pub const TOUCH_TYPES: &[&str] = &["impression", "click", "visit"];

/// Personas, in the order of `personas::PERSONAS`.
pub const PERSONAS: &[&str] = &[
    "power_user",
    "collaborator",
    "automator",
    "analyst",
    "casual",
];
