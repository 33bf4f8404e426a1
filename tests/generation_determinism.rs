//! The same scenario gives the same bits: for any number of parts, and as committed.
//!
//! `UPDATE_CHECKSUMS=1 cargo test --test generation_determinism` writes the committed checksums
//! anew, after a change of the model that is meant.

mod generation;

use generation::{Dataset, fingerprint, scenario};
use metricflow::generation::{Plan, Table, TableSet, ipc_stream, tables_affected};
use metricflow::parameters::{Kind, PARAMETERS, Parameter};

const SCENARIOS: [(&str, &str); 5] = [
    ("tiny", "preset=tiny"),
    ("demo", "users=3000&events=60"),
    (
        "enterprise",
        "preset=enterprise&users=1500&events=50&seed=7",
    ),
    (
        "leap-day",
        "preset=plg&users=2100&events=20&as_of=2024-02-29&months=13&expansion=3.5&quarterly=0&discounted=0&add_on=0&seed=18446744073709551615",
    ),
    (
        "extremes",
        "preset=leaky&users=1200&events=30&signal=3&acausal=100&lead=90&weekend=1&tail=2&reactivation=40&failure=30&annual=50&rise=20&touches=10&trial=freemium&seed=3",
    ),
];

#[test]
fn checksums_are_as_committed_for_any_number_of_parts() {
    for (name, query) in SCENARIOS {
        let scenario = scenario(query);
        let (rows, fingerprint_of_one) = fingerprint(&scenario, 1);
        for parts in [2, 8] {
            let (_, other) = fingerprint(&scenario, parts);
            assert_eq!(
                other.to_string(),
                fingerprint_of_one.to_string(),
                "{name}, {parts} parts"
            );
        }
        let tables: serde_json::Map<_, _> = rows
            .iter()
            .map(|(&table, &rows)| {
                let checksum = format!("{:016x}", fingerprint_of_one.table(table).unwrap());
                let entry = serde_json::json!({ "rows": rows, "checksum": checksum });
                (table.qualified().to_owned(), entry)
            })
            .collect();
        let made = serde_json::json!({
            "query": query,
            "fingerprint": fingerprint_of_one.to_string(),
            "tables": tables,
        });
        let path = format!("{}/tests/checksums/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_CHECKSUMS").is_some() {
            std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let committed: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(made, committed, "{name} differs from {path}");
    }
}

#[test]
fn one_table_alone_is_the_same_as_with_the_others() {
    let plan = Plan::new(&scenario("preset=tiny"));
    let exposure = plan.exposure(0);
    let all = plan.block(0, exposure, TableSet::ALL);
    assert_eq!(all.tables.len(), TableSet::BY_BLOCK.iter().count());
    for made in &all.tables {
        let alone = plan.block(0, exposure, TableSet::of(&[made.table]));
        assert_eq!(alone.tables.len(), 1);
        assert_eq!(
            alone.tables[0].checksum,
            made.checksum,
            "{}",
            made.table.qualified()
        );
    }
}

#[test]
fn a_table_that_is_not_affected_keeps_its_checksum() {
    // Everything is switched on here that a parameter could have a say in.
    let base = scenario("users=700&events=8&rise=10&refund=10&seed=11");
    let (_, before) = fingerprint(&base, 1);
    for specification in PARAMETERS {
        let parameter = specification.parameter;
        let steps = base.steps(parameter);
        let changed = match specification.kind {
            Kind::Number { min, max, .. } | Kind::Date { min, max } => {
                let step = ((max - min) / 10).max(1);
                if steps + step <= max {
                    steps + step
                } else {
                    steps - step
                }
            }
            Kind::Seed => steps + 1,
            Kind::Choice(_) => 0,
        };
        let (_, after) = fingerprint(&base.with(parameter, changed), 1);
        let affected = tables_affected(parameter);
        let mut changes = 0;
        for table in Table::ALL {
            let is_same = before.table(table) == after.table(table);
            assert!(
                is_same || affected.contains(table),
                "{} changes {}",
                specification.key,
                table.qualified()
            );
            changes += usize::from(!is_same);
        }
        assert!(
            changes > 1,
            "{} changes nothing but its own value",
            specification.key
        );
    }
}

#[test]
fn common_draws_survive_a_change_of_churn() {
    // Only what churn has a say in moves: whoever never pays keeps every payment-free row.
    let data = |query: &str| {
        let tables = TableSet::of(&[Table::Users, Table::MarketingTouches]);
        Dataset::with(scenario(query), tables)
    };
    let (low, high) = (data("users=1000&churn=1"), data("users=1000&churn=9"));
    let touches = [&low, &high].map(|data| data.table(Table::MarketingTouches));
    for column in ["touch_id", "user_id", "touched_at", "channel", "cost_cents"] {
        assert_eq!(touches[0].get(column), touches[1].get(column), "{column}");
    }
    let users = [&low, &high].map(|data| data.table(Table::Users));
    for column in [
        "signed_up_at",
        "country",
        "company_size",
        "channel",
        "initial_plan",
        "trial_type",
        "is_verified",
        "experiment_variant",
    ] {
        assert_eq!(users[0].get(column), users[1].get(column), "{column}");
    }
    // Whether a colleague finds a seat follows from who pays. A company without one is the same.
    let alone: Vec<usize> = (0..users[0].rows())
        .filter(|&row| {
            users.iter().all(|users| {
                let accounts = users.get("account_id");
                accounts.iter().filter(|&&id| id == accounts[row]).count() == 1
            })
        })
        .collect();
    assert!(alone.len() > 800, "{} are alone", alone.len());
    for column in ["account_id", "industry"] {
        let same = |row: &&usize| users[0].get(column)[**row] == users[1].get(column)[**row];
        assert_eq!(alone.iter().filter(same).count(), alone.len(), "{column}");
    }
    // A private address that somebody else has now makes for another name, once in a long while.
    for column in ["full_name", "email", "account_name"] {
        let same = |row: &&usize| users[0].texts(column)[**row] == users[1].texts(column)[**row];
        let count = alone.iter().filter(same).count();
        assert!(count * 100 >= alone.len() * 99, "{column}: {count}");
    }
    assert_eq!(tables_affected(Parameter::EventsPerUser).iter().count(), 3);
}

#[test]
fn an_ipc_stream_is_one_whole_stream() {
    let plan = Plan::new(&scenario("preset=tiny"));
    let block = plan.block(0, plan.exposure(0), TableSet::ALL);
    for made in &block.tables {
        let bytes = ipc_stream(
            &made.table.schema(),
            &[made.batch.clone(), made.batch.clone()],
        )
        .unwrap();
        let reader = arrow_ipc::reader::StreamReader::try_new(bytes.as_slice(), None).unwrap();
        let batches: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(batches.len(), 2);
        assert_eq!(batches[1], made.batch, "{}", made.table.qualified());
        assert_eq!(metricflow::generation::checksum(&batches[1]), made.checksum);
    }
}
