//! Running models.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use metricflow::transformation::{
    CompiledText, Compiler, Demand, InOrder, Manifest, ModelRun, ModelState, RunOptions,
    RunProgress, RunReport, Selection, run_model, run_models, selected,
};
use metricflow::warehouse::{CancelFlag, WarehouseError};

use crate::fake::{Fake, edited, manifest, now, with_serving};

pub(crate) fn run(
    fake: &Fake,
    manifest: &Manifest,
    selection: Selection<'_>,
) -> Result<RunReport, WarehouseError> {
    let clock = Cell::new(0.0);
    let options = RunOptions {
        selection,
        edited: &BTreeMap::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| {
            clock.set(clock.get() + 1.0);
            clock.get()
        },
    };
    now(run_models(fake, manifest, &options, &InOrder, |_| {}))
}

fn states(report: &RunReport) -> Vec<String> {
    let state = |state: &ModelState| match state {
        ModelState::Built => "built".to_owned(),
        ModelState::Kept => "kept".to_owned(),
        ModelState::Failed { error } => format!("failed ({error})"),
        ModelState::Skipped { because } => format!("skipped ({because})"),
    };
    let runs = report.models.iter();
    runs.map(|run| format!("{} {}", run.name, state(&run.state)))
        .collect()
}

#[test]
fn everything_is_built_behind_what_it_reads() {
    let fake = Fake {
        count: 12,
        ..Fake::default()
    };
    let report = run(&fake, &manifest(&[]), Selection::All).unwrap();
    assert_eq!(
        fake.heads(),
        [
            "create schema if not exists intermediate",
            "create schema if not exists marts",
            "create schema if not exists seeds",
            "create schema if not exists staging",
            "create or replace table seeds.plans as",
            "create or replace view staging.stg_events as",
            "create or replace view staging.stg_users as",
            "create or replace table intermediate.int_users as",
            "create or replace table marts.fct_usage as",
        ]
    );
    let usage = report.model("fct_usage").unwrap();
    assert_eq!((usage.rows, usage.elapsed_ms), (Some(12), 1.0));
    assert!(usage.compiled_sql.starts_with("select 7"));
    assert_eq!(report.model("stg_users").unwrap().rows, None);
}

/// Of the serving layer a run makes the schema alone; each model is built by itself.
#[test]
fn the_serving_layer_is_not_built_with_the_run() {
    let (fake, manifest) = (Fake::default(), with_serving());
    let report = run(&fake, &manifest, Selection::All).unwrap();
    assert_eq!(report.models.len(), 4);
    let heads = fake.heads();
    let about: Vec<&String> = heads.iter().filter(|sql| sql.contains("serving")).collect();
    assert_eq!(about, ["create schema if not exists serving"]);
    let nodes = BTreeSet::from(["int_users".to_owned(), "srv_users".to_owned()]);
    let changed = Selection::Changed {
        nodes: &nodes,
        previous: &report,
    };
    let names = ["fct_usage", "int_users"].map(str::to_owned);
    assert_eq!(selected(&manifest, changed), BTreeSet::from(names));

    let options = RunOptions {
        selection: Selection::All,
        edited: &BTreeMap::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let compiler = Compiler::new(&manifest, &BTreeMap::new());
    let build = |name: &str, missing: &[&str]| {
        let missing = missing.iter().map(|name| (*name).to_owned()).collect();
        let model = manifest.model(name).unwrap();
        now(run_model(&fake, model, &compiler, &missing, &options)).unwrap()
    };
    let users = build("srv_users", &[]);
    assert_eq!((users.state, users.rows), (ModelState::Built, Some(0)));
    assert_eq!(
        fake.heads(),
        ["create or replace table serving.srv_users as"]
    );
    let because = "srv_users".to_owned();
    assert_eq!(
        build("srv_days", &["srv_users"]).state,
        ModelState::Skipped { because }
    );
}

#[test]
fn a_big_table_is_compressed_at_once() {
    let fake = Fake {
        count: 1_000_000,
        ..Fake::default()
    };
    run(&fake, &manifest(&[]), Selection::All).unwrap();
    assert_eq!(
        fake.heads()
            .iter()
            .filter(|sql| *sql == "checkpoint")
            .count(),
        2
    );
}

#[test]
fn children_of_a_failed_model_are_skipped_and_the_rest_is_built() {
    let report = run(
        &Fake::refusing("as\nselect * from raw.users"),
        &manifest(&[]),
        Selection::All,
    )
    .unwrap();
    assert_eq!(
        states(&report),
        [
            "stg_events built",
            "stg_users failed (no as\nselect * from raw.users)",
            "int_users skipped (stg_users)",
            "fct_usage skipped (int_users)",
        ]
    );
    assert_eq!(report.missing().len(), 3);
    let report = run(
        &Fake::refusing("table seeds.plans"),
        &manifest(&[]),
        Selection::All,
    )
    .unwrap();
    assert_eq!(states(&report)[2], "int_users skipped (plans)");
    assert_eq!(report.failed_seeds["plans"], "no table seeds.plans");
}

#[test]
fn only_what_changed_is_built_again() {
    let manifest = manifest(&[]);
    let all = run(&Fake::default(), &manifest, Selection::All).unwrap();
    let fake = Fake::default();
    let nodes = BTreeSet::from(["raw.events".to_owned()]);
    let selection = Selection::Changed {
        nodes: &nodes,
        previous: &all,
    };
    let report = run(&fake, &manifest, selection).unwrap();
    assert_eq!(
        states(&report),
        [
            "stg_events built",
            "stg_users kept",
            "int_users kept",
            "fct_usage built"
        ]
    );
    assert_eq!(report.model("int_users").unwrap().rows, Some(0));
    assert!(!fake.heads().iter().any(|sql| sql.contains("seeds.plans")));
}

#[test]
fn what_failed_before_is_built_again() {
    let manifest = manifest(&[]);
    let failed = run(
        &Fake::refusing("view staging.stg_users"),
        &manifest,
        Selection::All,
    )
    .unwrap();
    let nodes = BTreeSet::new();
    let selection = Selection::Changed {
        nodes: &nodes,
        previous: &failed,
    };
    let report = run(&Fake::default(), &manifest, selection).unwrap();
    assert_eq!(
        states(&report),
        [
            "stg_events kept",
            "stg_users built",
            "int_users built",
            "fct_usage built"
        ]
    );
}

#[test]
fn a_dead_warehouse_or_a_cancel_ends_the_run() {
    let stopped = WarehouseError::Stopped {
        message: "gone".to_owned(),
    };
    let fake = Fake {
        refused: vec![("stg_users", stopped.clone())],
        ..Fake::default()
    };
    assert_eq!(run(&fake, &manifest(&[]), Selection::All), Err(stopped));

    let (fake, cancel) = (Fake::default(), CancelFlag::new());
    let options = RunOptions {
        selection: Selection::All,
        edited: &BTreeMap::new(),
        vars: &BTreeMap::new(),
        cancel: &cancel,
        now_ms: &|| 0.0,
    };
    let raise = cancel.clone();
    let answer = now(run_models(
        &fake,
        &manifest(&[]),
        &options,
        &InOrder,
        move |progress| {
            if let RunProgress::Finished {
                done: 2, total: 4, ..
            } = progress
            {
                raise.set();
            }
        },
    ));
    assert_eq!(answer, Err(WarehouseError::Cancelled));
    assert!(!fake.heads().iter().any(|sql| sql.contains("fct_usage")));
}

/// The text of an edited model is put to the engine before it becomes part of a statement.
#[test]
fn an_edit_that_is_more_than_a_select_fails_alone_and_is_never_run() {
    let sql = "select 1 as id; delete from raw.users";
    let manifest = edited(&manifest(&[]), "int_users", sql).unwrap();
    let fake = Fake {
        refused: vec![(
            "from query('",
            WarehouseError::Query {
                sql: String::new(),
                message: "Parser Error: Expected a single SELECT statement".to_owned(),
            },
        )],
        ..Fake::default()
    };
    let compiled = CompiledText {
        sql: sql.to_owned(),
        lines: vec![1],
    };
    let texts = BTreeMap::from([("int_users".to_owned(), Ok(compiled))]);
    let options = RunOptions {
        selection: Selection::All,
        edited: &texts,
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let report = now(run_models(&fake, &manifest, &options, &InOrder, |_| {})).unwrap();
    let state = |name: &str| report.model(name).unwrap().state.clone();
    let ModelState::Failed { error } = state("int_users") else {
        panic!("{:?}", state("int_users"));
    };
    assert!(
        error.starts_with("a model is one select statement"),
        "{error}"
    );
    assert_eq!(state("stg_users"), ModelState::Built);
    assert!(matches!(state("fct_usage"), ModelState::Skipped { .. }));
    let ran = fake.statements.take();
    let holds = |sql: &&String| sql.contains("delete from raw.users");
    let held: Vec<&String> = ran.iter().filter(holds).collect();
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(held[0].starts_with("explain (format json) from query('"));
}

/// A text that its worker was ended for is that model's own error; nothing of it is compiled here.
#[test]
fn an_edit_that_could_not_be_rendered_fails_alone() {
    let manifest = manifest(&[]);
    let texts = BTreeMap::from([("int_users".to_owned(), Err("too much work".to_owned()))]);
    let options = RunOptions {
        selection: Selection::All,
        edited: &texts,
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let report = now(run_models(
        &Fake::default(),
        &manifest,
        &options,
        &InOrder,
        |_| {},
    ))
    .unwrap();
    assert_eq!(
        states(&report),
        [
            "stg_events built",
            "stg_users built",
            "int_users failed (too much work)",
            "fct_usage skipped (int_users)",
        ]
    );
}

/// A relation of the other kind stands under the name: it gives way, and is no fault of the model's.
#[test]
fn a_model_that_was_a_table_becomes_a_view() {
    let manifest = edited(
        &manifest(&[]),
        "fct_usage",
        "{{ config(materialized='view') }}select 1 as id",
    )
    .unwrap();
    let refuse = |message: &str| WarehouseError::Query {
        sql: String::new(),
        message: message.to_owned(),
    };
    let fake = Fake {
        refused: vec![(
            "create or replace view marts.fct_usage",
            refuse(
                "Catalog Error: Existing object fct_usage is of type Table, trying to replace with type View",
            ),
        )],
        ..Fake::default()
    };
    let report = run(&fake, &manifest, Selection::All).unwrap();
    let heads = fake.heads();
    let at = |head: &str| heads.iter().position(|line| line == head).unwrap();
    let drop = at("drop table if exists marts.fct_usage");
    assert_eq!(heads[drop - 1], heads[drop + 1]);
    // Here the engine refuses it still: that is told as the model's own error, and the run goes on.
    let states = states(&report);
    assert!(states[3].starts_with("fct_usage failed"), "{states:?}");
    assert_eq!(states[2], "int_users built");
}

/// Questions that wait, by what they read; each is let through once all of that stands.
struct Page {
    questions: RefCell<Vec<BTreeSet<String>>>,
    built: RefCell<Vec<String>>,
}

impl Demand for Page {
    fn wanted(&self) -> Vec<BTreeSet<String>> {
        self.questions.borrow().clone()
    }

    fn built(&self, run: &ModelRun) {
        self.built.borrow_mut().push(run.name.clone());
        let built = self.built.borrow();
        let stands = |name: &String| built.contains(name);
        { self.questions.borrow_mut() }.retain(|names| !names.iter().all(stands));
    }
}

#[test]
fn what_somebody_waits_for_is_built_first_and_the_report_keeps_the_projects_order() {
    let manifest = manifest(&[]);
    let names = |sql: &str| manifest.behind_statement(sql);
    // The second question has fewer models to wait for.
    let page = Page {
        questions: RefCell::new(vec![
            names("select * from marts.fct_usage"),
            names("select 1 from intermediate.int_users as users"),
        ]),
        built: RefCell::default(),
    };
    let options = RunOptions {
        selection: Selection::All,
        edited: &BTreeMap::new(),
        vars: &BTreeMap::new(),
        cancel: &CancelFlag::new(),
        now_ms: &|| 0.0,
    };
    let fake = Fake::default();
    let report = now(run_models(&fake, &manifest, &options, &page, |_| {})).unwrap();
    let built = page.built.take();
    assert_eq!(built, ["stg_users", "int_users", "stg_events", "fct_usage"]);
    let reported: Vec<&String> = report.models.iter().map(|run| &run.name).collect();
    let projects: Vec<&String> = manifest.models.iter().map(|model| &model.name).collect();
    assert_eq!(reported, projects);
    assert!(page.questions.take().is_empty());
}

#[test]
fn a_statement_waits_for_what_it_reads_and_for_all_behind_it() {
    let manifest = with_serving();
    let behind = |sql: &str| {
        let names = manifest.behind_statement(sql);
        names.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(behind("select 1 from staging.stg_events"), "stg_events");
    assert_eq!(behind("select 1 from staging.stg_events_old"), "");
    assert_eq!(behind("select 1 from raw.users"), "");
    let through_serving = behind("select 1 from serving.srv_days");
    assert!(!through_serving.contains("srv_"), "{through_serving}");
    assert!(through_serving.contains("stg_"), "{through_serving}");
}
