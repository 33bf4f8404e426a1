//! The run: its size, its six stages, and how to stop or repeat it.

use leptos::prelude::*;

use crate::components::error_panel::ErrorPanel;
use crate::components::format::{bytes, count, duration};
use crate::parameters::Scenario;
use crate::state::size;
use crate::state::{Dataset, Phase, Pipeline, Stage, StageState, StageStatus};

/// What the scenario will need.
#[component]
pub fn EstimateView(
    /// The scenario as edited.
    scenario: Signal<Scenario>,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let size = Memo::new(move |_| scenario.with(size::size));
    let budget = size::budget_of_this_tab();
    let row = |name: &'static str, value: String| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{value}</td>
            </tr>
        }
    };
    let verdict = move || {
        let reason = scenario.with(|scenario| size::refusal(scenario, budget))?;
        let largest = scenario.with(|scenario| size::largest(scenario, budget));
        let way_out = largest.map(|largest| {
            let words = format!("Use {} users", count(largest.users()));
            let take = move |_| pipeline.set_scenario(&largest);
            view! {
                " "
                <button class="button primary" data-testid="take-largest" on:click=take>
                    {words}
                </button>
            }
        });
        Some(view! {
            <p class="estimate down" role="alert">
                {reason}
                {way_out}
            </p>
        })
    };
    view! {
        <section data-testid="estimate" aria-label="Size">
            <h2>"Size, before it runs"</h2>
            <table class="figures">
                <tbody>
                    {move || row("Events", format!("about {}", count(round(size.get().events))))}
                    {move || row("Raw rows", format!("about {}", count(round(size.get().rows))))}
                    {move || row("Memory of this tab at the peak", format!("about {}", bytes(size.get().memory_bytes)))}
                    {row("Most that can be used", bytes(budget))}
                </tbody>
            </table>
            {verdict}
        </section>
    }
}

/// The state of each stage, with buttons to cancel and repeat.
#[component]
pub fn RunView() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let status = pipeline.status;
    let is_running = Memo::new(move |_| status.with(|status| status.phase == Phase::Running));
    let failure = move || match status.with(|status| status.phase.clone()) {
        Phase::Failed(reason) => Some(view! {
            <ErrorPanel
                what="The run failed."
                message=reason
                advice="The previous charts are still shown. Run again, or change a value."
            />
        }),
        _ => None,
    };
    let is_from_device = move || {
        let dataset = pipeline.dataset.read();
        dataset.as_ref().is_some_and(Dataset::is_from_device)
    };
    let total = move || {
        status.with(|status| match status.phase {
            Phase::Idle => "Not run yet.".to_owned(),
            Phase::Running if status.is_restoring => "Restoring the previous dataset.".to_owned(),
            Phase::Running => "Running.".to_owned(),
            Phase::Ready if is_from_device() => "From this device, as an earlier visit left it. Raw rows are made again when something needs them.".to_owned(),
            Phase::Ready => format!("Ready after {}.", duration(status.elapsed_ms)),
            Phase::Cancelled => {
                "Cancelled; the last complete dataset stays, and every page still answers from it."
                    .to_owned()
            }
            Phase::Refused(_) => "Not started: too large for this tab.".to_owned(),
            Phase::Failed(_) => format!("Stopped after {}.", duration(status.elapsed_ms)),
        })
    };
    // Not read out: it changes several times a second.
    let clock = move || {
        let elapsed = status.with(|status| {
            let is_running = status.phase == Phase::Running;
            is_running.then_some(status.elapsed_ms)
        });
        elapsed.map(|elapsed| format!(" {} so far.", duration(elapsed)))
    };
    let memory = move || {
        let held = status.with(|status| status.memory_bytes);
        held.map(|held| format!(" The engine uses {} of memory.", bytes(held)))
    };
    let stages = Stage::ALL.map(|stage| {
        let of_stage = Memo::new(move |_| status.with(|status| status.stage(stage).clone()));
        view! { <StageRow status=of_stage /> }
    });
    view! {
        <section data-testid="run" aria-label="Run">
            <h2>"Run"</h2>
            <p class="estimate">
                <span aria-live="polite" data-testid="run-phase">{total}</span>
                {clock}
                {memory}
            </p>
            <table class="stage-list" data-testid="stages">
                <tbody>{stages.collect_view()}</tbody>
            </table>
            {failure}
            <div class="row">
                <Show
                    when=move || is_running.get()
                    fallback=move || {
                        view! {
                            <button
                                class="button"
                                data-testid="restart"
                                on:click=move |_| pipeline.restart()
                            >
                                "Run again from scratch"
                            </button>
                        }
                    }
                >
                    <button class="button" data-testid="cancel" on:click=move |_| pipeline.cancel()>
                        "Cancel"
                    </button>
                </Show>
            </div>
        </section>
    }
}

/// One stage: its name and what it is doing, its units, its time.
#[component]
fn StageRow(
    /// Its state.
    #[prop(into)]
    status: Signal<StageStatus>,
) -> impl IntoView {
    let state = move || {
        status.with(|status| match status.state {
            StageState::Waiting => "waiting",
            StageState::Running => "running",
            StageState::Done => "done",
            StageState::Reused => "reused",
            StageState::Stopped => "stopped",
        })
    };
    let units = move || {
        status.with(|status| {
            let unit = match status.stage {
                Stage::Rows | Stage::Warehouse => "rows",
                Stage::Models => "models",
                Stage::Parameters | Stage::Results | Stage::Charts => "",
            };
            match (status.done, status.total) {
                _ if unit.is_empty() => String::new(),
                (0, None) => String::new(),
                (done, Some(total)) if status.state == StageState::Running && done <= total => {
                    format!("{} of {} {unit}", count(done), count(total))
                }
                (done, _) => format!("{} {unit}", count(done)),
            }
        })
    };
    let detail = move || {
        let detail = status.with(|status| status.detail.clone());
        let is_shown = status.with(|status| status.state == StageState::Running);
        (is_shown && !detail.is_empty()).then(|| view! { <span class="detail">{detail}</span> })
    };
    let time = move || {
        status.with(|status| match status.state {
            StageState::Waiting => String::new(),
            // Its clock is read at the end only.
            StageState::Running if status.elapsed_ms == 0.0 => "…".to_owned(),
            StageState::Reused => "kept".to_owned(),
            StageState::Running | StageState::Done | StageState::Stopped => {
                duration(status.elapsed_ms)
            }
        })
    };
    view! {
        <tr data-state=state data-testid=move || status.with(|status| format!("stage-{}", status.stage.label().to_lowercase()))>
            <th scope="row">
                {move || status.with(|status| status.stage.label())}
                <span class="visually-hidden">{move || format!(": {}", state())}</span>
                {detail}
            </th>
            <td>{units}</td>
            <td>{time}</td>
        </tr>
    }
}

/// Two significant digits, for what is only an estimate.
fn round(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    (number + unit / 2) / unit * unit
}
