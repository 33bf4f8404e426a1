//! Reading and checking.

use std::collections::BTreeSet;

use metricflow::transformation::{Cycle, Dag, Layer, Materialization, Severity};

use crate::fake::{edited, files, manifest, read, with, with_serving};

/// Every fault that `changes` bring, one a line.
fn check(changes: &[(&str, &str)], expected: &[&str]) {
    let faults: Vec<String> = match read(&with(changes)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(faults, expected);
}

#[test]
fn a_good_project_is_read_in_order_of_its_data() {
    let manifest = manifest(&[]);
    let names: Vec<&str> = manifest
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    assert_eq!(names, ["stg_events", "stg_users", "int_users", "fct_usage"]);
    let usage = manifest.model("fct_usage").unwrap();
    assert_eq!(usage.relation(), "marts.fct_usage");
    assert_eq!(
        (usage.layer, usage.materialized),
        (Layer::Marts, Materialization::Table)
    );
    assert_eq!(usage.meta["owner"], "growth");
    assert_eq!(
        usage.columns[0].tests,
        ["unique_fct_usage_id", "not_null_fct_usage_id"]
    );
    assert_eq!(
        manifest.model("stg_users").unwrap().materialized,
        Materialization::View
    );
    let seed = manifest.seed("plans").unwrap();
    let types: Vec<&str> = seed.types.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(types, ["varchar", "integer", "boolean", "varchar"]);
    assert_eq!(seed.rows[0][3], None);
    assert_eq!(manifest.tests.len(), 10);
    assert!(manifest.test("source_unique_raw_events_id").is_some());
    let of_usage: Vec<&str> = manifest
        .tests_of("fct_usage")
        .map(|test| test.name.as_str())
        .collect();
    assert_eq!(
        of_usage,
        [
            "unique_fct_usage_id",
            "not_null_fct_usage_id",
            "usage_is_bounded"
        ]
    );
    let text = serde_json::to_string(&manifest).unwrap();
    assert_eq!(
        serde_json::from_str::<metricflow::transformation::Manifest>(&text).unwrap(),
        manifest
    );
}

#[test]
fn an_empty_project_is_no_fault() {
    assert!(
        read(&metricflow::transformation::project::Files::new())
            .unwrap()
            .models
            .is_empty()
    );
}

#[test]
fn faults_name_their_file() {
    check(&[], &[]);
    check(
        &[(
            "models/staging/stg_users.sql",
            "select * from {{ ref('nobody') }}",
        )],
        &["sql/models/staging/stg_users.sql: ref('nobody') names neither a model nor a seed"],
    );
    check(
        &[(
            "models/staging/stg_users.sql",
            "select * from {{ source('raw', 'x') }}",
        )],
        &["sql/models/staging/stg_users.sql: source raw.x is declared in no YAML file"],
    );
    check(
        &[(
            "models/staging/stg_users.sql",
            "select * from {{ ref('fct_usage') }}",
        )],
        &["models read each other in a circle: stg_users → int_users → fct_usage → stg_users"],
    );
    check(
        &[("models/staging/stg_users.sql", "select\n1 {{ }}")],
        &[
            "sql/models/staging/stg_users.sql:2: syntax error: unexpected end of variable block (in models/staging/stg_users.sql:2)",
        ],
    );
    check(
        &[("models/staging/stg_users.sql", "select {{ nothing() }}")],
        &[
            "sql/models/staging/stg_users.sql:1: unknown function: nothing is unknown (in models/staging/stg_users.sql:1)",
        ],
    );
    check(
        &[("models/marts/fct_new.sql", "select 1 as id")],
        &[
            "sql/models/marts/fct_new.sql: model fct_new has no description; state its grain in the folder's YAML file",
            "sql/models/marts/fct_new.sql: model fct_new has no unique (or unique_combination) and not_null test; test its key",
        ],
    );
    check(
        &[(
            "models/marts/more.yml",
            "models: [{name: fct_gone, description: x}]",
        )],
        &["sql/models/marts/more.yml: model fct_gone has no file"],
    );
    check(
        &[("models/marts/more.yml", "models: [")],
        &[
            "sql/models/marts/more.yml: did not find expected node content at line 2 column 1, while parsing a flow node",
        ],
    );
    check(
        &[(
            "models/marts/more.yml",
            "seeds: [{name: plans, data_tests: [shiny]}]",
        )],
        &["sql/models/marts/more.yml: there is no generic test shiny"],
    );
    check(
        &[(
            "models/marts/more.yml",
            "seeds: [{name: plans, description: \"{{ doc('mrr') }}\"}]",
        )],
        &["sql/models/marts/more.yml: there is no doc block mrr"],
    );
}

#[test]
fn settings_that_change_a_verdict_are_refused() {
    let with_setting = |setting: &str| {
        format!(
            "seeds:\n  - name: plans\n    config: {{column_types: {{rank: bigint}}}}\n    columns:\n      - name: plan\n        data_tests:\n          \
             - unique: {{config: {{{setting}}}}}\n"
        )
    };
    let refused = "is not supported in the tab";
    for (setting, said) in [
        ("fail_calc: sum(n)", "fail_calc"),
        ("limit: 10", "limit"),
        ("enabled: false", "enabled: false"),
    ] {
        let faults = read(&with(&[("seeds/seeds.yml", &with_setting(setting))])).unwrap_err();
        let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(text.len(), 1, "{text:?}");
        assert!(
            text[0].contains(&format!("unique_plans_plan: {said} {refused}")),
            "{text:?}"
        );
    }
    assert!(
        read(&with(&[(
            "seeds/seeds.yml",
            &with_setting("severity: warn")
        )]))
        .is_ok()
    );
}

#[test]
fn unit_tests_are_left_to_dbt() {
    let plain = manifest(&[]);
    let with_unit_tests = manifest(&[(
        "models/_unit_tests.yml",
        "unit_tests:\n  - name: a_case\n    model: int_users\n    given:\n      - input: ref('stg_users')\n        rows: [{id: 1}]\n    expect: {rows: [{id: 1}]}\n",
    )]);
    assert_eq!(with_unit_tests.tests.len(), plain.tests.len());
    assert_eq!(with_unit_tests.models.len(), plain.models.len());
}

#[test]
fn metrics_and_what_only_they_need_are_left_to_others() {
    let plain = manifest(&[]);
    let with_metrics = manifest(&[
        (
            "models/marts/product/_product__metrics.yml",
            "semantic_models:\n  - {name: usage, model: ref('fct_usage')}\nmetrics:\n  - {name: uses, type: simple}\n",
        ),
        (
            "dbt_only/_dbt_only__models.yml",
            "models:\n  - {name: time_spine, time_spine: {standard_granularity_column: date_day}}\n",
        ),
        (
            "dbt_only/time_spine.sql",
            "select * from {{ ref('gone') }}\n",
        ),
    ]);
    assert_eq!(with_metrics.models.len(), plain.models.len());
    assert_eq!(with_metrics.tests.len(), plain.tests.len());
}

#[test]
fn doc_blocks_are_filled_in() {
    let manifest = manifest(&[
        (
            "models/docs.md",
            "{% docs plan %}\nA price list.\n{% enddocs %}",
        ),
        (
            "models/seeds.yml",
            "seeds: [{name: plans, description: \"{{ doc('plan') }} Static.\"}]",
        ),
    ]);
    assert_eq!(
        manifest.seed("plans").unwrap().description,
        "A price list. Static."
    );
}

#[test]
fn tests_take_arguments_and_configuration() {
    let manifest = manifest(&[(
        "seeds/seeds.yml",
        "seeds:\n  - name: plans\n    config: {column_types: {rank: bigint}}\n    columns:\n      - name: plan\n        data_tests:\n          \
         - accepted_values:\n              arguments: {values: [free, starter]}\n              config: {severity: warn, where: \"rank >= 0\", error_if: '> 10'}\n          \
         - unique:\n              name: one_price_a_plan\n              description: Plans are listed once.\n",
    )]);
    let test = manifest
        .test("accepted_values_plans_plan__free__starter")
        .unwrap();
    assert_eq!(test.severity, Severity::Warn);
    assert_eq!(test.condition.as_deref(), Some("rank >= 0"));
    assert_eq!(
        (test.error_if.as_str(), test.warn_if.as_str()),
        ("> 10", "!= 0")
    );
    assert_eq!(
        manifest.test("one_price_a_plan").unwrap().description,
        "Plans are listed once."
    );
    assert_eq!(manifest.seed("plans").unwrap().types[1].1, "bigint");
}

#[test]
fn a_model_can_be_edited() {
    let before = manifest(&[]);
    let sql = "{{ config(materialized='table') }} select 1 as id";
    let after = edited(&before, "stg_users", sql).unwrap();
    let model = after.model("stg_users").unwrap();
    assert_eq!(model.materialized, Materialization::Table);
    assert!(model.sources.is_empty());
    for bad in [
        "select * from {{ ref('nobody') }}",
        "select * from {{ ref('fct_usage') }}",
        "select {{ var('nothing') }}",
        "select {% if %}",
    ] {
        assert!(edited(&before, "stg_users", bad).is_err(), "{bad}");
    }
    assert!(edited(&before, "nobody", "select 1").is_err());
}

#[test]
fn the_graph_knows_who_is_affected() {
    let dag = manifest(&[]).dag().unwrap();
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        dag.descendants("raw.users"),
        names(&["stg_users", "int_users", "fct_usage"])
    );
    assert_eq!(
        dag.ancestors("fct_usage"),
        names(&[
            "int_users",
            "stg_users",
            "stg_events",
            "plans",
            "raw.users",
            "raw.events"
        ])
    );
    assert_eq!(
        dag.affected_by(&names(&["stg_events"])),
        names(&["stg_events", "fct_usage"])
    );
    assert_eq!(dag.affected_by(&names(&["raw.nothing"])), BTreeSet::new());
    assert_eq!(
        dag.parents("int_users").collect::<Vec<_>>(),
        ["plans", "stg_users"]
    );
    assert_eq!(dag.children("plans").collect::<Vec<_>>(), ["int_users"]);
    let place = |name: &str| dag.order().iter().position(|node| node == name);
    assert!(place("raw.users") < place("stg_users") && place("stg_users") < place("int_users"));
}

#[test]
fn a_statement_needs_the_serving_models_it_names_and_those_behind_them() {
    let manifest = with_serving();
    let named = |sql: &str| -> Vec<&str> {
        let models = manifest.serving_named_in(sql).into_iter();
        models.map(|model| model.name.as_str()).collect()
    };
    assert_eq!(
        named("select * from serving.srv_days"),
        ["srv_users", "srv_days"]
    );
    assert_eq!(
        named("describe metricflow.serving.srv_users;"),
        ["srv_users"]
    );
    for sql in [
        "from marts.fct_usage",
        "from serving.srv_users_of_old",
        "from preserving.srv_users",
    ] {
        assert_eq!(named(sql), [""; 0], "{sql}");
    }
}

/// It would not be there when the run comes to its reader.
#[test]
fn only_the_serving_layer_reads_the_serving_layer() {
    let manifest = with_serving();
    let refused = edited(
        &manifest,
        "fct_usage",
        "select * from {{ ref('srv_users') }}",
    );
    assert_eq!(
        refused.unwrap_err(),
        "sql/models/marts/product/fct_usage.sql: srv_users is built when first needed; only models of the serving layer may read it"
    );
    assert!(
        edited(
            &manifest,
            "srv_days",
            "select * from {{ ref('srv_users') }}"
        )
        .is_ok()
    );
}

#[test]
fn a_circle_is_told_as_data_flows() {
    let error = Dag::new([("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["b"])]).unwrap_err();
    assert_eq!(error, Cycle(["b", "c", "b"].map(str::to_owned).to_vec()));
    let error = Dag::new([("a", vec!["a"])]).unwrap_err();
    assert_eq!(error, Cycle(["a", "a"].map(str::to_owned).to_vec()));
}

#[test]
fn the_project_of_this_program_is_read() {
    let manifest = metricflow::transformation::Manifest::embedded().unwrap();
    if std::path::Path::new("sql/dbt_project.yml").exists() {
        assert!(!manifest.models.is_empty());
    }
    assert!(!files().is_empty());
}

#[test]
fn the_project_has_its_layers_and_never_reads_the_truth() {
    let manifest = metricflow::transformation::Manifest::embedded().unwrap();
    let count = |layer: Layer| {
        manifest
            .models
            .iter()
            .filter(|model| model.layer == layer)
            .count()
    };
    assert_eq!(
        [
            Layer::Staging,
            Layer::Intermediate,
            Layer::Marts,
            Layer::Advanced,
            Layer::Serving
        ]
        .map(count),
        [7, 10, 13, 10, 22]
    );
    for model in &manifest.models {
        for source in &model.sources {
            assert!(source.starts_with("raw."), "{} reads {source}", model.name);
        }
        assert!(
            !model.raw_sql.contains("truth."),
            "{} names the truth",
            model.name
        );
    }
    for test in &manifest.tests {
        assert!(
            test.sources.iter().all(|source| source.starts_with("raw.")),
            "{}",
            test.name
        );
    }
    assert!(manifest.tests.len() >= 200);
}
