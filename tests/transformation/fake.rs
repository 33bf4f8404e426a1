//! Small projects, and a warehouse that records what it is asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use metricflow::transformation::project::{Files, read_project};
use metricflow::transformation::{Manifest, ProjectError};
use metricflow::warehouse::{Warehouse, WarehouseError};

/// A project of two staging models, one intermediate and one mart: `events` and `users` → …
pub(crate) fn files() -> Files {
    let tested = |name: &str, extra: &str| {
        format!(
            "  - name: {name}\n    description: One row a thing.\n{extra}    columns:\n      - name: id\n        \
             data_tests: [unique, not_null]\n"
        )
    };
    let models = format!(
        "models:\n{}{}{}{}",
        tested("stg_users", ""),
        tested("stg_events", ""),
        tested("int_users", ""),
        tested("fct_usage", "    config: {meta: {owner: growth}}\n"),
    );
    [
        (
            "dbt_project.yml",
            "name: demo\nvars: {as_of: '2025-12-31'}\nmodels:\n  demo:\n    +materialized: table\n    staging:\n      \
             +materialized: view\n",
        ),
        ("models/models.yml", models.as_str()),
        (
            "models/staging/sources.yml",
            "sources:\n  - name: raw\n    tables:\n      - name: users\n      - name: events\n        columns:\n          \
             - name: id\n            data_tests: [unique]\n",
        ),
        (
            "models/staging/stg_users.sql",
            "select * from {{ source('raw', 'users') }}\n",
        ),
        (
            "models/staging/stg_events.sql",
            "select * from {{ source('raw', 'events') }} where at < {{ as_of_end() }}\n",
        ),
        (
            "models/intermediate/int_users.sql",
            "select * from {{ ref('stg_users') }} join {{ ref('plans') }} using (plan)\n",
        ),
        (
            "models/marts/product/fct_usage.sql",
            "{% set days = 7 %}\nselect {{ days }} as days from {{ ref('int_users') }}, {{ ref('stg_events') }}\n",
        ),
        (
            "macros/dates.sql",
            "{# The end. #}\n{% macro as_of_end() -%}\n    {{ plus_one(as_of()) }}\n{%- endmacro %}\n\
             {% macro as_of() %}date '{{ var('as_of') }}'{% endmacro %}",
        ),
        (
            "macros/more.sql",
            "{% macro plus_one(date, days=1) %}{{ return(date ~ ' + ' ~ days) }}{% endmacro %}",
        ),
        (
            "macros/dbt_only/broken.sql",
            "{% macro broken( %}",
        ),
        ("seeds/plans.csv", "plan,rank,is_paid,note\nfree,0,false,\nstarter,1,true,\"it's, ok\"\n"),
        (
            "tests/usage_is_bounded.sql",
            "select * from {{ ref('fct_usage') }} where days > 7\n",
        ),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect()
}

/// Reads a project whose YAML is real YAML.
pub(crate) fn read(files: &Files) -> Result<Manifest, Vec<ProjectError>> {
    read_project(files, |text| {
        yaml_serde::from_str(text).map_err(|error| error.to_string())
    })
}

/// The small project, with files replaced or added.
pub(crate) fn manifest(changes: &[(&str, &str)]) -> Manifest {
    read(&with(changes)).unwrap()
}

/// The project with another text of one model, as the page and its worker make it; else what is said.
pub(crate) fn edited(manifest: &Manifest, name: &str, sql: &str) -> Result<Manifest, String> {
    let rendered = manifest
        .render_text(name, sql, &BTreeMap::new())
        .map_err(|fault| fault.message)?;
    let edited = manifest
        .with_text(name, sql, &rendered.read)
        .map_err(|errors| errors[0].to_string())?;
    rendered.compiled.map_err(|fault| fault.message)?;
    Ok(edited)
}

/// The small project's files, some replaced or added.
pub(crate) fn with(changes: &[(&str, &str)]) -> Files {
    let mut files = files();
    for (path, text) in changes {
        files.insert((*path).to_owned(), (*text).to_owned());
    }
    files
}

/// A layer of two models that are built when first needed, over the small project.
pub(crate) fn with_serving() -> Manifest {
    let tested = "data_tests: [unique, not_null]";
    let of = |name: &str| {
        format!(
            "  - {{name: {name}, description: One row a thing., columns: [{{name: id, {tested}}}]}}\n"
        )
    };
    let models = format!("models:\n{}{}", of("srv_users"), of("srv_days"));
    manifest(&[
        ("models/serving/serving.yml", models.as_str()),
        (
            "models/serving/srv_days.sql",
            "select * from {{ ref('srv_users') }}, {{ ref('fct_usage') }}\n",
        ),
        (
            "models/serving/srv_users.sql",
            "select * from {{ ref('int_users') }}\n",
        ),
    ])
}

/// Records statements; refuses those that contain one of `refused`; counts are `count`.
#[derive(Default)]
pub(crate) struct Fake {
    pub(crate) statements: RefCell<Vec<String>>,
    pub(crate) refused: Vec<(&'static str, WarehouseError)>,
    pub(crate) count: i64,
}

impl Fake {
    pub(crate) fn refusing(part: &'static str) -> Self {
        let error = WarehouseError::Query {
            sql: String::new(),
            message: format!("no {part}"),
        };
        Self {
            refused: vec![(part, error)],
            ..Self::default()
        }
    }

    /// First lines of the statements so far, and forgets them.
    pub(crate) fn heads(&self) -> Vec<String> {
        let head = |sql: &String| sql.lines().next().unwrap_or_default().to_owned();
        self.statements.take().iter().map(head).collect()
    }
}

impl Warehouse for Fake {
    async fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        self.statements.borrow_mut().push(sql.to_owned());
        if let Some((_, error)) = self.refused.iter().find(|(part, _)| sql.contains(part)) {
            return Err(error.clone());
        }
        let count: ArrayRef = Arc::new(Int64Array::from(vec![self.count]));
        Ok(vec![
            RecordBatch::try_from_iter([("count", count)]).unwrap(),
        ])
    }

    async fn prepare(&self, _: &str) -> Result<(), WarehouseError> {
        Ok(())
    }

    async fn append(&self, _: &str, _: Vec<u8>, _: u64) -> Result<(), WarehouseError> {
        Ok(())
    }
}

/// Runs a future that never waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a fake warehouse answers at once"),
    }
}
