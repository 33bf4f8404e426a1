//! A model's columns: type, meaning and tests.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::components::newest::use_newest;
use crate::quality::TestState;
use crate::results::TextTable;
use crate::state::statement::statement;
use crate::transformation::Manifest;
use crate::workbench::doc_text::DocText;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::Project;
use crate::workbench::quality::checks::Verdict;

/// A column as the warehouse or the YAML knows it.
struct Entry {
    name: String,
    kind: Option<String>,
    description: String,
}

/// The statement that gives the columns of a table with their types.
pub fn columns_sql(table: &str) -> String {
    statement!("columns.sql", table = table)
}

/// The columns in the order of the table.
#[component]
pub fn Columns(
    /// What is known of the project.
    project: Project,
    /// The model.
    name: String,
) -> impl IntoView {
    let keys = use_page_keys();
    let pipeline = project.pipeline;
    let relation = project
        .manifest()
        .model(&name)
        .map_or_else(String::new, |model| model.relation());
    let types = use_newest(move || {
        let dataset = pipeline.dataset.get();
        let sql = columns_sql(&relation);
        async move {
            let batches = dataset?.query(&sql).await.ok()?;
            Some(types_of(&TextTable::new(&batches)))
        }
    });
    let body = move || {
        let manifest = project.manifest();
        let types = types.get();
        let tests = tests_by_column(&manifest, &name, project);
        let rows = entries(&manifest, &name, types.as_deref()).into_iter();
        let rows = rows.map(|entry| {
            let of_column = tests.get(&entry.name).cloned().unwrap_or_default();
            let badges = of_column.into_iter().map(|(test, kind, verdict)| {
                let href = keys.href("quality/", &[("test", &test), ("model", ""), ("tab", "")]);
                let word = if verdict == Verdict::Passed || verdict == Verdict::Waiting {
                    kind
                } else {
                    format!("{kind}: {}", verdict.word())
                };
                view! {
                    <a class=format!("badge {}", verdict.word()) href=href title=test>
                        {word}
                    </a>
                    " "
                }
            });
            let is_missing = types.is_some() && entry.kind.is_none();
            view! {
                <tr>
                    <th scope="row">
                        <code>{entry.name}</code>
                    </th>
                    <td class="type" class:down=is_missing>
                        {if is_missing { Some("not in the table".to_owned()) } else { entry.kind }}
                    </td>
                    <td>
                        <DocText text=entry.description />
                    </td>
                    <td class="badges">{badges.collect_view()}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <div class="columns-scroll">
            <table class="columns" data-testid="columns">
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Meaning"</th>
                        <th scope="col">"Tests"</th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// Names and types as the engine describes them; the values of an ENUM are left out.
fn types_of(described: &TextTable) -> Vec<(String, String)> {
    let rows = described.rows.iter().filter_map(|row| {
        let (name, kind) = (row.first()?.clone()?, row.get(1)?.clone()?);
        let kind = if kind.starts_with("ENUM") {
            "ENUM".to_owned()
        } else {
            kind
        };
        Some((name, kind))
    });
    rows.collect()
}

/// The table's columns, then those that only the YAML knows.
fn entries(manifest: &Manifest, name: &str, types: Option<&[(String, String)]>) -> Vec<Entry> {
    let documented = manifest.model(name).map_or(&[][..], |model| &model.columns);
    let described = |column: &str| {
        let found = documented.iter().find(|known| known.name == column);
        found
            .map(|known| known.description.clone())
            .unwrap_or_default()
    };
    let mut entries: Vec<Entry> = types
        .unwrap_or_default()
        .iter()
        .map(|(name, kind)| Entry {
            description: described(name),
            name: name.clone(),
            kind: Some(kind.clone()),
        })
        .collect();
    for column in documented {
        if !entries.iter().any(|entry| entry.name == column.name) {
            entries.push(Entry {
                name: column.name.clone(),
                kind: None,
                description: column.description.clone(),
            });
        }
    }
    entries
}

type OfColumn = (String, String, Verdict);

fn tests_by_column(
    manifest: &Manifest,
    name: &str,
    project: Project,
) -> BTreeMap<String, Vec<OfColumn>> {
    let report = project.tests();
    let mut by_column: BTreeMap<String, Vec<OfColumn>> = BTreeMap::new();
    let tests = manifest.tests.iter();
    for test in tests.filter(|test| test.node.as_deref() == Some(name)) {
        let Some(column) = &test.column else { continue };
        let run = report.as_ref().and_then(|report| report.test(&test.name));
        let verdict = run.map_or(Verdict::Waiting, |run| {
            let state: &TestState = &run.state;
            state.into()
        });
        let of_column = by_column.entry(column.clone()).or_default();
        of_column.push((test.name.clone(), test.kind_name().to_owned(), verdict));
    }
    by_column
}
