//! A panel of a dashboard: its declaration, its rows, and what is drawn and said of them.

use std::marker::PhantomData;
use std::rc::Rc;

use charming::Chart;
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::claims::pale;
use super::drill_down::DrillDown;
use super::fetched::{AnyFetched, Fetched};
use super::marks::PanelMark;
use super::notes::{self, Note, Subject};
use super::periods;
use super::plot::Figure;
use super::remarks::joined;
use super::rows::{AnyFilteredRows, FilteredRows, Rows, once_a_change, panel_state};
use super::spec::{PanelSpec, metric_of};
use crate::components::browser::site_path;
use crate::components::chart_spec::{ChartMark, ChartSpec};
use crate::components::format::{ValueFormat, day, words};
use crate::components::panel::{Panel, PanelControl, PanelExtras, PanelFrame, RowsBehind};
use crate::components::panel_view::PanelView;
use crate::components::theme::{Theme, ThemeName};
use crate::components::tooltip::Tooltip;
use crate::parameters::Scenario;
use crate::results::periods::Grain;
use crate::state::filters::{Dimension, Filters};
use crate::state::{Pipeline, chronicle, query_for_another_page};

type Say = Rc<dyn Fn(&dyn AnyFetched) -> Option<String>>;
type Draw = Rc<dyn Fn(&Rc<dyn AnyFetched>, &'static Theme) -> Figure>;
type DrawChart = Rc<dyn Fn(&dyn AnyFetched, &'static Theme) -> Chart>;
type Tell = Rc<dyn Fn(&dyn AnyFetched, &'static Theme, &ChartMark) -> Option<Tooltip>>;
type Marks = Rc<dyn Fn(&dyn AnyFetched) -> Vec<PanelMark>>;
type Behind = Rc<dyn Fn(&dyn AnyFetched) -> Vec<i64>>;
type Starts = Rc<dyn Fn(&dyn AnyFetched) -> Vec<NaiveDate>>;
type Timeline = (Subject, Grain, Starts);
type Find = Rc<dyn Fn(&dyn AnyFetched, &ChartMark) -> Option<usize>>;
type Figures = Signal<Option<Rc<Figure>>, LocalStorage>;
type Time = (Subject, Grain, Vec<NaiveDate>);

/// A panel in the making; [`QueryPanel::view`] gives it.
pub struct QueryPanel<R: 'static> {
    panel: AnyPanel,
    row: PhantomData<fn(R)>,
}

/// A panel whatever its rows are: it is compiled once, not once a type of row (decision 0165).
struct AnyPanel {
    spec: &'static PanelSpec,
    rows: AnyFilteredRows,
    answer: Say,
    caption: Say,
    people: Option<(&'static str, Behind)>,
    by: Option<Signal<Dimension>>,
    figure: Option<(ValueFormat, Draw)>,
    chart: Option<(ValueFormat, DrawChart, Tell)>,
    marks: Option<(Marks, Find)>,
    timeline: Option<Timeline>,
    body: Option<ChildrenFn>,
}

impl<R: 'static> QueryPanel<R> {
    /// A panel of `rows`; `answer` gives its sentence, or `None` when there is nothing to show.
    pub fn new(
        spec: &'static PanelSpec,
        rows: FilteredRows<R>,
        answer: impl Fn(&Fetched<R>) -> Option<String> + 'static,
    ) -> Self {
        Self {
            panel: AnyPanel {
                spec,
                rows: rows.any(),
                answer: Rc::new(move |fetched| answer(fetched.of()?)),
                caption: Rc::new(|_| None),
                people: None,
                by: None,
                figure: None,
                chart: None,
                marks: None,
                timeline: None,
                body: None,
            },
            row: PhantomData,
        }
    }

    /// Adds a remark under the chart.
    #[must_use]
    pub fn caption(mut self, caption: impl Fn(&Fetched<R>) -> Option<String> + 'static) -> Self {
        self.panel.caption = Rc::new(move |fetched| caption(fetched.of()?));
        self
    }

    /// Says how many people, customers … (`named`) stand behind each mark: what pale ones mean is said
    /// under the chart.
    #[must_use]
    pub fn people(
        mut self,
        named: &'static str,
        behind: impl Fn(&Fetched<R>) -> Vec<i64> + 'static,
    ) -> Self {
        let behind = move |fetched: &dyn AnyFetched| fetched.of().map(&behind).unwrap_or_default();
        self.panel.people = Some((named, Rc::new(behind)));
        self
    }

    /// Says what the panel is split by: which plan or segment is meant is said under the chart.
    #[must_use]
    pub fn by(mut self, by: impl Into<Signal<Dimension>>) -> Self {
        self.panel.by = Some(by.into());
        self
    }

    /// Adds the figure: the format of its value axis, and its chart with tooltips and marks.
    #[must_use]
    pub fn figure(
        mut self,
        ticks: ValueFormat,
        draw: impl Fn(&Rc<Fetched<R>>, &'static Theme) -> Figure + 'static,
    ) -> Self {
        let draw = move |fetched: &Rc<dyn AnyFetched>, theme| {
            let fetched = fetched.shared();
            fetched.map_or_else(Figure::empty, |fetched| draw(&fetched, theme))
        };
        self.panel.figure = Some((ticks, Rc::new(draw)));
        self
    }

    /// Adds the chart: how its value axis is written, how it is drawn, what its tooltips say.
    #[must_use]
    pub fn chart(
        mut self,
        ticks: ValueFormat,
        draw: impl Fn(&Fetched<R>, &'static Theme) -> Chart + 'static,
        tell: impl Fn(&Fetched<R>, &'static Theme, &ChartMark) -> Option<Tooltip> + 'static,
    ) -> Self {
        let draw = move |fetched: &dyn AnyFetched, theme| {
            let fetched = fetched.of();
            fetched.map_or_else(Chart::new, |fetched| draw(fetched, theme))
        };
        let tell = move |fetched: &dyn AnyFetched, theme, mark: &ChartMark| {
            tell(fetched.of()?, theme, mark)
        };
        self.panel.chart = Some((ticks, Rc::new(draw), Rc::new(tell)));
        self
    }

    /// Adds the marks that can be clicked: all of them in an order of the panel's own, and the
    /// position therein of a place on the chart. The first one that has rows is what the button
    /// "Rows" opens.
    #[must_use]
    pub fn marks(
        mut self,
        marks: impl Fn(&Fetched<R>) -> Vec<PanelMark> + 'static,
        find: impl Fn(&Fetched<R>, &ChartMark) -> Option<usize> + 'static,
    ) -> Self {
        let marks = move |fetched: &dyn AnyFetched| fetched.of().map(&marks).unwrap_or_default();
        let find = move |fetched: &dyn AnyFetched, mark: &ChartMark| find(fetched.of()?, mark);
        self.panel.marks = Some((Rc::new(marks), Rc::new(find)));
        self
    }

    /// Says that the chart's axis of names is time, how long its places are, and on which day each
    /// begins, in order: launches and the like are noted on it, and a last place that is not over is
    /// marked and told.
    #[must_use]
    pub fn timeline(
        mut self,
        subject: Subject,
        grain: Grain,
        starts: impl Fn(&Fetched<R>) -> Vec<NaiveDate> + 'static,
    ) -> Self {
        let starts = move |fetched: &dyn AnyFetched| fetched.of().map(&starts).unwrap_or_default();
        self.panel.timeline = Some((subject, grain, Rc::new(starts)));
        self
    }

    /// Shows `body` in a chart's place.
    #[must_use]
    pub fn body(mut self, body: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        self.panel.body = Some(std::sync::Arc::new(body));
        self
    }

    /// The panel.
    #[must_use]
    pub fn view(self) -> AnyView {
        self.panel.view()
    }
}

impl AnyPanel {
    fn view(mut self) -> AnyView {
        let theme = expect_context::<Signal<ThemeName>>();
        let has_chart = self.figure.is_some() || self.chart.is_some();
        // A panel that says nothing of marks has none, and no button for their rows.
        let is_of_marks = !(self.spec.click.is_empty() && self.spec.rows.is_empty());
        let has_marks = self.marks.is_some() || (self.figure.is_some() && is_of_marks);
        let (ticks, draw) = match self.figure.take() {
            Some(figure) => figure,
            None => self.composed(),
        };
        let Self {
            spec,
            rows,
            answer,
            caption,
            people,
            by,
            body,
            ..
        } = self;
        let figures: Figures = once_a_change(move || match rows.rows.get() {
            Rows::Here(fetched) => Some(Rc::new(draw(&fetched, theme.get().colours()))),
            _ => None,
        });
        let time = Memo::new(move |_| {
            figures.with(|figure| figure.as_ref().and_then(|figure| figure.time.clone()))
        });
        let noted = use_notes(rows, time);
        let running = move |fetched: &dyn AnyFetched| {
            time.with(|time| {
                let (_, grain, starts) = time.as_ref()?;
                running(*grain, starts, fetched.as_of())
            })
        };
        let state = panel_state(
            rows.rows,
            move |fetched| answer(fetched),
            move |fetched| {
                let told = noted.with(|noted| notes::words(&noted.0));
                let running = running(fetched).map(|running| running.remark);
                let pale = people
                    .as_ref()
                    .and_then(|(named, behind)| pale(&behind(fetched), named));
                joined([running, caption(fetched), pale, told]).unwrap_or_default()
            },
        );
        let chart = has_chart.then(|| {
            Signal::derive_local(move || {
                let Rows::Here(fetched) = rows.rows.get() else {
                    return None;
                };
                let figure = figures.get()?;
                let running = running(&*fetched);
                let place = running.as_ref().map(|running| running.place);
                Some(ChartSpec {
                    chart: figure.chart.clone(),
                    ticks,
                    tooltip: Rc::new(move |mark| {
                        let mut told = (figure.tooltip)(mark)?;
                        if let Some(running) = &running
                            && running.place == mark.index
                        {
                            told = told.remark(&running.told);
                        }
                        let noted = noted.get_untracked();
                        Some(notes::told_in(told, &noted.0, mark.index))
                    }),
                    summary: summary(spec, &state.get_untracked()),
                    running: place,
                })
            })
        });
        let mut extras = extras(spec, rows, by, has_marks.then_some(figures));
        extras.notes = Some(Signal::derive_local(move || {
            noted.with(|(noted, places)| notes::marks(noted, *places))
        }));
        let frame = PanelFrame {
            id: spec.id,
            title: spec.title,
            definition: "",
            unit: spec.unit,
            sql: "",
            span: spec.span,
            keys: spec.keys,
        };
        match body {
            Some(body) => view! {
                <Panel frame state chart theme extras>
                    {body()}
                </Panel>
            }
            .into_any(),
            None => view! { <Panel frame state chart theme extras /> }.into_any(),
        }
    }

    /// The figure of a panel whose chart, tooltips and marks are given apart.
    fn composed(&mut self) -> (ValueFormat, Draw) {
        let (ticks, drawn) = match self.chart.take() {
            Some((ticks, draw, tell)) => (ticks, Some((draw, tell))),
            None => (ValueFormat::Count, None),
        };
        let (marks, timeline) = (self.marks.take(), self.timeline.take());
        let draw = move |fetched: &Rc<dyn AnyFetched>, theme: &'static Theme| {
            let (chart, tell) = match &drawn {
                Some((draw, tell)) => (draw(&**fetched, theme), Some(Rc::clone(tell))),
                None => (Chart::new(), None),
            };
            let find = marks.as_ref().map(|(_, find)| Rc::clone(find));
            let (told, found) = (Rc::clone(fetched), Rc::clone(fetched));
            Figure {
                chart,
                tooltip: Rc::new(move |mark| tell.as_ref()?(&*told, theme, mark)),
                marks: marks
                    .as_ref()
                    .map(|(marks, _)| marks(&**fetched))
                    .unwrap_or_default(),
                mark_at: Rc::new(move |mark| find.as_ref()?(&*found, mark)),
                time: timeline
                    .as_ref()
                    .map(|(subject, grain, starts)| (*subject, *grain, starts(&**fetched))),
            }
        };
        (ticks, Rc::new(draw))
    }
}

/// The last place of a time axis, where it is not over.
struct Running {
    place: usize,
    /// What is said of it below the chart.
    remark: String,
    /// What is said of it in its tooltip.
    told: String,
}

fn running(grain: Grain, starts: &[NaiveDate], as_of: NaiveDate) -> Option<Running> {
    Some(Running {
        place: starts.len().checked_sub(1)?,
        remark: periods::remark(grain, *starts.last()?, as_of)?,
        told: format!("Not complete: as of {}.", day(as_of)),
    })
}

/// The notes on a panel's time axis, and how many places it has.
fn use_notes(
    rows: AnyFilteredRows,
    time: Memo<Option<Time>>,
) -> Signal<(Vec<Note>, usize), LocalStorage> {
    let pipeline = expect_context::<Pipeline>();
    Signal::derive_local(move || {
        let (Some(fetched), Some(dataset)) = (rows.here(), pipeline.shown.get()) else {
            return (Vec::new(), 0);
        };
        time.with(|time| {
            let Some((subject, _, starts)) = time else {
                return (Vec::new(), 0);
            };
            let all = chronicle(&dataset.scenario);
            let switches = pipeline.switches.get();
            let noted = notes::notes(&all, switches, *subject, starts, fetched.filters().to);
            (noted, starts.len())
        })
    })
}

/// One sentence for those who don't see the chart.
fn summary(spec: &PanelSpec, state: &crate::components::panel_state::PanelState) -> String {
    use crate::components::panel_state::PanelState;
    let (answer, caption) = match state {
        PanelState::Ready(content) => (content.answer.as_str(), content.caption.as_str()),
        _ => ("", ""),
    };
    let caption = if caption.is_empty() {
        String::new()
    } else {
        format!(" {caption}")
    };
    format!(
        "{}: {} {answer} {}.{caption} The table has the same figures.",
        words(spec.form),
        spec.title,
        spec.unit
    )
}

fn extras(
    spec: &'static PanelSpec,
    rows: AnyFilteredRows,
    by: Option<Signal<Dimension>>,
    figures: Option<Figures>,
) -> PanelExtras {
    let pipeline = expect_context::<Pipeline>();
    let control = control(pipeline, spec.id);
    let search = use_location().search;
    let file_name = Signal::derive(move || {
        let (scenario, filters) = asked_of(pipeline);
        let query = scenario.to_query();
        let query = if query.is_empty() {
            "demo".to_owned()
        } else {
            query
        };
        let plain: String = query
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() || letter == '.' {
                    letter
                } else {
                    '-'
                }
            })
            .take(60)
            .collect();
        format!("{}_{plain}_{}", spec.id, filters.slug())
    });
    let source = Signal::derive_local(move || source(pipeline));
    let (on_mark, behind) = match figures {
        None => (None, None),
        Some(figures) => {
            let list = Signal::derive_local(move || {
                figures
                    .with(|figure| figure.as_ref().map(|figure| figure.marks.clone()))
                    .unwrap_or_default()
            });
            let on_mark = Callback::new(move |place: ChartMark| {
                let mark = figures.with_untracked(|figure| {
                    let figure = figure.as_ref()?;
                    figure.marks.get((figure.mark_at)(&place)?).cloned()
                });
                if let Some(mark) = mark {
                    act(pipeline, control, &mark);
                }
            });
            let first = Signal::derive_local(move || {
                list.with(|list| {
                    let first = list.iter().find(|mark| mark.rows.is_some());
                    first.map(|mark| mark.key.clone())
                })
            });
            let is_waiting = Signal::derive_local(move || {
                matches!(rows.rows.get(), Rows::Waiting) || rows.is_pending.get()
            });
            let pick = Callback::new(move |key: String| {
                control.set_view.run(Some(PanelView::Rows(key)));
            });
            let view = Callback::new(move |key: String| {
                view! { <DrillDown marks=list is_waiting mark=key file_name pick /> }.into_any()
            });
            (Some(on_mark), Some(RowsBehind { first, view }))
        }
    };
    PanelExtras {
        definition: Some(Callback::new(move |()| {
            let dataset = pipeline.dataset.get_untracked();
            let project = dataset.as_ref().map(|dataset| &**dataset.manifest());
            spec.definition(project).unwrap_or_default()
        })),
        worked_out: Some(Signal::derive(move || {
            let metric = metric_of(spec.defined_by)?;
            let kept = search.with(|search| query_for_another_page(search));
            let query = [kept, format!("metric={metric}")];
            let query: Vec<String> = query.into_iter().filter(|part| !part.is_empty()).collect();
            Some(format!("{}/definitions/?{}", site_path(), query.join("&")))
        })),
        sql: Some(rows.sql),
        is_pending: Some(rows.is_pending),
        control: Some(control),
        file_name: Some(file_name),
        source: Some(source),
        remark: Some(Signal::derive(move || {
            spec.remark(&pipeline.filters.get(), by.map(|by| by.get()))
        })),
        on_mark,
        notes: None,
        rows: behind,
    }
}

/// A click filters the page; a click on what filters it already shows the rows.
fn act(pipeline: Pipeline, control: PanelControl, mark: &PanelMark) {
    let filters = pipeline.filters.get_untracked();
    match &mark.filter {
        Some(filter) if !filter.is_set(&filters) => pipeline.set_filters(&filter.set(filters)),
        _ if mark.rows.is_some() => {
            control
                .set_view
                .run(Some(PanelView::Rows(mark.key.clone())));
        }
        _ => {}
    }
}

/// A panel's views, kept in the URL: `panel` holds what is open over the page, `table` which panels
/// show their tables.
fn control(pipeline: Pipeline, id: &'static str) -> PanelControl {
    let panel = pipeline.page_key("panel");
    let tables = pipeline.page_key("table");
    let names = move || -> Vec<String> {
        let names = tables.get().unwrap_or_default();
        names
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let view = Memo::new(move |_| panel.get().and_then(|key| PanelView::of_panel(id, &key)));
    let is_table = Memo::new(move |_| names().iter().any(|name| name == id));
    PanelControl {
        view: view.into(),
        set_view: Callback::new(move |view: Option<PanelView>| {
            pipeline.set_page_keys(&[("panel", view.map(|view| view.to_key(id)))]);
        }),
        is_table: is_table.into(),
        set_table: Callback::new(move |is_table: bool| {
            let mut names = untrack(names);
            names.retain(|name| name != id);
            if is_table {
                names.push(id.to_owned());
            }
            let names = (!names.is_empty()).then(|| names.join(","));
            pipeline.set_page_keys(&[("table", names)]);
        }),
    }
}

/// The scenario and the filters that panels ask about: while a run is under way those of the dataset
/// before it, and not those of the link.
fn asked_of(pipeline: Pipeline) -> (Scenario, Filters) {
    let filters = pipeline.filters.get();
    pipeline.shown.with(|dataset| match dataset {
        Some(dataset) => {
            let scenario = &dataset.scenario;
            let filters = filters.at(scenario.starts_on(), scenario.as_of());
            (Scenario::clone(scenario), filters)
        }
        None => (pipeline.scenario.get(), filters),
    })
}

/// Where the figures come from, in words.
fn source(pipeline: Pipeline) -> String {
    let (scenario, filters) = asked_of(pipeline);
    let scenario = format!(
        "{} scenario, seed {}",
        scenario.base().label(),
        scenario.seed()
    );
    let print = pipeline.shown.with(|dataset| {
        let print = dataset.as_ref().map(|dataset| dataset.fingerprint.clone());
        print
            .map(|print| format!(", dataset {print}"))
            .unwrap_or_default()
    });
    format!(
        "MetricFlow, synthetic data: {scenario}{print}. {} to {}{}.",
        day(filters.from),
        day(filters.to),
        super::filter_words::of_users(&filters)
    )
}
