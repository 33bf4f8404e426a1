//! Hyperparameters, to be changed and trained with.

use leptos::prelude::*;

use crate::ml::{Model, Settings};
use crate::state::{Job, Pipeline};

/// The form of a model's hyperparameters.
#[component]
pub fn SettingsForm(
    /// The model.
    model: Model,
    /// The values it was fitted with.
    settings: Settings,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let (chosen, choose) = signal(settings);
    let declared = model.learner().map_or(&[][..], |learner| learner.settings);
    let fields = declared.iter().map(|setting| {
        let id = format!("setting-{}-{}", model.key(), setting.key);
        let typed = move |event: leptos::ev::Event| {
            if let Ok(value) = event_target_value(&event).parse() {
                choose.update(|settings| {
                    settings.0.insert(setting.key.to_owned(), value);
                });
            }
        };
        let value = chosen.with_untracked(|settings| settings.value(setting));
        view! {
            <label class="setting" title=setting.help>
                <span>{setting.label}</span>
                <input
                    id=id.clone()
                    data-testid=id.clone()
                    type="number"
                    min=setting.min.to_string()
                    max=setting.max.to_string()
                    step=setting.step.to_string()
                    // The property: what was typed stays in an input whose attribute changes.
                    prop:value=value.to_string()
                    on:input=typed
                />
            </label>
        }
    });
    let train = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        pipeline.train(Job::of(model), chosen.get_untracked());
    };
    view! {
        <form class="settings" on:submit=train>
            {fields.collect_view()}
            <button class="button" type="submit" data-testid=format!("train-{}", model.key())>
                "Train with these settings"
            </button>
        </form>
    }
}
