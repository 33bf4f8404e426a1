//! A number chosen by slider or typed.

use leptos::prelude::*;

use super::slider_scale::{STEPS, SliderScale};

/// A slider with a mark where the preset stands, and a text field beside its label.
#[component]
pub fn Slider(
    /// Names the field in ids and test ids.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// How its range is spread.
    scale: SliderScale,
    /// Its value.
    #[prop(into)]
    value: Signal<i64>,
    /// The value of the preset.
    #[prop(into)]
    origin: Signal<i64>,
    /// The value as it is read out.
    #[prop(into)]
    text: Signal<String>,
    /// Called with each new value.
    on_value: Callback<i64>,
) -> impl IntoView {
    let share = move |value: i64| scale.position(value) as f64 / STEPS as f64;
    let moved = move |event: leptos::ev::Event| {
        if let Ok(position) = event_target_value(&event).parse() {
            on_value.run(scale.value(position));
        }
    };
    // The browser's own key steps would be a thousandth of the range.
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let steps = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => 1,
            "ArrowLeft" | "ArrowDown" => -1,
            "PageUp" => 10,
            "PageDown" => -10,
            _ => return,
        };
        event.prevent_default();
        on_value.run(scale.step(value.get_untracked(), steps));
    };
    view! {
        <div class="slider" style:--origin=move || share(origin.get()).to_string()>
            <span class="origin" aria-hidden="true"></span>
            <input
                type="range"
                data-testid=format!("slider-{id}")
                aria-label=label
                aria-valuetext=text
                min="0"
                max=STEPS.to_string()
                step="1"
                prop:value=move || scale.position(value.get()).to_string()
                style:--filled=move || format!("{:.1}%", share(value.get()) * 100.0)
                on:input=moved
                on:keydown=pressed
            />
        </div>
    }
}
