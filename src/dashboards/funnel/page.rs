//! The page: one sentence, eight panels.

use leptos::prelude::*;

use super::options::{FunnelOptions, Shown, Step, WINDOWS};
use super::panels::activation::Activation;
use super::panels::attribution::Attribution;
use super::panels::dropped::{self, Dropped};
use super::panels::experiment::Experiment;
use super::panels::funnel::Funnel;
use super::panels::funnel_segments::FunnelSegments;
use super::panels::paths::Paths;
use super::panels::time_to_convert::TimeToConvert;
use super::sentence;
use crate::components::browser::Screen;
use crate::components::data_table::DataTable;
use crate::components::format::{day, words};
use crate::components::table::Table;
use crate::dashboards::choice::Choice;
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::pages::Page;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::rows::Rows;
use crate::dashboards::show::{declared, show, use_source};
use crate::dashboards::tables::table_of;
use crate::results::funnel::DroppedPerson;
use crate::state::Pipeline;
use crate::state::filters::Dimension;

/// The Funnel diagnostics page.
#[component]
pub fn FunnelPage() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let options = use_options();
    let split = Signal::derive(move || options.get().by);
    let step = Memo::new(move |_| options.get().step);
    let funnel = use_source::<Funnel>(move || options.get());
    let by_segment = use_source::<FunnelSegments>(move || options.get());
    let bins = use_source::<TimeToConvert>(move || options.get());
    let lost = use_source::<Dropped>(move || options.get());
    let channels = use_source::<Activation>(|| ());
    let links = use_source::<Paths>(|| ());
    let credits = use_source::<Attribution>(move || options.get());
    let results = use_source::<Experiment>(move || options.get());
    // A new choice is shown once its rows have arrived.
    let shown = move || Shown {
        chosen: options.get_untracked(),
        is_narrow: screen.is_narrow.get(),
    };
    // The funnel has the same rows whichever step is chosen.
    let of_step = move || {
        step.track();
        shown()
    };

    let sentence = Signal::derive_local(move || match funnel.rows.get() {
        Rows::Here(funnel) => sentence::page(&funnel.rows, &options.get_untracked())
            .unwrap_or_else(|| "No one signed up in this range.".to_owned()),
        Rows::Failed(_) => "Some figures could not be loaded. See the panels below.".to_owned(),
        Rows::Missing(why) => why.to_owned(),
        Rows::Waiting => "Building the company in this tab …".to_owned(),
    });
    let people = move || (move || lost.here().map(|lost| view! { <Lost lost /> })).into_any();
    let dropped = move || {
        QueryPanel::new(&Dropped::SPEC, lost, move |lost| {
            dropped::sentence(&lost.rows, &options.get_untracked())
        })
        .caption(|lost| dropped::caption(&lost.rows))
        .marks(
            move |lost| {
                let everyone =
                    dropped::everyone(&lost.rows, &lost.filters, &options.get_untracked());
                everyone.into_iter().collect()
            },
            |_, _| None,
        )
        .body(people)
        .view()
    };

    view! {
        <Dashboard page=Page::Funnel sentence>
            <Choices />
            <div class="grid">
                {show::<Funnel>(funnel, of_step)}
                {declared::<FunnelSegments>(by_segment, shown)
                    .by(split)
                    .people("signups", |rows| {
                        let firsts = rows.rows.iter().filter(|row| row.number == 1);
                        firsts.map(|row| row.reached).collect()
                    })
                    .view()}
                {show::<TimeToConvert>(bins, shown)}
                {dropped()}
                {declared::<Activation>(channels, || ())
                    .people("signups", |rows| rows.rows.iter().map(|row| row.eligible).collect())
                    .view()}
                {show::<Paths>(links, shown)}
                {show::<Attribution>(credits, || ())}
                {declared::<Experiment>(results, shown).by(split).view()}
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
    let place = |name: &str| text.columns.iter().position(|column| column.name == name);
    let listed: Vec<(&str, usize)> = LISTED
        .into_iter()
        .filter_map(|name| Some((name, place(name)?)))
        .collect();
    let columns = listed
        .iter()
        .map(|(_, place)| whole.columns[*place].clone());
    let written = |row: &Vec<String>| {
        let cells = listed.iter().map(|(name, place)| {
            let cell = &row[*place];
            match *name {
                "initial_plan" | "channel" => words(cell),
                "signup_date" => cell.parse().map_or_else(|_| cell.clone(), day),
                _ => cell.clone(),
            }
        });
        cells.collect()
    };
    let table = Table {
        columns: columns.collect(),
        rows: whole.rows.iter().map(written).collect(),
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
