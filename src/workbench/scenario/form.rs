//! The presets and every parameter, grouped.

use leptos::prelude::*;

use super::fields::ParameterField;
use crate::parameters::{Group, PARAMETERS, Preset, Scenario};

/// Preset cards; choosing one starts afresh from it.
#[component]
pub fn Presets(
    /// The scenario as edited.
    scenario: Signal<Scenario>,
    /// Called with each new scenario.
    on_change: Callback<Scenario>,
) -> impl IntoView {
    let card = move |preset: Preset| {
        let is_base = move || scenario.with(|scenario| scenario.base() == preset);
        let changed = move || {
            let changes = scenario.with(count_changes);
            (is_base() && changes > 0)
                .then(|| view! { <span class="changed-count">{changes_in_words(changes)}</span> })
        };
        view! {
            <button
                class="preset"
                data-testid=format!("preset-{}", preset.key())
                aria-pressed=move || is_base().to_string()
                on:click=move |_| on_change.run(Scenario::preset(preset))
            >
                <strong>{preset.label()}</strong>
                <span>{preset.help()}</span>
                {changed}
            </button>
        }
    };
    view! {
        <div class="presets" role="group" aria-label="Presets">
            {Preset::ALL.map(card).collect_view()}
        </div>
    }
}

/// Below this width the form is one column of more than ten screens, all groups open.
const NARROW_BELOW_PX: f64 = 1100.0;

/// Every parameter under its group.
#[component]
pub fn ParameterForm(
    /// The scenario as edited.
    scenario: Signal<Scenario>,
    /// Called with each new scenario.
    on_change: Callback<Scenario>,
) -> impl IntoView {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    let is_wide = width.is_none_or(|width| width >= NARROW_BELOW_PX);
    let group = move |group: Group| {
        let members = move || {
            PARAMETERS
                .iter()
                .filter(move |member| member.group == group)
        };
        let changes = Memo::new(move |_| {
            let is_changed = |scenario: &Scenario| {
                let changed = members().filter(|member| scenario.is_changed(member.parameter));
                changed.count()
            };
            scenario.with(is_changed)
        });
        let restore = move |_| {
            scenario.with_untracked(|current| {
                let preset = Scenario::preset(current.base());
                let restored = members().fold(current.clone(), |scenario, member| {
                    scenario.with(member.parameter, preset.steps(member.parameter))
                });
                on_change.run(restored);
            });
        };
        let id = heading_id(group);
        // In one column, what differs from the preset is open, the rest folds.
        let is_open = is_wide || changes.get_untracked() > 0;
        view! {
            <details class="group" id=id open=is_open>
                <summary>
                    <h2>{group.label()}</h2>
                    <Show when=move || { changes.get() > 0 }>
                        <span class="group-changes">{move || changes_in_words(changes.get())}</span>
                    </Show>
                </summary>
                <Show when=move || { changes.get() > 0 }>
                    <button class="text-button" on:click=restore>
                        {move || format!("Reset {}", changes_in_words(changes.get()))}
                    </button>
                </Show>
                <div class="fields">
                    {members()
                        .map(|specification| {
                            view! { <ParameterField specification scenario on_change /> }
                        })
                        .collect_view()}
                </div>
            </details>
        }
    };
    let jump = |group: Group| {
        let scroll = move |_| {
            if let Some(section) = document().get_element_by_id(&heading_id(group)) {
                let _ = section.set_attribute("open", "");
                section.scroll_into_view();
            }
        };
        view! {
            <button class="text-button" on:click=scroll>
                {group.label()}
            </button>
        }
    };
    view! {
        <div class="groups">
            <div class="jumps" role="group" aria-label="Jump to section">
                {Group::ALL.map(jump).collect_view()}
            </div>
            {Group::ALL.map(group).collect_view()}
        </div>
    }
}

/// How many parameters differ from the preset.
pub fn count_changes(scenario: &Scenario) -> usize {
    let changed = PARAMETERS
        .iter()
        .filter(|member| scenario.is_changed(member.parameter));
    changed.count()
}

fn changes_in_words(changes: usize) -> String {
    match changes {
        1 => "1 change".to_owned(),
        more => format!("{more} changes"),
    }
}

fn heading_id(group: Group) -> String {
    format!("group-{group:?}").to_lowercase()
}
