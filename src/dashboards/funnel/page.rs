//! The page: one sentence, eight panels.

use leptos::prelude::*;

use super::charts::{activation, attribution, experiment, paths, segments, steps, times};
use super::options::{FunnelOptions, Step, WINDOWS};
use super::{answers, marks, panels, queries};
use crate::components::browser::Screen;
use crate::components::data_table::DataTable;
use crate::components::format::{ValueFormat, day, words};
use crate::components::table::Table;
use crate::dashboards::choice::Choice;
use crate::dashboards::compared::{period_words, told};
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::remarks::joined;
use crate::dashboards::rows::{Rows, use_compared_rows, use_filtered_rows};
use crate::dashboards::spec::Page;
use crate::dashboards::tables::table_of;
use crate::results::funnel::{
    ChannelActivation, ChannelCredit, DroppedPerson, ExperimentResult, FunnelStep, PathLink,
    TimeBin,
};
use crate::state::Pipeline;
use crate::state::filters::Dimension;

/// The Funnel diagnostics page.
#[component]
pub fn FunnelPage() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let options = use_options();
    let funnel =
        use_filtered_rows::<FunnelStep>(move |filters| queries::steps(filters, &options.get()));
    let by_segment =
        use_filtered_rows::<FunnelStep>(move |filters| queries::segments(filters, &options.get()));
    let split = Signal::derive(move || options.get().by);
    let bins = use_compared_rows::<TimeBin>(move |filters| queries::times(filters, &options.get()));
    let lost = use_filtered_rows::<DroppedPerson>(move |filters| {
        queries::dropped(filters, &options.get())
    });
    let channels = use_filtered_rows::<ChannelActivation>(queries::activation);
    let links = use_filtered_rows::<PathLink>(queries::paths);
    let credits = use_filtered_rows::<ChannelCredit>(move |filters| {
        queries::attribution(filters, &options.get())
    });
    let results = use_filtered_rows::<ExperimentResult>(move |filters| {
        queries::experiment(filters, &options.get())
    });

    let sentence = Signal::derive_local(move || match funnel.rows.get() {
        Rows::Here(funnel) => answers::page(&funnel.rows, &options.get_untracked())
            .unwrap_or_else(|| "No one signed up in this range.".to_owned()),
        Rows::Failed(_) => "Some figures could not be loaded. See the panels below.".to_owned(),
        Rows::Missing(why) => why.to_owned(),
        Rows::Waiting => "Building the company in this tab …".to_owned(),
    });
    let people = move || (move || lost.here().map(|lost| view! { <Lost lost /> })).into_any();

    view! {
        <Dashboard page=Page::Funnel sentence>
            <Choices />
            <div class="grid">
                {QueryPanel::new(
                        &panels::STEPS,
                        funnel,
                        move |funnel| {
                            let earlier = period_words(&funnel.filters, funnel.basis);
                            answers::steps(&funnel.rows, &options.get_untracked(), &earlier)
                        },
                    )
                    .caption(|funnel| {
                        told(&funnel.filters, funnel.basis, "Ticks, at the rates of those whose window has closed")
                    })
                    .chart(
                        ValueFormat::Count,
                        move |funnel, theme| steps::chart(
                            &funnel.rows,
                            options.get_untracked().step,
                            screen.is_narrow.get(),
                            theme,
                        ),
                        |funnel, theme, mark| steps::tooltip(&funnel.rows, theme, mark.index),
                    )
                    .marks(
                        move |funnel| {
                            marks::steps(&funnel.rows, &funnel.filters, &options.get_untracked())
                        },
                        |_, place| Some(place.index * 3 + place.series.filter(|series| *series < 3)?),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::SEGMENTS,
                        by_segment,
                        move |rows| answers::segments(&rows.rows, options.get_untracked().by),
                    )
                    .by(split)
                    .caption(|rows| told(&rows.filters, rows.basis, "Ticks, of those whose window has closed"))
                    .people("signups", |rows| {
                        { rows.rows.iter() }.filter(|row| row.number == 1).map(|row| row.reached).collect()
                    })
                    .chart(
                        ValueFormat::Percent,
                        move |rows, theme| {
                            segments::chart(&rows.rows, options.get_untracked().by, screen.is_narrow.get(), theme)
                        },
                        move |rows, theme, mark| {
                            segments::tooltip(&rows.rows, options.get_untracked().by, theme, mark.index)
                        },
                    )
                    .marks(
                        move |rows| {
                            marks::segments(&rows.rows, &rows.filters, &options.get_untracked())
                        },
                        move |rows, place| {
                            segments::row_at(
                                &rows.rows,
                                options.get_untracked().by,
                                place.series.unwrap_or(0),
                                place.index,
                            )
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::TIMES,
                        bins,
                        move |bins| answers::times(&bins.rows, &options.get_untracked()),
                    )
                    .caption(|bins| {
                        let has_median = bins.rows.iter().any(|row| row.holds_median);
                        let median = has_median.then(|| "The filled bar contains the median.".to_owned());
                        joined([median, told(&bins.filters, bins.basis, "Ticks")])
                    })
                    .chart(
                        ValueFormat::Percent,
                        move |bins, theme| times::chart(&bins.rows, &bins.before, screen.is_narrow.get(), theme),
                        |bins, theme, mark| {
                            times::tooltip(&bins.rows, &bins.before, theme, mark.index)
                        },
                    )
                    .marks(
                        move |bins| {
                            marks::times(&bins.rows, &bins.filters, &options.get_untracked())
                        },
                        |_, place| Some(place.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::DROPPED,
                        lost,
                        move |lost| answers::dropped(&lost.rows, &options.get_untracked()),
                    )
                    .caption(|lost| {
                        let people = lost.rows.first()?.people;
                        let shown = i64::try_from(lost.rows.len()).ok()?;
                        (people > shown).then(|| {
                            format!(
                                "The {shown} most active people. Rows lists and exports all {}.",
                                ValueFormat::Count.full(people as f64)
                            )
                        })
                    })
                    .marks(
                        move |lost| {
                            marks::dropped(&lost.rows, &lost.filters, &options.get_untracked())
                        },
                        |_, _| None,
                    )
                    .body(people)
                    .view()}
                {QueryPanel::new(
                        &panels::ACTIVATION,
                        channels,
                        |channels| answers::activation(&channels.rows),
                    )
                    .caption(|channels| {
                        told(&channels.filters, channels.basis, "Orange ticks")
                    })
                    .people("signups", |channels| channels.rows.iter().map(|row| row.eligible).collect())
                    .chart(
                        ValueFormat::Percent,
                        |channels, theme| activation::chart(&channels.rows, theme),
                        |channels, theme, mark| activation::tooltip(&channels.rows, theme, mark.index),
                    )
                    .marks(
                        |channels| marks::activation(&channels.rows, &channels.filters),
                        |_, place| Some(place.index),
                    )
                    .view()}
                {QueryPanel::new(&panels::PATHS, links, |links| answers::paths(&links.rows))
                    .chart(
                        ValueFormat::Count,
                        move |links, theme| {
                            paths::chart(&links.rows, screen.is_narrow.get(), theme)
                        },
                        |links, theme, mark| paths::tooltip(&links.rows, theme, mark.index, mark.is_link),
                    )
                    .marks(
                        |links| marks::paths(&links.rows, &links.filters),
                        |_, place| place.is_link.then_some(place.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::ATTRIBUTION,
                        credits,
                        |credits| answers::attribution(&credits.rows),
                    )
                    .chart(
                        ValueFormat::Percent,
                        |credits, theme| attribution::chart(&credits.rows, theme),
                        |credits, theme, mark| attribution::tooltip(&credits.rows, theme, mark.index),
                    )
                    .marks(
                        |credits| marks::attribution(&credits.rows, &credits.filters),
                        |_, place| {
                            let models = attribution::MODELS.len();
                            let model = place.series.filter(|series| *series < models)?;
                            Some(place.index * models + model)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::EXPERIMENT,
                        results,
                        |results| answers::experiment(&results.rows),
                    )
                    .by(split)
                    .caption(move |results| {
                        let by = options.get_untracked().by;
                        Some(answers::experiment_caption(&results.rows, by))
                    })
                    .chart(
                        ValueFormat::Percent,
                        move |results, theme| {
                            experiment::chart(&results.rows, options.get_untracked().by, theme)
                        },
                        move |results, theme, mark| {
                            let by = options.get_untracked().by;
                            experiment::tooltip(&results.rows, by, theme, mark.index)
                        },
                    )
                    .marks(
                        move |results| {
                            marks::experiment(&results.rows, &results.filters, &options.get_untracked())
                        },
                        |_, place| Some(place.index),
                    )
                    .view()}
            </div>
        </Dashboard>
    }
}

/// What the URL chooses, as it changes.
fn use_options() -> Memo<FunnelOptions> {
    let pipeline = expect_context::<Pipeline>();
    let keys = ["window", "by", "step", "truth"].map(|key| (key, pipeline.page_key(key)));
    Memo::new(move |_| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &keys {
            if let Some(value) = value.get() {
                query.append_pair(key, &value);
            }
        }
        FunnelOptions::from_query(&query.finish())
    })
}

/// Columns of the list of people.
const LISTED: [&str; 5] = [
    "full_name",
    "initial_plan",
    "channel",
    "signup_date",
    "active_days_28d",
];

/// The first of the people who dropped.
#[component]
fn Lost(
    /// Their rows.
    lost: std::rc::Rc<Fetched<DroppedPerson>>,
) -> impl IntoView {
    let text = lost.text();
    let whole = table_of(&text);
    let places: Vec<usize> = LISTED
        .iter()
        .filter_map(|name| text.columns.iter().position(|column| column.name == *name))
        .collect();
    let table = Table {
        columns: places
            .iter()
            .map(|place| whole.columns[*place].clone())
            .collect(),
        rows: whole
            .rows
            .iter()
            .map(|row| {
                let cells = places.iter().zip(LISTED);
                cells
                    .map(|(place, name)| match name {
                        "initial_plan" | "channel" => words(&row[*place]),
                        "signup_date" => row[*place]
                            .parse()
                            .map_or_else(|_| row[*place].clone(), day),
                        _ => row[*place].clone(),
                    })
                    .collect()
            })
            .collect(),
    };
    view! { <DataTable table label="People who dropped" /> }
}

/// What can be chosen besides the filters.
#[component]
fn Choices() -> impl IntoView {
    let usual = FunnelOptions::default();
    let windows = WINDOWS.map(|days| {
        let key = match days {
            7 => "7",
            14 => "14",
            30 => "30",
            60 => "60",
            _ => "90",
        };
        (key, format!("{days} d"))
    });
    view! {
        <div class="pick-bar" data-testid="choices">
            <Choice label="Window" key="window" options=windows.to_vec() usual="60" />
            <Choice
                label="Step"
                key="step"
                options=Step::AFTER_SIGNUP.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.step.key()
            />
            <Choice
                label="Break down by"
                key="by"
                options=Dimension::ALL.map(|one| (one.key(), one.label().to_owned())).to_vec()
                usual=usual.by.key()
            />
        </div>
    }
}
