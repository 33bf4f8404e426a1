//! What clicks and signups cost, by channel.

use metricflow::generation::Table;

use crate::generation::Dataset;
use crate::line::{Line, Sums};
use crate::money::planted_share;

/// What clicks cost and bring, by channel; a campaign has one price a day.
const CLICK_PRICES: [[&str; 3]; 6] = [
    [
        "click: referral",
        "click error: referral",
        "signup: referral",
    ],
    ["click: content", "click error: content", "signup: content"],
    ["click: email", "click error: email", "signup: email"],
    [
        "click: paid search",
        "click error: paid search",
        "signup: paid search",
    ],
    [
        "click: paid social",
        "click error: paid social",
        "signup: paid social",
    ],
    ["click: partner", "click error: partner", "signup: partner"],
];
/// Channels without campaigns come first.
const CHANNELS_WITHOUT: i64 = 2;

pub(crate) fn campaigns(data: &Dataset, sums: &mut Sums) {
    let (spend, effects) = (
        data.table(Table::AdSpend),
        data.table(Table::TruthChannelEffects),
    );
    for row in 0..spend.rows() {
        let channel = spend.get("channel")[row];
        let [price, error, signup] = CLICK_PRICES[(channel - CHANNELS_WITHOUT) as usize];
        let (cost, clicks) = (
            spend.get("cost_cents")[row] as f64,
            spend.get("clicks")[row] as f64,
        );
        let planted = effects.get("cost_per_click_cents")[channel as usize] as f64;
        sums.add(price, cost, clicks);
        let residual = cost - planted * clicks;
        sums.add(error, residual * residual, 0.0);
        sums.add(signup, cost, 0.0);
        sums.add("clicks of signups", 0.0, clicks);
    }
    let touches = data.table(Table::MarketingTouches);
    let (none, impression) = (
        touches.key("campaign", "none"),
        touches.key("touch_type", "impression"),
    );
    for (&campaign, &kind) in touches
        .get("campaign")
        .iter()
        .zip(touches.get("touch_type"))
    {
        let is_click = campaign != none && kind != impression;
        sums.add("clicks of signups", f64::from(u8::from(is_click)), 0.0);
    }
    for &channel in data.table(Table::Users).get("channel") {
        if channel >= CHANNELS_WITHOUT {
            let [_, _, signup] = CLICK_PRICES[(channel - CHANNELS_WITHOUT) as usize];
            sums.add(signup, 0.0, 1.0);
        }
    }
}

/// The lines of [`campaigns`]. Campaigns go on for people who sign up after the history, so there is
/// a little more spend than its signups account for.
pub(crate) fn campaign_lines(data: &Dataset, sums: &Sums) -> Vec<Line> {
    let effects = data.table(Table::TruthChannelEffects);
    let mut lines = Vec::new();
    for (index, [price, error, signup]) in CLICK_PRICES.into_iter().enumerate() {
        let channel = index + CHANNELS_WITHOUT as usize;
        let (cost, clicks) = sums.0[price];
        lines.push(Line::estimate(
            price,
            effects.get("cost_per_click_cents")[channel] as f64,
            cost / clicks,
            sums.0[error].0.sqrt() / clicks,
        ));
        let planted = effects.floats("cost_per_signup_cents")[channel];
        let (cost, signups) = sums.0[signup];
        // Signups of the channel vary, and so do the clicks of its paths.
        let error = planted * (2.0 / signups).sqrt();
        let mut line = Line::estimate(signup, planted, cost / signups, error);
        line.high += 0.04 * planted;
        lines.push(line);
    }
    let planted = planted_share(data, "signup_clicks");
    let mut line = sums.line("clicks of signups", planted, 0.01);
    // Paths come with several clicks.
    line.low -= 0.5 * (planted - line.low) + 0.04 * planted;
    line.high += 0.5 * (line.high - planted);
    lines.push(line);
    lines
}
