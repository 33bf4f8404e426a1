//! Running data tests.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use metricflow::quality::{TestOptions, TestReport, TestState, failing_rows_sql, run_tests};
use metricflow::transformation::{DataTest, Manifest, RunReport, Selection};
use metricflow::warehouse::{CancelFlag, WarehouseError};

use crate::fake::{Fake, manifest, now, with_serving};
use crate::run::run;

fn test(
    fake: &Fake,
    manifest: &Manifest,
    models: &RunReport,
    previous: Option<&TestReport>,
) -> TestReport {
    let options = TestOptions {
        models,
        previous,
        changed: &BTreeSet::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let ready = async |_: &DataTest| Ok(None);
    now(run_tests(fake, manifest, &options, ready, |_| {})).unwrap()
}

/// State of the test `plan` on the seed, with that configuration and so many failing rows.
fn check(config: &str, failures: i64, expected: &TestState) {
    let yaml = format!(
        "seeds: [{{name: plans, columns: [{{name: plan, data_tests: [unique: {{name: plan, config: {config}}}]}}]}}]"
    );
    let manifest = manifest(&[("seeds/seeds.yml", &yaml)]);
    let models = run(&Fake::default(), &manifest, Selection::All).unwrap();
    let fake = Fake {
        count: failures,
        ..Fake::default()
    };
    let report = test(&fake, &manifest, &models, None);
    let run = report.test("plan").unwrap();
    assert_eq!(&run.state, expected, "{config} with {failures} failures");
    assert_eq!(run.failures, failures.unsigned_abs());
}

#[test]
fn thresholds_are_those_of_dbt() {
    check("{}", 0, &TestState::Passed);
    check("{}", 1, &TestState::Failed);
    check("{severity: warn}", 0, &TestState::Passed);
    check("{severity: warn}", 9, &TestState::Warned);
    check("{error_if: '> 10'}", 10, &TestState::Warned);
    check("{error_if: '> 10'}", 11, &TestState::Failed);
    check("{error_if: '>=10', warn_if: '>5'}", 5, &TestState::Passed);
    check("{error_if: 'between 2 and 3'}", 3, &TestState::Failed);
    check("{error_if: 'nonsense'}", 1, &TestState::Failed);
}

#[test]
fn tests_of_missing_models_are_skipped_and_faulty_ones_hurt_no_other() {
    let manifest = manifest(&[]);
    let models = run(
        &Fake::refusing("view staging.stg_users"),
        &manifest,
        Selection::All,
    )
    .unwrap();
    let report = test(&Fake::refusing("raw.events"), &manifest, &models, None);
    let counts = report.counts();
    assert_eq!((counts.passed, counts.failed, counts.skipped), (2, 1, 7));
    assert_eq!(report.counts_of("fct_usage").skipped, 3);
    let source = report.test("source_unique_raw_events_id").unwrap();
    assert!(matches!(&source.state, TestState::Errored { error } if error == "no raw.events"));
    assert_eq!(report.not_passed().count(), 1);
}

#[test]
fn results_of_kept_models_are_kept() {
    let manifest = manifest(&[]);
    let models = run(&Fake::default(), &manifest, Selection::All).unwrap();
    let before = test(&Fake::default(), &manifest, &models, None);
    let nodes = BTreeSet::from(["stg_events".to_owned()]);
    let selection = Selection::Changed {
        nodes: &nodes,
        previous: &models,
    };
    let models = run(&Fake::default(), &manifest, selection).unwrap();
    let fake = Fake::default();
    let after = test(&fake, &manifest, &models, Some(&before));
    assert_eq!(
        fake.heads().len(),
        5,
        "two of stg_events, two of fct_usage and the singular one"
    );
    assert!(after.test("unique_stg_users_id").unwrap().kept);
    assert!(!after.test("usage_is_bounded").unwrap().kept);
}

#[test]
fn tests_read_the_table_that_stands_where_a_model_could_not_be_built() {
    let manifest = manifest(&[]);
    let models = run(&Fake::default(), &manifest, Selection::All).unwrap();
    // The table that stands holds rows that fail.
    let failing = Fake {
        count: 3,
        ..Fake::default()
    };
    let before = test(&failing, &manifest, &models, None);
    let nodes = BTreeSet::from(["int_users".to_owned()]);
    let selection = Selection::Changed {
        nodes: &nodes,
        previous: &models,
    };
    let refusing = Fake::refusing("table intermediate.int_users");
    let mut after = run(&refusing, &manifest, selection).unwrap();
    for name in ["int_users", "fct_usage"] {
        assert!(!after.is_readable(name));
        after.keep_earlier(name, &models);
        assert!(after.is_readable(name));
    }
    assert_eq!(after.model("fct_usage").unwrap().rows, Some(0));
    let report = test(&Fake::default(), &manifest, &after, Some(&before));
    assert_eq!(
        report.counts(),
        before.counts(),
        "the same tables, the same results"
    );
    assert!(report.tests.iter().all(|test| test.kept));
    // Nothing was tested before: the standing table is tested now.
    let report = test(&Fake::default(), &manifest, &after, None);
    assert_eq!(report.counts().skipped, 0);
}

#[test]
fn what_a_test_reads_of_the_serving_layer_is_built_first() {
    let manifest = with_serving();
    let models = run(&Fake::default(), &manifest, Selection::All).unwrap();
    let asked = RefCell::new(Vec::new());
    let ready = async |test: &DataTest| {
        asked.borrow_mut().push(test.name.clone());
        let is_missing = test.node.as_deref() == Some("srv_days");
        Ok(is_missing.then(|| "srv_days".to_owned()))
    };
    let options = TestOptions {
        models: &models,
        previous: None,
        changed: &BTreeSet::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let fake = Fake::default();
    let report = now(run_tests(&fake, &manifest, &options, ready, |_| {})).unwrap();
    assert_eq!(asked.borrow().len(), manifest.tests.len());
    let because = "srv_days".to_owned();
    let days = report.test("unique_srv_days_id").unwrap();
    assert_eq!(days.state, TestState::Skipped { because });
    assert_eq!(
        report.test("unique_srv_users_id").unwrap().state,
        TestState::Passed
    );

    // The run made both anew, or one of them alone.
    let again = |changed: &[&str]| {
        let changed = changed.iter().map(|name| (*name).to_owned()).collect();
        let options = TestOptions {
            models: &RunReport::default(),
            previous: Some(&report),
            changed: &changed,
            ..options
        };
        let ready = async |_: &DataTest| Ok(None);
        now(run_tests(&fake, &manifest, &options, ready, |_| {})).unwrap()
    };
    assert!(again(&[]).test("unique_srv_users_id").unwrap().kept);
    assert!(
        !again(&["srv_users"])
            .test("unique_srv_users_id")
            .unwrap()
            .kept
    );
}

#[test]
fn failing_rows_can_be_shown_and_a_dead_warehouse_ends_the_run() {
    let manifest = manifest(&[]);
    let models = run(&Fake::default(), &manifest, Selection::All).unwrap();
    let report = test(&Fake::default(), &manifest, &models, None);
    assert_eq!(
        failing_rows_sql(report.test("usage_is_bounded").unwrap(), 50),
        "select * from (\nselect * from marts.fct_usage where days > 7\n) as all_rows limit 50"
    );
    let fake = Fake {
        refused: vec![("count", WarehouseError::Cancelled)],
        ..Fake::default()
    };
    let options = TestOptions {
        models: &models,
        previous: None,
        changed: &BTreeSet::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let ready = async |_: &DataTest| Ok(None);
    let answer = now(run_tests(&fake, &manifest, &options, ready, |_| {}));
    assert_eq!(answer, Err(WarehouseError::Cancelled));
}
