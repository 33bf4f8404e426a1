//! A block of users as rows.

use arrow_array::RecordBatch;
use arrow_array::builder::StringBuilder;

use super::accounts::{Member, Roll};
use super::activity::ActivityRows;
use super::ad_spend;
use super::arrow::{NULL_INTEGER, NULL_KEY, Values, batch, checksum};
use super::defects;
use super::life::{Life, Wanted};
use super::plan::{EXPOSURE_STEPS, Plan};
use super::subscriptions::{SubscriptionRows, currencies, subscription_id};
use super::tables::{Table, TableSet};

/// The rows of one block of users.
#[derive(Debug, Clone)]
pub struct Block {
    /// Which block.
    pub index: u64,
    /// Its tables, in the order of [`Table::ALL`].
    pub tables: Vec<TableRows>,
}

/// The rows of one table in one block.
#[derive(Debug, Clone)]
pub struct TableRows {
    /// Which table.
    pub table: Table,
    /// The rows.
    pub batch: RecordBatch,
    /// Hash of the rows; see [`super::checksum`].
    pub checksum: u64,
}

impl Plan {
    /// Phase 2: a block's rows of the wanted tables.
    #[must_use]
    pub fn block(&self, block: u64, total_exposure: u64, tables: TableSet) -> Block {
        let scale = self.activity.scale(total_exposure as f64 / EXPOSURE_STEPS);
        write(self, block, scale, tables)
    }
}

/// Writes the wanted tables of a block.
fn write(plan: &Plan, index: u64, scale: f64, asked: TableSet) -> Block {
    let users = plan.users_of(index);
    let first = *users.start();
    let count = users.clone().count();
    // What was planted is only known from the tables it was planted in.
    let wanted = if asked.contains(Table::TruthDefects) {
        asked.union(plan.defects.tables())
    } else {
        asked
    };
    let with_activity = wanted.contains(Table::Sessions) || wanted.contains(Table::Events);
    let expected = plan.activity.events_per_user(plan.scenario.users()) * count as f64 * 1.15;
    let mut rows = Rows {
        activity: ActivityRows::with_capacity(if with_activity { expected as usize } else { 0 }),
        ..Rows::default()
    };
    let life_wanted = Wanted {
        touches: wanted.contains(Table::MarketingTouches),
        payments: wanted.contains(Table::Payments),
        add_ons: wanted.contains(Table::Subscriptions) || wanted.contains(Table::Payments),
        outlooks: wanted.contains(Table::TruthHazards),
    };
    let end = plan.lives.end();
    let mut life = Life::default();
    let mut roll = Roll::default();
    for user_id in users {
        plan.lives.live(user_id, life_wanted, &mut life);
        if with_activity || wanted.contains(Table::Users) {
            plan.accounts.place(&life, &mut roll);
        }
        if wanted.contains(Table::Users) {
            rows.user(&life);
        }
        if wanted.contains(Table::Subscriptions) {
            rows.subscriptions.push(&life, end);
        }
        if wanted.contains(Table::Payments) {
            rows.payments(&life);
        }
        if wanted.contains(Table::MarketingTouches) {
            rows.touches(&life);
        }
        if wanted.contains(Table::TruthUsers) {
            rows.truth(&life);
        }
        if wanted.contains(Table::TruthHazards) {
            rows.outlooks(&life);
        }
        if with_activity {
            let allowed = roll.allowed(&life);
            plan.activity
                .write(&life, allowed, scale, &mut rows.activity);
        }
    }
    // Who writes from where is known once the whole block has signed up.
    if wanted.contains(Table::Users) {
        plan.accounts
            .introduce(index, &roll, |member| rows.member(member));
    }
    let mut planted = Vec::new();
    let mut tables = Vec::new();
    // What campaigns cost is no user's. It comes with the first block.
    let spend = (index == 0 && wanted.contains(Table::AdSpend))
        .then(|| (Table::AdSpend, ad_spend::values(plan)));
    for (table, mut values) in rows.finish(spend) {
        if !wanted.contains(table) {
            continue;
        }
        plan.defects
            .plant(table, (first, count), &mut values, &mut planted);
        if asked.contains(table) {
            let with_nulls = plan.defects.tables().contains(table);
            tables.push(table_rows(table, values, with_nulls));
        }
    }
    if asked.contains(Table::TruthDefects) {
        let values = defects::truth(&planted);
        tables.push(table_rows(Table::TruthDefects, values, false));
    }
    Block { index, tables }
}

fn table_rows(table: Table, values: Vec<Values>, with_nulls: bool) -> TableRows {
    let batch = whole(table, values, with_nulls);
    TableRows {
        table,
        checksum: checksum(&batch),
        batch,
    }
}

/// Column buffers of all tables.
#[derive(Default)]
struct Rows {
    activity: ActivityRows,
    user_id: Vec<i64>,
    signed_up_at: Vec<i64>,
    full_name: StringBuilder,
    email: StringBuilder,
    account_id: Vec<i64>,
    account_name: StringBuilder,
    country: Vec<u8>,
    industry: Vec<u8>,
    company_size: Vec<u8>,
    channel: Vec<u8>,
    initial_plan: Vec<u8>,
    trial_type: Vec<u8>,
    is_verified: Vec<bool>,
    variant: Vec<u8>,
    subscriptions: SubscriptionRows,
    payment_id: Vec<i64>,
    payment_subscription: Vec<i64>,
    payment_user: Vec<i64>,
    attempted_at: Vec<i64>,
    amount: Vec<i64>,
    status: Vec<u8>,
    failure_code: Vec<u8>,
    attempt_no: Vec<i32>,
    refund_of: Vec<i64>,
    method: Vec<u8>,
    service_starts_at: Vec<i64>,
    service_ends_at: Vec<i64>,
    touch_id: Vec<i64>,
    touch_user: Vec<i64>,
    touched_at: Vec<i64>,
    touch_channel: Vec<u8>,
    campaign: Vec<u8>,
    touch_type: Vec<u8>,
    cost: Vec<i64>,
    truth_user: Vec<i64>,
    persona: Vec<u8>,
    log_hazard: Vec<f64>,
    satisfaction: Vec<f64>,
    unseen: Vec<f64>,
    log_activity: Vec<f64>,
    is_activated: Vec<bool>,
    will_convert: Vec<bool>,
    outlook_user: Vec<i64>,
    snapshot_date: Vec<i32>,
    outlook_hazard: Vec<f64>,
    churn_probability: Vec<f64>,
}

impl Rows {
    fn user(&mut self, life: &Life) {
        self.user_id.push(life.user_id as i64);
        self.signed_up_at.push(life.signed_up_at);
        self.country.push(life.person.country as u8);
        self.company_size.push(life.person.company_size as u8);
        self.channel.push(life.channel);
        self.initial_plan.push(life.initial_plan);
        self.trial_type.push(life.trial_type as u8);
        self.is_verified.push(life.person.is_verified);
        self.variant.push(life.variant.unwrap_or(NULL_KEY));
    }

    fn member(&mut self, member: &Member) {
        self.full_name.append_value(member.full_name);
        self.email.append_value(member.email);
        self.account_id.push(member.account_id as i64);
        self.account_name.append_value(member.account_name);
        self.industry.push(member.industry);
    }

    fn payments(&mut self, life: &Life) {
        let id = |index: usize| life.user_id as i64 * 10_000 + index as i64 + 1;
        for (index, payment) in life.payments.iter().enumerate() {
            self.payment_id.push(id(index));
            self.payment_subscription
                .push(subscription_id(life.user_id, payment.subscription));
            self.payment_user.push(life.user_id as i64);
            self.attempted_at.push(payment.attempted_at);
            self.amount.push(payment.amount_cents);
            self.status.push(payment.status);
            self.failure_code.push(payment.failure_code);
            self.attempt_no.push(payment.attempt_no);
            self.refund_of
                .push(payment.refund_of.map_or(NULL_INTEGER, id));
            self.method.push(payment.method);
            let [starts_at, ends_at] = payment.service;
            self.service_starts_at.push(starts_at);
            self.service_ends_at.push(ends_at);
        }
    }

    fn touches(&mut self, life: &Life) {
        for (index, touch) in life.touches.iter().enumerate() {
            self.touch_id
                .push(life.user_id as i64 * 1_000 + index as i64 + 1);
            self.touch_user.push(life.user_id as i64);
            self.touched_at.push(touch.touched_at);
            self.touch_channel.push(touch.channel);
            self.campaign.push(touch.campaign);
            self.touch_type.push(touch.touch_type);
            self.cost.push(touch.cost_cents);
        }
    }

    fn truth(&mut self, life: &Life) {
        self.truth_user.push(life.user_id as i64);
        let persona = life.persona.map_or(0, |persona| persona.index);
        self.persona.push(persona as u8);
        self.log_hazard
            .push(life.standing.log_hazard.unwrap_or(f64::NAN));
        self.satisfaction.push(life.path.at(i64::MAX));
        self.unseen.push(life.standing.unseen);
        self.log_activity.push(life.log_activity);
        self.is_activated.push(life.is_activated);
        self.will_convert.push(life.converts_at.is_some());
    }

    fn outlooks(&mut self, life: &Life) {
        for outlook in &life.outlooks {
            self.outlook_user.push(life.user_id as i64);
            self.snapshot_date.push(outlook.day as i32);
            self.outlook_hazard.push(outlook.log_hazard);
            self.churn_probability.push(outlook.churn_probability);
        }
    }

    /// The columns of every table that comes in blocks, in the order of [`Table::ALL`]; `spend` is
    /// no user's, and has its place there.
    fn finish(
        self,
        spend: Option<(Table, Vec<Values>)>,
    ) -> impl Iterator<Item = (Table, Vec<Values>)> {
        use Values::{Boolean, Double, Integer, Keys, Long, Text};
        let activity = self.activity;
        let currencies = currencies(self.amount.len());
        let of_users = [
            (
                Table::Users,
                vec![
                    Long(self.user_id),
                    Long(self.signed_up_at),
                    Text(self.full_name),
                    Text(self.email),
                    Long(self.account_id),
                    Text(self.account_name),
                    Keys(self.country),
                    Keys(self.industry),
                    Keys(self.company_size),
                    Keys(self.channel),
                    Keys(self.initial_plan),
                    Keys(self.trial_type),
                    Boolean(self.is_verified),
                    Keys(self.variant),
                ],
            ),
            (
                Table::Sessions,
                vec![
                    Long(activity.session_id),
                    Long(activity.session_user),
                    Long(activity.started_at),
                    Keys(activity.platform),
                    Keys(activity.device),
                ],
            ),
            (
                Table::Events,
                vec![
                    Long(activity.event_id),
                    Long(activity.event_session),
                    Long(activity.event_user),
                    Long(activity.event_at),
                    Keys(activity.event_type),
                    Keys(activity.feature),
                ],
            ),
            (Table::Subscriptions, self.subscriptions.values()),
            (
                Table::Payments,
                vec![
                    Long(self.payment_id),
                    Long(self.payment_subscription),
                    Long(self.payment_user),
                    Long(self.attempted_at),
                    Long(self.amount),
                    currencies,
                    Keys(self.status),
                    Keys(self.failure_code),
                    Integer(self.attempt_no),
                    Long(self.refund_of),
                    Keys(self.method),
                    Long(self.service_starts_at),
                    Long(self.service_ends_at),
                ],
            ),
            (
                Table::MarketingTouches,
                vec![
                    Long(self.touch_id),
                    Long(self.touch_user),
                    Long(self.touched_at),
                    Keys(self.touch_channel),
                    Keys(self.campaign),
                    Keys(self.touch_type),
                    Long(self.cost),
                ],
            ),
        ];
        let of_truth = [
            (
                Table::TruthUsers,
                vec![
                    Long(self.truth_user),
                    Keys(self.persona),
                    Double(self.log_hazard),
                    Double(self.satisfaction),
                    Double(self.unseen),
                    Double(self.log_activity),
                    Boolean(self.is_activated),
                    Boolean(self.will_convert),
                ],
            ),
            (
                Table::TruthHazards,
                vec![
                    Long(self.outlook_user),
                    Integer(self.snapshot_date),
                    Double(self.outlook_hazard),
                    Double(self.churn_probability),
                ],
            ),
        ];
        of_users.into_iter().chain(spend).chain(of_truth)
    }
}

/// A batch of buffers that were filled together. They fit their declaration by construction
/// (every table is made in the tests), so an empty batch stands for a fault nobody can act on.
pub(super) fn whole(table: Table, values: Vec<Values>, with_nulls: bool) -> RecordBatch {
    let made = batch(table, values, with_nulls);
    debug_assert!(made.is_ok(), "{}: {made:?}", table.qualified());
    made.unwrap_or_else(|_| RecordBatch::new_empty(table.schema()))
}
