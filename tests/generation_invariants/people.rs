//! Users and their accounts.

use std::collections::{BTreeMap, BTreeSet};

use metricflow::generation::Table;

use crate::check;
use crate::generation::NULL;

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
