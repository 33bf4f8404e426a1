//! What users do, and who comes back.

use std::collections::{BTreeMap, BTreeSet};

use metricflow::generation::Table;
use metricflow::parameters::Parameter;

use crate::generation::{DAY, Dataset, NULL};
use crate::line::{Line, Sums};

pub(crate) fn activity(data: &Dataset) -> Vec<Line> {
    let users = data.table(Table::Users);
    let events = data.table(Table::Events);
    let count = users.rows() as f64;
    let mut lines = Vec::new();
    let planted = data.scenario.number(Parameter::EventsPerUser);
    // Sessions arrive independently: the error of the total is that of their squared lengths.
    let mut lengths: BTreeMap<i64, f64> = BTreeMap::new();
    let mut active_days = BTreeSet::new();
    let mut active_months = BTreeSet::new();
    let end = data.end();
    for row in 0..events.rows() {
        let (user, at) = (events.get("user_id")[row], events.get("event_at")[row]);
        *lengths.entry(events.get("session_id")[row]).or_default() += 1.0;
        let days_ago = (end - 1 - at) / DAY;
        if days_ago < 360 {
            active_days.insert((days_ago, user));
            active_months.insert((days_ago / 30, user));
        }
    }
    let squares: f64 = lengths.values().map(|length| length * length).sum();
    let mut line = Line::estimate(
        "events per user",
        planted,
        events.rows() as f64 / count,
        squares.sqrt() / count,
    );
    line.high += 0.02 * planted; // one percent more is aimed at
    lines.push(line);
    let mean = events.rows() as f64 / lengths.len() as f64;
    lines.push(Line::band("events per session", 2.0, 16.0, mean));
    let stickiness = active_days.len() as f64 / 30.0 / active_months.len() as f64;
    lines.push(Line::band("DAU / MAU", 0.10, 0.25, stickiness));
    lines.extend(lapsed_trials(data));

    let truth = data.table(Table::TruthUsers);
    let tail = data.scenario.number(Parameter::ActivityTail);
    let pull = 1.1_f64.min(0.8 * tail);
    let logs = truth
        .floats("log_activity")
        .iter()
        .zip(truth.floats("satisfaction"));
    let logs: Vec<f64> = logs
        .map(|(activity, satisfaction)| activity + pull * satisfaction)
        .collect();
    let error = tail / (2.0 * count).sqrt();
    let mut line = Line::estimate("activity tail (log σ)", tail, deviation(&logs), error);
    line.low -= 0.05 * tail; // the heaviest users are held back
    lines.push(line);
    lines
}

fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count)
        .sqrt()
}

/// Share of signups who would come back in their second month if nobody's access ended, as the
/// promise has it: those who pay on day 30 and those on the free plan are asked, and weighted by
/// how many of all signups pay on that day (docs/decisions/0140).
pub(crate) fn month_1_retention(data: &Dataset) -> Line {
    let users = data.table(Table::Users);
    let signups = users.get("signed_up_at");
    let freemium = users.key("trial_type", "freemium");
    let periods = data.platform();
    let trial = periods.key("change_type", "trial");
    let mut pays = vec![false; users.rows()];
    for row in 0..periods.rows() {
        let user = periods.get("user_id")[row] as usize - 1;
        let ended_at = match periods.get("ended_at")[row] {
            NULL => i64::MAX,
            ended_at => ended_at,
        };
        let is_paid = periods.get("change_type")[row] != trial;
        let day_30 = signups[user] + 30 * DAY;
        pays[user] |= is_paid && (periods.get("started_at")[row]..ended_at).contains(&day_30);
    }
    let mut is_back = vec![false; users.rows()];
    let events = data.table(Table::Events);
    for row in 0..events.rows() {
        let user = events.get("user_id")[row] as usize - 1;
        let age = (events.get("event_at")[row] - signups[user]) / DAY;
        is_back[user] |= (30..60).contains(&age);
    }
    let mut sums = Sums::default();
    for user in (0..users.rows()).filter(|&user| signups[user] < data.end() - 60 * DAY) {
        let is_back = f64::from(u8::from(is_back[user]));
        sums.add("paying", f64::from(u8::from(pays[user])), 1.0);
        if pays[user] {
            sums.add("back, paying", is_back, 1.0);
        } else if users.get("trial_type")[user] == freemium {
            sums.add("back, free", is_back, 1.0);
        }
    }
    let paying = sums.share("paying");
    let with_access =
        paying * sums.share("back, paying") + (1.0 - paying) * sums.share("back, free");
    Line::band("month-1 retention, with access", 0.35, 0.60, with_access)
}

/// Whom a trial that lapsed brings back: those who look in within four weeks, and those whom a
/// win-back reaches within a year. Only users who had the time are asked.
fn lapsed_trials(data: &Dataset) -> [Line; 2] {
    const TRIAL: i64 = 14 * DAY;
    let users = data.table(Table::Users);
    let periods = data.platform();
    let trial = periods.key("change_type", "trial");
    let freemium = users.key("trial_type", "freemium");
    let mut has_paid = vec![false; users.rows()];
    for row in 0..periods.rows() {
        let user = periods.get("user_id")[row] as usize - 1;
        has_paid[user] |= periods.get("change_type")[row] != trial;
    }
    let signups = users.get("signed_up_at");
    let mut first_look = vec![false; users.rows()];
    let mut won_back = vec![false; users.rows()];
    let sessions = data.table(Table::Sessions);
    for row in 0..sessions.rows() {
        let user = sessions.get("user_id")[row] as usize - 1;
        let since = sessions.get("started_at")[row] - signups[user] - TRIAL;
        first_look[user] |= (0..30 * DAY).contains(&since);
        won_back[user] |= (30 * DAY..365 * DAY).contains(&since);
    }
    let mut sums = Sums::default();
    for user in 0..users.rows() {
        // The truth says who converts later: they had a reason to come.
        let converts = data.table(Table::TruthUsers).get("will_convert")[user] == 1;
        if has_paid[user] || converts || users.get("trial_type")[user] == freemium {
            continue;
        }
        let age = data.end() - signups[user] - TRIAL;
        if age > 31 * DAY {
            sums.add(
                "lapsed trials that look in",
                f64::from(u8::from(first_look[user])),
                1.0,
            );
        }
        if age > 366 * DAY {
            sums.add(
                "lapsed trials won back",
                f64::from(u8::from(won_back[user])),
                1.0,
            );
        }
    }
    // Of the win-backs, whose delay is log-normal about 110 days, 97.7 % come within a year.
    [
        sums.line("lapsed trials that look in", 0.30 + 0.20, 0.0),
        sums.line("lapsed trials won back", 0.06 * 0.977, 0.0),
    ]
}
