//! One model's card.

use std::rc::Rc;

use leptos::prelude::*;

use super::answers::{self, headline, judged_on, written};
use super::evidence::Figures;
use super::settings_form::SettingsForm;
use crate::components::browser::download_text;
use crate::components::format::{count, day_of, words};
use crate::ml::{Card, Model, Score, Settings};
use crate::state::{Fit, Job, Pipeline};

/// Most features that are listed.
const FEATURES: usize = 10;

/// A model's card, or how far it has come.
#[component]
pub fn ModelCard(
    /// The model.
    model: Model,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let job = Job::of(model);
    let fit = move || pipeline.learning.with(|learning| learning.of(model));
    let state = move || match fit() {
        Fit::Waiting => "waiting",
        Fit::Running(_) => "running",
        Fit::Fitted(_) => "fitted",
        Fit::Failed(_) => "failed",
        Fit::Cancelled => "cancelled",
    };
    // Progress must not redraw the card.
    let cards = Memo::new(move |_| pipeline.learning.with(|learning| learning.cards(model)));
    let card = Signal::derive_local(move || {
        // Read, not only tracked: a memo that is never read is not notified of changes.
        if cards.get() == 0 {
            return None;
        }
        pipeline
            .learning
            .with_untracked(|learning| learning.card(model).cloned())
    });
    let is_overdue = move || matches!(fit(), Fit::Waiting | Fit::Running(_));
    let progress = move || match fit() {
        Fit::Running(None) => Some(("Reading its rows".to_owned(), 0.0)),
        Fit::Running(Some(progress)) => {
            let share = progress.done as f64 / progress.total.max(1) as f64;
            let of = if progress.total > 1 {
                format!(": {} of {}", progress.done, progress.total)
            } else {
                String::new()
            };
            Some((format!("{}{of}", progress.step), share))
        }
        _ => None,
    };
    let title_id = format!("card-{}-title", model.key());
    let labelled_by = title_id.clone();
    view! {
        <article
            class="model-card"
            data-testid=format!("card-{}", model.key())
            data-state=state
            aria-labelledby=labelled_by
        >
            <header>
                <div>
                    // Before there is a card, the heading says it.
                    {move || card.get().is_some().then(|| view! { <p class="label">{model.label()}</p> })}
                    <h2 id=title_id>
                        {move || card.get().map(|card| card.question.clone()).unwrap_or_else(|| model.label().to_owned())}
                    </h2>
                </div>
                <div class="tools">
                    <Show when=move || { matches!(fit(), Fit::Running(_) | Fit::Waiting) && pipeline.why_no_data().is_none() }>
                        <button
                            class="text-button"
                            data-testid=format!("cancel-{}", model.key())
                            on:click=move |_| pipeline.stop_training(job)
                        >
                            "Stop"
                        </button>
                    </Show>
                    <Show when=move || fit().is_settled()>
                        <button
                            class="text-button"
                            data-testid=format!("retrain-{}", model.key())
                            on:click=move |_| pipeline.train(job, Settings::default())
                        >
                            "Train again"
                        </button>
                    </Show>
                    <button
                        class="text-button"
                        data-testid=format!("json-{}", model.key())
                        disabled=move || card.get().is_none()
                        on:click=move |_| save(card.get_untracked())
                    >
                        "JSON"
                    </button>
                </div>
            </header>
            {move || progress().map(|(step, share)| view! {
                <p class="training" role="status">
                    <span>{step}</span>
                    <progress max="1" value=share.to_string() aria-label="Training"></progress>
                </p>
            })}
            {move || match fit() {
                Fit::Waiting => Some(view! { <p class="empty">{answers::waiting(pipeline.why_no_data())}</p> }.into_any()),
                Fit::Failed(message) => Some(view! { <p class="empty" role="alert">{answers::failure(model, &message, card.get().is_some())}</p> }.into_any()),
                Fit::Cancelled => Some(view! { <p class="empty">"Stopped. Its tables are empty. Train it again to fill them."</p> }.into_any()),
                _ => None,
            }}
            <div class="card-body" class:dimmed=is_overdue data-testid=format!("body-{}", model.key())>
                {move || card.get().map(|card| view! { <Body card /> })}
            </div>
        </article>
    }
}

/// Everything below the heading.
#[component]
fn Body(
    /// The card.
    card: Rc<Card>,
) -> impl IntoView {
    // A column that no row fills is left out.
    let columns = ScoreColumns {
        has_simple: card.scores.iter().any(|score| score.baseline.is_some()),
        has_oracle: card.scores.iter().any(|score| score.oracle.is_some()),
    };
    let scores = { card.scores.iter() }
        .map(|score| score_row(score, columns))
        .collect_view();
    let has_positives = card.parts.iter().any(|part| part.positives.is_some());
    let has_days = card.parts.iter().any(|part| part.days.is_some());
    let parts = card.parts.iter().map(|part| {
        let days = part
            .days
            .clone()
            .map(|[from, to]| format!("{} to {}", day_of(&from), day_of(&to)));
        let share = part
            .positives
            .map(|positives| format!("{:.1}%", 100.0 * positives as f64 / part.rows.max(1) as f64));
        view! {
            <tr>
                <th scope="row">{part.name.clone()}</th>
                <td class="number">{count(part.rows)}</td>
                {has_positives.then(|| view! { <td class="number">{share}</td> })}
                {has_days.then(|| view! { <td class="days">{days}</td> })}
            </tr>
        }
    });
    let widest = card
        .importances
        .first()
        .map_or(1.0, |first| first.share.max(1e-9));
    let importances = card.importances.iter().take(FEATURES).map(|importance| {
        let width = format!("{:.1}%", 100.0 * importance.share / widest);
        view! {
            <li>
                <span class="feature">{words(&importance.feature)}</span>
                <span class="bar"><span style:width=width></span></span>
                <span class="share">{format!("{:.1}%", 100.0 * importance.share)}</span>
            </li>
        }
    });
    let limits = card
        .limits
        .iter()
        .map(|limit| view! { <li>{limit.clone()}</li> });
    let has_importances = !card.importances.is_empty();
    let importances = importances.collect_view();
    view! {
        <p class="answer" data-testid=format!("headline-{}", card.model.key())>{headline(&card)}</p>
        <p class="method">{card.method.clone()}</p>
        <div class="card-columns">
            <div class="table-scroll" tabindex="0" role="region" aria-label="Scores">
                <table class="data-table scores">
                    <thead>
                        <tr>
                            <th scope="col">{format!("Score {}", judged_on(card.model))}</th>
                            <th scope="col" class="number">"Model"</th>
                            {{ columns.has_simple }
                                .then(|| view! { <th scope="col" class="number">"Simple"</th> })}
                            {{ columns.has_oracle }
                                .then(|| view! { <th scope="col" class="number">"Oracle"</th> })}
                        </tr>
                    </thead>
                    <tbody>{scores}</tbody>
                </table>
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Parts of the data">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">"Part"</th>
                            <th scope="col" class="number">"Rows"</th>
                            {has_positives
                                .then(|| view! { <th scope="col" class="number">"Positive"</th> })}
                            {has_days.then(|| view! { <th scope="col">"Days"</th> })}
                        </tr>
                    </thead>
                    <tbody>{parts.collect_view()}</tbody>
                </table>
                <p class="caption">{card.split.clone()}</p>
            </div>
        </div>
        <div class="card-figures">
            <Figures card=Rc::clone(&card) />
        </div>
        <div class="card-columns">
            {has_importances.then(|| view! {
                <div>
                    <h3>"Which features matter?"</h3>
                    <ol class="importances">{importances}</ol>
                </div>
            })}
            <div>
                <h3>"Limitations"</h3>
                <ul class="limits">{limits.collect_view()}</ul>
                <h3>"Hyperparameters"</h3>
                <SettingsForm model=card.model settings=card.settings.clone() />
                <p class="caption">{format!("Seed {}. The same data, settings and seed give an identical model.", card.seed)}</p>
            </div>
        </div>
    }
}

/// Which columns beside the model's own the table of scores has.
#[derive(Clone, Copy)]
struct ScoreColumns {
    has_simple: bool,
    has_oracle: bool,
}

fn score_row(score: &Score, columns: ScoreColumns) -> impl IntoView + use<> {
    let interval = score
        .interval
        .map(|[low, high]| format!("{} to {}", written(score, low), written(score, high)));
    let baseline = score.baseline.map(|value| written(score, value));
    let oracle = score.oracle.map(|value| written(score, value));
    view! {
        <tr data-testid=format!("score-{}", score.key) data-value=score.value.to_string()>
            <th scope="row" title=score.meaning.clone()>
                {score.label.clone()}
                <span class="better">{if score.is_more_better { "" } else { " (lower is better)" }}</span>
            </th>
            <td class="number">
                <b>{written(score, score.value)}</b>
                {interval.map(|interval| view! { <span class="interval">{interval}</span> })}
            </td>
            {{ columns.has_simple }
                .then(|| view! { <td class="number" title=score.baseline_name.clone()>{baseline}</td> })}
            {{ columns.has_oracle }.then(|| view! { <td class="number truth">{oracle}</td> })}
        </tr>
    }
}

fn save(card: Option<Rc<Card>>) {
    if let Some(card) = card
        && let Ok(text) = serde_json::to_string_pretty(&*card)
    {
        let name = format!("model-card-{}.json", card.model.key());
        download_text(&name, "application/json", &text);
    }
}
