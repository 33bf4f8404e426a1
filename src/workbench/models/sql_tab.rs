//! A model's SQL, to be edited and run.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::changes::Changes;
use super::error_place::{error_place, source_line, without_excerpt};
use crate::components::code_editor::{CodeEditor, CompletionName, Fault};
use crate::components::error_panel::ErrorPanel;
use crate::components::format::duration;
use crate::state::{Dataset, Phase};
use crate::transformation::{Compiler, Layer, Manifest, ModelState, ProjectError};
use crate::workbench::lineage::graph::{Graph, Group};
use crate::workbench::project::Project;

/// Texts that were typed and not run, or whose run was cancelled, by model.
pub type Drafts = RwSignal<BTreeMap<String, String>>;

/// The editor, the run, and what came of it.
#[component]
pub fn SqlTab(
    /// What is known of the project.
    project: Project,
    /// The model.
    name: String,
    /// Texts typed and not run.
    drafts: Drafts,
) -> impl IntoView {
    let pipeline = project.pipeline;
    let label = format!("SQL of {name}");
    let name = StoredValue::new(name);
    let applied = Memo::new(move |_| {
        let manifest = project.manifest();
        name.with_value(|name| manifest.model(name).map(|model| model.raw_sql.clone()))
            .unwrap_or_default()
    });
    let text = Memo::new(move |_| {
        let draft = drafts.with(|drafts| name.with_value(|name| drafts.get(name).cloned()));
        draft.unwrap_or_else(|| applied.get())
    });
    let is_draft = Memo::new(move |_| text.get() != applied.get());
    // Faults found before the engine was asked.
    let refused = RwSignal::new(Vec::<(Option<usize>, String)>::new());
    // Held, so that its tables stay to be compared with.
    let before = RwSignal::new_local(None::<Dataset>);
    let is_running = Memo::new(move |_| {
        pipeline
            .status
            .with(|status| status.phase == Phase::Running)
    });
    let elapsed_ms = move || pipeline.status.with(|status| status.elapsed_ms);
    let was_cancelled = move || {
        pipeline
            .status
            .with(|status| name.with_value(|name| status.set_aside.contains(name)))
    };
    let fault = Memo::new(move |_| {
        let first = refused.with(|refused| refused.first().cloned());
        if let Some((line, message)) = first {
            return line.map(|line| Fault {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                token: String::new(),
                message,
            });
        }
        if is_draft.get() {
            return None;
        }
        let message = failure(project, &name.get_value())?;
        fault_of(project, &name.get_value(), &message)
    });
    let on_change = Callback::new(move |typed: String| {
        refused.update(Vec::clear);
        let is_applied = typed == applied.get_untracked();
        drafts.update(|drafts| {
            let name = name.get_value();
            if is_applied {
                drafts.remove(&name);
            } else {
                drafts.insert(name, typed);
            }
        });
    });
    let remember = move || before.set(pipeline.dataset.get_untracked());
    // While the template is rendered, which another thread does.
    let is_compiling = RwSignal::new(false);
    let run = move || {
        if is_compiling.get_untracked() {
            return;
        }
        is_compiling.set(true);
        let edited = text.get_untracked();
        spawn_local(async move {
            // What an edit is compared with has raw rows; why it has none, the edit says.
            let _ = pipeline.until_whole().await;
            let standing = pipeline.dataset.get_untracked();
            // The reader may have gone on to another model.
            let Some(model) = name.try_get_value() else {
                return;
            };
            let outcome = pipeline.edit_model(&model, &edited).await;
            is_compiling.try_set(false);
            match outcome {
                Ok(()) => {
                    before.try_set(standing);
                    refused.try_update(Vec::clear);
                    // What was typed meanwhile stays.
                    drafts.try_update(|drafts| {
                        if drafts.get(&model) == Some(&edited) {
                            drafts.remove(&model);
                        }
                    });
                }
                Err(errors) => {
                    refused.try_set(errors.iter().map(line_and_words).collect());
                }
            }
        });
    };
    let reset = move |_| {
        refused.update(Vec::clear);
        drafts.update(|drafts| {
            name.with_value(|name| drafts.remove(name));
        });
        let is_edited = pipeline
            .edits
            .with_untracked(|edits| name.with_value(|name| edits.is_edited(name)));
        if is_edited {
            remember();
            if let Err(errors) = pipeline.reset_model(&name.get_value()) {
                refused.set(errors.iter().map(line_and_words).collect());
            }
        }
    };
    let is_edited = Memo::new(move |_| {
        pipeline
            .edits
            .with(|edits| name.with_value(|name| edits.is_edited(name)))
    });
    let words = move || {
        let what = project
            .graph
            .with(|graph| what_is_built(graph, &name.get_value()));
        if is_compiling.get() {
            "Compiling the template".to_owned()
        } else if is_running.get() {
            format!("Building: {}", duration(elapsed_ms()))
        } else if is_draft.get() && was_cancelled() {
            "Cancelled: what is shown is from before this edit.".to_owned()
        } else if is_draft.get() {
            format!("Not run yet. {what}, in this tab only.")
        } else if is_edited.get() {
            "Edited in this tab until you reset it or close the tab.".to_owned()
        } else {
            format!("Unchanged from the project. {what}.")
        }
    };
    let faults = move || {
        let refused = refused.get();
        let message = match refused.as_slice() {
            [] if is_draft.get() || is_running.get() => None,
            [] => failure(project, &name.get_value()).map(|message| {
                (
                    "The engine rejected the model, so models downstream of it were not built.",
                    without_excerpt(&message),
                    "Panels show the earlier tables. Fix the SQL and run it, or reset it.",
                )
            }),
            errors => Some((
                "The model does not compile, so nothing was run.",
                errors
                    .iter()
                    .map(|(_, words)| words.as_str())
                    .collect::<Vec<_>>()
                    .join("\n"),
                if errors.iter().any(|(line, _)| line.is_some()) {
                    "The marked line is where the template broke off."
                } else {
                    "The tables stand as they were. Mend the SQL and run it, or reset it."
                },
            )),
        };
        message.map(|(what, message, advice)| {
            view! {
                <div data-testid="edit-failed">
                    <ErrorPanel what message advice />
                </div>
            }
        })
    };
    let names = completion_names(&project.manifest());
    let can_run = move || is_draft.get() && !is_running.get() && !is_compiling.get();
    let can_reset = move || is_edited.get() || is_draft.get();
    view! {
        <div class="edit-bar">
            <button
                class="button primary"
                data-testid="run-edit"
                // Disabled in words alone: a button that is disabled loses the focus of the one who pressed it.
                aria-disabled=move || (!can_run()).to_string()
                on:click=move |_| {
                    if can_run() {
                        run();
                    }
                }
            >
                "Run model and children"
            </button>
            <button
                class="button"
                data-testid="reset-edit"
                aria-disabled=move || (!can_reset()).to_string()
                on:click=move |event| {
                    if can_reset() {
                        reset(event);
                    }
                }
            >
                "Reset"
            </button>
            <Show when=move || is_running.get()>
                <button
                    class="button"
                    data-testid="cancel-edit"
                    on:click=move |_| pipeline.cancel()
                >
                    "Cancel"
                </button>
            </Show>
            <span
                class="label"
                data-testid="edit-words"
                aria-live=move || if is_running.get() { "off" } else { "polite" }
            >
                {words}
            </span>
        </div>
        {faults}
        <CodeEditor text label fault names on_change on_run=Callback::new(move |()| run()) />
        <p class="label">
            "Ctrl+Enter or Cmd+Enter runs. Tab leaves the editor; where names are suggested or text is selected, press Escape first."
        </p>
        {move || {
            // A run hands its dataset on before or after it says that it is done.
            pipeline.dataset.track();
            let before = before.get();
            (!is_running.get())
                .then(|| before.map(|before| view! { <Changes project name=name.get_value() before /> }))
        }}
    }
}

/// What a run of an edit builds, in words.
fn what_is_built(graph: &Graph, name: &str) -> String {
    let below = graph.downstream(&BTreeSet::from([name.to_owned()]));
    let is_serving = |name: &str| {
        let node = graph.node(name);
        node.is_some_and(|node| node.group == Group::Model(Layer::Serving))
    };
    let serving = below.iter().filter(|name| is_serving(name)).count();
    let built = match below.len() - serving {
        0 if serving == 0 => return "Builds this model; no model reads it".to_owned(),
        0 => "Builds this model".to_owned(),
        1 => "Builds this model and the one that reads it".to_owned(),
        many => format!("Builds this model and {many} downstream of it"),
    };
    match serving {
        0 => built,
        1 => format!("{built}; 1 of the serving layer is built again when needed"),
        many => format!("{built}; {many} of the serving layer are built again when needed"),
    }
}

/// The engine's words about a model it refused in the last run.
fn failure(project: Project, name: &str) -> Option<String> {
    match project.run_of(name)?.state {
        ModelState::Failed { error } => Some(error),
        _ => None,
    }
}

/// The place in the model's file that the engine's message points at.
fn fault_of(project: Project, name: &str, message: &str) -> Option<Fault> {
    let place = error_place(message)?;
    let is_edited = project.pipeline.edits.with(|edits| edits.is_edited(name));
    let lines = if is_edited {
        project.run_of(name)?.source_lines
    } else {
        let manifest = project.manifest();
        let compiler = Compiler::new(&manifest, &BTreeMap::new()).ok()?;
        compiler.model_lines(manifest.model(name)?).ok()?
    };
    let line = source_line(place.line, &lines)?;
    Some(Fault {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        token: place.token,
        message: without_excerpt(message),
    })
}

fn line_and_words(error: &ProjectError) -> (Option<usize>, String) {
    let line = match error {
        ProjectError::Template { line, .. } => *line,
        _ => None,
    };
    (line, error.to_string())
}

/// Tables and columns of the project.
fn completion_names(manifest: &Manifest) -> Vec<CompletionName> {
    let table = |name: &String, detail: &str| CompletionName {
        label: name.clone(),
        is_table: true,
        detail: detail.to_owned(),
    };
    let models = manifest.models.iter();
    let mut names: Vec<CompletionName> = models
        .map(|model| table(&model.name, model.layer.name()))
        .chain(manifest.seeds.iter().map(|seed| table(&seed.name, "seed")))
        .collect();
    let mut columns: BTreeMap<&str, &str> = BTreeMap::new();
    for model in &manifest.models {
        for column in &model.columns {
            columns.entry(&column.name).or_insert(&model.name);
        }
    }
    names.extend(columns.into_iter().map(|(column, model)| CompletionName {
        label: column.to_owned(),
        is_table: false,
        detail: model.to_owned(),
    }));
    names
}
