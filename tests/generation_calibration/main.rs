//! Planted against observed: every preset's parameters come back out of its rows.
//!
//! `UPDATE_CALIBRATION=1 cargo test --test generation_calibration` writes docs/calibration.md.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accidents;
mod activity;
mod campaigns;
mod customers;
mod funnel;
#[path = "../generation/mod.rs"]
mod generation;
mod growth;
mod line;
mod money;
mod stays;
mod warning;

use std::fmt::Write as _;

use accidents::{accident_lines, accidents};
use activity::{activity, month_1_retention};
use campaigns::{campaign_lines, campaigns};
use customers::{kind_lines, kind_of_customers};
use funnel::funnel;
use generation::Dataset;
use growth::growth;
use line::{Line, Sums};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::{Parameter, Preset, Scenario, TrialType};
use money::{RECOVERIES, money, planted_share};

fn lines_of(preset: Preset) -> Vec<Line> {
    let scenario = Scenario::preset(preset);
    let seeds = match preset {
        Preset::Tiny => 30,
        Preset::Enterprise => 6,
        Preset::Full => 1,
        _ => 3,
    };
    let wanted = TableSet::of(&[
        Table::Users,
        Table::Subscriptions,
        Table::Payments,
        Table::MarketingTouches,
        Table::AdSpend,
        Table::TruthUsers,
    ]);
    let (mut sums, mut delays) = (Sums::default(), Vec::new());
    for seed in 0..seeds {
        let data = Dataset::with(scenario.with(Parameter::Seed, 42 + seed), wanted);
        money(&data, &mut sums);
        kind_of_customers(&data, &mut sums);
        // Twelve days have few bills of a kind.
        let more = scenario
            .with(Parameter::Seed, 42 + seed)
            .with(Parameter::Anomalies, 60);
        let of_bills = TableSet::of(&[Table::Subscriptions, Table::Payments]);
        accidents(&Dataset::with(more, of_bills), &mut sums);
        funnel(&data, &mut sums, &mut delays);
        campaigns(&data, &mut sums);
    }
    let mut lines = Vec::new();
    growth(&scenario, &mut lines);
    // Full is Demo with more users: its activity is measured on a fifth of them.
    let smaller = scenario.with(Parameter::Users, scenario.users().min(10_000) as i64);
    let of_activity = TableSet::of(&[
        Table::Users,
        Table::Sessions,
        Table::Events,
        Table::Subscriptions,
        Table::TruthUsers,
    ]);
    let data = Dataset::with(smaller, of_activity);
    lines.extend(activity(&data));
    // A small preset has a few dozen users on the free plan, who would say little.
    let wider = (scenario.users() < 10_000)
        .then(|| Dataset::with(scenario.with(Parameter::Users, 10_000), of_activity));
    lines.push(month_1_retention(wider.as_ref().unwrap_or(&data)));

    let planted = |parameter| scenario.fraction(parameter);
    let activation = planted(Parameter::ActivationRate);
    let treated = activation * (1.0 + planted(Parameter::ExperimentLift));
    lines.push(sums.line("activation", activation, 0.0));
    lines.push(sums.line("activation, treatment", treated, 0.0));
    for (trial_type, name) in
        TrialType::ALL
            .iter()
            .zip(["freemium to paid", "opt-in to paid", "opt-out to paid"])
    {
        lines.push(sums.line(name, planted(trial_type.conversion()), 0.03));
    }
    delays.sort_by(f64::total_cmp);
    let median = scenario.number(Parameter::DaysToConvert);
    let error = 1.25 * 0.45 * median / (delays.len() as f64).sqrt();
    lines.push(Line::estimate(
        "median days to convert",
        median,
        delays[delays.len() / 2],
        error,
    ));
    let ((touches, users), squares) = (sums.0["touches"], sums.0["touches squared"].0);
    let mean = touches / users;
    let error = ((squares / users - mean * mean) / users).sqrt();
    lines.push(Line::estimate(
        "touches",
        scenario.number(Parameter::TouchesPerSignup),
        mean,
        error,
    ));
    let weights = scenario.mix_weights();
    lines.push(sums.line(
        "organic share",
        weights[0] / weights.iter().sum::<f64>(),
        0.0,
    ));
    lines.extend(campaign_lines(&data, &sums));
    for (name, parameter, slack) in [
        ("monthly churn", Parameter::MonthlyChurn, 0.03),
        ("involuntary share", Parameter::InvoluntaryShare, 0.06),
        ("reactivation", Parameter::Reactivation, 0.05),
        ("annual share", Parameter::AnnualShare, 0.05),
        ("quarterly plans", Parameter::Quarterly, 0.05),
        ("contracts with a discount", Parameter::Discounted, 0.0),
        ("priority support", Parameter::AddOn, 0.0),
        ("expansion", Parameter::Expansion, 0.06),
        ("contraction", Parameter::Contraction, 0.10),
        ("payment failure", Parameter::FailureRate, 0.03),
        ("recovery", Parameter::RecoveryRate, 0.05),
        ("refunds", Parameter::RefundRate, 0.0),
        ("disputes", Parameter::DisputeRate, 0.0),
        ("expired cards", Parameter::ExpiredCardShare, 0.0),
    ] {
        lines.push(sums.line(name, planted(parameter), slack));
    }
    for (code, name) in RECOVERIES {
        let planted = planted_share(&data, &format!("recovery_{code}"));
        lines.push(sums.line(name, planted, 0.05));
    }
    lines.extend(accident_lines(&scenario, &sums));
    let ratio = |name: &str| sums.0[name].0 / sums.0[name].1;
    let margin = 0.8;
    let lifetime_value = margin * ratio("revenue a customer") / ratio("churn of all");
    // Below 3 a company burns its money, and hardly any is known above 10.
    let (low, high) = match preset {
        Preset::Smb | Preset::Leaky => (1.5, 5.0),
        Preset::Plg | Preset::Enterprise => (3.0, 10.0),
        _ => (3.0, 8.0),
    };
    let economy = lifetime_value / ratio("cost a customer");
    lines.push(Line::band("LTV : CAC", low, high, economy));
    lines.extend(kind_lines(&data, &sums));
    lines
}

#[test]
fn presets_give_back_what_is_planted() {
    let mut page = String::from(
        "# Calibration\n\n\
         What each preset plants, and what its rows show. Written by \
         `UPDATE_CALIBRATION=1 cargo test --test generation_calibration`, whose assertions are these verdicts.\n\
         The interval is what sampling (3.5 standard errors) and the model's own approximations allow around the planted value;\n\
         bands come from the product's promises. Money and funnel are pooled over seeds; activity is of one seed.\n\
         Rates of payments leave out what fell due on planted days; what befalls the bills of those is measured with sixty of them.\n",
    );
    let mut failures = Vec::new();
    for preset in Preset::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| quantity | planted | observed | interval | holds |\n| --- | ---: | ---: | --- | --- |\n",
            preset.label()
        );
        for line in lines_of(preset) {
            let verdict = if line.holds() { "yes" } else { "**no**" };
            let text = format!(
                "| {} | {} | {:.4} | {:.4} to {:.4} | {verdict} |",
                line.name, line.planted, line.observed, line.low, line.high
            );
            let _ = writeln!(page, "{text}");
            if !line.holds() {
                failures.push(format!("{}: {text}", preset.label()));
            }
        }
    }
    if std::env::var_os("UPDATE_CALIBRATION").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/calibration.md");
        std::fs::write(path, &page).unwrap();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
