//! Compiling.

use std::collections::BTreeMap;

use metricflow::transformation::{Compiler, Manifest, seed_sql};
use serde_json::Value;

use crate::fake::{edited, manifest};

fn model(manifest: &Manifest, name: &str, vars: &[(&str, &str)]) -> String {
    let vars: BTreeMap<String, Value> = vars
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Value::from(*value)))
        .collect();
    let compiler = Compiler::new(manifest, &vars).unwrap();
    compiler.model(manifest.model(name).unwrap()).unwrap()
}

fn test_sql(manifest: &Manifest, name: &str) -> String {
    let compiler = Compiler::new(manifest, &BTreeMap::new()).unwrap();
    let sql = compiler.test(manifest.test(name).unwrap()).unwrap();
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn models_name_relations_and_call_macros_of_macros() {
    let manifest = manifest(&[]);
    assert_eq!(
        model(&manifest, "fct_usage", &[]),
        "select 7 as days from intermediate.int_users, staging.stg_events"
    );
    assert_eq!(
        model(&manifest, "int_users", &[]),
        "select * from staging.stg_users join seeds.plans using (plan)"
    );
    assert_eq!(
        model(&manifest, "stg_events", &[]),
        "select * from raw.events where at < date '2025-12-31' + 1"
    );
    assert!(model(&manifest, "stg_events", &[("as_of", "2024-01-31")]).contains("'2024-01-31'"));
}

#[test]
fn configuration_this_target_and_defaults() {
    let manifest = manifest(&[(
        "models/staging/stg_users.sql",
        "{{ config(materialized='table', schema='core') }}\n-- {{ this }} {{ var('none', 'x') }} {{ config.get('schema') }}\n\
         {% if target.type == 'spark' %}spark{% else %}{% for n in range(2) %}{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}{% endif %}",
    )]);
    assert_eq!(
        model(&manifest, "stg_users", &[]),
        "-- core.stg_users x core\n0, 1"
    );
}

#[test]
fn builtin_tests_are_those_of_dbt() {
    let manifest = manifest(&[(
        "seeds/seeds.yml",
        "seeds:\n  - name: plans\n    columns:\n      - name: plan\n        data_tests:\n          \
         - accepted_values: {arguments: {values: [free, starter]}}\n          \
         - relationships: {arguments: {to: ref('int_users'), field: plan}, config: {where: rank > 0}}\n      \
         - name: rank\n        data_tests:\n          \
         - accepted_values: {values: [0, 1], quote: false}\n          - not_null\n",
    )]);
    assert_eq!(
        test_sql(&manifest, "unique_int_users_id"),
        "select id as unique_field, count(*) as n_records from intermediate.int_users where id is not null \
         group by id having count(*) > 1"
    );
    assert_eq!(
        test_sql(&manifest, "not_null_plans_rank"),
        "select * from seeds.plans where rank is null"
    );
    assert!(
        test_sql(&manifest, "accepted_values_plans_plan__free__starter")
            .ends_with("where value_field not in ( 'free', 'starter' )")
    );
    assert!(
        test_sql(&manifest, "accepted_values_plans_rank__False__0__1")
            .ends_with("where value_field not in ( 0, 1 )")
    );
    let relationships = test_sql(&manifest, "relationships_plans_plan__plan__ref_int_users_");
    assert!(
        relationships.contains("from (select * from seeds.plans where rank > 0) as dbt_subquery")
            && relationships.contains("select plan as to_field from intermediate.int_users"),
        "{relationships}"
    );
    let test = manifest
        .test("relationships_plans_plan__plan__ref_int_users_")
        .unwrap();
    assert_eq!(test.refs.iter().collect::<Vec<_>>(), ["int_users", "plans"]);
}

#[test]
fn own_generic_tests_call_macros_and_go_before_builtin_ones() {
    let manifest = manifest(&[
        (
            "tests/generic/in_range.sql",
            "{# A range. #}\n{%- test in_range(model, column_name, min_value=none, max_value=none) -%}\n\
             select * from {{ model }} where {% if min_value is not none %}{{ column_name }} < {{ min_value }}{% endif %}\n\
             {% if max_value is not none %} or {{ column_name }} > {{ max_value }}{% endif %} and at < {{ as_of_end() }}\n{%- endtest -%}",
        ),
        (
            "tests/generic/not_null.sql",
            "{% test not_null(model, column_name) %}select 1 from {{ model }}{% endtest %}",
        ),
        (
            "seeds/seeds.yml",
            "seeds: [{name: plans, columns: [{name: rank, data_tests: [not_null, in_range: {arguments: {min_value: 0}}]}]}]",
        ),
    ]);
    assert_eq!(
        test_sql(&manifest, "in_range_plans_rank__0"),
        "select * from seeds.plans where rank < 0 and at < date '2025-12-31' + 1"
    );
    assert_eq!(
        test_sql(&manifest, "not_null_plans_rank"),
        "select 1 from seeds.plans"
    );
    assert_eq!(
        test_sql(&manifest, "usage_is_bounded"),
        "select * from marts.fct_usage where days > 7"
    );
}

#[test]
fn seeds_become_typed_values() {
    assert_eq!(
        seed_sql(manifest(&[]).seed("plans").unwrap()),
        "create or replace table seeds.plans as\nselect\n    cast(column0 as varchar) as plan,\n    cast(column1 as integer) as rank,\n    \
         cast(column2 as boolean) as is_paid,\n    cast(column3 as varchar) as note\nfrom (values\n    ('free', '0', 'false', null),\n    \
         ('starter', '1', 'true', 'it''s, ok')\n) as seed(column0, column1, column2, column3)"
    );
}

#[test]
fn compiled_lines_know_their_source() {
    let manifest = metricflow::transformation::Manifest::embedded().unwrap();
    let compiler = Compiler::new(&manifest, &BTreeMap::new()).unwrap();
    let mut unchanged = 0;
    for model in &manifest.models {
        let compiled = compiler.model(model).unwrap();
        let lines = compiler.model_lines(model).unwrap();
        assert_eq!(lines.len(), compiled.lines().count(), "{}", model.name);
        let source: Vec<&str> = model.raw_sql.lines().collect();
        for (line, from) in compiled.lines().zip(&lines) {
            let written = source[from - 1];
            if !line.trim().is_empty() && source.contains(&line) && !written.contains("{{") {
                assert_eq!(line, written, "{} line {from}", model.name);
                unchanged += 1;
            }
        }
    }
    assert!(unchanged > 1000, "{unchanged} lines were compared");
}

/// Templates that would work for minutes or fill all memory. What the fuel does not see is the
/// worker's to end: the second list of that file, in `guard.spec.ts`.
#[test]
fn a_template_that_works_too_much_is_stopped_with_a_sentence() {
    let lists: BTreeMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../guard/templates.json")).unwrap();
    let templates = &lists["fuel"];
    assert!(templates.len() >= 20);
    let manifest = Manifest::embedded().unwrap();
    for sql in templates {
        let began = std::time::Instant::now();
        let refusal = manifest.render_text("fct_signups", sql, &BTreeMap::new());
        let message = refusal.unwrap_err().message;
        let is_said = ["too much work", "recursion", "too large", "too many"]
            .iter()
            .any(|word| message.contains(word));
        assert!(is_said, "{sql}: {message}");
        let took = began.elapsed();
        assert!(took.as_secs() < 5, "{sql}: {took:?}");
    }
}

/// Hooks and headers would run statements besides the model's own SELECT.
#[test]
fn an_edit_configures_nothing_that_the_tab_does_not_have() {
    let manifest = manifest(&[]);
    let edited = |sql: &str| edited(&manifest, "fct_usage", sql);
    for config in [
        "pre_hook='drop table raw.users'",
        "post_hook=['delete from raw.users']",
        "sql_header='attach x;'",
        "materialized='incremental'",
        "materialized='table; drop table raw.users'",
        "schema='raw'",
        "alias='users'",
        "database='memory'",
        "enabled=false",
    ] {
        let sql = format!("{{{{ config({config}) }}}}select 1 as id");
        let message = edited(&sql).unwrap_err();
        let key = config.split('=').next().unwrap();
        let is_said = message.contains(key) || message.contains("materialization");
        assert!(is_said, "{config}: {message}");
    }
    let plain = "{{ config(materialized='view', schema='marts', tags=['x']) }}select 1 as id";
    let manifest = edited(plain).unwrap();
    assert_eq!(
        manifest.model("fct_usage").unwrap().relation(),
        "marts.fct_usage"
    );
}
