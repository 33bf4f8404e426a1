//! One data test: a line, and behind it its SQL and the rows that fail it.

use leptos::prelude::*;

use super::checks::{Check, Verdict};
use crate::components::breakable::breakable;
use crate::components::code_editor::CodeView;
use crate::components::error_panel::ErrorPanel;
use crate::components::format::{count, counted, duration};
use crate::quality::{TestState, failing_rows_sql};
use crate::transformation::Severity;
use crate::workbench::doc_text::DocText;
use crate::workbench::lineage::status::accused;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::Project;
use crate::workbench::rows_view::RowsView;

/// Most failing rows that are shown.
const MOST_ROWS: u64 = 200;

/// A test that opens on a click.
#[component]
pub fn TestRow(
    /// What is known of the project.
    project: Project,
    /// The test.
    check: Check,
    /// Whether it is open at first.
    is_open: bool,
) -> impl IntoView {
    let open = RwSignal::new(is_open);
    let verdict = check.verdict.word();
    let title = check.title();
    let name = check.name.clone();
    let time = check.run.as_ref().map(|run| {
        if run.kept {
            "kept".to_owned()
        } else {
            duration(run.elapsed_ms)
        }
    });
    let outcome = check.outcome();
    let severity = (check.severity == Severity::Warn)
        .then(|| view! { <span class="badge">"warns only"</span> });
    let described = check.description.clone();
    let body_id = format!("test-{name}");
    let controls = body_id.clone();
    let check = StoredValue::new(check);
    view! {
        <li class="test-row" data-testid=format!("test-{name}") data-verdict=verdict>
            <button
                class="test-line"
                aria-expanded=move || open.get().to_string()
                aria-controls=controls
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class=format!("badge {verdict}")>{verdict}</span>
                <span class="title">
                    <strong>{breakable(&title)}</strong>
                    <span class="described">{described}</span>
                </span>
                {severity}
                <span class="outcome">{outcome}</span>
                <span class="time">{time}</span>
            </button>
            <div id=body_id class="test-body" hidden=move || !open.get()>
                <Show when=move || open.get()>
                    {move || view! { <TestBody project check=check.get_value() /> }}
                </Show>
            </div>
        </li>
    }
}

/// What is behind a test's line.
#[component]
fn TestBody(project: Project, check: Check) -> impl IntoView {
    let keys = use_page_keys();
    let sql = check
        .run
        .as_ref()
        .map(|run| run.compiled_sql.clone())
        .unwrap_or_default();
    let failing = check
        .run
        .as_ref()
        .filter(|run| run.failures > 0)
        .map(|run| {
            let statements = (failing_rows_sql(run, MOST_ROWS), run.compiled_sql.clone());
            (statements, run.failures)
        });
    let rows = failing.map(|((statement, every), failures)| {
        let label = if failures > MOST_ROWS {
            format!("The first {MOST_ROWS} of {} rows it returns", count(failures))
        } else {
            format!("The {} it returns", if failures == 1 { "row".to_owned() } else { counted(failures, "row") })
        };
        view! { <RowsView sql=Signal::stored(statement) every=Signal::stored(every) name=check.name.clone() label empty="This test has no failing rows any more." /> }
    });
    let error = check.run.as_ref().and_then(|run| match &run.state {
        TestState::Errored { error } => Some(error.clone()),
        _ => None,
    });
    let error = error.map(|message| {
        view! {
            <ErrorPanel
                what="The test could not be run."
                message
                advice="It usually means that a column is missing. Check the last edit of its model."
            />
        }
    });
    let behind = check
        .run
        .as_ref()
        .filter(|_| check.verdict.is_failure() || check.verdict == Verdict::Warned)
        .map(|run| {
            let accused = project.graph.with_untracked(|graph| accused(graph, run));
            let names: std::collections::BTreeSet<String> = accused.iter().cloned().collect();
            let below = project
                .graph
                .with_untracked(|graph| graph.downstream(&names));
            let first = accused.first().cloned().unwrap_or_default();
            let href = keys.href(
                "lineage/",
                &[
                    ("model", &first),
                    ("hops", "line"),
                    ("test", ""),
                    ("verdict", ""),
                    ("kind", ""),
                    ("layer", ""),
                    ("find", ""),
                ],
            );
            let words = match below.len() {
                0 => format!("No model reads {first}."),
                1 => format!("1 table is downstream of {first}."),
                many => format!(
                    "{} are downstream of {first}.",
                    counted(many as u64, "table")
                ),
            };
            view! {
                <p class="behind">
                    {words} " " <a href=href data-testid="red-path">"Show in Lineage"</a>
                </p>
            }
        });
    view! {
        <div class="test-facts">
            <code>{check.name.clone()}</code>
            <span>{format!("sql/{}", check.path)}</span>
            {(!check.description.is_empty()).then(|| view! { <DocText text=check.description.clone() /> })}
        </div>
        {behind}
        {error}
        {rows}
        <p class="label">"The test: it fails when this returns rows"</p>
        {if sql.is_empty() {
            view! { <p class="empty">"It has not run yet."</p> }.into_any()
        } else {
            view! { <CodeView text=Signal::stored(sql) label=format!("SQL of {}", check.name) /> }
                .into_any()
        }}
    }
}
