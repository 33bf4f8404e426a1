//! The page: one sentence, a card a model, and the leakage lab.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_meta::Title;

use super::answers;
use super::leakage::LeakageLab;
use super::model_card::ModelCard;
use crate::ml::{Card, LEARNERS, Model};
use crate::state::Pipeline;

/// The Model cards page.
#[component]
pub fn ModelCardsPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let sentence = move || {
        let cards: Vec<Rc<Card>> = pipeline.learning.with(|learning| {
            let cards = Model::ALL.into_iter().map(|model| learning.card(model));
            cards.flatten().cloned().collect()
        });
        let cards: Vec<&Card> = cards.iter().map(AsRef::as_ref).collect();
        answers::page(&cards, LEARNERS.len(), pipeline.why_no_data())
    };
    let cards = LEARNERS.iter().map(|learner| {
        let lab = learner.model == Model::Churn;
        view! {
            <ModelCard model=learner.model />
            {lab.then(|| view! { <LeakageLab /> })}
        }
    });
    view! {
        <Title text="Model cards · MetricFlow" />
        <header class="page-head">
            <p class="label">"Model cards"</p>
            <h1 class="page-sentence" data-testid="page-sentence">{sentence}</h1>
        </header>
        <div class="model-cards">{cards.collect_view()}</div>
    }
}
