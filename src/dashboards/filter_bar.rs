//! The filters of a page: range, comparison, and one picker a dimension.

use chrono::NaiveDate;
use leptos::html::Input;
use leptos::prelude::*;

use super::compared::period_words;
use super::filter_words::{range_label, value_label};
use crate::components::popover::Popover;
use crate::state::filters::{Basis, Dimension, Filters, Range};
use crate::state::{Pipeline, Switches};

/// One row of pickers, and a chip for everything that is chosen.
#[component]
pub fn FilterBar() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let filters = pipeline.filters;
    let compare = move |_| {
        let mut changed = filters.get_untracked();
        changed.compare = !changed.compare;
        pipeline.set_filters(&changed);
    };
    let keep_weekdays = move |_| {
        let mut changed = filters.get_untracked();
        changed.same_weekdays = !changed.same_weekdays;
        pipeline.set_filters(&changed);
    };
    let switches = pipeline.switches;
    let show_truth = move |_| {
        let next = !switches.get_untracked().truth;
        pipeline.set_page_keys(&[Switches::set_truth(next)]);
    };
    let show_notes = move |_| {
        let next = !switches.get_untracked().notes;
        pipeline.set_page_keys(&[Switches::set_notes(next)]);
    };
    let pickers = Dimension::ALL.map(|dimension| view! { <DimensionPicker dimension /> });
    view! {
        <section class="filters" aria-label="Filters" data-testid="filters">
            <div class="filter-row">
                <RangePicker />
                <button
                    class="filter-button"
                    data-testid="filter-compare"
                    aria-pressed=move || filters.get().compare.to_string()
                    title="Compare with the preceding period of as many days"
                    on:click=compare
                >
                    "Compare"
                </button>
                {move || {
                    filters
                        .with(|filters| filters.compare)
                        .then(|| {
                            view! {
                                <button
                                    class="filter-button"
                                    data-testid="filter-same-weekdays"
                                    aria-pressed=move || filters.get().same_weekdays.to_string()
                                    title="Move the period before back to the same weekdays"
                                    on:click=keep_weekdays
                                >
                                    "Same weekdays"
                                </button>
                            }
                        })
                }}
                <span class="filter-gap" aria-hidden="true"></span>
                {pickers.into_iter().collect_view()}
                <span class="filter-gap last" aria-hidden="true"></span>
                <button
                    class="filter-button"
                    data-testid="filter-notes"
                    aria-pressed=move || switches.get().notes.to_string()
                    title="Mark launches, campaigns and price increases on time axes"
                    on:click=show_notes
                >
                    "Notes"
                </button>
                <button
                    class="filter-button"
                    data-testid="filter-truth"
                    aria-pressed=move || switches.get().truth.to_string()
                    title="Show the planted truth beside estimates"
                    on:click=show_truth
                >
                    "Truth"
                </button>
            </div>
            <Chips />
        </section>
    }
}

/// What is chosen, each with a button that removes it.
#[component]
fn Chips() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let filters = pipeline.filters;
    let chip = move |id: String, text: String, without: Filters| {
        view! {
            <li>
                <button
                    class="chip"
                    data-testid=format!("chip-{id}")
                    aria-label=format!("Remove the filter {text}")
                    on:click=move |_| pipeline.set_filters(&without)
                >
                    {text.clone()}
                    <span class="cross" aria-hidden="true">
                        "×"
                    </span>
                </button>
            </li>
        }
    };
    let chips = move || {
        let filters = filters.get();
        let mut chips = Vec::new();
        if filters.range != Range::default() {
            let without = filters.clone().with_range(Range::default());
            chips.push(chip("range".to_owned(), range_label(&filters), without));
        }
        if filters.compare {
            let mut without = filters.clone();
            without.compare = false;
            let text = match filters.period_before() {
                Some(before) => format!(
                    "Compared with {} – {}, {}",
                    crate::components::format::day(before.from),
                    crate::components::format::day(before.to),
                    period_words(&filters, Basis::Days)
                ),
                None => "No earlier period to compare with".to_owned(),
            };
            chips.push(chip("compare".to_owned(), text, without));
        }
        for dimension in Dimension::ALL {
            for value in filters.values(dimension) {
                let without = filters.clone().toggled(dimension, value);
                let text = format!("{}: {}", dimension.label(), value_label(dimension, value));
                let id = format!("{}-{value}", dimension.key());
                chips.push(chip(id, text, without));
            }
        }
        chips.collect_view()
    };
    let is_usual = move || filters.with(Filters::is_usual);
    view! {
        <Show when=move || !is_usual()>
            <ul class="chips" data-testid="chips">
                {chips}
                <li>
                    <button
                        class="text-button"
                        data-testid="clear-filters"
                        on:click=move |_| pipeline.set_filters(&filters.get_untracked().cleared())
                    >
                        "Clear all"
                    </button>
                </li>
            </ul>
        </Show>
    }
}

#[component]
fn RangePicker() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let filters = pipeline.filters;
    let label = Signal::derive(move || range_label(&filters.get()));
    let is_set = Signal::derive(move || filters.get().range != Range::default());
    let presets = move || {
        let chosen = filters.get().range;
        Range::PRESETS
            .map(|range| {
                let pick = move |_| {
                    pipeline.set_filters(&filters.get_untracked().with_range(range));
                };
                view! {
                    <li>
                        <button
                            class="option"
                            data-testid=format!("range-{}", range.key().unwrap_or_default())
                            aria-pressed=(chosen == range).to_string()
                            on:click=pick
                        >
                            {range.label()}
                        </button>
                    </li>
                }
            })
            .into_iter()
            .collect_view()
    };
    let day_field = move |id: &'static str, name: &'static str, is_first: bool| {
        let field = NodeRef::<Input>::new();
        let value = move || {
            let filters = filters.get();
            if is_first { filters.from } else { filters.to }.to_string()
        };
        let change = move |_| {
            let text = field.get_untracked().map(|field| field.value());
            let day: Option<NaiveDate> = text.and_then(|text| text.parse().ok());
            if let Some(day) = day {
                let filters = filters.get_untracked();
                let (from, to) = if is_first {
                    (day, filters.to)
                } else {
                    (filters.from, day)
                };
                pipeline.set_filters(&filters.with_days(from, to));
            }
        };
        view! {
            <label>
                <span class="label">{name}</span>
                <input
                    node_ref=field
                    type="date"
                    data-testid=id
                    prop:value=value
                    min=move || filters.get().starts_on().to_string()
                    max=move || filters.get().as_of().to_string()
                    on:change=change
                />
            </label>
        }
    };
    view! {
        <Popover id="filter-range" label is_set>
            <ul class="options">{presets}</ul>
            <div class="days">
                {day_field("range-from", "From", true)} {day_field("range-to", "To", false)}
            </div>
        </Popover>
    }
}

/// Lists with more values than this can be searched.
const SEARCHED: usize = 8;

#[component]
fn DimensionPicker(dimension: Dimension) -> impl IntoView {
    let filters = expect_context::<Pipeline>().filters;
    let count = Signal::derive(move || filters.with(|filters| filters.values(dimension).len()));
    let is_set = Signal::derive(move || count.get() > 0);
    view! {
        <Popover
            id=format!("filter-{}", dimension.key())
            label=Signal::stored(dimension.label().to_owned())
            is_set
            count
        >
            <ValueList dimension />
        </Popover>
    }
}

#[component]
fn ValueList(dimension: Dimension) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let filters = pipeline.filters;
    let (search, set_search) = signal(String::new());
    let values = dimension.values();
    let field = (values.len() > SEARCHED).then(|| {
        view! {
            <input
                class="search"
                type="search"
                placeholder="Search"
                aria-label=format!("Search {}", dimension.label().to_lowercase())
                on:input=move |event| set_search.set(event_target_value(&event))
            />
        }
    });
    let list = move || {
        let wanted = search.get().to_lowercase();
        values
            .iter()
            .copied()
            .filter(|value| {
                value_label(dimension, value)
                    .to_lowercase()
                    .contains(&wanted)
                    || value.to_lowercase().contains(&wanted)
            })
            .map(|value| {
                let is_chosen =
                    move || filters.with(|filters| filters.values(dimension).contains(&value));
                let toggle = move |_| {
                    pipeline.set_filters(&filters.get_untracked().toggled(dimension, value));
                };
                view! {
                    <li>
                        <label class="check">
                            <input
                                type="checkbox"
                                data-testid=format!("pick-{}-{value}", dimension.key())
                                prop:checked=is_chosen
                                on:change=toggle
                            />
                            <span>{value_label(dimension, value)}</span>
                        </label>
                    </li>
                }
            })
            .collect_view()
    };
    let clear = move |_| pipeline.set_filters(&filters.get_untracked().without(dimension));
    view! {
        {field}
        <ul class="options">{list}</ul>
        <button
            class="text-button"
            disabled=move || filters.with(|filters| filters.values(dimension).is_empty())
            on:click=clear
        >
            "Everyone"
        </button>
    }
}
