//! Sessions and events, and what a plan allows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike};
use metricflow::generation::{Table, TableSet};
use metricflow::parameters::Preset;

use crate::generation::{DAY, Dataset, HOUR, NULL, scenario};
use crate::{SCENARIOS, check};

#[test]
fn time_stays_within_the_history() {
    check(|data| {
        let end = data.end();
        let users = data.table(Table::Users);
        let signups = users.get("signed_up_at");
        assert!(signups.is_sorted(), "user_id rises with signup");
        let signup = |user_id: i64| signups[user_id as usize - 1];
        for (table, column) in [
            (Table::Sessions, "started_at"),
            (Table::Events, "event_at"),
            (Table::Subscriptions, "started_at"),
            (Table::Payments, "attempted_at"),
        ] {
            let columns = data.table(table);
            for (&user, &at) in columns.get("user_id").iter().zip(columns.get(column)) {
                assert!(
                    signup(user) <= at && at < end,
                    "{table:?}.{column} of {user}"
                );
            }
        }
        for &ended_at in data.table(Table::Subscriptions).get("ended_at") {
            assert!(ended_at < end);
        }
        let touches = data.table(Table::MarketingTouches);
        let mut last = BTreeMap::new();
        let mut previous = (0, 0);
        for row in 0..touches.rows() {
            let (user, at) = (touches.get("user_id")[row], touches.get("touched_at")[row]);
            assert!(at < signup(user), "touches come before signup");
            assert!(
                previous.0 != user || previous.1 <= at,
                "touches are in order"
            );
            previous = (user, at);
            last.insert(user, touches.get("channel")[row]);
            assert!(touches.get("cost_cents")[row] >= 0);
        }
        for (row, channel) in users.get("channel").iter().enumerate() {
            assert_eq!(last[&(row as i64 + 1)], *channel, "the last touch converts");
        }
    });
}

#[test]
fn events_lie_in_sessions_without_long_pauses() {
    check(|data| {
        let sessions = data.table(Table::Sessions);
        let events = data.table(Table::Events);
        let (ids, at) = (events.get("session_id"), events.get("event_at"));
        let starts: BTreeMap<i64, i64> = sessions
            .get("session_id")
            .iter()
            .copied()
            .zip(sessions.get("started_at").iter().copied())
            .collect();
        assert_eq!(
            starts.len(),
            ids.iter().collect::<BTreeSet<_>>().len(),
            "no empty session"
        );
        for row in 0..events.rows() {
            let is_first = row == 0 || ids[row - 1] != ids[row];
            let same_user = row > 0 && events.get("user_id")[row - 1] == events.get("user_id")[row];
            if is_first {
                assert_eq!(
                    at[row], starts[&ids[row]],
                    "a session starts with its first event"
                );
                if same_user {
                    assert!(at[row] - at[row - 1] > HOUR / 2, "sessions lie apart");
                }
            } else {
                let pause = at[row] - at[row - 1];
                assert!(0 < pause && pause <= HOUR / 2, "pause of {pause}");
            }
            if same_user {
                assert!(events.get("event_id")[row] > events.get("event_id")[row - 1]);
            }
        }
        let (types, features) = (events.get("event_type"), events.get("feature"));
        let page_view = events.key("event_type", "page_view");
        let assistant = events.key("feature", "ai_assistant");
        let months = data
            .scenario
            .number(metricflow::parameters::Parameter::FeatureLaunch) as u32;
        let launch = data
            .scenario
            .month_before_end(months)
            .signed_duration_since(chrono::NaiveDate::default())
            .num_days()
            * DAY;
        for row in 0..events.rows() {
            assert_eq!(types[row] == page_view, features[row] == NULL);
            assert!(features[row] != assistant || at[row] >= launch);
        }
    });
}

#[test]
fn activated_users_alone_take_both_steps_within_a_week() {
    check(|data| {
        let signups = data.table(Table::Users).get("signed_up_at");
        let events = data.table(Table::Events);
        let steps =
            ["integration_connected", "report_created"].map(|word| events.key("event_type", word));
        let mut taken = vec![[false; 2]; signups.len()];
        for row in 0..events.rows() {
            let user = events.get("user_id")[row] as usize - 1;
            for (step, key) in steps.iter().enumerate() {
                let is_early = events.get("event_at")[row] - signups[user] <= 168 * HOUR;
                taken[user][step] |= events.get("event_type")[row] == *key && is_early;
            }
        }
        let activated = data.table(Table::TruthUsers).get("is_activated");
        for (user, taken) in taken.iter().enumerate() {
            let is_complete = signups[user] + 168 * HOUR < data.end();
            let has_both = taken[0] && taken[1];
            assert!(
                !has_both || activated[user] == 1,
                "user {} is not activated",
                user + 1
            );
            assert!(
                !is_complete || has_both || activated[user] == 0,
                "user {} is",
                user + 1
            );
        }
    });
}

/// What each user may do at an instant, from the raw rows alone: `None` without access, else the
/// account's plan, with `free` where nobody pays or tries.
fn plan_at(data: &Dataset) -> impl Fn(usize, i64) -> Option<&'static str> {
    let users = data.table(Table::Users);
    let freemium = users.key("trial_type", "freemium");
    let periods = data.platform();
    let trial = periods.key("change_type", "trial");
    let starter = periods.key("plan", "starter");
    let accounts = users.get("account_id").to_vec();
    let mut held: BTreeMap<i64, Vec<(i64, i64, &'static str)>> = BTreeMap::new();
    for row in 0..periods.rows() {
        let ended_at = periods.get("ended_at")[row];
        let plan = if periods.get("change_type")[row] == trial {
            "trial"
        } else if periods.get("plan")[row] == starter {
            "starter"
        } else {
            "higher"
        };
        let ended_at = if ended_at == NULL { i64::MAX } else { ended_at };
        let user = periods.get("user_id")[row] as usize - 1;
        let period = (periods.get("started_at")[row], ended_at, plan);
        held.entry(accounts[user]).or_default().push(period);
    }
    let is_free: Vec<bool> = users
        .get("trial_type")
        .iter()
        .map(|&trial_type| trial_type == freemium)
        .collect();
    move |user, at| {
        let now = held
            .get(&accounts[user])
            .into_iter()
            .flatten()
            .find(|period| (period.0..period.1).contains(&at));
        now.map(|period| period.2)
            .or_else(|| is_free[user].then_some("free"))
    }
}

#[test]
fn nobody_does_what_the_plan_does_not_allow() {
    check(|data| {
        let plan_at = plan_at(data);
        let sessions = data.table(Table::Sessions);
        let starts: BTreeMap<i64, i64> = sessions
            .get("session_id")
            .iter()
            .copied()
            .zip(sessions.get("started_at").iter().copied())
            .collect();
        let signups = data.table(Table::Users).get("signed_up_at");
        let events = data.table(Table::Events);
        let [api, export, integration, page, settings, ticket, click] = [
            "api_call",
            "export_data",
            "integration_connected",
            "page_view",
            "settings_changed",
            "support_ticket_opened",
            "feature_click",
        ]
        .map(|word| events.key("event_type", word));
        let [with_api, with_exports] = ["api", "exports"].map(|word| events.key("feature", word));
        let mut seen: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for row in 0..events.rows() {
            let user = events.get("user_id")[row] as usize - 1;
            // Who is let in stays in until the session ends.
            let at = starts[&events.get("session_id")[row]];
            let is_early = at < signups[user] + 180 * HOUR;
            let kind = events.get("event_type")[row];
            let feature = events.get("feature")[row];
            let plan = plan_at(user, at);
            *seen.entry(plan).or_default() += 1;
            let is_allowed = match plan {
                None => [page, settings, ticket].contains(&kind),
                Some("free") => {
                    kind != api
                        && kind != export
                        && (kind != integration || is_early)
                        && (kind != click || (feature != with_api && feature != with_exports))
                }
                Some("starter") => kind != api && (kind != click || feature != with_api),
                Some(_) => true,
            };
            assert!(is_allowed, "user {} at {at}: {plan:?} {kind}", user + 1);
        }
        assert_eq!(seen.len(), 5, "every plan is used: {seen:?}");
    });
}

#[test]
fn a_colleague_works_on_the_accounts_plan() {
    let data = Dataset::new(scenario(SCENARIOS[3]));
    let users = data.table(Table::Users);
    let subscribers: BTreeSet<i64> = data
        .table(Table::Subscriptions)
        .get("user_id")
        .iter()
        .copied()
        .collect();
    let plan_at = plan_at(&data);
    let sessions = data.table(Table::Sessions);
    let starts: BTreeMap<i64, i64> = sessions
        .get("session_id")
        .iter()
        .copied()
        .zip(sessions.get("started_at").iter().copied())
        .collect();
    let events = data.table(Table::Events);
    let [api, export] = ["api_call", "export_data"].map(|word| events.key("event_type", word));
    let mut made = [0, 0];
    for row in 0..events.rows() {
        let user = events.get("user_id")[row];
        let is_colleague =
            !subscribers.contains(&user) && users.get("account_id")[user as usize - 1] != user;
        let at = starts[&events.get("session_id")[row]];
        if is_colleague && plan_at(user as usize - 1, at) == Some("higher") {
            made[0] += usize::from(events.get("event_type")[row] == api);
            made[1] += usize::from(events.get("event_type")[row] == export);
        }
    }
    assert!(
        made.iter().all(|&count| count > 0),
        "API calls and exports: {made:?}"
    );
}

#[test]
fn a_lapsed_trial_comes_back_a_few_times_at_most() {
    check(|data| {
        let plan_at = plan_at(data);
        let converts = data.table(Table::TruthUsers).get("will_convert");
        let sessions = data.table(Table::Sessions);
        let mut visits: BTreeMap<usize, usize> = BTreeMap::new();
        for row in 0..sessions.rows() {
            let user = sessions.get("user_id")[row] as usize - 1;
            if converts[user] == 0 && plan_at(user, sessions.get("started_at")[row]).is_none() {
                *visits.entry(user).or_default() += 1;
            }
        }
        assert!(!visits.is_empty());
        let most = visits.values().max().copied().unwrap_or_default();
        assert!(most <= 3, "two looks and a win-back, not {most}");
    });
}

#[test]
fn nobody_buys_software_between_the_years() {
    for preset in Preset::ALL {
        let query = format!(
            "preset={}&users=10000&months=48&growth=0&spikes=0&launch=0",
            preset.key()
        );
        let data = Dataset::with(scenario(&query), TableSet::of(&[Table::Users]));
        let mut months = [0.0; 12];
        for &at in data.table(Table::Users).get("signed_up_at") {
            let date = DateTime::from_timestamp_micros(at).unwrap().date_naive();
            months[date.month0() as usize] += 1.0 / f64::from(date.num_days_in_month());
        }
        let december = months[11] / (months[..11].iter().sum::<f64>() / 11.0);
        assert!((0.6..0.85).contains(&december), "{preset:?}: {december}");
        let lowest = months.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(months[11] <= lowest, "{preset:?}: {months:?}");
    }
}

#[test]
fn pauses_between_events_are_those_of_people() {
    check(|data| {
        let events = data.table(Table::Events);
        let (sessions, at) = (events.get("session_id"), events.get("event_at"));
        let users = events.get("user_id");
        let mut pauses = Vec::new();
        let mut of_user: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in 1..events.rows() {
            if sessions[row] == sessions[row - 1] {
                let pause = at[row] - at[row - 1];
                pauses.push(pause);
                of_user.entry(users[row]).or_default().push(pause);
            }
        }
        // By chance one pause in a million is of whole seconds.
        let whole = pauses.iter().filter(|&&pause| pause % 1_000_000 == 0);
        assert!(whole.count() * 10_000 < pauses.len(), "whole seconds");
        let quantile = |pauses: &mut Vec<i64>, share: f64| {
            pauses.sort_unstable();
            pauses[(share * (pauses.len() - 1) as f64) as usize] as f64 / 1e6
        };
        // Most of what people do is the next click; a quarter of the pauses are of reading.
        let [quick, median, slow] = [0.25, 0.5, 0.75].map(|share| quantile(&mut pauses, share));
        assert!(quick < 7.0 && (8.0..16.0).contains(&median) && slow > 35.0);
        // And nobody's pace is everybody's.
        let mut medians: Vec<f64> = of_user
            .values_mut()
            .filter(|pauses| pauses.len() >= 300)
            .map(|pauses| quantile(pauses, 0.5))
            .collect();
        medians.sort_by(f64::total_cmp);
        assert!(medians.len() > 20);
        let tenth = medians.len() / 10;
        assert!(medians[medians.len() - 1 - tenth] > 1.4 * medians[tenth]);
    });
}
