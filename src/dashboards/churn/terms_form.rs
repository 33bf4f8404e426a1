//! The threshold and what a contact costs and brings: a form whose values the URL holds.

use leptos::prelude::*;

use super::evaluation::Evaluation;
use super::options::Terms;
use crate::components::format::{ValueFormat, counted};
use crate::dashboards::claims::share_or_counts;
use crate::results::shares::Share;
use crate::state::Pipeline;

/// Slider, three amounts, and what they come to.
#[component]
pub fn TermsForm(
    /// What the link says.
    terms: Memo<Terms>,
    /// The scores of unseen customers, once they are there.
    #[prop(into)]
    evaluation: Signal<Option<Evaluation>, LocalStorage>,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let write = move |key: &'static str, value: Option<String>| {
        pipeline.set_page_keys(&[(key, value)]);
    };
    let percent = move || terms.get().threshold_percent;
    let slid = move |event: leptos::ev::Event| {
        let usual = Terms::default().threshold_percent.to_string();
        let value = event_target_value(&event);
        write("threshold", (value != usual).then_some(value));
    };
    let value_dollars = move || {
        let terms = terms.get();
        let value = evaluation.with(|evaluation| {
            evaluation
                .as_ref()
                .map(|evaluation| evaluation.value_cents(&terms))
        });
        value
            .or(terms.value_cents)
            .map(|cents| plain(cents / 100.0))
            .unwrap_or_default()
    };
    let outcome = move || {
        let terms = terms.get();
        evaluation.with(|evaluation| {
            let evaluation = evaluation.as_ref()?;
            let outcome = evaluation.outcome(terms.threshold_percent, &terms);
            let dates = evaluation.snapshots;
            let of = |of: Share| {
                let is_few = of.whole > 0 && !of.is_enough();
                (of.rate(), share_or_counts(of), is_few)
            };
            let plain = |format: ValueFormat, value: f64| {
                (Some(value), Some(format.short(value)), false)
            };
            let contacted = plain(ValueFormat::Count, outcome.contacted as f64);
            let facts = [
                ("precision", "Precision", of(outcome.precision())),
                ("recall", "Recall", of(outcome.recall())),
                ("contacted", "Contacted", contacted),
                ("saved", "Money saved", plain(ValueFormat::Money, outcome.saved_cents)),
            ];
            let facts = facts.into_iter().map(|(id, name, (value, text, is_few))| {
                let raw = value.map(|value| value.to_string()).unwrap_or_default();
                let text = text.unwrap_or_else(|| "–".to_owned());
                view! {
                    <div>
                        <dt class="label">{name}</dt>
                        <dd class="figure" class:few=is_few data-testid=format!("outcome-{id}") data-value=raw>
                            {text}
                        </dd>
                    </div>
                }
            });
            let base = Share::new(evaluation.churned, evaluation.customers);
            let base = share_or_counts(base).unwrap_or_default();
            Some(view! {
                <dl class="outcome">{facts.collect_view()}</dl>
                <p class="caption">
                    {format!(
                        "Measured on {} of hold-out customers at {}. {base} churned within the next 90 days.",
                        counted(evaluation.customers.unsigned_abs(), "snapshot"),
                        counted(dates.unsigned_abs(), "past date"),
                    )}
                </p>
            })
        })
    };
    let amount =
        move |key: &'static str, label: &'static str, most: &'static str, text: Signal<String>| {
            let changed = move |event: leptos::ev::Event| {
                let value = event_target_value(&event);
                write(key, (!value.trim().is_empty()).then_some(value));
            };
            view! {
                <label class="amount">
                    <span class="label">{label}</span>
                    <input
                        type="number"
                        inputmode="decimal"
                        min="0"
                        max=most
                        step="any"
                        data-testid=format!("terms-{key}")
                        prop:value=text
                        on:change=changed
                    />
                </label>
            }
        };
    let cost = Signal::derive(move || plain(terms.get().cost_cents / 100.0));
    let save = Signal::derive(move || plain(terms.get().save_rate * 100.0));
    let worth = RwSignal::new(String::new());
    Effect::new(move |_| worth.set(value_dollars()));
    view! {
        <section class="terms" aria-label="Threshold and costs" data-testid="terms">
            <label class="threshold">
                <span class="label">"Contact everyone with a risk of"</span>
                <output class="figure">{move || format!("{}% or more", percent())}</output>
                <input
                    type="range"
                    min="1"
                    max="99"
                    step="1"
                    data-testid="threshold-slider"
                    aria-label="Threshold, percent of risk"
                    aria-valuetext=move || format!("{} percent", percent())
                    prop:value=move || percent().to_string()
                    on:change=slid
                />
            </label>
            <div class="amounts">
                {amount("cost", "Cost per contact, $", "1000000", cost)}
                {amount("save", "Retained by a contact, %", "100", save)}
                {amount("value", "Value of a retained customer, $", "1000000", worth.into())}
            </div>
            <div class="outcomes">{outcome}</div>
        </section>
    }
}

/// A number as a field shows it: no more digits than it has.
fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
