//! The page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::mark::TruthMark;
use super::queries::TOPICS;
use super::rows::{TruthRows, use_truth_rows};
use super::text;
use crate::components::browser::download_csv;
use crate::components::error_panel::ErrorPanel;
use crate::results::truth::{TruthRow, Verdict, summary};
use crate::state::Pipeline;

const VERDICTS: [Verdict; 5] = [
    Verdict::Inside,
    Verdict::Biased,
    Verdict::Outside,
    Verdict::Compared,
    Verdict::Few,
];

/// The link's key of the verdict that is kept.
const JUDGED: &str = "judged";

fn verdict_of(key: &str) -> Option<Verdict> {
    let named = |verdict: &Verdict| text::verdict_key(*verdict) == key;
    VERDICTS.into_iter().find(named)
}

/// The Truth page.
#[component]
pub fn TruthPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let rows = use_truth_rows();
    let asked = pipeline.page_key(JUDGED);
    let kept = Memo::new(move |_| asked.get().as_deref().and_then(verdict_of));
    let keep = move |verdict: Option<Verdict>| {
        let written = verdict.map(|verdict| text::verdict_key(verdict).to_owned());
        pipeline.set_page_keys(&[(JUDGED, written)]);
    };
    let (has_figures, show_figures) = signal(false);

    let sentence = move || match rows.get() {
        Some(found) => summary(&found.rows).into_any(),
        None => match pipeline.why_no_data() {
            Some(why) => why.into_any(),
            None => view! { <span class="skeleton"></span> }.into_any(),
        },
    };
    let state = move || {
        if rows.with(Option::is_some) {
            "ready"
        } else if pipeline.why_no_data().is_some() {
            "missing"
        } else {
            "loading"
        }
    };
    let save = move |_| {
        if let Some(found) = rows.get_untracked() {
            download_csv("truth.csv", [text::table(&found.rows).to_csv()]);
        }
    };
    let body = move || {
        rows.get().map(|found| {
            let has_figures = has_figures.get();
            let failures = failures(&found);
            let topics = TOPICS
                .into_iter()
                .filter_map(|(topic, says)| {
                    let rows: Vec<TruthRow> = found
                        .rows
                        .iter()
                        .filter(|row| {
                            row.topic == topic
                                && kept.get().is_none_or(|kept| kept == row.verdict())
                        })
                        .cloned()
                        .collect();
                    (!rows.is_empty()).then(|| view! { <Topic topic says rows has_figures /> })
                })
                .collect_view();
            view! { {failures} {topics} }
        })
    };

    view! {
        <Title text="Truth · MetricFlow" />
        <header class="page-head">
            <p class="label">"Truth"</p>
            <h1 class="page-sentence" data-testid="truth-sentence">{sentence}</h1>
            <p class="page-lead">
                "The generator planted everything here, so every estimate can be compared with the truth. The models never read it. Of a hundred correct 95% intervals, five miss."
            </p>
        </header>
        <div class="truth-tools" data-testid="truth" data-state=state>
            <div class="truth-filter" role="group" aria-label="Verdicts shown">
                <FilterButton name="All" key="all" is_on=Signal::derive(move || kept.get().is_none()) count=Signal::derive_local(move || rows.with(|found| found.as_ref().map_or(0, |found| found.rows.len()))) choose=Callback::new(move |()| keep(None)) />
                {VERDICTS
                    .map(|verdict| {
                        let is_on = Signal::derive(move || kept.get() == Some(verdict));
                        let count = Signal::derive_local(move || {
                            rows.with(|found| found.as_ref().map_or(0, |found| found.rows.iter().filter(|row| row.verdict() == verdict).count()))
                        });
                        let choose = Callback::new(move |()| keep(Some(verdict)));
                        view! { <FilterButton name=text::verdict(verdict) key=text::verdict_key(verdict) is_on count choose /> }
                    })
                    .collect_view()}
            </div>
            <div class="truth-actions">
                <button type="button" class="panel-action" aria-pressed=move || has_figures.get().to_string() on:click=move |_| show_figures.update(|on| *on = !*on)>
                    "Figures"
                </button>
                <button type="button" class="panel-action" disabled=move || rows.with(Option::is_none) on:click=save>"CSV"</button>
            </div>
        </div>
        <p class="truth-legend" aria-hidden="true">
            <span class="truth-key-estimate"></span>
            "estimate "
            <span class="truth-key-interval"></span>
            "its 95% interval, always drawn at this length "
            <span class="truth-key-truth"></span>
            "planted"
        </p>
        {body}
    }
}

/// A button of the filter, with how many rows it keeps.
#[component]
fn FilterButton(
    /// What it says.
    name: &'static str,
    /// Its name in test ids.
    key: &'static str,
    /// Whether it is chosen.
    is_on: Signal<bool>,
    /// How many rows it keeps.
    count: Signal<usize, LocalStorage>,
    /// Is called when it is chosen.
    choose: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="truth-choice"
            data-testid=format!("truth-keep-{key}")
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| choose.run(())
        >
            {name}
            " "
            <span class="truth-count">{move || count.get()}</span>
        </button>
    }
}

/// A topic and its rows.
#[component]
fn Topic(
    /// Its name.
    topic: &'static str,
    /// The sentence under it.
    says: &'static str,
    /// Its rows.
    rows: Vec<TruthRow>,
    /// Whether figures stand in the marks' place.
    has_figures: bool,
) -> impl IntoView {
    let id = format!("truth-{}", topic.to_lowercase().replace(' ', "-"));
    let body = rows
        .into_iter()
        .map(|row| view! { <TruthLine row has_figures /> })
        .collect_view();
    let heading = if has_figures {
        "95% interval"
    } else {
        "Estimate and planted value"
    };
    view! {
        <section class="truth-topic" aria-labelledby=id.clone()>
            <h2 class="truth-heading" id=id.clone()>{topic}</h2>
            <p class="truth-says">{says}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label=format!("Figures: {topic}")>
                <table class="truth-table">
                    <thead>
                        <tr>
                            <th scope="col">"Quantity"</th>
                            <th scope="col" class="number">"Planted"</th>
                            <th scope="col" class="number">"Estimate"</th>
                            <th scope="col" class="truth-cell">{heading}</th>
                            <th scope="col" class="number truth-sample">"Rows"</th>
                            <th scope="col">"Verdict"</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </section>
    }
}

/// One planted value.
#[component]
fn TruthLine(
    /// The value and its estimate.
    row: TruthRow,
    /// Whether figures stand in the mark's place.
    has_figures: bool,
) -> impl IntoView {
    let verdict = row.verdict();
    let says_why = matches!(verdict, Verdict::Biased | Verdict::Compared);
    let note = row.note.clone().filter(|_| says_why);
    let interval = text::interval(&row);
    let cell = if has_figures {
        interval.clone().into_any()
    } else {
        view! { <TruthMark row=row.clone() /> }.into_any()
    };
    view! {
        <tr
            data-testid=format!("truth-row-{}", row.key)
            data-planted=row.planted.to_string()
            data-estimate=row.estimate.to_string()
            data-verdict=text::verdict_key(verdict)
        >
            <th scope="row" class="truth-name">
                {row.name.clone()}
                {note.map(|note| view! { <span class="truth-note">{note}</span> })}
            </th>
            <td class="number">{text::value(row.unit, row.planted)}</td>
            <td class="number">{text::value(row.unit, row.estimate)}</td>
            <td class="truth-cell" title=interval>{cell}</td>
            <td class="number truth-sample">{crate::components::format::count(row.sample.unsigned_abs())}</td>
            <td><span class=format!("truth-verdict {}", text::verdict_key(verdict))>{text::verdict(verdict)}</span></td>
        </tr>
    }
}

fn failures(found: &TruthRows) -> impl IntoView + use<> {
    found
        .failures
        .iter()
        .map(|(query, message)| {
            view! {
                <ErrorPanel
                    what=format!("The estimates of {} could not be loaded.", query.label)
                    message=message.clone()
                    advice="Other estimates are not affected."
                />
            }
        })
        .collect_view()
}
