//! What is planted in the whole dataset, for methods to be judged by.

use arrow_array::RecordBatch;
use arrow_array::builder::StringBuilder;

use parameters::{CHANNELS, PARAMETERS, Parameter};

use super::ad_spend;
use super::anomalies::Anomaly;
use super::arrow::{NULL_KEY, Values};
use super::block::whole;
use super::dunning::{Failures, Payer};
use super::plan::Plan;
use super::tables::Table;
use super::vocabulary::FAILURE_CODES;

impl Plan {
    /// The tables that do not come in blocks: `truth.channel_effects`, `anomaly_days`,
    /// `experiment` and `parameters`.
    #[must_use]
    pub fn global_tables(&self) -> Vec<(Table, RecordBatch)> {
        [
            (Table::TruthChannelEffects, channel_effects(self)),
            (Table::TruthAnomalyDays, anomaly_days(self)),
            (Table::TruthExperiment, experiment(self)),
            (Table::TruthParameters, parameters(self)),
        ]
        .into_iter()
        .map(|(table, values)| (table, whole(table, values, false)))
        .collect()
    }
}

fn channel_effects(plan: &Plan) -> Vec<Values> {
    vec![
        Values::Keys((0..CHANNELS.len() as u8).collect()),
        Values::Double(plan.scenario.channel_uplifts().to_vec()),
        Values::Double(plan.lives.marketing.mix().to_vec()),
        Values::Long(plan.scenario.click_costs_cents().to_vec()),
        Values::Double(ad_spend::cost_per_signup_cents(plan).to_vec()),
    ]
}

fn anomaly_days(plan: &Plan) -> Vec<Values> {
    let planted = plan.lives.billing.payment_rules().anomalies();
    let keys = |key: fn(&Anomaly) -> u8| Values::Keys(planted.iter().map(key).collect());
    let days = |day: fn(&Anomaly) -> i64| {
        Values::Integer(planted.iter().map(|one| day(one) as i32).collect())
    };
    vec![
        days(|one| one.day),
        keys(|one| one.kind as u8),
        days(Anomaly::last_day),
        Values::Double(planted.iter().map(|one| one.factor).collect()),
        keys(|one| one.plan.map_or(NULL_KEY, |plan| plan as u8)),
    ]
}

fn experiment(plan: &Plan) -> Vec<Values> {
    let [control, treatment] = plan.lives.activation;
    let [first, last] = plan.lives.experiment_days;
    let lift = if control > 0.0 {
        treatment / control - 1.0
    } else {
        0.0
    };
    vec![
        text(["activation"]),
        Values::Integer(vec![first as i32]),
        Values::Integer(vec![last as i32]),
        Values::Double(vec![control]),
        Values::Double(vec![treatment]),
        Values::Double(vec![lift]),
    ]
}

fn parameters(plan: &Plan) -> Vec<Values> {
    let scenario = &plan.scenario;
    let mut rows: Vec<(String, String, String, f64)> = PARAMETERS
        .iter()
        .map(|specification| {
            (
                specification.key.to_owned(),
                specification.label.to_owned(),
                scenario.text(specification.parameter),
                scenario.number(specification.parameter),
            )
        })
        .collect();
    // What follows from the parameters and is planted as well, in percent.
    let failures = Failures::new(scenario);
    for (code, share) in FAILURE_CODES.iter().zip(failures.recovery()) {
        let percent = 100.0 * share;
        rows.push((
            format!("recovery_{code}"),
            format!("Recovery: {}", code.replace('_', " ")),
            format!("{percent:.2}"),
            percent,
        ));
    }
    let late = 100.0 * failures.rate(Payer::Transfer, scenario.fraction(Parameter::FailureRate));
    rows.push((
        "late_transfers".to_owned(),
        "Bank transfers that are late".to_owned(),
        format!("{late:.2}"),
        late,
    ));
    rows.push((
        "signup_clicks".to_owned(),
        "Clicks of people who sign up".to_owned(),
        format!("{:.2}", 100.0 * ad_spend::SIGNUP_SHARE),
        100.0 * ad_spend::SIGNUP_SHARE,
    ));
    vec![
        text(rows.iter().map(|row| &row.0)),
        text(rows.iter().map(|row| &row.1)),
        text(rows.iter().map(|row| &row.2)),
        Values::Double(rows.iter().map(|row| row.3).collect()),
    ]
}

fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Values {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_value(value);
    }
    Values::Text(builder)
}
