//! The tables, declared once: the Arrow schema, the warehouse's DDL and Parquet all read this.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use parameters::CHANNELS;

use super::vocabulary::{
    ANOMALY_KINDS, CAMPAIGNS, CHANGE_TYPES, CHURN_REASONS, COMPANY_SIZES, COUNTRY_CODES,
    CURRENCIES, DEVICES, EVENT_TYPES, FAILURE_CODES, FEATURES, INDUSTRIES, INITIAL_PLANS,
    INTERVALS, METHODS, PERSONAS, PLANS, PLATFORMS, PRODUCTS, STATUSES, SUBSCRIPTION_STATUSES,
    TOUCH_TYPES, TRIAL_TYPES, UTM_MEDIUMS, UTM_SOURCES, VARIANTS,
};

/// A table the generator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// `raw.users`
    Users,
    /// `raw.sessions`
    Sessions,
    /// `raw.events`
    Events,
    /// `raw.subscriptions`
    Subscriptions,
    /// `raw.payments`
    Payments,
    /// `raw.marketing_touches`
    MarketingTouches,
    /// `raw.ad_spend`
    AdSpend,
    /// `truth.users`
    TruthUsers,
    /// `truth.hazards`
    TruthHazards,
    /// `truth.defects`
    TruthDefects,
    /// `truth.channel_effects`
    TruthChannelEffects,
    /// `truth.anomaly_days`
    TruthAnomalyDays,
    /// `truth.experiment`
    TruthExperiment,
    /// `truth.parameters`
    TruthParameters,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in SQL.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether it may be null by contract. The columns of `raw` can hold nulls all the same: a
    /// defect may plant some, and it is a data test's place to refuse them.
    pub nullable: bool,
}

/// What a [`Column`] holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColumnKind {
    /// 64-bit integers.
    BigInt,
    /// 32-bit integers.
    Integer,
    /// UTC microseconds, without a zone.
    Timestamp,
    /// Days.
    Date,
    /// Free text.
    Text,
    /// True or false.
    Boolean,
    /// 64-bit floats.
    Double,
    /// One of a few known strings.
    Dictionary(&'static [&'static str]),
}

impl ColumnKind {
    /// The Arrow type of the column.
    #[must_use]
    pub fn data_type(self) -> DataType {
        match self {
            Self::BigInt => DataType::Int64,
            Self::Integer => DataType::Int32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Date => DataType::Date32,
            Self::Text => DataType::Utf8,
            Self::Boolean => DataType::Boolean,
            Self::Double => DataType::Float64,
            Self::Dictionary(_) => {
                DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8))
            }
        }
    }
}

const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column {
        name,
        kind,
        nullable: false,
    }
}

const fn nullable(name: &'static str, kind: ColumnKind) -> Column {
    Column {
        name,
        kind,
        nullable: true,
    }
}

use ColumnKind::{BigInt, Boolean, Date, Dictionary, Double, Integer, Text, Timestamp};

const USERS: &[Column] = &[
    column("user_id", BigInt),
    column("signed_up_at", Timestamp),
    column("full_name", Text),
    column("email", Text),
    column("account_id", BigInt),
    column("account_name", Text),
    column("country", Dictionary(COUNTRY_CODES)),
    column("industry", Dictionary(INDUSTRIES)),
    column("company_size", Dictionary(COMPANY_SIZES)),
    column("channel", Dictionary(&CHANNELS)),
    column("initial_plan", Dictionary(INITIAL_PLANS)),
    column("trial_type", Dictionary(TRIAL_TYPES)),
    column("is_verified", Boolean),
    nullable("experiment_variant", Dictionary(VARIANTS)),
];
const SESSIONS: &[Column] = &[
    column("session_id", BigInt),
    column("user_id", BigInt),
    column("started_at", Timestamp),
    column("platform", Dictionary(PLATFORMS)),
    column("device", Dictionary(DEVICES)),
];
const EVENTS: &[Column] = &[
    column("event_id", BigInt),
    column("session_id", BigInt),
    column("user_id", BigInt),
    column("event_at", Timestamp),
    column("event_type", Dictionary(EVENT_TYPES)),
    nullable("feature", Dictionary(FEATURES)),
];
const SUBSCRIPTIONS: &[Column] = &[
    column("period_id", BigInt),
    column("subscription_id", BigInt),
    column("user_id", BigInt),
    column("product", Dictionary(PRODUCTS)),
    nullable("plan", Dictionary(PLANS)),
    column("quantity", Integer),
    column("unit_price_cents", BigInt),
    column("discount_cents", BigInt),
    column("currency", Dictionary(CURRENCIES)),
    column("billing_interval", Dictionary(INTERVALS)),
    column("interval_count", Integer),
    column("status", Dictionary(SUBSCRIPTION_STATUSES)),
    nullable("trial_started_at", Timestamp),
    nullable("trial_ends_at", Timestamp),
    column("started_at", Timestamp),
    nullable("ended_at", Timestamp),
    column("cancel_at_period_end", Boolean),
    nullable("canceled_at", Timestamp),
    column("change_type", Dictionary(CHANGE_TYPES)),
    nullable("churn_reason", Dictionary(CHURN_REASONS)),
];
const PAYMENTS: &[Column] = &[
    column("payment_id", BigInt),
    column("subscription_id", BigInt),
    column("user_id", BigInt),
    column("attempted_at", Timestamp),
    column("amount_cents", BigInt),
    column("currency", Dictionary(CURRENCIES)),
    column("status", Dictionary(STATUSES)),
    nullable("failure_code", Dictionary(FAILURE_CODES)),
    column("attempt_no", Integer),
    nullable("refund_of", BigInt),
    column("method", Dictionary(METHODS)),
    nullable("service_starts_at", Timestamp),
    nullable("service_ends_at", Timestamp),
];
const MARKETING_TOUCHES: &[Column] = &[
    column("touch_id", BigInt),
    column("user_id", BigInt),
    column("touched_at", Timestamp),
    column("channel", Dictionary(&CHANNELS)),
    column("campaign", Dictionary(CAMPAIGNS)),
    column("touch_type", Dictionary(TOUCH_TYPES)),
    column("cost_cents", BigInt),
];
const AD_SPEND: &[Column] = &[
    column("spend_date", Date),
    column("channel", Dictionary(&CHANNELS)),
    column("campaign", Dictionary(CAMPAIGNS)),
    column("utm_source", Dictionary(UTM_SOURCES)),
    column("utm_medium", Dictionary(UTM_MEDIUMS)),
    nullable("impressions", BigInt),
    column("clicks", BigInt),
    column("cost_cents", BigInt),
];
const TRUTH_USERS: &[Column] = &[
    column("user_id", BigInt),
    column("persona", Dictionary(PERSONAS)),
    nullable("log_hazard", Double),
    column("satisfaction", Double),
    column("unseen_risk", Double),
    column("log_activity", Double),
    column("is_activated", Boolean),
    column("will_convert", Boolean),
];
const TRUTH_HAZARDS: &[Column] = &[
    column("user_id", BigInt),
    column("snapshot_date", Date),
    column("log_hazard", Double),
    column("churn_probability", Double),
];
const TRUTH_DEFECTS: &[Column] = &[
    column("kind", Text),
    column("table_name", Text),
    column("rows", BigInt),
];
const TRUTH_CHANNEL_EFFECTS: &[Column] = &[
    column("channel", Dictionary(&CHANNELS)),
    column("uplift", Double),
    column("mix_share", Double),
    column("cost_per_click_cents", BigInt),
    column("cost_per_signup_cents", Double),
];
const TRUTH_ANOMALY_DAYS: &[Column] = &[
    column("date", Date),
    column("kind", Dictionary(ANOMALY_KINDS)),
    column("last_date", Date),
    column("factor", Double),
    nullable("plan", Dictionary(PLANS)),
];
const TRUTH_EXPERIMENT: &[Column] = &[
    column("metric", Text),
    column("starts_on", Date),
    column("ends_on", Date),
    column("control_rate", Double),
    column("treatment_rate", Double),
    column("lift", Double),
];
const TRUTH_PARAMETERS: &[Column] = &[
    column("key", Text),
    column("label", Text),
    column("text", Text),
    column("number", Double),
];

impl Table {
    /// Every table, in the order in which they are loaded.
    pub const ALL: [Self; 14] = [
        Self::Users,
        Self::Sessions,
        Self::Events,
        Self::Subscriptions,
        Self::Payments,
        Self::MarketingTouches,
        Self::AdSpend,
        Self::TruthUsers,
        Self::TruthHazards,
        Self::TruthDefects,
        Self::TruthChannelEffects,
        Self::TruthAnomalyDays,
        Self::TruthExperiment,
        Self::TruthParameters,
    ];

    /// The schema it lives in: `raw`, or `truth`, which no model may read.
    #[must_use]
    pub const fn schema_name(self) -> &'static str {
        match self {
            Self::Users
            | Self::Sessions
            | Self::Events
            | Self::Subscriptions
            | Self::Payments
            | Self::MarketingTouches
            | Self::AdSpend => "raw",
            Self::TruthUsers
            | Self::TruthHazards
            | Self::TruthDefects
            | Self::TruthChannelEffects
            | Self::TruthAnomalyDays
            | Self::TruthExperiment
            | Self::TruthParameters => "truth",
        }
    }

    /// Its name within the schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users | Self::TruthUsers => "users",
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Subscriptions => "subscriptions",
            Self::Payments => "payments",
            Self::MarketingTouches => "marketing_touches",
            Self::AdSpend => "ad_spend",
            Self::TruthHazards => "hazards",
            Self::TruthDefects => "defects",
            Self::TruthChannelEffects => "channel_effects",
            Self::TruthAnomalyDays => "anomaly_days",
            Self::TruthExperiment => "experiment",
            Self::TruthParameters => "parameters",
        }
    }

    /// Schema and name, as SQL writes them.
    #[must_use]
    pub const fn qualified(self) -> &'static str {
        match self {
            Self::Users => "raw.users",
            Self::Sessions => "raw.sessions",
            Self::Events => "raw.events",
            Self::Subscriptions => "raw.subscriptions",
            Self::Payments => "raw.payments",
            Self::MarketingTouches => "raw.marketing_touches",
            Self::AdSpend => "raw.ad_spend",
            Self::TruthUsers => "truth.users",
            Self::TruthHazards => "truth.hazards",
            Self::TruthDefects => "truth.defects",
            Self::TruthChannelEffects => "truth.channel_effects",
            Self::TruthAnomalyDays => "truth.anomaly_days",
            Self::TruthExperiment => "truth.experiment",
            Self::TruthParameters => "truth.parameters",
        }
    }

    /// Its columns, in order.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Users => USERS,
            Self::Sessions => SESSIONS,
            Self::Events => EVENTS,
            Self::Subscriptions => SUBSCRIPTIONS,
            Self::Payments => PAYMENTS,
            Self::MarketingTouches => MARKETING_TOUCHES,
            Self::AdSpend => AD_SPEND,
            Self::TruthUsers => TRUTH_USERS,
            Self::TruthHazards => TRUTH_HAZARDS,
            Self::TruthDefects => TRUTH_DEFECTS,
            Self::TruthChannelEffects => TRUTH_CHANNEL_EFFECTS,
            Self::TruthAnomalyDays => TRUTH_ANOMALY_DAYS,
            Self::TruthExperiment => TRUTH_EXPERIMENT,
            Self::TruthParameters => TRUTH_PARAMETERS,
        }
    }

    /// Its Arrow schema.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        let fields: Vec<Field> = self
            .columns()
            .iter()
            .map(|column| {
                let may_be_null = column.nullable || self.takes_defects();
                Field::new(column.name, column.kind.data_type(), may_be_null)
            })
            .collect();
        Arc::new(Schema::new(fields))
    }

    /// Whether its columns hold nulls and unheard words, whatever the contract says: a planted
    /// defect must arrive.
    #[must_use]
    pub fn takes_defects(self) -> bool {
        self.schema_name() == "raw"
    }

    /// Whether its rows come with blocks of users (`raw.ad_spend`, which knows none, with the first);
    /// the others come whole, from the plan.
    #[must_use]
    pub const fn is_by_block(self) -> bool {
        TableSet::BY_BLOCK.contains(self)
    }
}

/// A set of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableSet(u16);

impl TableSet {
    /// No table.
    pub const EMPTY: Self = Self(0);
    /// Every table.
    pub const ALL: Self = Self((1 << Table::ALL.len()) - 1);
    /// Tables whose rows come with blocks of users.
    pub const BY_BLOCK: Self = Self::of(&[
        Table::Users,
        Table::Sessions,
        Table::Events,
        Table::Subscriptions,
        Table::Payments,
        Table::MarketingTouches,
        Table::AdSpend,
        Table::TruthUsers,
        Table::TruthHazards,
        Table::TruthDefects,
    ]);

    /// The set of these tables.
    #[must_use]
    pub const fn of(tables: &[Table]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < tables.len() {
            bits |= 1 << tables[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// Whether `table` is in the set.
    #[must_use]
    pub const fn contains(self, table: Table) -> bool {
        self.0 & (1 << table as u16) != 0
    }

    /// Adds `table`.
    pub const fn insert(&mut self, table: Table) {
        self.0 |= 1 << table as u16;
    }

    /// The tables of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether no table is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The tables of the set, in the order of [`Table::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Table> {
        Table::ALL
            .into_iter()
            .filter(move |table| self.contains(*table))
    }
}
