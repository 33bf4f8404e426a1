//! What campaigns cost, a row for each day: most of their clicks are of people who never sign up.

use super::arrow::{NULL_INTEGER, Values};
use super::calendar::DAY;
use super::life::Life;
use super::marketing::{LONGEST_PATH_DAYS, Marketing, campaign_share, channel_of};
use super::plan::Plan;
use super::random::{Purpose, Stream};
use super::vocabulary::CAMPAIGNS;

/// Share of the clicks that are of people who sign up, now or later: one in fifty.
pub(super) const SIGNUP_SHARE: f64 = 0.02;

/// Clicks for each time that somebody sees a campaign, by channel: e-mails delivered, results
/// pages, places in a feed. The others are paid by the click and count no views.
const CLICK_THROUGH: [f64; 8] = [1.0, 1.0, 1.0, 1.0, 0.025, 0.035, 0.009, 1.0];
/// Spread of the log of a campaign's clicks from day to day, beside chance.
const DAY_SIGMA: f64 = 0.2;
/// Mean above which a count is drawn as a rounded normal number.
const LARGE_COUNT: f64 = 50.0;

/// Days before a signup over which its earlier clicks are spread; what lies before is at the end.
const LEAD_DAYS: usize = 180;
/// Days at the end whose signups stand for those to come: campaigns go on.
const RECENT_DAYS: usize = 28;

/// Keys of `vocabulary::UTM_SOURCES` by campaign, without `none`.
const SOURCES: [u8; 18] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 4, 6, 6, 6];

/// What a channel spends on average for each signup that it closes, whoever else clicked; 0 for a
/// channel that closes none.
pub(super) fn cost_per_signup_cents(plan: &Plan) -> [f64; 8] {
    let marketing = &plan.lives.marketing;
    let clicks = marketing.clicks_per_signup();
    let costs = plan.scenario.click_costs_cents();
    core::array::from_fn(|channel| {
        let closed = marketing.mix()[channel];
        if closed > 0.0 {
            let clicks: f64 = clicks[channel].iter().sum();
            costs[channel] as f64 * clicks / SIGNUP_SHARE / closed
        } else {
            0.0
        }
    })
}

/// Clicks and views of people who sign up, by day and campaign.
struct OfSignups {
    first_day: i64,
    clicks: Vec<u32>,
    views: Vec<u32>,
}

impl OfSignups {
    fn new(plan: &Plan, first_day: i64, days: usize) -> Self {
        let mut counted = Self {
            first_day,
            clicks: vec![0; days * CAMPAIGNS.len()],
            views: vec![0; days * CAMPAIGNS.len()],
        };
        let mut life = Life::default();
        for user_id in 1..=plan.scenario.users() {
            plan.lives.path(user_id, &mut life);
            for touch in life.touches.iter().filter(|touch| touch.campaign > 0) {
                let at = counted.place(touch.touched_at.div_euclid(DAY), touch.campaign);
                let counts = if touch.is_click() {
                    &mut counted.clicks
                } else {
                    &mut counted.views
                };
                if let Some(count) = counts.get_mut(at) {
                    *count += 1;
                }
            }
        }
        counted
    }

    fn place(&self, day: i64, campaign: u8) -> usize {
        (day - self.first_day).max(0) as usize * CAMPAIGNS.len() + usize::from(campaign)
    }
}

/// Clicks of people who sign up that each day is expected to bring, by channel.
struct Expected {
    first_day: i64,
    /// Signups of each day, and how many have their first touch or one in between then.
    last: Vec<f64>,
    first: Vec<f64>,
    middle: Vec<f64>,
    clicks: [[f64; 3]; 8],
}

impl Expected {
    fn new(plan: &Plan, first_day: i64, lead: usize) -> Self {
        let mut signups: Vec<f64> = plan.lives.signups.per_day().collect();
        let days = lead + signups.len();
        let recent = signups.len().min(RECENT_DAYS);
        let level = signups[signups.len() - recent..].iter().sum::<f64>() / recent as f64;
        signups.extend([level; LEAD_DAYS]);
        let ahead = |shape: &[f64]| -> Vec<f64> {
            (0..days)
                .map(|day| {
                    let since = shape.iter().enumerate().map(|(ahead, share)| {
                        let signup = (day + ahead).checked_sub(lead);
                        share * signup.map_or(0.0, |signup| signups[signup])
                    });
                    since.sum()
                })
                .collect()
        };
        let [first, middle] = leads(&plan.lives.marketing);
        Self {
            first_day,
            last: ahead(&[1.0]),
            first: ahead(&first),
            middle: ahead(&middle),
            clicks: plan.lives.marketing.clicks_per_signup(),
        }
    }

    fn clicks(&self, day: i64, channel: usize) -> f64 {
        let at = (day - self.first_day) as usize;
        let [last, first, middle] = self.clicks[channel];
        last * self.last[at] + first * self.first[at] + middle * self.middle[at]
    }
}

/// How many days before the signup the first touch of several lies, and those in between: shares
/// of each day.
fn leads(marketing: &Marketing) -> [Vec<f64>; 2] {
    let mut leads = [vec![0.0; LEAD_DAYS], vec![0.0; LEAD_DAYS]];
    let mut touches = Vec::new();
    for path in 0..4_096 {
        // Not the scenario's seed: the shape depends on parameters alone.
        let mut stream = Stream::new(0, "calibration paths", path);
        let (channels, count) = marketing.channels(&mut stream);
        marketing.touches(&channels[..count], 0, None, &mut stream, &mut touches);
        for (position, touch) in touches[..count - 1].iter().enumerate() {
            let days = (-touch.touched_at).div_euclid(DAY) as usize;
            leads[usize::from(position > 0)][days.min(LEAD_DAYS - 1)] += 1.0;
        }
    }
    for shares in &mut leads {
        let total: f64 = shares.iter().sum();
        if total > 0.0 {
            for share in shares {
                *share /= total;
            }
        }
    }
    leads
}

/// The columns of `raw.ad_spend`.
pub(super) fn values(plan: &Plan) -> Vec<Values> {
    let days: Vec<f64> = plan.lives.signups.per_day().collect();
    let start = plan.lives.signups.first_day();
    let end = start + days.len() as i64;
    let first_day = start - LONGEST_PATH_DAYS;
    let of_signups = OfSignups::new(plan, first_day, (end - first_day) as usize);
    let expected = Expected::new(plan, first_day, LONGEST_PATH_DAYS as usize);
    let launch = plan.lives.launched_at.map(|at| at.div_euclid(DAY));
    let purpose = Purpose::new(plan.scenario.seed(), "ad spend");
    let mut rows = Rows::default();
    for day in first_day..end {
        let since_launch = launch.map(|launch| day - launch);
        for campaign in 1..CAMPAIGNS.len() as u8 {
            let Some(channel) = channel_of(campaign) else {
                continue;
            };
            let at = of_signups.place(day, campaign);
            let own = [of_signups.clicks[at], of_signups.views[at]].map(i64::from);
            let share = campaign_share(campaign, since_launch);
            let mean = share * expected.clicks(day, channel) / SIGNUP_SHARE;
            if mean <= 0.0 && own == [0, 0] {
                continue; // Before anybody looks, and campaigns that do not run: nothing to draw.
            }
            let key = day as u64 * CAMPAIGNS.len() as u64 + u64::from(campaign);
            let mut stream = purpose.stream(key);
            let noise = DAY_SIGMA * stream.normal() - 0.5 * DAY_SIGMA * DAY_SIGMA;
            let mean = mean * libm::exp(noise);
            let clicks = own[0] + count((1.0 - SIGNUP_SHARE) * mean, &mut stream);
            let views = Marketing::shows_impressions(channel).then(|| {
                let seen = count(mean / CLICK_THROUGH[channel], &mut stream);
                seen.max(clicks + own[1])
            });
            if clicks > 0 || views.is_some_and(|views| views > 0) {
                let price = plan.lives.marketing.click_price_cents(campaign, day);
                rows.add(day, channel, campaign, views, clicks, clicks * price);
            }
        }
    }
    rows.finish()
}

/// A Poisson count.
fn count(mean: f64, stream: &mut Stream) -> i64 {
    if mean < LARGE_COUNT {
        return i64::from(stream.poisson(mean));
    }
    libm::round(mean + mean.sqrt() * stream.normal()).max(0.0) as i64
}

#[derive(Default)]
struct Rows {
    spend_date: Vec<i32>,
    channel: Vec<u8>,
    campaign: Vec<u8>,
    source: Vec<u8>,
    medium: Vec<u8>,
    impressions: Vec<i64>,
    clicks: Vec<i64>,
    cost: Vec<i64>,
}

impl Rows {
    fn add(
        &mut self,
        day: i64,
        channel: usize,
        campaign: u8,
        views: Option<i64>,
        clicks: i64,
        cost: i64,
    ) {
        self.spend_date.push(day as i32);
        self.channel.push(channel as u8);
        self.campaign.push(campaign);
        self.source.push(SOURCES[usize::from(campaign) - 1]);
        // Channels without campaigns come first: there is one medium for each of the others.
        self.medium.push(channel as u8 - 2);
        self.impressions.push(views.unwrap_or(NULL_INTEGER));
        self.clicks.push(clicks);
        self.cost.push(cost);
    }

    fn finish(self) -> Vec<Values> {
        vec![
            Values::Integer(self.spend_date),
            Values::Keys(self.channel),
            Values::Keys(self.campaign),
            Values::Keys(self.source),
            Values::Keys(self.medium),
            Values::Long(self.impressions),
            Values::Long(self.clicks),
            Values::Long(self.cost),
        ]
    }
}
