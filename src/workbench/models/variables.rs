//! The project's variables: numbers that models read, each changed in its one place.

use std::collections::BTreeSet;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::variable_words::{builds, is_found};
use crate::components::format::duration;
use crate::state::Phase;
use crate::transformation::Variable;
use crate::workbench::page_keys::use_page_keys;
use crate::workbench::project::Project;

/// The variables that a search finds; nothing where it finds none.
#[component]
pub fn Variables(
    /// What is known of the project.
    project: Project,
    /// What is searched for.
    #[prop(into)]
    find: Signal<String>,
) -> impl IntoView {
    let all = project.manifest().variables.clone();
    let found = Memo::new(move |_| -> Vec<Variable> {
        let find = find.get();
        let found = all.iter().filter(|one| is_found(one, &find));
        found.cloned().collect()
    });
    let fields = move || {
        let fields = found.get().into_iter();
        fields
            .map(|variable| view! { <VariableField project variable /> })
            .collect_view()
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <section class="variables" aria-labelledby="variables" data-testid="variables">
                <h2 id="variables">"Variables"</h2>
                {fields}
            </section>
        </Show>
    }
}

/// A variable: its value, which can be changed, and who reads it.
#[component]
fn VariableField(project: Project, variable: Variable) -> impl IntoView {
    let pipeline = project.pipeline;
    let keys = use_page_keys();
    let variable = StoredValue::new(variable);
    let (name, label, says, default) = variable.with_value(|variable| {
        let Variable {
            name, label, says, ..
        } = variable.clone();
        (name, label, says, variable.default)
    });
    let value = Memo::new(move |_| {
        let manifest = project.manifest();
        variable.with_value(|variable| manifest.value_of(variable))
    });
    let typed = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let text = Memo::new(move |_| typed.get().unwrap_or_else(|| value.get().to_string()));
    let is_draft = Memo::new(move |_| text.get() != value.get().to_string());
    let is_set = Memo::new(move |_| {
        let vars = project
            .pipeline
            .edits
            .with(|edits| edits.vars().keys().cloned().collect::<BTreeSet<_>>());
        variable.with_value(|variable| vars.contains(&variable.name))
    });
    let is_running = Memo::new(move |_| {
        pipeline
            .status
            .with(|status| status.phase == Phase::Running)
    });
    let elapsed_ms = move || pipeline.status.with(|status| status.elapsed_ms);
    let apply = move |value: f64| {
        let name = variable.with_value(|variable| variable.name.clone());
        match pipeline.set_variable(&name, value) {
            Ok(()) => {
                problem.set(None);
                typed.set(None);
            }
            Err(errors) => problem.set(errors.first().map(ToString::to_string)),
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = text.get_untracked();
        match variable.with_value(|variable| variable.read(&typed)) {
            Ok(value) => apply(value),
            Err(error) => problem.set(Some(error.to_string())),
        }
    };
    let can_reset = move || is_set.get() || is_draft.get();
    let reset = move |_| {
        if can_reset() {
            apply(default);
        }
    };
    let words = move || {
        let built = project.graph.with(|graph| {
            let manifest = project.manifest();
            builds(
                graph,
                &manifest,
                &variable.with_value(|one| one.name.clone()),
            )
        });
        if is_running.get() {
            format!("Building: {}", duration(elapsed_ms()))
        } else if is_draft.get() {
            format!("Not applied yet. {built}, in this tab only.")
        } else if is_set.get() {
            format!("Set in this tab until you reset it or close the tab; by default {default}.")
        } else {
            format!(
                "Unchanged from the project. A change {}.",
                built.to_lowercase()
            )
        }
    };
    let readers = {
        let name = name.clone();
        move || {
            let manifest = project.manifest();
            let links = manifest.readers_of(&name).into_iter().map(|model| {
                let href = keys.href("models/", &[("model", model), ("tab", "sql")]);
                view! { <a href=href>{model.to_owned()}</a> " " }
            });
            links.collect_view()
        }
    };
    let id = format!("variable-{name}");
    let (help, of_words) = (format!("{id}-help"), format!("{id}-words"));
    let described = format!("{help} {of_words}");
    view! {
        <form class="variable" novalidate on:submit=submit>
            <div class="name">
                <label for=id.clone()>{label}</label>
                <code>{name.clone()}</code>
                <Show when=move || is_set.get()>
                    <span class="badge edited" data-testid=format!("variable-set-{}", variable.with_value(|one| one.name.clone()))>
                        "changed"
                    </span>
                </Show>
            </div>
            <p class="help" id=help>
                {says}
                " The project’s own value is "
                {default}
                "."
            </p>
            <div class="entry">
                <input
                    id=id.clone()
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    data-testid=id.clone()
                    aria-describedby=described
                    aria-invalid=move || problem.read().is_some().to_string()
                    prop:value=move || text.get()
                    on:input=move |event| {
                        problem.set(None);
                        typed.set(Some(event_target_value(&event)));
                    }
                />
                <button
                    type="submit"
                    class="button primary"
                    data-testid=format!("apply-{name}")
                    // Disabled in words alone, as the buttons of an edited model are.
                    aria-disabled=move || (!is_draft.get()).to_string()
                >
                    "Apply"
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid=format!("reset-{name}")
                    aria-disabled=move || (!can_reset()).to_string()
                    on:click=reset
                >
                    "Reset"
                </button>
                <Show when=move || is_running.get()>
                    <button
                        type="button"
                        class="button"
                        data-testid="cancel-variable"
                        on:click=move |_| pipeline.cancel()
                    >
                        "Cancel"
                    </button>
                </Show>
                <span
                    class="label"
                    id=of_words.clone()
                    data-testid=of_words
                    aria-live=move || if is_running.get() { "off" } else { "polite" }
                >
                    {words}
                </span>
            </div>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <p class="readers">
                <span class="label">"Read by"</span>
                " "
                {readers}
            </p>
        </form>
    }
}
