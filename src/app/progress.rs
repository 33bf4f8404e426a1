//! The run as one thin line under the top line, with the way to stop it.

use leptos::prelude::*;

use crate::components::format::{bytes, count, counted, duration};
use crate::state::size;
use crate::state::{
    Busy, Dataset, Phase, Pipeline, Stage, StageState, StageStatus, Starting, Status,
};

/// How far the run has come, what it found in its way, and what the engine is busy with; gone when
/// there is nothing to say.
#[component]
pub fn ProgressLine() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let status = pipeline.status;
    let phase = Memo::new(move |_| status.with(|status| status.phase.clone()));
    let kept = move || {
        let is_drawn = pipeline.dataset.with(Option::is_some);
        is_drawn.then_some("What is shown is the last complete result.")
    };
    let line = move || match phase.get() {
        Phase::Running => Some(view! { <Running /> }.into_any()),
        Phase::Failed(reason) => Some(
            view! {
                <div class="words refused" role="alert" data-testid="run-failed">
                    <strong class="down">"The run failed."</strong>
                    <span>{reason}</span>
                    <span>{kept}</span>
                    <span>{move || status.with(|status| set_aside(&status.set_aside))}</span>
                    <Smaller />
                    <RunAgain />
                    <ReloadButton />
                </div>
            }
            .into_any(),
        ),
        Phase::Refused(reason) => Some(view! { <Refused reason /> }.into_any()),
        Phase::Cancelled => Some(view! { <Cancelled /> }.into_any()),
        Phase::Idle | Phase::Ready => None,
    };
    let is_running = move || phase.get() == Phase::Running;
    let is_over_margin = move || is_running() || pipeline.busy.get().is_some();
    let is_quiet = move || phase.get() == Phase::Ready && !is_over_margin();
    view! {
        <div class="progress" class:running=is_over_margin class:quiet=is_quiet data-testid="progress">
            {line}
            <Show when=move || phase.get() == Phase::Ready>
                <FromDevice />
            </Show>
            <Show when=move || !is_running()>
                <BusyLine />
            </Show>
        </div>
    }
}

/// The run under way: its share, what it does, what remains, how long it has taken.
#[component]
fn Running() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let status = pipeline.status;
    let prefix = move || {
        status.with(|status| match (status.is_restoring, status.is_second_try) {
            (true, _) => Some("Restoring the previous dataset:"),
            (_, true) => Some("A worker stopped; it was restarted:"),
            _ if status.is_making_rows => Some("Something needs raw rows, which are made again:"),
            _ => None,
        })
    };
    let still = Memo::new(move |_| status.with(|status| status.still_secs));
    let words = move || {
        let (stage, parts) = status.with(words);
        let parts = parts.into_iter().map(|part| view! { <span>{part}</span> });
        view! {
            <strong data-testid="progress-stage">{stage}</strong>
            {parts.collect_view()}
        }
    };
    let elapsed = move || duration(status.with(|status| status.elapsed_ms));
    view! {
        <div
            class="track"
            role="progressbar"
            aria-label="Run"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || (status.with(share) * 100.0).round().to_string()
        >
            <div class="fill" style:--share=move || format!("{:.3}", status.with(share))></div>
        </div>
        <div class="words">
            {prefix} {words} <span class="elapsed" data-testid="progress-elapsed">{elapsed}</span>
            <CancelButton test_id="cancel-run" />
        </div>
        <Show when=move || still.read().is_some()>
            <div class="words refused" role="status" data-testid="run-still">
                <span>
                    {move || {
                        let seconds = still.get().unwrap_or_default();
                        format!("Nothing has come for {seconds} s. A slow network or device may need longer: you can wait, cancel or reload.")
                    }}
                </span>
                <ReloadButton />
            </div>
        </Show>
    }
}

/// Loads the page again: what helps when the site was updated under it.
#[component]
fn ReloadButton() -> impl IntoView {
    let reload = |_| {
        // A page that may not be loaded again stays as it is.
        let _ = window().location().reload();
    };
    view! {
        <button class="text-button" data-testid="reload" on:click=reload>
            "Reload the page"
        </button>
    }
}

/// The size to choose after a run that got no memory.
#[component]
fn Smaller() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let offer = move || {
        let smaller = pipeline.smaller.get()?;
        let words = format!("Use {} users", count(smaller.users()));
        let take = move |_| pipeline.set_scenario(&smaller);
        Some(view! {
            <button class="button primary" data-testid="use-smaller" on:click=take>
                {words}
            </button>
        })
    };
    view! { {offer} }
}

/// Stops what the engine works on.
#[component]
fn CancelButton(test_id: &'static str) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    view! {
        <button class="text-button" data-testid=test_id on:click=move |_| pipeline.cancel()>
            "Cancel"
        </button>
    }
}

/// Runs the cancelled scenario, or the link's, once more.
#[component]
fn RunAgain() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    view! {
        <button class="text-button" on:click=move |_| pipeline.run_again()>
            "Run again"
        </button>
    }
}

/// What a cancelled run leaves.
#[component]
fn Cancelled() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let words = move || {
        let aside = pipeline.status.with(|status| status.set_aside.clone());
        let is_drawn = pipeline.dataset.with(Option::is_some);
        match set_aside(&aside) {
            Some(words) => format!("Cancelled. {words}"),
            None if is_drawn => "Cancelled; back at the last complete result.".to_owned(),
            None => "Cancelled before any data was ready.".to_owned(),
        }
    };
    // When only an edit was cancelled, there is no other scenario to run.
    let is_other = Memo::new(move |_| {
        pipeline.cancelled.with(Option::is_some) || pipeline.dataset.with(Option::is_none)
    });
    view! {
        <div class="words" role="status" data-testid="run-cancelled">
            <span>{words}</span>
            <Show when=move || is_other.get()>
                <RunAgain />
            </Show>
        </div>
    }
}

/// Says of edits that were not carried out where they are.
fn set_aside(models: &[String]) -> Option<String> {
    match models {
        [] => None,
        [one] => Some(format!(
            "The edit of {one} was not applied; it is kept as a draft in Models."
        )),
        more => Some(format!(
            "The edits of {} were not applied; they are kept as drafts in Models.",
            more.join(", ")
        )),
    }
}

/// A scenario that would not fit, and the largest that does.
#[component]
fn Refused(reason: String) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let largest = pipeline
        .scenario
        .with_untracked(|scenario| size::largest(scenario, size::budget_of_this_tab()));
    let kept = move || {
        let is_drawn = pipeline.dataset.with(Option::is_some);
        if is_drawn {
            "It was not started; what is shown is the last complete result."
        } else {
            "It was not started, so nothing was built."
        }
    };
    let way_out = match largest {
        Some(largest) => {
            let words = format!("Use {} users", count(largest.users()));
            let take = move |_| pipeline.set_scenario(&largest);
            view! {
                <button class="button primary" data-testid="use-largest" on:click=take>
                    {words}
                </button>
            }
            .into_any()
        }
        None => view! { <span>"Choose fewer events per user."</span> }.into_any(),
    };
    view! {
        <div class="words refused" role="alert" data-testid="run-refused">
            <strong class="down">{reason}</strong>
            <span>{kept}</span>
            {way_out}
        </div>
    }
}

/// Says where the results are from that an earlier visit kept, and what became of such.
#[component]
fn FromDevice() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let words = Memo::new(move |_| {
        let is_kept = pipeline
            .dataset
            .with(|dataset| dataset.as_ref().is_some_and(Dataset::is_from_device));
        let kept = "From this device, as an earlier visit left it. Raw rows are made again when something needs them.";
        let remark = pipeline.keeper.keeping.with(|keeping| keeping.remark);
        if is_kept { Some(kept) } else { remark }
    });
    view! {
        <Show when=move || words.read().is_some()>
            <div class="words" role="status" data-testid="from-device">
                <span>{move || words.get()}</span>
            </div>
        </Show>
    }
}

/// A statement that takes long, or an engine that does not answer.
#[component]
fn BusyLine() -> impl IntoView {
    let busy = expect_context::<Pipeline>().busy;
    let words = move || match busy.get() {
        Some(Busy::Statement(seconds)) => format!("A query has been running for {seconds} s."),
        Some(Busy::Silent(seconds)) => format!("The engine has not answered for {seconds} s."),
        None => String::new(),
    };
    let is_busy = Memo::new(move |_| busy.get().is_some());
    view! {
        <Show when=move || is_busy.get()>
            <div class="words" data-testid="engine-busy">
                <span>{words}</span>
                <CancelButton test_id="cancel-query" />
            </div>
        </Show>
    }
}

/// The stage under way, and what is to be said of it.
fn words(status: &Status) -> (&'static str, Vec<String>) {
    let Some(stage) = status.running() else {
        return match status.starting {
            Some(starting @ Starting::Downloading { bytes: got, total }) if got > 0 => {
                let got = bytes(got);
                let part = total.map_or(got.clone(), |total| format!("{got} of {}", bytes(total)));
                (starting.label(), vec![part])
            }
            Some(starting) => (starting.label(), Vec::new()),
            None => ("Starting the generation workers", Vec::new()),
        };
    };
    let parts = [Some(stage.detail.clone()), units(stage), remaining(stage)];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    (stage.stage.label(), parts.collect())
}

/// How much of a stage is done, and of how much.
fn units(stage: &StageStatus) -> Option<String> {
    let (done, total) = (stage.done, stage.total);
    match (stage.stage, total) {
        (Stage::Models, Some(total)) => {
            Some(format!("model {} of {}", (done + 1).min(total), total))
        }
        (Stage::Rows | Stage::Warehouse, _) if done == 0 => None,
        (Stage::Rows | Stage::Warehouse, Some(total)) if done <= total => {
            Some(format!("{} of about {} rows", count(done), count(total)))
        }
        (Stage::Rows | Stage::Warehouse, _) => Some(counted(done, "row")),
        _ => None,
    }
}

fn remaining(stage: &StageStatus) -> Option<String> {
    let seconds = (stage.remaining_ms()? / 1_000.0).ceil();
    Some(format!("about {seconds} s left"))
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
