//! A panel: a question, its answer in a sentence, and the evidence.

use leptos::prelude::*;

use super::browser::{download_text, download_url};
use super::chart::{ChartHandle, ChartView};
use super::chart_spec::ChartSpec;
use super::data_table::DataTable;
use super::error_panel::ErrorPanel;
use super::panel_state::PanelState;
use super::theme::ThemeName;
use wasm_bindgen::JsValue;

/// What a panel shows besides its data.
#[derive(Debug, Clone, Copy)]
pub struct PanelFrame {
    /// Names the panel in test ids and file names.
    pub id: &'static str,
    /// The question, in sentence case.
    pub title: &'static str,
    /// What is measured, shown on hover over the title.
    pub definition: &'static str,
    /// The unit and period of the chart's values.
    pub unit: &'static str,
    /// The statement that fetches its rows.
    pub sql: &'static str,
    /// How wide it is: `span-12`, `span-7` ….
    pub span: &'static str,
    /// The colours of the chart's series, by token, when they can't be labelled directly.
    pub keys: &'static [(&'static str, &'static str)],
}

/// A panel with a chart, or with `children` in its place.
#[component]
pub fn Panel(
    /// What does not change.
    frame: PanelFrame,
    /// Where its data stands.
    #[prop(into)]
    state: Signal<PanelState, LocalStorage>,
    /// The chart; without one, `children` are shown.
    #[prop(optional, into)]
    chart: Option<Signal<Option<ChartSpec>, LocalStorage>>,
    /// The theme charts are drawn in.
    theme: Signal<ThemeName>,
    /// What is shown in the chart's place once the data is there.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let (is_table, show_table) = signal(false);
    let (is_sql, show_sql) = signal(false);
    let handle = ChartHandle::new_local(None);
    let children = StoredValue::new_local(children);
    let title_id = format!("{}-title", frame.id);
    let labelled_by = title_id.clone();

    let phase = Memo::new(move |_| match &*state.read() {
        PanelState::Loading => "loading",
        PanelState::Empty(_) => "empty",
        PanelState::Failed(_) => "failed",
        PanelState::Ready(_) => "ready",
    });
    let content = move || match state.get() {
        PanelState::Ready(content) => Some(content),
        _ => None,
    };
    let answer = move || match state.get() {
        PanelState::Ready(content) => content.answer.clone().into_any(),
        PanelState::Loading => view! { <span class="skeleton"></span> }.into_any(),
        PanelState::Empty(_) | PanelState::Failed(_) => ().into_any(),
    };
    let body = move || match (phase.get(), is_table.get()) {
        ("loading", _) => view! { <span class="skeleton"></span> }.into_any(),
        ("empty", _) => {
            let PanelState::Empty(why) = state.get_untracked() else {
                return ().into_any();
            };
            view! { <p class="empty">{why}</p> }.into_any()
        }
        ("failed", _) => {
            let PanelState::Failed(failure) = state.get_untracked() else {
                return ().into_any();
            };
            view! {
                <ErrorPanel
                    what="This panel’s rows could not be read."
                    message=failure.message
                    advice="The other panels are not affected. Open the SQL below to see what was asked."
                />
            }
            .into_any()
        }
        (_, true) => {
            let table = content().map(|content| content.table.clone());
            view! { <DataTable table=table.unwrap_or_default() label=frame.title /> }.into_any()
        }
        _ => match chart {
            Some(spec) => view! { <ChartView spec theme handle /> }.into_any(),
            None => children
                .with_value(|children| children.as_ref().map(|children| children()))
                .into_any(),
        },
    };
    let save_csv = move |_| {
        if let Some(content) = content() {
            download_text(&format!("{}.csv", frame.id), "text/csv", &content.csv);
        }
    };
    let save_png = move |_| {
        let options = js_sys::Object::new();
        let paper = theme.get_untracked().colours().paper;
        let _ = js_sys::Reflect::set(&options, &"pixelRatio".into(), &JsValue::from_f64(2.0));
        let _ = js_sys::Reflect::set(&options, &"backgroundColor".into(), &paper.into());
        let image = handle.with_value(|chart| chart.as_ref()?.data_url(&options).ok());
        if let Some(url) = image {
            download_url(&format!("{}.png", frame.id), &url);
        }
    };
    let is_ready = move || phase.get() == "ready";
    let keys = (!frame.keys.is_empty()).then(|| {
        let keys = frame.keys.iter().map(|(name, token)| {
            view! {
                <li>
                    <span class=format!("swatch {token}")></span>
                    {*name}
                </li>
            }
        });
        view! { <ul class="keys">{keys.collect_view()}</ul> }
    });

    view! {
        <section
            class=format!("panel {}", frame.span)
            data-testid=format!("panel-{}", frame.id)
            data-state=phase
            aria-labelledby=labelled_by
        >
            <header>
                <h2 id=title_id>
                    <span class="definition" title=frame.definition>{frame.title}</span>
                </h2>
                <div class="tools">
                    <button
                        class="text-button"
                        aria-pressed=move || is_table.get().to_string()
                        disabled=move || !is_ready()
                        on:click=move |_| show_table.update(|shown| *shown = !*shown)
                    >
                        "Table"
                    </button>
                    <button
                        class="text-button"
                        aria-expanded=move || is_sql.get().to_string()
                        on:click=move |_| show_sql.update(|shown| *shown = !*shown)
                    >
                        "SQL"
                    </button>
                    <button class="text-button" disabled=move || !is_ready() on:click=save_csv>
                        "CSV"
                    </button>
                    <Show when=move || chart.is_some()>
                        <button
                            class="text-button"
                            disabled=move || !is_ready() || is_table.get()
                            on:click=save_png
                        >
                            "PNG"
                        </button>
                    </Show>
                </div>
            </header>
            <p class="answer" data-testid=format!("answer-{}", frame.id)>{answer}</p>
            <div class="unit-line">
                <span>{frame.unit}</span>
                {keys}
            </div>
            <div class="body">{body}</div>
            {move || {
                content()
                    .filter(|content| !content.caption.is_empty())
                    .map(|content| view! { <p class="caption">{content.caption.clone()}</p> })
            }}
            <Show when=move || is_sql.get()>
                <pre class="sql" tabindex="0">
                    <code>{frame.sql.trim()}</code>
                </pre>
            </Show>
        </section>
    }
}
