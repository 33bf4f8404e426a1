//! One parameter as a field.

use leptos::prelude::*;

use crate::components::slider_field::Slider;
use crate::components::slider_scale::SliderScale;
use crate::parameters::{Kind, Parameter, Reason, Scenario, Specification};

/// A parameter's label, entry, slider and help, with a way back to the preset.
#[component]
pub fn ParameterField(
    /// What is declared of it.
    specification: &'static Specification,
    /// The scenario as edited.
    scenario: Signal<Scenario>,
    /// Called with each new scenario.
    on_change: Callback<Scenario>,
) -> impl IntoView {
    let parameter = specification.parameter;
    let value = Memo::new(move |_| scenario.with(|scenario| scenario.steps(parameter)));
    let origin = Memo::new(move |_| {
        let base = scenario.with(Scenario::base);
        Scenario::preset(base).steps(parameter)
    });
    let is_changed = Memo::new(move |_| value.get() != origin.get());
    let (problem, set_problem) = signal(None::<String>);
    let on_value = Callback::new(move |steps: i64| {
        set_problem.set(None);
        on_change.run(scenario.get_untracked().with(parameter, steps));
    });
    let on_text = Callback::new(move |text: String| {
        match specification.read(text.trim().trim_start_matches('$')) {
            Ok(steps) => on_value.run(steps),
            Err(reason) => set_problem.set(Some(explain(&reason))),
        }
    });
    let entry = match specification.kind {
        Kind::Choice(options) => {
            let options = options.iter().enumerate().map(|(index, (_, label))| {
                let is_chosen = move || value.get() == index as i64;
                view! {
                    <option value=index.to_string() prop:selected=is_chosen>
                        {*label}
                    </option>
                }
            });
            let chosen = move |event| {
                if let Ok(index) = event_target_value(&event).parse() {
                    on_value.run(index);
                }
            };
            view! {
                <select id=specification.key on:change=chosen>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        kind => {
            let input_type = if matches!(kind, Kind::Date { .. }) {
                "date"
            } else {
                "text"
            };
            view! {
                <input
                    id=specification.key
                    class=if kind == Kind::Seed { "seed" } else { "" }
                    type=input_type
                    inputmode="decimal"
                    autocomplete="off"
                    data-testid=format!("input-{}", specification.key)
                    aria-describedby=format!("{}-help", specification.key)
                    aria-invalid=move || problem.get().is_some().to_string()
                    prop:value=move || specification.write(value.get())
                    on:change=move |event| on_text.run(event_target_value(&event))
                />
            }
            .into_any()
        }
    };
    let shuffle = (parameter == Parameter::Seed).then(|| {
        let shuffle = move |_| {
            // A seed that is easy to read aloud; without entropy the old one stays.
            if let Ok(seed) = getrandom::u32() {
                on_value.run(i64::from(seed % 1_000_000));
            }
        };
        view! {
            <button class="text-button" data-testid="shuffle-seed" on:click=shuffle>
                "Shuffle"
            </button>
        }
    });
    let slider = match specification.kind {
        Kind::Number { min, max, .. } => {
            let text = move || {
                let number = specification.write(value.get());
                specification.unit.write(&number)
            };
            Some(view! {
                <Slider
                    id=specification.key
                    label=specification.label
                    scale=SliderScale::new(min, max)
                    value
                    origin
                    text=Signal::derive(text)
                    on_value
                />
            })
        }
        _ => None,
    };
    let range = specification.range().map(|range| format!("Range {range}"));
    view! {
        <div class="field" data-changed=move || is_changed.get().to_string()>
            <div class="name">
                <label for=specification.key>{specification.label}</label>
                <span class="unit">{unit_beside(specification)}</span>
                <Show when=move || is_changed.get()>
                    <button
                        class="reset"
                        data-testid=format!("reset-{}", specification.key)
                        aria-label=format!("Reset {}", specification.label)
                        on:click=move |_| on_value.run(origin.get_untracked())
                    >
                        {move || format!("reset to {}", specification.write(origin.get()))}
                    </button>
                </Show>
            </div>
            <div class="entry">
                {shuffle} {entry}
            </div>
            <div class="slider-cell" title=range>
                {slider}
            </div>
            <p class="help" id=format!("{}-help", specification.key)>
                {specification.help}
            </p>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </div>
    }
}

/// The unit, unless the label says it already.
fn unit_beside(specification: &Specification) -> &'static str {
    let unit = specification.unit.suffix();
    if specification.label.to_lowercase().contains(unit) {
        ""
    } else {
        unit
    }
}

fn explain(reason: &Reason) -> String {
    match reason {
        Reason::Unreadable { expected } => format!("Not {expected}; the value was kept."),
        Reason::OutOfRange { range } => format!("Outside {range}; the value was kept."),
        Reason::UnknownKey
        | Reason::Repeated
        | Reason::Reversed { .. }
        | Reason::Excluded { .. }
        | Reason::OtherPage { .. }
        | Reason::EmptyMix => "Not allowed; the value was kept.".to_owned(),
    }
}
