//! A panel: a question, its answer in a sentence, and the evidence.

use gloo::timers::future::TimeoutFuture;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::browser::{download_csv, download_url, show_element};
use super::chart::{ChartHandle, ChartView};
use super::chart_notes::ChartNote;
use super::chart_spec::{ChartMark, ChartSpec};
use super::chart_warm_up::warm_up;
use super::data_table::DataTable;
use super::dialog::Dialog;
use super::error_panel::ErrorPanel;
use super::panel_request::{PanelRequest, PanelRequests};
use super::panel_state::{PanelContent, PanelState};
use super::panel_view::PanelView;
use super::picture::{PictureText, picture_of};
use super::popover::{dismiss, opens_up};
use super::sql_view::SqlView;
use super::theme::ThemeName;
use super::tip::Tip;

/// What a panel shows besides its data.
#[derive(Debug, Clone, Copy)]
pub struct PanelFrame {
    /// Names the panel in test ids, links and file names.
    pub id: &'static str,
    /// The question, in sentence case.
    pub title: &'static str,
    /// What is measured, shown on hover over the title; [`PanelExtras::definition`] goes before it.
    pub definition: &'static str,
    /// The unit and period of the chart's values.
    pub unit: &'static str,
    /// The statement that fetches its rows; [`PanelExtras::sql`] goes before it.
    pub sql: &'static str,
    /// How wide it is: `span-12`, `span-7` ….
    pub span: &'static str,
    /// The colours of the chart's series, by token, when they can't be labelled directly.
    pub keys: &'static [(&'static str, &'static str)],
}

/// How a panel is opened, and who is notified; kept in the URL by those who have one.
#[derive(Clone, Copy)]
pub struct PanelControl {
    /// What is open over the page.
    pub view: Signal<Option<PanelView>>,
    /// Opens another view, or closes it.
    pub set_view: Callback<Option<PanelView>>,
    /// Whether the table stands in the chart's place.
    pub is_table: Signal<bool>,
    /// Shows table or chart.
    pub set_table: Callback<bool>,
}

/// The rows behind a panel's marks.
#[derive(Clone, Copy)]
pub struct RowsBehind {
    /// The mark whose rows are shown first, by its key; `None` without marks.
    pub first: Signal<Option<String>, LocalStorage>,
    /// Draws the rows of a mark.
    pub view: Callback<String, AnyView>,
}

/// What only the panels of a filtered page have.
#[derive(Clone, Copy, Default)]
pub struct PanelExtras {
    /// What is measured, fetched when it is asked for.
    pub definition: Option<Callback<(), String>>,
    /// The address where the definition is worked out, if it is.
    pub worked_out: Option<Signal<Option<String>>>,
    /// The statement behind the panel, as it was last asked.
    pub sql: Option<Signal<String>>,
    /// Whether what is shown answers an older question.
    pub is_pending: Option<Signal<bool, LocalStorage>>,
    /// Where it is kept how the panel is opened.
    pub control: Option<PanelControl>,
    /// Names files, without their ending.
    pub file_name: Option<Signal<String>>,
    /// Where the figures come from, in words.
    pub source: Option<Signal<String, LocalStorage>>,
    /// What should be known of the filters; may be empty.
    pub remark: Option<Signal<String>>,
    /// Called with a mark that was clicked.
    pub on_mark: Option<Callback<ChartMark>>,
    /// What is noted on the chart's time axis.
    pub notes: Option<Signal<Vec<ChartNote>, LocalStorage>>,
    /// The rows behind the marks.
    pub rows: Option<RowsBehind>,
}

impl PanelControl {
    /// Owned by the panel alone.
    fn local() -> Self {
        let view = RwSignal::new(None);
        let is_table = RwSignal::new(false);
        Self {
            view: view.into(),
            set_view: Callback::new(move |next| view.set(next)),
            is_table: is_table.into(),
            set_table: Callback::new(move |next| is_table.set(next)),
        }
    }
}

/// A panel with a chart, or with `children` in its place.
#[component]
pub fn Panel(
    /// What does not change.
    frame: PanelFrame,
    /// The state of its data.
    #[prop(into)]
    state: Signal<PanelState, LocalStorage>,
    /// The chart; without one, `children` are shown.
    #[prop(optional_no_strip)]
    chart: Option<Signal<Option<ChartSpec>, LocalStorage>>,
    /// The theme charts are drawn in.
    theme: Signal<ThemeName>,
    /// What only some panels have.
    #[prop(optional)]
    extras: PanelExtras,
    /// What is shown in the chart's place once the data is there.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    if chart.is_some() {
        warm_up();
    }
    let control = extras.control.unwrap_or_else(PanelControl::local);
    let handle = ChartHandle::new_local(None);
    let children = StoredValue::new_local(children);
    let sql = extras
        .sql
        .unwrap_or_else(|| Signal::stored(frame.sql.trim().to_owned()));
    let file_name = extras
        .file_name
        .unwrap_or_else(|| Signal::stored(frame.id.to_owned()));

    let phase = Memo::new(move |_| match &*state.read() {
        PanelState::Loading => "loading",
        PanelState::Empty(_) => "empty",
        PanelState::Failed(_) => "failed",
        PanelState::Ready(_) => "ready",
    });
    let content = move || content_of(&state.get());
    let is_ready = move || phase.get() == "ready";
    let is_pending = move || extras.is_pending.is_some_and(|pending| pending.get());
    let answer = move || match state.get() {
        PanelState::Ready(content) => content.answer.clone().into_any(),
        PanelState::Loading => view! { <span class="skeleton"></span> }.into_any(),
        PanelState::Empty(_) | PanelState::Failed(_) => ().into_any(),
    };
    let evidence = move |is_table: bool, handle: ChartHandle| {
        if is_table {
            return view! { <PanelTable state title=frame.title /> }.into_any();
        }
        match chart {
            Some(spec) => {
                view! { <ChartView spec theme handle on_mark=extras.on_mark notes=extras.notes /> }
                    .into_any()
            }
            None => children
                .with_value(|children| children.as_ref().map(|children| children()))
                .into_any(),
        }
    };
    let body = move || match phase.get() {
        "loading" => view! { <span class="skeleton"></span> }.into_any(),
        "empty" => view! { <p class="empty">{move || reason(&state.get())}</p> }.into_any(),
        "failed" => view! { <Failure state /> }.into_any(),
        _ => evidence(control.is_table.get(), handle),
    };
    let save_csv = move || {
        if let Some(content) = content_of(&state.get_untracked()) {
            let name = format!("{}.csv", file_name.get_untracked());
            download_csv(&name, [content.csv.get()]);
        }
    };
    let save_png = move || {
        let Some(content) = content_of(&state.get_untracked()) else {
            return false;
        };
        let text = PictureText {
            title: frame.title.to_owned(),
            answer: content.answer.clone(),
            unit: frame.unit.to_owned(),
            caption: content.caption.clone(),
            source: extras
                .source
                .map(|source| source.get_untracked())
                .unwrap_or_default(),
        };
        let colours = theme.get_untracked().colours();
        let picture = handle.with_value(|chart| picture_of(chart.as_ref()?, &text, colours));
        if let Some(url) = &picture {
            download_url(&format!("{}.png", file_name.get_untracked()), url);
        }
        picture.is_some()
    };
    if chart.is_some() {
        // It comes while the rows do; whoever draws says if it did not.
        spawn_local(async {
            let _ = super::echarts::load().await;
        });
    }
    let requests = use_context::<PanelRequests>();
    // What the panel's own buttons ask for.
    let asked_here = RwSignal::new(None::<PanelRequest>);
    let refuse = move || {
        if let Some(requests) = requests {
            requests.tell(format!("“{}” has no data to export.", frame.title));
        }
    };
    Effect::new(move |_| {
        let asked_elsewhere = requests.and_then(|requests| requests.of(frame.id));
        let Some(request) = asked_here.get().or(asked_elsewhere) else {
            return;
        };
        // Rows of an older question are not what the file's name says: it waits for the new ones.
        let is_waiting = phase.get() == "loading" || is_pending();
        if is_waiting && request != PanelRequest::Show {
            return;
        }
        if asked_here.get_untracked().is_some() {
            asked_here.set(None);
        } else if let Some(requests) = requests {
            requests.done();
        }
        match (request, phase.get()) {
            (PanelRequest::Show, _) => show_element(format!("panel-{}", frame.id)),
            (PanelRequest::Csv, "ready") => save_csv(),
            (PanelRequest::Png, "ready") if chart.is_some() => {
                if control.is_table.get_untracked() {
                    control.set_table.run(false);
                }
                // The chart is drawn a little after its rows are there.
                spawn_local(async move {
                    for _ in 0..DRAWING_TRIES {
                        if handle.try_with_value(Option::is_some) != Some(false) {
                            break;
                        }
                        TimeoutFuture::new(DRAWING_WAIT_MS).await;
                    }
                    if !save_png() {
                        refuse();
                    }
                });
            }
            _ => refuse(),
        }
    });
    let is_asked = move |request| (asked_here.get() == Some(request)).to_string();
    let open = move |view: PanelView| control.set_view.run(Some(view));
    let close = Callback::new(move |()| control.set_view.run(None));
    let open_rows = move |_| {
        let first = extras.rows.and_then(|rows| rows.first.get_untracked());
        if let Some(first) = first {
            open(PanelView::Rows(first));
        }
    };
    let over = move || {
        let id = frame.id;
        match control.view.get()? {
            PanelView::Full => Some(
                view! {
                    <Dialog id=format!("full-{id}") title=frame.title class="full" on_close=close>
                        <p class="answer">{answer}</p>
                        <div class="unit-line">{frame.unit} {keys(frame)}</div>
                        <div class="body">
                            {move || {
                                is_ready().then(|| evidence(false, ChartHandle::new_local(None)))
                            }}
                        </div>
                    </Dialog>
                }
                .into_any(),
            ),
            PanelView::Sql => Some(
                view! {
                    <Dialog id=format!("sql-{id}") title=frame.title class="wide" on_close=close>
                        <SqlView sql file_name />
                    </Dialog>
                }
                .into_any(),
            ),
            PanelView::Rows(mark) => extras.rows.map(|rows| {
                view! {
                    <Dialog id=format!("rows-{id}") title=frame.title class="wide" on_close=close>
                        {rows.view.run(mark)}
                    </Dialog>
                }
                .into_any()
            }),
        }
    };
    let remark = move || {
        let text = extras.remark.map(|remark| remark.get()).unwrap_or_default();
        (!text.is_empty()).then(|| view! { <p class="caption remark">{text}</p> })
    };
    let caption = move || {
        content()
            .filter(|content| !content.caption.is_empty())
            .map(|content| view! { <p class="caption">{content.caption.clone()}</p> })
    };
    let title_id = format!("{}-title", frame.id);
    let labelled_by = title_id.clone();

    view! {
        <section
            class=format!("panel {}", frame.span)
            class:pending=is_pending
            id=format!("panel-{}", frame.id)
            data-testid=format!("panel-{}", frame.id)
            data-state=phase
            data-pending=move || is_pending().to_string()
            aria-labelledby=labelled_by
            tabindex="-1"
        >
            <header>
                <h2 id=title_id>{frame.title}</h2>
                <Tip
                    id=frame.id
                    label=format!("Definition: {}", frame.title)
                    text=extras.definition
                    more=extras.worked_out
                    fallback=frame.definition
                />
                <PanelTools title=frame.title>
                    <button
                        class="text-button"
                        aria-pressed=move || control.is_table.get().to_string()
                        disabled=move || !is_ready()
                        on:click=move |_| control.set_table.run(!control.is_table.get_untracked())
                    >
                        "Table"
                    </button>
                    {extras
                        .rows
                        .map(|rows| {
                            view! {
                                <button
                                    class="text-button"
                                    disabled=move || !is_ready() || rows.first.get().is_none()
                                    on:click=open_rows
                                >
                                    "Rows"
                                </button>
                            }
                        })}
                    <button class="text-button" on:click=move |_| open(PanelView::Sql)>
                        "SQL"
                    </button>
                    <button
                        class="text-button"
                        disabled=move || !is_ready()
                        aria-busy=move || is_asked(PanelRequest::Csv)
                        on:click=move |_| asked_here.set(Some(PanelRequest::Csv))
                    >
                        "CSV"
                    </button>
                    {chart
                        .is_some()
                        .then(|| {
                            view! {
                                <button
                                    class="text-button"
                                    disabled=move || !is_ready() || control.is_table.get()
                                    aria-busy=move || is_asked(PanelRequest::Png)
                                    on:click=move |_| asked_here.set(Some(PanelRequest::Png))
                                >
                                    "PNG"
                                </button>
                            }
                        })}
                    <button
                        class="text-button"
                        disabled=move || !is_ready()
                        on:click=move |_| open(PanelView::Full)
                    >
                        "Full screen"
                    </button>
                </PanelTools>
            </header>
            <div class="content">
                <p class="answer" data-testid=format!("answer-{}", frame.id)>{answer}</p>
                <div class="unit-line">
                    <span>{frame.unit}</span>
                    {keys(frame)}
                </div>
                <div class="body">{body}</div>
            </div>
            <div class="foot">{caption} {remark}</div>
            {over}
        </section>
    }
}

/// What can be done with a panel: words beside its question, on a phone a menu.
#[component]
fn PanelTools(
    /// The panel's question.
    title: &'static str,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let root = NodeRef::<Div>::new();
    let list = NodeRef::<Div>::new();
    let is_up = opens_up(list, is_open);
    dismiss(
        move || root.try_get_untracked().flatten().map(Element::from),
        is_open,
    );
    view! {
        <div class="tools" class:open=is_open class:up=is_up node_ref=root>
            <button
                class="text-button tools-toggle"
                aria-label=format!("Actions: {title}")
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                "•••"
            </button>
            // Whatever was chosen, the menu has done its work.
            <div class="tools-list" node_ref=list on:click=move |_| is_open.set(false)>
                {children()}
            </div>
        </div>
    }
}

/// How often, and how far apart, to check whether a chart has been drawn.
const DRAWING_TRIES: u32 = 250;
const DRAWING_WAIT_MS: u32 = 60;

/// The panel's figures.
#[component]
fn PanelTable(state: Signal<PanelState, LocalStorage>, title: &'static str) -> impl IntoView {
    move || {
        let table = content_of(&state.get()).map(|content| content.table.get());
        view! { <DataTable table=table.unwrap_or_default() label=format!("Figures: {title}") /> }
    }
}

/// Why there are none.
#[component]
fn Failure(state: Signal<PanelState, LocalStorage>) -> impl IntoView {
    move || {
        let PanelState::Failed(failure) = state.get() else {
            return ().into_any();
        };
        view! {
            <ErrorPanel
                what=failure.what
                message=failure.message
                advice=failure.advice
            />
        }
        .into_any()
    }
}

fn content_of(state: &PanelState) -> Option<std::rc::Rc<PanelContent>> {
    match state {
        PanelState::Ready(content) => Some(std::rc::Rc::clone(content)),
        _ => None,
    }
}

fn reason(state: &PanelState) -> &'static str {
    match state {
        PanelState::Empty(why) => why,
        _ => "",
    }
}

fn keys(frame: PanelFrame) -> Option<impl IntoView> {
    (!frame.keys.is_empty()).then(|| {
        let keys = frame.keys.iter().map(|(name, token)| {
            view! {
                <li>
                    <span class=format!("swatch {token}")></span>
                    {*name}
                </li>
            }
        });
        view! { <ul class="keys">{keys.collect_view()}</ul> }
    })
}
