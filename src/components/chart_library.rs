//! ECharts as the page has it: loaded with the first chart, missed with a sentence, asked for again with one click.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::echarts;

/// How long it is waited for before that is told; it may still come.
const PATIENCE_MS: u32 = 30_000;

/// Whether the library of the charts is there; provided as context.
#[derive(Clone, Copy)]
pub struct ChartLibrary {
    is_missing: RwSignal<bool>,
    /// How often the reader asked for it again.
    asked: RwSignal<u32>,
}

impl ChartLibrary {
    /// Makes the page's own and provides it as context.
    pub fn provide() {
        provide_context(Self {
            is_missing: RwSignal::new(false),
            asked: RwSignal::new(0),
        });
    }

    /// Loads the library for a chart, unless it is there; says whether it is.
    pub async fn load(self) -> bool {
        let late = Timeout::new(PATIENCE_MS, move || self.tell(true));
        let outcome = echarts::load().await;
        drop(late);
        if let Err(error) = &outcome {
            leptos::logging::warn!("ECharts could not be loaded: {error:?}");
        }
        self.tell(outcome.is_err());
        outcome.is_ok()
    }

    /// Draws again what waits for the library, when the reader asks for it.
    pub fn track(self) {
        self.asked.track();
    }

    fn tell(self, is_missing: bool) {
        if self.is_missing.try_get_untracked() != Some(is_missing) {
            self.is_missing.try_set(is_missing);
        }
    }
}

/// Says that no chart can be drawn, what works nevertheless, and asks again.
#[component]
pub fn ChartsFault() -> impl IntoView {
    let library = expect_context::<ChartLibrary>();
    view! {
        <Show when=move || library.is_missing.get()>
            <div class="notices" role="alert" data-testid="charts-fault">
                <div class="head">
                    <strong>
                        "Charts can’t be drawn, because their library could not be loaded. Figures, tables and exports of data work."
                    </strong>
                    <button
                        class="text-button"
                        on:click=move |_| library.asked.update(|asked| *asked += 1)
                    >
                        "Try again"
                    </button>
                </div>
            </div>
        </Show>
    }
}
