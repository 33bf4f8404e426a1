//! What holds for every row, whatever the scenario.

mod generation;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Months};
use generation::{DAY, Dataset, HOUR, NULL, scenario};
use metricflow::generation::{Table, TableSet, vocabulary};
use metricflow::parameters::{CHANNELS, Parameter, Preset};

const SCENARIOS: [&str; 4] = [
    "users=2500&events=60",
    "preset=leaky&users=1500&events=40&reactivation=40&expansion=10&contraction=5&rise=20&annual=40&seed=5",
    "preset=enterprise&users=800&events=100&weekend=1&lead=90&seed=9",
    "users=1000&events=400&months=6&tail=2&trial=freemium&activation=80&seed=2",
];

fn check(invariant: impl Fn(&Dataset)) {
    for query in SCENARIOS {
        invariant(&Dataset::new(scenario(query)));
    }
}

#[test]
fn ids_are_unique_and_refer_to_rows() {
    check(|data| {
        let ids = |table, column| -> BTreeSet<i64> {
            let values = data.table(table).get(column);
            let set: BTreeSet<i64> = values.iter().copied().collect();
            assert_eq!(set.len(), values.len(), "{column} is unique");
            set
        };
        let users = ids(Table::Users, "user_id");
        assert_eq!(users.len() as u64, data.scenario.users());
        let emails: BTreeSet<&String> = data.table(Table::Users).texts("email").iter().collect();
        assert_eq!(emails.len(), users.len());
        let sessions = ids(Table::Sessions, "session_id");
        ids(Table::Subscriptions, "period_id");
        let subscriptions = data.table(Table::Subscriptions).get("subscription_id");
        let subscriptions: BTreeSet<i64> = subscriptions.iter().copied().collect();
        let payments = ids(Table::Payments, "payment_id");
        ids(Table::Events, "event_id");
        ids(Table::MarketingTouches, "touch_id");
        let refers = |table, column, to: &BTreeSet<i64>| {
            for id in data.table(table).get(column) {
                assert!(*id == NULL || to.contains(id), "{table:?}.{column} {id}");
            }
        };
        for table in [
            Table::Sessions,
            Table::Events,
            Table::Subscriptions,
            Table::Payments,
            Table::MarketingTouches,
        ] {
            refers(table, "user_id", &users);
        }
        refers(Table::Events, "session_id", &sessions);
        refers(Table::Payments, "subscription_id", &subscriptions);
        refers(Table::Payments, "refund_of", &payments);
    });
}

#[test]
fn addresses_are_in_domains_that_nobody_can_own() {
    check(|data| {
        for email in data.table(Table::Users).texts("email") {
            let (_, domain) = email.split_once('@').expect("an address");
            let is_reserved = domain.ends_with(".example")
                || ["example.com", "example.net", "example.org"].contains(&domain);
            assert!(is_reserved, "{email} is not in a domain of RFC 2606");
        }
    });
}

/// Domains of private addresses; every other domain is one account's.
const CONSUMER_DOMAINS: [&str; 8] = [
    "example.com",
    "example.net",
    "example.org",
    "mail.example",
    "inbox.example",
    "post.example",
    "webmail.example",
    "letters.example",
];

#[test]
fn people_of_an_account_share_a_company() {
    check(|data| {
        let users = data.table(Table::Users);
        let mut companies = BTreeMap::new();
        let mut accounts = BTreeMap::new();
        for row in 0..users.rows() {
            let account = users.get("account_id")[row];
            let (_, domain) = users.texts("email")[row].split_once('@').unwrap();
            let company = (
                &users.texts("account_name")[row],
                domain,
                ["country", "industry", "company_size"].map(|name| users.get(name)[row]),
            );
            let known = companies.entry(account).or_insert(company);
            assert_eq!(*known, company, "account {account}");
            if !CONSUMER_DOMAINS.contains(&domain) {
                let owner = accounts.entry(domain).or_insert(account);
                assert_eq!(*owner, account, "{domain} belongs to one account");
            }
        }
        assert!(companies.len() < users.rows(), "some have colleagues");
    });
}

#[test]
fn the_first_of_an_account_pays_and_nobody_lacks_a_seat() {
    check(|data| {
        let users = data.table(Table::Users);
        let mut members: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (row, &account) in users.get("account_id").iter().enumerate() {
            members.entry(account).or_default().push(row);
        }
        let periods = data.platform();
        let trial = periods.key("change_type", "trial");
        let mut most = 0;
        for row in 0..periods.rows() {
            let user = periods.get("user_id")[row] as usize - 1;
            let people = &members[&users.get("account_id")[user]];
            assert_eq!(people[0], user, "who came first owns the subscription");
            let ended_at = periods.get("ended_at")[row];
            let is_in = |member: &&usize| {
                ended_at == NULL || users.get("signed_up_at")[**member] < ended_at
            };
            let seated = people.iter().filter(is_in).count();
            most = most.max(seated);
            if periods.get("change_type")[row] != trial {
                assert!(
                    seated as i64 <= periods.get("quantity")[row],
                    "user {}",
                    user + 1
                );
            }
        }
        assert!(most > 1, "a customer has a colleague");
    });
}

#[test]
fn addresses_do_not_end_in_the_users_id() {
    check(|data| {
        let users = data.table(Table::Users);
        for (id, email) in users.get("user_id").iter().zip(users.texts("email")) {
            let (local, _) = email.split_once('@').unwrap();
            assert!(!local.ends_with(&id.to_string()), "{email} of user {id}");
        }
    });
}

#[test]
fn a_click_costs_what_its_campaign_pays_that_day() {
    check(|data| {
        let (spend, touches) = (
            data.table(Table::AdSpend),
            data.table(Table::MarketingTouches),
        );
        let campaigns = vocabulary::CAMPAIGNS;
        let last_day = data.end() / DAY - 1;
        let mut bills = BTreeMap::new();
        for row in 0..spend.rows() {
            let get = |name: &str| spend.get(name)[row];
            let (day, campaign, clicks) = (get("spend_date"), get("campaign"), get("clicks"));
            assert!(day <= last_day);
            let channel = CHANNELS[get("channel") as usize];
            assert!(campaigns[campaign as usize].starts_with(channel));
            assert!(clicks >= 0 && get("cost_cents") >= 0);
            assert!(get("impressions") == NULL || get("impressions") >= clicks);
            assert!(clicks > 0 || get("cost_cents") == 0);
            let bill = (clicks, get("cost_cents"));
            let before = bills.insert((day, campaign), bill);
            assert_eq!(before, None, "one row a day and campaign");
        }
        assert!(!bills.is_empty());
        let (none, impression) = (
            touches.key("campaign", "none"),
            touches.key("touch_type", "impression"),
        );
        let mut clicked: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        let mut own = 0;
        for row in 0..touches.rows() {
            let get = |name: &str| touches.get(name)[row];
            let campaign = get("campaign");
            if campaign == none || get("touch_type") == impression {
                assert_eq!(get("cost_cents"), 0);
                continue;
            }
            let day = get("touched_at").div_euclid(DAY);
            let (clicks, cost) = bills[&(day, campaign)];
            assert_eq!(
                get("cost_cents") * clicks,
                cost,
                "every click has the price of the day"
            );
            *clicked.entry((day, campaign)).or_default() += 1;
            own += get("cost_cents");
        }
        for (key, clicks) in clicked {
            assert!(
                clicks <= bills[&key].0,
                "clicks of signups are among all clicks"
            );
        }
        let all: i64 = bills.values().map(|(_, cost)| cost).sum();
        assert!(
            own * 20 < all,
            "most clicks are of people who never sign up"
        );
    });
}

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
fn periods_of_a_user_never_overlap() {
    check(|data| {
        let periods = data.platform();
        let changes = ["trial", "new", "reactivation"].map(|word| periods.key("change_type", word));
        for row in 0..periods.rows() {
            let get = |column: &str, row: usize| periods.get(column)[row];
            let (start, end) = (get("started_at", row), get("ended_at", row));
            let change = get("change_type", row);
            assert!(end == NULL || start < end, "periods last");
            assert!(get("quantity", row) >= 1);
            assert_eq!(get("monthly_amount_cents", row) == 0, change == changes[0]);
            let is_followed = row + 1 < periods.rows()
                && get("user_id", row + 1) == get("user_id", row)
                && get("started_at", row + 1) == end;
            let has_reason = get("churn_reason", row) != NULL;
            let is_trial = change == changes[0];
            assert_eq!(
                has_reason,
                end != NULL && !is_followed && !is_trial,
                "reasons of churn"
            );
            if row == 0 || get("user_id", row - 1) != get("user_id", row) {
                assert!(
                    change == changes[0] || change == changes[1],
                    "first of a user"
                );
                continue;
            }
            assert!(get("ended_at", row - 1) != NULL && get("ended_at", row - 1) <= start);
            let was_lost = get("churn_reason", row - 1) != NULL;
            assert_eq!(was_lost, change == changes[2], "who was lost comes back");
            if !was_lost && change != changes[1] {
                assert_eq!(get("ended_at", row - 1), start, "movements leave no gap");
            }
        }
    });
}

#[test]
fn payments_belong_to_their_periods() {
    check(|data| {
        let periods = data.table(Table::Subscriptions);
        let mut rows_of: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (row, &id) in periods.get("subscription_id").iter().enumerate() {
            rows_of.entry(id).or_default().push(row);
        }
        let payments = data.table(Table::Payments);
        let get = |column: &str, row: usize| payments.get(column)[row];
        let [succeeded, failed] = ["succeeded", "failed"].map(|word| payments.key("status", word));
        let is_after_outage = after_outages(data);
        for row in 0..payments.rows() {
            let of_subscription = &rows_of[&get("subscription_id", row)];
            let at = get("attempted_at", row);
            let status = get("status", row);
            assert!(get("amount_cents", row) > 0);
            assert_eq!(status == failed, get("failure_code", row) != NULL);
            let is_attempt = status == succeeded || status == failed;
            assert_eq!(is_attempt, get("refund_of", row) == NULL);
            let [starts_at, ends_at] =
                ["service_starts_at", "service_ends_at"].map(|column| get(column, row));
            assert_eq!(
                periods.get("user_id")[of_subscription[0]],
                get("user_id", row)
            );
            if !is_attempt {
                // What goes back: tests/generation_reversals.rs.
                assert_eq!([starts_at, ends_at], [NULL; 2]);
                continue;
            }
            let in_force = of_subscription.iter().filter(|&&period| {
                let ended_at = match periods.get("ended_at")[period] {
                    NULL => i64::MAX,
                    ended_at => ended_at,
                };
                (periods.get("started_at")[period]..ended_at).contains(&starts_at)
            });
            assert_eq!(in_force.count(), 1, "the period of its service");
            assert!(starts_at < ends_at && starts_at <= at, "billed before");
            // Seats that were added in mid-term can be invoiced for after the end of it.
            let last = of_subscription[of_subscription.len() - 1];
            let end = periods.get("ended_at")[last];
            let has_terms = data.scenario.number(Parameter::Terms) > 0.0;
            assert!(
                has_terms || end == NULL || at <= end,
                "within its subscription"
            );
            let attempt = get("attempt_no", row);
            if attempt > 1 {
                assert_eq!(get("attempt_no", row - 1), attempt - 1);
                assert_eq!(get("status", row - 1), failed);
                for column in [
                    "amount_cents",
                    "subscription_id",
                    "service_starts_at",
                    "service_ends_at",
                ] {
                    assert_eq!(get(column, row - 1), get(column, row));
                }
                let waited = at - get("attempted_at", row - 1);
                let scheduled = [3, 5, 7][attempt as usize - 2] * DAY;
                // A customer who pays is ahead of the next retry.
                let is_ahead = status == succeeded && waited < scheduled;
                // After an outage the first attempt is a day late, and the retries are not.
                let first_at = get("attempted_at", row + 1 - attempt as usize);
                let is_late = attempt == 2 && is_after_outage(first_at) && waited == 2 * DAY;
                assert!(waited == scheduled || is_ahead || is_late);
            }
        }
    });
}

/// Whether what falls on a day can have been due the day before, when billing was down.
fn after_outages(data: &Dataset) -> impl Fn(i64) -> bool {
    let truth = data.table(Table::TruthAnomalyDays);
    let outage = truth.key("kind", "outage");
    let days: BTreeSet<i64> = (0..truth.rows())
        .filter(|&row| truth.get("kind")[row] == outage)
        .map(|row| truth.get("date")[row] + 1)
        .collect();
    move |at| days.contains(&at.div_euclid(DAY))
}

/// A bill: its subscription, when it fell due, when it was tried last, and what came of it.
struct Bill {
    subscription: i64,
    user: i64,
    billed_at: i64,
    last_at: i64,
    is_paid: bool,
}

fn bills(data: &Dataset) -> Vec<Bill> {
    let payments = data.table(Table::Payments);
    let get = |column: &str, row: usize| payments.get(column)[row];
    let succeeded = payments.key("status", "succeeded");
    let mut bills: Vec<Bill> = Vec::new();
    for row in (0..payments.rows()).filter(|&row| get("refund_of", row) == NULL) {
        let attempted_at = get("attempted_at", row);
        if get("attempt_no", row) == 1 {
            bills.push(Bill {
                subscription: get("subscription_id", row),
                user: get("user_id", row),
                billed_at: attempted_at,
                last_at: attempted_at,
                is_paid: false,
            });
        }
        let bill = bills.last_mut().expect("a first attempt");
        bill.last_at = attempted_at;
        bill.is_paid |= get("status", row) == succeeded;
    }
    bills
}

#[test]
fn a_lost_bill_ends_its_subscription_and_nothing_else_is_involuntary() {
    check(|data| {
        let periods = data.table(Table::Subscriptions);
        let [voluntary, involuntary] =
            ["voluntary", "involuntary"].map(|word| periods.key("churn_reason", word));
        let mut ended = BTreeMap::new();
        let mut left = Vec::new();
        for row in 0..periods.rows() {
            let (reason, ended_at) = (
                periods.get("churn_reason")[row],
                periods.get("ended_at")[row],
            );
            if reason == involuntary {
                ended.insert(periods.get("subscription_id")[row], ended_at);
            } else if reason == voluntary {
                left.push((periods.get("user_id")[row], ended_at));
            }
        }
        let mut lost = BTreeMap::new();
        let mut first_paid: BTreeMap<i64, i64> = BTreeMap::new();
        let is_after_outage = after_outages(data);
        for bill in bills(data) {
            if bill.is_paid {
                first_paid.entry(bill.user).or_insert(bill.last_at);
            } else if bill.billed_at + 15 * DAY < data.end() {
                // What fell due in an outage was first attempted in the first hours of the day after.
                let waited = bill.last_at - bill.billed_at;
                let is_late = waited == 14 * DAY && is_after_outage(bill.billed_at);
                assert!(waited == 15 * DAY || is_late, "tried to the end");
                let ended_at = ended.get(&bill.subscription).copied();
                let ended_at =
                    ended_at.filter(|at| is_late && (0..DAY).contains(&(at - bill.last_at)));
                let other = lost.insert(bill.subscription, ended_at.unwrap_or(bill.last_at));
                assert_eq!(other, None, "one lost bill a subscription");
            }
        }
        assert!(!lost.is_empty());
        assert_eq!(
            lost, ended,
            "lost bills, and periods that end involuntarily"
        );
        for (user, ended_at) in left {
            let is_customer = first_paid.get(&user).is_some_and(|&at| at < ended_at);
            assert!(is_customer, "user {user} left without having paid");
        }
    });
}

#[test]
fn failures_fit_the_way_to_pay() {
    check(|data| {
        let payments = data.table(Table::Payments);
        let transfer = payments.key("method", "bank_transfer");
        let overdue = payments.key("failure_code", "transfer_overdue");
        let of_cards = ["expired_card", "card_declined", "fraud_suspected"]
            .map(|word| payments.key("failure_code", word));
        let mut methods: BTreeMap<i64, i64> = BTreeMap::new();
        for row in 0..payments.rows() {
            let (method, code) = (
                payments.get("method")[row],
                payments.get("failure_code")[row],
            );
            let user = payments.get("user_id")[row];
            assert_eq!(*methods.entry(user).or_insert(method), method);
            let fits = if method == transfer {
                !of_cards.contains(&code)
            } else {
                code != overdue
            };
            assert!(fits, "{code} by {method}");
        }
    });
}

/// A stay of a customer who is billed by the month or by the year: whole months until the decision
/// to leave, or until the end of history.
struct Stay {
    is_yearly: bool,
    is_monthly: bool,
    months: usize,
    is_lost: bool,
    /// Who left before a renewal, and when.
    early: Option<(i64, i64)>,
}

fn stays(data: &Dataset) -> Vec<Stay> {
    const MONTH: f64 = 30.436_875 * DAY as f64;
    let periods = data.platform();
    let get = |column: &str, row: usize| periods.get(column)[row];
    let trial = periods.key("change_type", "trial");
    let begins = ["new", "reactivation"].map(|word| periods.key("change_type", word));
    let involuntary = periods.key("churn_reason", "involuntary");
    let mut stays = Vec::new();
    let mut started_at = 0;
    for row in (0..periods.rows()).filter(|&row| get("change_type", row) != trial) {
        if begins.contains(&get("change_type", row)) {
            started_at = get("started_at", row);
        }
        let (reason, ended_at) = (get("churn_reason", row), get("ended_at", row));
        let is_lost = reason != NULL;
        if !is_lost && ended_at != NULL {
            continue; // a movement, not the end of a stay
        }
        // Whoever is lost over a bill decided when it fell due.
        let dunning = if reason == involuntary { 15 * DAY } else { 0 };
        let decided_at = ended_at - dunning;
        let is_yearly = get("billing_interval", row) == periods.key("billing_interval", "year");
        let renewals = (1..=10).map(|years| renewal(started_at, years));
        let is_early = is_yearly && is_lost && !renewals.into_iter().any(|at| at == decided_at);
        let months = if is_lost {
            ((decided_at - started_at) as f64 / MONTH).round()
        } else {
            ((data.end() - started_at) as f64 / MONTH - 0.02).floor()
        };
        stays.push(Stay {
            is_yearly,
            is_monthly: get("months", row) == 1,
            months: months.max(0.0) as usize,
            is_lost,
            early: is_early.then(|| (get("user_id", row), decided_at)),
        });
    }
    stays
}

fn renewal(started_at: i64, years: u32) -> i64 {
    let started = DateTime::from_timestamp_micros(started_at).expect("microseconds of a timestamp");
    (started + Months::new(12 * years)).timestamp_micros()
}

/// Share of customers who leave in the months of tenure from `first` to `last`, of those at risk.
fn hazard(stays: &[Stay], first: usize, last: usize) -> f64 {
    let (mut losses, mut at_risk) = (0, 0);
    for stay in stays.iter().filter(|stay| stay.is_monthly) {
        at_risk += (stay.months.min(last) + 1).saturating_sub(first);
        losses += usize::from(stay.is_lost && (first..=last).contains(&stay.months));
    }
    losses as f64 / at_risk as f64
}

#[test]
fn new_customers_leave_most_and_contracts_end_at_renewals() {
    let of = |query: &str| {
        let wanted = TableSet::of(&[Table::Subscriptions, Table::Payments]);
        Dataset::with(scenario(query), wanted)
    };
    let data = of("users=20000&events=5");
    let demo = stays(&data);
    let by_tenure = [(1, 1), (2, 3), (4, 6), (7, 12)].map(|(a, b)| hazard(&demo, a, b));
    assert!(
        by_tenure.is_sorted_by(|earlier, later| earlier > later),
        "{by_tenure:?}"
    );
    assert!(by_tenure[0] > 2.0 * by_tenure[3], "{by_tenure:?}");
    // Few are let out of a contract before its end, and they get their money back as they go.
    let payments = data.table(Table::Payments);
    let refunded = payments.key("status", "refunded");
    let refunds: BTreeSet<(i64, i64)> = (0..payments.rows())
        .filter(|&row| payments.get("status")[row] == refunded)
        .map(|row| {
            (
                payments.get("user_id")[row],
                payments.get("attempted_at")[row],
            )
        })
        .collect();
    let yearly = || demo.iter().filter(|stay| stay.is_yearly);
    let early: Vec<_> = yearly().filter_map(|stay| stay.early).collect();
    assert!(early.iter().all(|parting| refunds.contains(parting)));
    let years: usize = yearly().map(|stay| 1 + stay.months / 12).sum();
    let share = early.len() as f64 / years as f64;
    assert!(
        (0.004..0.018).contains(&share),
        "{share}: a contract ends at a renewal"
    );
    // Without an effect of tenure, chance alone tells the months apart.
    let flat = stays(&of("users=20000&events=5&tenure=0&signal=0"));
    let ratio = hazard(&flat, 1, 2) / hazard(&flat, 7, 12);
    assert!((0.75..1.33).contains(&ratio), "{ratio}");
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
