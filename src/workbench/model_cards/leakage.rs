//! The leakage lab: what happens when features know the future.

use leptos::prelude::*;

use super::answers;
use crate::ml::{Model, Settings};
use crate::state::{Fit, Job, Pipeline};

const JOB: Job = Job::leakage();

/// A switch, and what it does to the AUC.
#[component]
pub fn LeakageLab() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let lab = move || pipeline.learning.with(|learning| learning.leakage());
    let is_on = move || lab().is_some_and(|fit| !matches!(fit, Fit::Cancelled));
    let flip = move |_| {
        if is_on() {
            pipeline.close_leakage_lab();
        } else {
            pipeline.train(JOB, Settings::default());
        }
    };
    let answer = move || {
        match lab() {
        None | Some(Fit::Cancelled) => {
            "Off: every feature is computed strictly before the snapshot. Turn it on to add features that are only known afterwards."
                .to_owned()
        }
        Some(Fit::Waiting | Fit::Running(_)) => pipeline.why_no_data().map_or_else(
            || "Training with leaky features.".to_owned(),
            |why| answers::waiting(Some(why)),
        ),
        Some(Fit::Failed(message)) => answers::failure(Model::Churn, &message, false),
        Some(Fit::Fitted(leaky)) => {
            let honest = pipeline.learning.with(|learning| learning.card(Model::Churn).cloned());
            answers::leakage(honest.as_deref(), &leaky)
        }
    }
    };
    let auc = move || {
        let fit = lab()?;
        let value = fit.card()?.score("auc")?.value;
        Some(format!("{value:.4}"))
    };
    view! {
        <section class="leakage-lab" data-testid="leakage-lab" data-auc=auc aria-labelledby="leakage-title">
            <header>
                <h2 id="leakage-title">"What if the features knew the future?"</h2>
                <button
                    class="button"
                    role="switch"
                    aria-checked=move || is_on().to_string()
                    data-testid="leakage-switch"
                    on:click=flip
                >
                    {move || if is_on() { "Leaky features: on" } else { "Leaky features: off" }}
                </button>
            </header>
            <p class="answer" aria-live="polite" data-testid="leakage-answer">{answer}</p>
            <p class="caption">
                "The leaky features are: days without a session up to the label date, sessions up to then, days since the last payment at that date, \
                 and whether the subscription has ended by then. Many feature tables contain them, because a table of users \
                 as they are today contains them. A score near 1 is the sign. A model trained on them is useless in production."
            </p>
        </section>
    }
}
