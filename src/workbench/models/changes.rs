//! What the run after an edit changed: rows by key, columns, data tests, and the panels that read it.

use std::collections::BTreeSet;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::columns_sql;
use super::failing::failing_words;
use super::readers::{PanelReaders, compared_with, reached};
use super::row_changes::{Comparison, NameAndType, RowChanges, SAMPLE};
use super::row_key::row_key;
use crate::components::data_table::DataTable;
use crate::components::format::{count, duration};
use crate::components::table::{Table, TableColumn};
use crate::quality::TestState;
use crate::results::{ColumnKind, Row, TextTable, row, without_sql};
use crate::state::Dataset;
use crate::transformation::{Manifest, ModelState};
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::Project;

row! {
    /// Rows of both tables whose key an earlier row has.
    struct Repeats {
        before: i64 = "repeats_before",
        after: i64 = "repeats_after",
    }
}

/// What is known of one rebuilt model.
#[derive(Clone)]
enum Found {
    Comparing,
    Compared(Rc<ModelChange>),
    Failed(String),
}

/// One model, before and now.
struct ModelChange {
    changes: RowChanges,
    sentences: Vec<String>,
    has_new_columns: bool,
    samples: Vec<(&'static str, Table)>,
}

impl ModelChange {
    fn is_none(&self) -> bool {
        self.changes.is_none() && !self.has_new_columns
    }
}

/// What the run after an edit built and changed.
#[component]
pub fn Changes(
    /// What is known of the project.
    project: Project,
    /// The edited model.
    name: String,
    /// The dataset before the run.
    before: Dataset,
) -> impl IntoView {
    let now = project.pipeline.dataset.get_untracked();
    let Some(now) = now.filter(|now| *now != before) else {
        return ().into_any();
    };
    let now_edited = now.edited_models();
    let runs = now.built_by_run(&before);
    let found: Vec<(String, RwSignal<Found, LocalStorage>)> = runs
        .iter()
        .filter(|run| run.stands())
        .map(|run| (run.name.clone(), RwSignal::new_local(Found::Comparing)))
        .collect();
    compare_all(project, before.clone(), now, found.clone());
    let keys = use_page_keys();
    let of = |name: &str| {
        let signal = found.iter().find(|(other, _)| other == name);
        signal.map(|(_, signal)| *signal)
    };
    let rows = runs.iter().map(|run| {
        let earlier = before.run_of(&run.name).and_then(|run| run.rows);
        let figure = |rows: Option<u64>| rows.map_or_else(|| "view".to_owned(), count);
        // A run that failed before left the table that stood.
        let rows_before = if before.is_readable(&run.name) {
            figure(earlier)
        } else {
            "not built".to_owned()
        };
        let outcome = match &run.state {
            ModelState::Built => duration(run.elapsed_ms),
            ModelState::Failed { .. } => "failed".to_owned(),
            ModelState::Skipped { .. } => "skipped".to_owned(),
            ModelState::Kept => "kept".to_owned(),
        };
        let now = if run.stands() {
            figure(run.rows)
        } else {
            String::new()
        };
        let href = keys.href("models/", &[("model", &run.name), ("tab", "rows")]);
        let is_changed = run.stands() && run.rows != earlier;
        let signal = of(&run.name);
        let words = move || signal.map(|signal| signal.with(short));
        view! {
            <tr data-testid=format!("rebuilt-{}", run.name)>
                <th scope="row">
                    <a href=href>{run.name.clone()}</a>
                </th>
                <td class="number">{rows_before}</td>
                <td class="number" class:changed=is_changed>
                    {now}
                </td>
                <td>{words}</td>
                <td class="number" class:down=!run.stands()>
                    {outcome}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let is_missing = before.run_of(&name).is_some_and(|run| !run.stands());
    let compared = if is_missing {
        format!("Compared with the table that stood: the run before could not build {name}.")
    } else {
        compared_with(&before.edited_models(), &name, !now_edited.contains(&name))
    };
    let not_built = runs.iter().filter(|run| !run.stands()).count();
    let details = found.into_iter().map(|(model, signal)| {
        let is_edited = model == name;
        view! { <Detail project model signal is_open=is_edited /> }
    });
    let details = details.collect_view();
    view! {
        <section class="changes" data-testid="changes">
            <h2>{format!("What running {name} changed")}</h2>
            <p class="remark" data-testid="compared-with">
                {compared}
            </p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th>
                        <th scope="col" class="number">
                            "Rows before"
                        </th>
                        <th scope="col" class="number">
                            "Rows now"
                        </th>
                        <th scope="col">"Rows changed"</th>
                        <th scope="col" class="number">
                            "Time"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Failing project name=name.clone() not_built />
            {details}
        </section>
    }
    .into_any()
}

fn short(found: &Found) -> String {
    match found {
        Found::Comparing => "comparing …".to_owned(),
        Found::Failed(_) => "not compared".to_owned(),
        Found::Compared(change) if change.changes.is_none() && change.has_new_columns => {
            "other columns".to_owned()
        }
        Found::Compared(change) => change.changes.short(),
    }
}

/// One model's changes, once they are known; nothing where nothing changed.
#[component]
fn Detail(
    project: Project,
    model: String,
    signal: RwSignal<Found, LocalStorage>,
    /// Whether it stands open: the edited model's own.
    is_open: bool,
) -> impl IntoView {
    let keys = use_page_keys();
    let readers = use_context::<PanelReaders>();
    let own = BTreeSet::from([model.clone()]);
    let downstream = project.graph.with_untracked(|graph| graph.downstream(&own));
    let panels = readers.map_or_else(Vec::new, |readers| {
        reached(&readers.0, &project.manifest(), &model, &downstream)
    });
    move || {
        let found = signal.get();
        let change = match found {
            Found::Comparing => return ().into_any(),
            Found::Failed(message) => {
                let words = format!("{model} could not be compared. {message}");
                return view! { <p class="remark">{words}</p> }.into_any();
            }
            Found::Compared(change) if change.is_none() && !is_open => return ().into_any(),
            Found::Compared(change) => change,
        };
        let sentences = change.sentences.join(" ");
        let samples = change.samples.iter().map(|(title, table)| {
            let label = format!("{title} in {model}");
            view! {
                <h3>{*title}</h3>
                <DataTable table=table.clone() label />
            }
        });
        let samples = samples.collect_view();
        let links = panels.iter().map(|panel| {
            let href = keys.href(panel.route, &[("panel", panel.id)]);
            view! { <a href=href>{panel.title}</a> " " }
        });
        let links = (!panels.is_empty()).then(|| {
            view! {
                <p class="remark" data-testid="changed-panels">
                    <span class="label">"Panels that read it or what is built from it"</span>
                    " "
                    {links.collect_view()}
                </p>
            }
        });
        view! {
            <details open=is_open data-testid=format!("changes-{model}")>
                <summary>{format!("{model}: {}", change.changes.short())}</summary>
                <p class="remark" data-testid="changes-words">
                    {sentences}
                </p>
                {samples}
                {links}
            </details>
        }
        .into_any()
    }
}

/// Data tests that fail now, and whose they are.
#[component]
fn Failing(
    project: Project,
    name: String,
    /// Models of this run that failed or were skipped.
    not_built: usize,
) -> impl IntoView {
    let keys = use_page_keys();
    move || {
        let running = project.pipeline.tests.with(|tests| tests.is_running);
        let Some(report) = project.tests() else {
            return running
                .then(|| {
                    view! {
                        <p class="remark">
                            "Data tests are running. Rows are compared between them. "
                            <button
                                class="text-button"
                                data-testid="cancel-tests"
                                on:click=move |_| project.pipeline.cancel()
                            >
                                "Cancel"
                            </button>
                        </p>
                    }
                })
                .into_any();
        };
        let manifest = project.manifest();
        let failed =
            |state: &TestState| matches!(state, TestState::Failed | TestState::Errored { .. });
        let nodes: Vec<Option<String>> = report
            .tests
            .iter()
            .filter(|run| failed(&run.state))
            .map(|run| manifest.test(&run.name).and_then(|test| test.node.clone()))
            .collect();
        let not_built = not_built_words(not_built);
        if nodes.is_empty() {
            let words = if not_built.is_none() {
                "All data tests pass."
            } else {
                "The data tests pass on what stands."
            };
            return view! {
                <p class="remark">
                    {not_built} " " <span data-testid="edit-tests">{words}</span>
                </p>
            }
            .into_any();
        }
        let href = keys.href(
            "quality/",
            &[("verdict", "failed"), ("model", ""), ("tab", "")],
        );
        let words = failing_words(&nodes, &name);
        view! {
            <p class="remark">
                {not_built} " "
                <a class="down" href=href data-testid="edit-tests">
                    {words}
                </a>
            </p>
        }
        .into_any()
    }
}

/// What stands where models of the run were not built; nothing where all were.
fn not_built_words(not_built: usize) -> Option<String> {
    match not_built {
        0 => None,
        1 => Some("One model was not built; its table from before stands.".to_owned()),
        more => Some(format!(
            "{more} models were not built; their tables from before stand."
        )),
    }
}

/// Compares every rebuilt model, one after the other.
fn compare_all(
    project: Project,
    before: Dataset,
    now: Dataset,
    found: Vec<(String, RwSignal<Found, LocalStorage>)>,
) {
    let manifest = project
        .pipeline
        .edits
        .with_untracked(|edits| Rc::clone(edits.manifest()));
    spawn_local(async move {
        for (model, signal) in found {
            let answer = compare(&manifest, &before, &now, &model).await;
            let state = match answer {
                Ok(change) => Found::Compared(Rc::new(change)),
                Err(message) => Found::Failed(message),
            };
            // The reader may have left the page or run the next edit.
            if signal.try_set(state).is_some() {
                return;
            }
        }
    });
}

async fn compare(
    manifest: &Manifest,
    before: &Dataset,
    now: &Dataset,
    model: &str,
) -> Result<ModelChange, String> {
    let known = manifest.model(model).ok_or("It is not in the project.")?;
    // Nobody may have needed it before.
    let built = before.build_when_needed(model).await;
    built.map_err(|error| without_sql(&error))?;
    if !before.is_readable(model) {
        return Err("There was no table before.".to_owned());
    }
    let relation = known.relation();
    let tables = (before.qualified(&relation), relation);
    let ask = async |sql: String| now.query_beside(before, &sql).await;
    let columns = async |table: &str| {
        let described = ask(columns_sql(table)).await?;
        Ok::<_, String>(names_and_types(&TextTable::new(&described)))
    };
    let (old, new) = (columns(&tables.0).await?, columns(&tables.1).await?);
    let rows = |dataset: &Dataset| dataset.run_of(model).and_then(|run| run.rows);
    let total = rows(before).unwrap_or_default() + rows(now).unwrap_or_default();
    let key = row_key(manifest, model).unwrap_or_default();
    let mut comparison = Comparison::new(tables, (&old, &new), &key, total);
    if !comparison.key.is_empty() {
        let repeats = ask(comparison.repeats_sql()).await?;
        let repeats = Repeats::read_all(&repeats).map_err(|error| error.to_string())?;
        let repeats = repeats.first().ok_or("The tables could not be counted.")?;
        if (repeats.before, repeats.after) != (0, 0) {
            comparison = comparison.without_key();
        }
    }
    let counted = ask(comparison.counts_sql()).await?;
    let changes = read_changes(&comparison, &TextTable::new(&counted))?;
    let mut samples = Vec::new();
    if changes.changed > 0 {
        let rows = ask(comparison.changed_sql(&changes)).await?;
        samples.push(("Changed rows, old → new", shown(&TextTable::new(&rows))));
    }
    for (number, title, is_new) in [
        (changes.added, "Rows added", true),
        (changes.gone, "Rows gone", false),
    ] {
        if number > 0 {
            let rows = ask(comparison.one_sided_sql(is_new)).await?;
            samples.push((title, shown(&TextTable::new(&rows))));
        }
    }
    let mut sentences = comparison.sentences(&changes);
    if changes.added.max(changes.gone).max(changes.changed) > SAMPLE as u64 {
        sentences.push(format!("The first {SAMPLE} rows of each kind are shown."));
    }
    Ok(ModelChange {
        has_new_columns: !comparison.new_columns.is_empty() || !comparison.lost_columns.is_empty(),
        sentences,
        changes,
        samples,
    })
}

fn names_and_types(described: &TextTable) -> Vec<NameAndType> {
    let rows = described.rows.iter();
    rows.filter_map(|row| Some((row.first()?.clone()?, row.get(1)?.clone()?)))
        .collect()
}

fn read_changes(comparison: &Comparison, counted: &TextTable) -> Result<RowChanges, String> {
    let row = counted.rows.first().ok_or("No figures came.")?;
    let number = |place: usize| {
        let cell = row.get(place).and_then(Option::as_deref);
        cell.and_then(|text| text.parse::<u64>().ok())
            .unwrap_or_default()
    };
    let by_column = comparison.shared.iter().enumerate();
    Ok(RowChanges {
        added: number(0),
        gone: number(1),
        changed: number(2),
        by_column: by_column
            .map(|(place, (name, _))| (name.clone(), number(3 + place)))
            .filter(|(_, rows)| *rows > 0)
            .collect(),
    })
}

fn shown(text: &TextTable) -> Table {
    let columns = text.columns.iter().map(|column| TableColumn {
        name: column.name.clone(),
        is_number: column.kind == ColumnKind::Number,
    });
    let rows = text.rows.iter().map(|row| {
        let cells = row.iter();
        cells
            .map(|cell| cell.clone().unwrap_or_else(|| "null".to_owned()))
            .collect()
    });
    Table {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}
