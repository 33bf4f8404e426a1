//! Requests of a small project: what is compiled, and what is refused in which words.

#![allow(clippy::unwrap_used, clippy::panic)]

use metrics::{MetricsError, Project, Request, Settings, Tables, compile, rows_behind};

const YAML: &str = r#"
models:
  - name: days
    time_spine: {standard_granularity_column: day}
semantic_models:
  - name: people
    model: ref('people')
    defaults: {agg_time_dimension: joined_on}
    entities:
      - {name: person, type: primary, expr: id}
      - {name: channel, type: foreign}
    dimensions:
      - {name: joined_on, type: time, type_params: {time_granularity: day}}
      - {name: country, type: categorical, expr: upper(country)}
    measures:
      - {name: joined, agg: count, expr: id}
    config:
      meta:
        noun: people
        rows: {columns: [id, country], order: [joined_on desc, id]}
        marts:
          - {model: joined_daily, time: day, dimensions: {channel: channel}, measures: {joined: people}}
        serving: {relation: serving.srv_people, time: joined_on, dimensions: {person__country: land}}
  - name: months
    model: "{{ ref('months') }}"
    primary_entity: person_month
    defaults: {agg_time_dimension: month}
    entities:
      - {name: person, type: foreign, expr: person_id}
    dimensions:
      - {name: month, type: time, type_params: {time_granularity: month}}
      - {name: kind, type: categorical}
    measures:
      - name: mrr
        agg: sum
        expr: cents
        non_additive_dimension: {name: month, window_choice: max}
      - {name: lost, agg: sum, expr: "case when kind = 'churn' then 1 else 0 end"}
  - name: acts
    model: ref('acts')
    defaults: {agg_time_dimension: day}
    entities:
      - {name: act, type: primary}
      - {name: person, type: foreign, expr: person_id}
    dimensions:
      - {name: day, type: time, type_params: {time_granularity: day}}
    measures:
      - {name: actors, agg: count_distinct, expr: person_id}
metrics:
  - {name: joined, type: simple, type_params: {measure: {name: joined, fill_nulls_with: 0}}, config: {meta: {format: count}}}
  - {name: mrr, type: simple, type_params: {measure: mrr}, config: {meta: {format: cents}}}
  - {name: arr, type: derived, type_params: {expr: mrr * 12, metrics: [mrr]}}
  - {name: lost, type: simple, type_params: {measure: lost}}
  - {name: lost_3m, type: cumulative, type_params: {measure: lost, cumulative_type_params: {window: 3 months, period_agg: last}}}
  - {name: wau, type: cumulative, type_params: {measure: actors, cumulative_type_params: {window: 7 days, period_agg: last}}}
  - {name: loss, type: ratio, type_params: {numerator: lost, denominator: mrr}}
  - name: mrr_before
    type: derived
    type_params: {expr: before, metrics: [{name: mrr, alias: before, offset_window: 1 month}]}
  - name: german_mrr
    type: simple
    type_params: {measure: mrr}
    filter: "{{ Dimension('person__country') }} = 'DE'"
"#;

fn read(yaml: &str) -> Result<Project, MetricsError> {
    let relations = ["people", "months", "acts", "days", "joined_daily"];
    let relations = relations
        .map(|name| (name.to_owned(), format!("built.{name}")))
        .into();
    let settings = Settings {
        relations,
        ..Settings::default()
    };
    Project::read([("metrics.yml", yaml)], &settings)
}

fn request(json: &str) -> Request {
    serde_json::from_str(json).unwrap()
}

fn compiled(json: &str, tables: Tables) -> Result<String, String> {
    compile(&read(YAML).unwrap(), &request(json), tables).map_err(|error| error.to_string())
}

/// Holds a statement to have these parts, in this order, whatever the spaces.
fn check_with(json: &str, tables: Tables, parts: &[&str]) {
    let sql = compiled(json, tables)
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let mut rest = sql.as_str();
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("no {part:?} in {sql}");
        };
        rest = after;
    }
}

fn check(json: &str, parts: &[&str]) {
    check_with(json, Tables::Models, parts);
}

fn refused(json: &str, sentence: &str) {
    assert_eq!(compiled(json, Tables::Models), Err(sentence.to_owned()));
}

#[test]
fn a_count_is_one_scan() {
    let sql = compiled(r#"{"metrics": ["joined"]}"#, Tables::Models).unwrap();
    assert_eq!(
        sql,
        "with

pass_0 as (

    select
        count(facts.m0) as v0

    from (

        select
            cast(joined_on as date) as metric_time,
            id as m0

        from built.people

    ) as facts

)

select
    cast(coalesce(pass_0.v0, 0) as bigint) as joined

from pass_0
"
    );
}

#[test]
fn groups_have_every_period() {
    check(
        r#"{"metrics": ["joined"], "dimensions": ["channel"], "grain": "week", "from": "2025-01-01", "to": "2025-06-30"}"#,
        &[
            "facts.metric_time >= cast(date '2025-01-01' as date)",
            "facts.metric_time < cast(cast(date '2025-06-30' as date) + interval 1 day as date)",
            "periods as (",
            "groups as (",
            "from periods cross join groups",
            "frame.k0 is not distinct from pass_0.k0",
            "order by metric_time nulls last, channel nulls last",
        ],
    );
    let sparse = compiled(
        r#"{"metrics": ["joined"], "dimensions": ["channel"], "grain": "week", "leave_gaps": true}"#,
        Tables::Models,
    );
    assert!(!sparse.unwrap().contains("cross join"));
}

#[test]
fn a_balance_is_taken_at_the_calendars_end() {
    check(
        r#"{"metrics": ["arr"], "dimensions": ["person__country"], "grain": "quarter"}"#,
        &[
            "last_months as ( select cast(date_trunc('quarter', date_day) as date) as metric_time, max(",
            "sum(facts.m0) as v0",
            "left join ( select id as id_person, upper(country) as d0 from built.people ) as by_person on facts.key_person = by_person.id_person",
            "inner join last_months",
            "cast(pass_0.v0 as bigint) * 12 as arr",
        ],
    );
}

#[test]
fn windows_run_over_every_date() {
    check(
        r#"{"metrics": ["lost_3m"], "grain": "quarter", "to": "2025-06-30"}"#,
        &[
            "pass_0_by_date.base_date > all_months.base_date - interval 3 month",
            "max_by(v0, base_date) as v0",
            "< cast(cast(date_trunc('month', date '2025-06-30') as date) + interval 1 month as date)",
        ],
    );
    check(
        r#"{"metrics": ["wau"], "dimensions": ["person__country"], "grain": "day"}"#,
        &[
            "select distinct",
            "as member",
            "lead(base_date) over (partition by k0, member order by base_date)",
            "sum(pass_0_changes.change) over (partition by pass_0_groups.k0 order by all_days.base_date)",
        ],
    );
}

#[test]
fn measures_of_one_table_share_a_scan() {
    let sql = compiled(
        r#"{"metrics": ["mrr", "arr", "lost", "loss"]}"#,
        Tables::Models,
    )
    .unwrap();
    assert!(sql.contains("pass_1") && !sql.contains("pass_2"), "{sql}");
}

#[test]
fn offsets_move_rows_and_tell_nothing_of_the_future() {
    check(
        r#"{"metrics": ["mrr_before"], "grain": "month"}"#,
        &[
            "cast(facts.metric_time + interval 1 month as date)",
            "last_months.base_date",
        ],
    );
}

#[test]
fn a_metrics_own_filter_holds_for_it_alone() {
    check(
        r#"{"metrics": ["mrr", "german_mrr"]}"#,
        &["pass_1 as (", "where (by_person.d0 = 'DE')"],
    );
}

#[test]
fn texts_are_quoted_and_sorting_is_total() {
    check(
        r#"{"metrics": ["joined"], "dimensions": ["channel"], "filters": [{"dimension": "person__country", "values": ["x' or 1=1"]}],
            "order": [{"by": "joined", "descending": true}], "limit": 3}"#,
        &[
            "in ('x'' or 1=1')",
            "order by joined desc nulls last, channel nulls last limit 3",
        ],
    );
    check(
        r#"{"metrics": ["joined"], "filters": [{"dimension": "channel", "values": []}]}"#,
        &["where false"],
    );
}

#[test]
fn marts_answer_what_they_can() {
    let by = |dimension: &str| {
        format!(r#"{{"metrics": ["joined"], "dimensions": ["{dimension}"], "grain": "month"}}"#)
    };
    check_with(
        &by("channel"),
        Tables::Marts,
        &["sum(facts.m0)", "people as m0", "from built.joined_daily"],
    );
    check_with(
        &by("person__country"),
        Tables::Marts,
        &["count(facts.m0)", "from built.people"],
    );
    check_with(
        &by("person__country"),
        Tables::Page,
        &["land as d0", "id as m0", "from serving.srv_people"],
    );
    check_with(&by("channel"), Tables::Models, &["from built.people"]);
}

#[test]
fn rows_behind_a_figure_are_those_it_counts() {
    let project = read(YAML).unwrap();
    let rows =
        |json: &str| rows_behind(&project, &request(json)).map_err(|error| error.to_string());
    let sql = rows(
        r#"{"metrics": ["lost"], "filters": [{"dimension": "person__country", "values": ["DE"]}], "from": "2025-01-01", "limit": 10}"#,
    );
    let sql = sql.unwrap();
    for part in [
        "select\n    facts.*",
        "by_person.d0 in ('DE')",
        "facts.m0 <> 0",
        "limit 10",
    ] {
        assert!(sql.contains(part), "no {part} in {sql}");
    }
    let sql = rows(r#"{"metrics": ["joined"]}"#).unwrap();
    assert!(
        sql.contains("facts.id,\n    facts.country")
            && sql.contains("facts.joined_on desc nulls last"),
        "{sql}"
    );
    let sql = rows(r#"{"metrics": ["mrr"], "to": "2025-06-30"}"#).unwrap();
    assert!(
        sql.contains("(select max(") && sql.contains("from built.days where"),
        "{sql}"
    );
    assert_eq!(
        rows(r#"{"metrics": ["loss"]}"#),
        Err("loss is made of other metrics: each of them has rows of its own".to_owned())
    );
}

#[test]
fn what_can_not_be_answered_is_said() {
    refused(r#"{"metrics": []}"#, "a request names at least one metric");
    refused(r#"{"metrics": ["gone"]}"#, "there is no metric gone");
    refused(
        r#"{"metrics": ["mrr"], "grain": "week"}"#,
        "mrr is known by month, so not by week",
    );
    for name in [
        "gone",
        "kind",
        "country",
        "person__gone",
        "acts__day",
        "",
        "__",
        "person__country__month",
        "person",
    ] {
        let json = format!(r#"{{"metrics": ["joined"], "dimensions": ["{name}"]}}"#);
        // People can be told apart by themselves.
        if name != "person" {
            refused(
                &json,
                &format!("joined can't be split or filtered by {name}"),
            );
        }
    }
    refused(
        r#"{"metrics": ["mrr"], "filters": [{"dimension": "channel", "values": ["a"]}]}"#,
        "mrr can't be split or filtered by channel",
    );
    refused(
        r#"{"metrics": ["mrr"], "order": [{"by": "arr"}]}"#,
        "a request can't be ordered by arr, which it does not return",
    );
    refused(
        r#"{"metrics": ["mrr"], "from": "2025-02-01", "to": "2025-01-01"}"#,
        "the range ends on 2025-01-01, before it begins on 2025-02-01",
    );
    assert!(
        serde_json::from_str::<Request>(r#"{"metrics": ["mrr"], "from": "2025-02-30"}"#).is_err()
    );
    assert!(serde_json::from_str::<Request>(r#"{"metric": ["mrr"]}"#).is_err());
}

#[test]
fn faults_of_declarations_are_said() {
    let fault = |from: &str, to: &str| {
        assert!(YAML.contains(from), "{from}");
        read(&YAML.replace(from, to)).unwrap_err().to_string()
    };
    assert_eq!(
        fault("ref('acts')", "ref('gone')"),
        "semantic model acts names the dbt model gone, and there is none"
    );
    assert_eq!(
        fault("measure: mrr}, config", "measure: gone}, config"),
        "metric mrr names the measure gone, and there is none"
    );
    assert_eq!(
        fault("metrics: [mrr]", "metrics: [arr]"),
        "metric arr depends on itself"
    );
    assert_eq!(
        fault("name: lost, type: simple", "name: mrr, type: simple"),
        "metric mrr is declared twice"
    );
    assert_eq!(
        fault("type: ratio", "type: conversion"),
        "metric loss uses the type conversion, which this compiler does not know"
    );
    assert_eq!(
        fault("expr: mrr * 12", "expr: \"mrr * {{ var('twelve') }}\""),
        "metric arr: there is no var twelve"
    );
    assert_eq!(
        fault("window: 7 days", "window: a week"),
        "metric wau: \"a week\" is no window such as 28 days"
    );
    assert!(fault("semantic_models:", "semantic_models: [").starts_with("metrics.yml: "));
    assert!(fault("meta: {format: cents}", "meta: {fromat: cents}").contains("fromat"));
}

#[test]
fn windows_that_can_not_be_counted_are_refused() {
    let project = read(&YAML.replace("window: 7 days", "window: 1 month")).unwrap();
    let error = compile(
        &project,
        &request(r#"{"metrics": ["wau"]}"#),
        Tables::Models,
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "metric wau uses a distinct count over a window that is no number of its own periods, which this compiler does not know"
    );
}
