//! The run as one thin line under the top line.

use leptos::prelude::*;

use crate::components::format::count;
use crate::state::{Phase, Pipeline, Stage, StageState, Status};

/// How far the run has come; gone when nothing runs and nothing failed.
#[component]
pub fn ProgressLine() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let status = pipeline.status;
    let phase = Memo::new(move |_| status.with(|status| status.phase.clone()));
    let words = move || {
        status.with(|status| {
            let stage = status.running()?;
            let rows = match (stage.done, stage.total) {
                (0, _) => String::new(),
                (done, Some(total)) => format!("{} of {}", count(done), count(total)),
                (done, None) => count(done),
            };
            Some(view! {
                <strong data-testid="progress-stage">{stage.stage.label()}</strong>
                <span>{stage.detail.clone()}</span>
                <span>{rows}</span>
            })
        })
    };
    let line = move || match phase.get() {
        Phase::Running => Some(
            view! {
                <div
                    class="track"
                    role="progressbar"
                    aria-label="Run"
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=move || (status.with(share) * 100.0).round().to_string()
                >
                    <div
                        class="fill"
                        style:--share=move || format!("{:.3}", status.with(share))
                    ></div>
                </div>
                <div class="words">{words}</div>
            }
            .into_any(),
        ),
        Phase::Failed(reason) => Some(
            view! {
                <div class="words" role="alert" data-testid="run-failed">
                    <strong class="down">"The run failed."</strong>
                    <span>{reason}</span>
                    <button class="text-button" on:click=move |_| pipeline.restart()>
                        "Run again"
                    </button>
                </div>
            }
            .into_any(),
        ),
        Phase::Cancelled => Some(
            view! {
                <div class="words" data-testid="run-cancelled">
                    <span>"Cancelled; what is shown is the last complete result."</span>
                    <button class="text-button" on:click=move |_| pipeline.restart()>
                        "Run again"
                    </button>
                </div>
            }
            .into_any(),
        ),
        Phase::Idle | Phase::Ready => None,
    };
    view! {
        <div class="progress" data-testid="progress">
            {line}
        </div>
    }
}

/// The share of the run that is done. Stages weigh what they usually take.
fn share(status: &Status) -> f64 {
    let weight = |stage: Stage| match stage {
        Stage::Parameters => 0.01,
        Stage::Rows => 0.25,
        Stage::Warehouse => 0.2,
        Stage::Models => 0.5,
        Stage::Results | Stage::Charts => 0.02,
    };
    status
        .stages
        .iter()
        .map(|stage| {
            let done = match (stage.state, stage.total) {
                (StageState::Done | StageState::Reused, _) => 1.0,
                (StageState::Waiting, _) | (_, None | Some(0)) => 0.0,
                (_, Some(total)) => (stage.done as f64 / total as f64).min(1.0),
            };
            done * weight(stage.stage)
        })
        .sum()
}
