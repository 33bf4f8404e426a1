//! One metric: what it means here, an example, who counts otherwise, and why we do not.

use leptos::prelude::*;

use super::words::{decision, result, sum};
use crate::components::panel_text::plain_words;
use crate::state::Pipeline;
use crate::transformation::{Manifest, MetricDefinition, OtherDefinition, ResultUnit};
use crate::workbench::doc_text::shown::DocText;

/// The words that the metric's panels show on hover; the first doc block's, with the values of vars that
/// the reader set.
fn wording(manifest: &Manifest, definition: &MetricDefinition) -> Option<String> {
    let doc = definition.docs.first()?;
    let text = manifest.described(doc)?;
    // The record is named below, with its reasons.
    Some(plain_words(&manifest.with_values(text)))
}

/// A metric's entry.
#[component]
pub fn Entry(
    /// The metric.
    definition: MetricDefinition,
    /// The page's link to a model, if the metric is one's.
    model: Option<(String, String)>,
) -> impl IntoView {
    let unit = definition.unit;
    let pipeline = expect_context::<Pipeline>();
    let asked = definition.clone();
    let meaning = Memo::new(move |_| {
        let edits = pipeline.edits.read();
        wording(edits.manifest(), &asked)
    });
    let meaning = move || meaning.get().map(|text| view! { <DocText text /> });
    let others = definition.others.iter().cloned();
    let others = others.map(|other| view! { <Other other unit /> });
    view! {
        <article
            class="metric-definition"
            id=format!("metric-{}", definition.id)
            data-testid=format!("metric-{}", definition.id)
            tabindex="-1"
        >
            <div class="ours">
                <h2>{definition.name.clone()}</h2>
                {meaning}
                <h3>"For example"</h3>
                <p>{definition.given.clone()}</p>
                <p class="metric-sum">
                    {sum(&definition.sum)} " = " <strong>{result(definition.result, unit)}</strong>
                </p>
                <p class="metric-reason">
                    <strong>"Why so. "</strong>
                    {definition.reason.clone()}
                    {format!(" Decision {}.", decision(&definition.decision))}
                    {model
                        .map(|(name, address)| {
                            view! {
                                " The SQL is in "
                                <a href=address>{name}</a>
                                "."
                            }
                        })}
                </p>
            </div>
            <div class="theirs">
                <h3>"Who counts otherwise, and what would come out"</h3>
                <dl>{others.collect_view()}</dl>
            </div>
        </article>
    }
}

#[component]
fn Other(other: OtherDefinition, unit: ResultUnit) -> impl IntoView {
    let reckoned = other.result.map(|value| {
        view! {
            <p class="metric-sum">
                {sum(&other.sum)} " = " <strong>{result(value, other.unit.unwrap_or(unit))}</strong>
            </p>
        }
    });
    let source = (!other.source.is_empty())
        .then(|| view! { <p class="metric-source">{other.source.clone()}</p> });
    view! {
        <div>
            <dt>{other.who.clone()}</dt>
            <dd>
                <p>{other.says.clone()}</p>
                {reckoned}
                {source}
            </dd>
        </div>
    }
}
