//! The page: one sentence, five panels.

use leptos::prelude::*;

use super::charts::{cohorts, heatmap, lifecycle, revenue, segments, survival};
use super::options::{CohortSpan, Grain, Mode, RetentionOptions, Revenue};
use super::{answers, marks, panels, queries};
use crate::components::browser::Screen;
use crate::components::format::ValueFormat;
use crate::dashboards::choice::Choice;
use crate::dashboards::compared::{period_words, told};
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::notes::Subject;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::remarks::joined;
use crate::dashboards::rows::{Rows, use_compared_rows, use_filtered_rows, use_rows_compared_on};
use crate::dashboards::spec::Page;
use crate::results::periods;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use crate::state::Pipeline;
use crate::state::filters::{Basis, Dimension};

/// The Retention intelligence page.
#[component]
pub fn RetentionPage() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let options = use_options();
    // In the order they are asked: what takes longest to draw first, so that the engine answers meanwhile.
    let revenues = use_filtered_rows::<RevenueCell>(queries::revenue);
    let cells =
        use_compared_rows::<CohortCell>(move |filters| queries::cohorts(filters, &options.get()));
    let curves = use_compared_rows::<SegmentPeriod>(move |filters| {
        queries::by_segment(filters, &options.get())
    });
    let split = Signal::derive(move || options.get().by);
    let spells = use_compared_rows::<SurvivalMonth>(queries::survival);
    let states = use_rows_compared_on::<LifecycleMonth>(Basis::MonthEnds, queries::lifecycle);

    let sentence = Signal::derive_local(move || match (cells.rows.get(), states.rows.get()) {
        (Rows::Here(cells), Rows::Here(states)) => {
            let said = answers::page(&cells.rows, &states.rows, &options.get_untracked());
            said.unwrap_or_else(|| "No cohort has been observed long enough for a rate.".to_owned())
        }
        (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
            "Some figures could not be loaded. See the panels below.".to_owned()
        }
        (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
        _ => "Building the company in this tab …".to_owned(),
    });
    let cohort_rows = move || {
        cells
            .here()
            .map_or(0, |cells| cohorts::cohorts(&cells.rows).len())
    };
    let revenue_rows = move || revenues.here().map_or(0, |revenues| cohorts_of(&revenues));

    view! {
        <Dashboard page=Page::Retention sentence>
            <Choices />
            <div class="grid">
                <div class="sized" style:--chart-height=move || height(cohort_rows())>
                    {QueryPanel::new(
                            &panels::COHORTS,
                            cells,
                            move |cells| {
                                let earlier = period_words(&cells.filters, cells.basis);
                                answers::cohorts(
                                    &cells.rows,
                                    &cells.before,
                                    &earlier,
                                    &options.get_untracked(),
                                )
                            },
                        )
                        .caption(move |cells| {
                            let grain = options.get_untracked().grain;
                            let cohort = CohortSpan::of(grain, &cells.filters);
                            let words = answers::cohorts_caption(&cells.rows, cohort, grain);
                            let before = told(&cells.filters, cells.basis, "Dashed, the mean of signups");
                            joined([Some(words), before])
                        })
                        .chart(
                            ValueFormat::Percent,
                            move |cells, theme| {
                                cohorts::chart(
                                    &cells.rows,
                                    &cells.before,
                                    CohortSpan::of(options.get_untracked().grain, &cells.filters),
                                    screen.is_narrow.get(),
                                    theme,
                                )
                            },
                            move |cells, theme, mark| {
                                let cell = cohorts::cell(&cells.rows, &mark.series_name, mark.index)?;
                                let grain = options.get_untracked().grain;
                                let cohort = CohortSpan::of(grain, &cells.filters);
                                cohorts::tooltip(cell, cohort, grain, theme)
                            },
                        )
                        .marks(
                            move |cells| {
                                marks::cohorts(&cells.rows, &cells.filters, &options.get_untracked())
                            },
                            |cells, place| {
                                let cell = cohorts::cell(&cells.rows, &place.series_name, place.index)?;
                                let drawn = cohorts::drawn(&cells.rows);
                                drawn.iter().position(|other| *other == cell)
                            },
                        )
                        .view()}
                </div>
                {QueryPanel::new(
                        &panels::CURVES,
                        curves,
                        move |curves| answers::by_segment(&curves.rows, &options.get_untracked()),
                    )
                    .by(split)
                    .caption(|curves| told(&curves.filters, curves.basis, "Dashed, signups"))
                    .people("people", |curves| {
                        curves.rows.iter().map(|row| row.retention().whole).collect()
                    })
                    .chart(
                        ValueFormat::Percent,
                        move |curves, theme| {
                            segments::chart(
                                &curves.rows,
                                &curves.before,
                                &options.get_untracked(),
                                theme,
                            )
                        },
                        move |curves, theme, mark| {
                            segments::tooltip(
                                &curves.rows,
                                &curves.before,
                                &options.get_untracked(),
                                theme,
                                mark.index,
                            )
                        },
                    )
                    .marks(
                        move |curves| {
                            marks::segments(&curves.rows, &curves.filters, &options.get_untracked())
                        },
                        |curves, place| {
                            let names = segments::segments(&curves.rows);
                            let name = names.get(place.series?)?;
                            let period = i64::try_from(place.index).ok()?;
                            curves
                                .rows
                                .iter()
                                .position(|row| row.segment == *name && row.period == period)
                        },
                    )
                    .view()}
                {QueryPanel::new(&panels::SURVIVAL, spells, |spells| answers::survival(&spells.rows))
                    .caption(|spells| told(&spells.filters, spells.basis, "Dashed, customers who began"))
                    .chart(
                        ValueFormat::Percent,
                        |spells, theme| survival::chart(&spells.rows, &spells.before, theme),
                        |spells, theme, mark| {
                            survival::tooltip(&spells.rows, &spells.before, theme, mark.index)
                        },
                    )
                    .marks(
                        |spells| marks::survival(&spells.rows, &spells.filters),
                        |spells, place| survival::row_at(&spells.rows, place.series?, place.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::LIFECYCLE,
                        states,
                        |states| answers::lifecycle(&states.rows, &states.before, states.as_of),
                    )
                    .caption(|states| told(&states.filters, states.basis, "Dashed, new and active people"))
                    .chart(
                        ValueFormat::Count,
                        |states, theme| lifecycle::chart(&states.rows, &states.before, theme),
                        |states, theme, mark| lifecycle::tooltip(
                            &states.rows,
                            &states.before,
                            states.as_of,
                            theme,
                            mark.index,
                        ),
                    )
                    .timeline(
                        Subject::Usage, periods::Grain::Month,
                        |states| states.rows.iter().map(|row| row.month).collect(),
                    )
                    .marks(
                        |states| marks::lifecycle(&states.rows, &states.filters),
                        |states, place| {
                            let state = lifecycle::state_of(place.series?)?;
                            let back = states.rows.len().checked_sub(place.index + 1)?;
                            Some(back * queries::STATES.len() + state)
                        },
                    )
                    .view()}
                <div class="sized" style:--chart-height=move || height(revenue_rows())>
                    {QueryPanel::new(
                            &panels::REVENUE,
                            revenues,
                            |revenues| answers::revenue(&revenues.rows),
                        )
                        .caption(|revenues| {
                            let cohort = CohortSpan::of(Grain::Month, &revenues.filters);
                            let pale = answers::revenue_caption(&revenues.rows);
                            let quarters = answers::quarters_caption(cohort);
                            Some(format!("{pale}{quarters}Blue: more than in the first month. Orange: less."))
                        })
                        .chart(
                            ValueFormat::Percent,
                            move |revenues, theme| {
                                revenue::chart(
                                    &revenues.rows,
                                    options.get().revenue,
                                    CohortSpan::of(Grain::Month, &revenues.filters),
                                    screen.is_narrow.get(),
                                    theme,
                                )
                            },
                            move |revenues, theme, mark| {
                                let kind = options.get_untracked().revenue;
                                let cell = revenue::cell(
                                    &revenues.rows,
                                    kind,
                                    &mark.series_name,
                                    mark.index,
                                )?;
                                let cohort = CohortSpan::of(Grain::Month, &revenues.filters);
                                revenue::tooltip(cell, cohort, theme)
                            },
                        )
                        .marks(
                            move |revenues| {
                                let kind = options.get().revenue;
                                marks::revenue(&revenues.rows, &revenues.filters, kind)
                            },
                            move |revenues, place| {
                                let kind = options.get_untracked().revenue;
                                let cell = revenue::cell(
                                    &revenues.rows,
                                    kind,
                                    &place.series_name,
                                    place.index,
                                )?;
                                let drawn = revenue::drawn(&revenues.rows, kind);
                                drawn.iter().position(|other| *other == cell)
                            },
                        )
                        .view()}
                </div>
            </div>
        </Dashboard>
    }
}

/// What the URL chooses, as it changes.
fn use_options() -> Memo<RetentionOptions> {
    let pipeline = expect_context::<Pipeline>();
    let keys = ["grain", "mode", "by", "revenue"].map(|key| (key, pipeline.page_key(key)));
    Memo::new(move |_| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &keys {
            if let Some(value) = value.get() {
                query.append_pair(key, &value);
            }
        }
        RetentionOptions::from_query(&query.finish())
    })
}

/// Height of a chart with that many rows of cells.
fn height(rows: usize) -> String {
    format!(
        "{}px",
        heatmap::HEAD_HEIGHT + heatmap::ROW_HEIGHT * rows.max(6)
    )
}

fn cohorts_of(revenues: &Fetched<RevenueCell>) -> usize {
    let cohorts = revenues
        .rows
        .iter()
        .filter(|row| row.month == 0 && row.cohort.is_some());
    cohorts.count()
}

/// What can be chosen besides the filters.
#[component]
fn Choices() -> impl IntoView {
    let usual = RetentionOptions::default();
    view! {
        <div class="pick-bar" data-testid="choices">
            <Choice
                label="Cohorts"
                key="grain"
                options=Grain::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.grain.key()
            />
            <Choice
                label="Came back"
                key="mode"
                options=Mode::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.mode.key()
            />
            <Choice
                label="Break down by"
                key="by"
                options=Dimension::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.by.key()
            />
            <Choice
                label="Revenue"
                key="revenue"
                options=Revenue::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.revenue.key()
            />
        </div>
    }
}
