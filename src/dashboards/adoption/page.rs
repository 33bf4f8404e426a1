//! The page: one sentence, five tiles, eight panels.

use leptos::prelude::*;

use super::charts::{
    active_days, adoption_curves, feature_heatmap, rfm, segment_map, segment_profiles, stickiness,
    time_to_adopt,
};
use super::options::{Curve, GROUPS, WINDOWS, group_of, window_of};
use super::queries::{CURVE_WEEKS, window_start};
use super::tiles::{TILES, kpi};
use super::{answers, marks, panels, queries};
use crate::components::browser::Screen;
use crate::components::format::{ValueFormat, day};
use crate::components::kpi_tile::KpiTile;
use crate::components::theme::ThemeName;
use crate::dashboards::compared::{Against, told};
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::fetched::Fetched;
use crate::dashboards::learned::use_learned_filtered_rows;
use crate::dashboards::notes::Subject;
use crate::dashboards::options_bar::Choice;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::remarks::joined;
use crate::dashboards::rows::{Rows, use_compared_rows, use_filtered_rows, use_rows_compared_on};
use crate::dashboards::spec::Page;
use crate::ml::Model;
use crate::results::adoption::{
    ActiveDays, AdoptionMonth, FeatureAge, FeatureGroup, FeatureWeek, MapPoint, RfmSegment,
    SegmentProfile, StickinessMonth, TimeToAdopt,
};
use crate::results::periods::Grain;
use crate::state::Pipeline;
use crate::state::filters::{Basis, Filters};

/// The Product adoption page.
#[component]
pub fn AdoptionPage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let theme = expect_context::<Signal<ThemeName>>();
    let screen = expect_context::<Screen>();
    let curve_key = pipeline.page_key("curve");
    let by_key = pipeline.page_key("by");
    let within_key = pipeline.page_key("within");
    let curve = Memo::new(move |_| Curve::from_key(curve_key.get().as_deref()));
    let by = Memo::new(move |_| group_of(by_key.get().as_deref()));
    let within = Memo::new(move |_| window_of(within_key.get().as_deref()));

    let months = use_filtered_rows::<AdoptionMonth>(queries::headline);
    let weeks = use_filtered_rows::<FeatureWeek>(queries::curves_over_time);
    let groups = use_rows_compared_on::<FeatureGroup>(Basis::Last28Days, move |filters| {
        queries::feature_groups(filters, by.get())
    });
    let sticky = use_rows_compared_on::<StickinessMonth>(Basis::WholeMonths, move |filters| {
        queries::stickiness(filters, by.get())
    });
    let habit = use_rows_compared_on::<ActiveDays>(Basis::Last28Days, queries::active_days);
    let times = use_compared_rows::<TimeToAdopt>(move |filters| {
        queries::time_to_adopt(filters, within.get())
    });
    let map = use_learned_filtered_rows::<MapPoint>(Model::Segments, queries::segment_map);
    let profiles =
        use_learned_filtered_rows::<SegmentProfile>(Model::Segments, queries::segment_profiles);
    let segments = use_filtered_rows::<RfmSegment>(queries::rfm);

    let sentence = Signal::derive_local(move || match (months.rows.get(), weeks.rows.get()) {
        (Rows::Here(months), Rows::Here(weeks)) => {
            answers::page(&months.rows, &weeks.rows, months.as_of)
                .unwrap_or_else(|| "No users match these filters.".to_owned())
        }
        (Rows::Failed(_), _) | (_, Rows::Failed(_)) => {
            "Some figures could not be loaded. See the panels below.".to_owned()
        }
        (Rows::Missing(why), _) | (_, Rows::Missing(why)) => why.to_owned(),
        _ => "Building the company in this tab …".to_owned(),
    });
    let tiles = TILES.iter().map(move |tile| {
        let kpi = Signal::derive_local(move || {
            let months = months.here()?;
            kpi(
                tile,
                &months.rows,
                Against::of(&months.filters),
                months.as_of,
            )
        });
        view! { <KpiTile id=tile.id label=tile.label definition=tile.definition kpi /> }
    });
    let curves = move || match curve.get() {
        Curve::OverTime => QueryPanel::new(&panels::CURVES, weeks, |weeks| {
            answers::over_time(&weeks.rows)
        })
        .caption(|weeks| {
            let last = weeks.rows.iter().map(|row| row.week).max()?;
            Some(format!(
                "Complete weeks only. The last one starts on {}.",
                day(last)
            ))
        })
        .chart(
            ValueFormat::Percent,
            |weeks, theme| adoption_curves::over_time(&weeks.rows, theme),
            |weeks, theme, mark| adoption_curves::tooltip_over_time(&weeks.rows, theme, mark),
        )
        .timeline(Subject::Usage, Grain::Week, |weeks| {
            adoption_curves::weeks_of(&weeks.rows)
        })
        .marks(
            |weeks| marks::weeks(&weeks.rows, &weeks.filters),
            |weeks, mark| {
                line_of(
                    mark.series?,
                    marks::weeks(&weeks.rows, &weeks.filters).len(),
                )
            },
        )
        .view(),
        Curve::SinceStart => {
            let ages = use_filtered_rows::<FeatureAge>(queries::curves_since_start);
            QueryPanel::new(&panels::CURVES, ages, |ages| answers::since_start(&ages.rows))
                .caption(|_| {
                    Some(format!(
                        "Horizontal axis: weeks since the feature became available to the user. Only users with all {CURVE_WEEKS} weeks behind them count."
                    ))
                })
                .chart(
                    ValueFormat::Percent,
                    |ages, theme| adoption_curves::since_start(&ages.rows, theme),
                    |ages, theme, mark| {
                        adoption_curves::tooltip_since_start(&ages.rows, theme, mark)
                    },
                )
                .marks(
                    |ages| marks::ages(&ages.rows, &ages.filters),
                    |ages, mark| {
                        line_of(mark.series?, marks::ages(&ages.rows, &ages.filters).len())
                    },
                )
                .view()
        }
    };

    view! {
        <Dashboard page=Page::Adoption sentence>
            <div class="tiles five">{tiles.collect_view()}</div>
            <div class="pick-bar" data-testid="choices">
                <Choice
                    label="Curves"
                    key="curve"
                    options=Curve::ALL
                        .map(|curve| (curve.key().to_owned(), curve.label().to_owned()))
                        .to_vec()
                    chosen=Signal::derive(move || curve.get().key().to_owned())
                />
                <Choice
                    label="Group by"
                    key="by"
                    options=GROUPS
                        .map(|group| (group.key().to_owned(), group.label().to_owned()))
                        .to_vec()
                    chosen=Signal::derive(move || by.get().key().to_owned())
                />
                <Choice
                    label="Adopted within"
                    key="within"
                    options=[WINDOWS[1], WINDOWS[0], WINDOWS[2]]
                        .map(|days| (days.to_string(), format!("{days} days")))
                        .to_vec()
                    chosen=Signal::derive(move || within.get().to_string())
                />
            </div>
            <div class="grid">
                {curves}
                {QueryPanel::new(
                        &panels::FEATURE_GROUPS,
                        groups,
                        |groups| {
                            let earlier = groups.compared().map(|before| {
                                format!("the 28 days to {}", day(before.to))
                            });
                            answers::feature_groups(
                                &groups.rows,
                                &groups.before,
                                &earlier.unwrap_or_default(),
                            )
                        },
                    )
                    .by(by)
                    .caption(|groups| {
                        joined([window(groups), before_window(groups, "Set against")])
                    })
                    .people("active users", |groups| groups.rows.iter().map(|row| row.active_users).collect())
                    .chart(
                        ValueFormat::Percent,
                        |groups, theme| feature_heatmap::chart(&groups.rows, theme),
                        |groups, theme, mark| {
                            feature_heatmap::tooltip(&groups.rows, &groups.before, theme, mark)
                        },
                    )
                    .marks(
                        move |groups| marks::groups(&groups.rows, by.get(), &groups.filters),
                        move |groups, mark| {
                            let colours = theme.get_untracked().colours();
                            feature_heatmap::row_at(&groups.rows, colours, mark)
                        },
                    )
                    .view()}
                    {QueryPanel::new(
                            &panels::POWER_USERS,
                            habit,
                            |habit| answers::active_days(&habit.rows),
                        )
                        .caption(|habit| joined([window(habit), before_window(habit, "Ticks")]))
                        .chart(
                            ValueFormat::Count,
                            |habit, theme| active_days::chart(&habit.rows, &habit.before, theme),
                            |habit, _, mark| {
                                active_days::tooltip(&habit.rows, &habit.before, mark)
                            },
                        )
                        .marks(
                            |habit| marks::active_days(&habit.rows, &habit.filters),
                            |_, mark| Some(mark.index),
                        )
                        .view()}
                {QueryPanel::new(
                        &panels::STICKINESS,
                        sticky,
                        |sticky| answers::stickiness(&sticky.rows, &sticky.before, sticky.as_of),
                    )
                    .by(by)
                    .caption(|sticky| {
                        told(&sticky.filters, sticky.basis, "Dashed, everyone")
                    })
                    .chart(
                        ValueFormat::Percent,
                        |sticky, theme| stickiness::chart(&sticky.rows, &sticky.before, theme),
                        |sticky, theme, mark| stickiness::tooltip(
                            &sticky.rows,
                            &sticky.before,
                            theme,
                            mark,
                        ),
                    )
                    .timeline(Subject::Usage, Grain::Month, |sticky| stickiness::by_group(&sticky.rows).0)
                    .marks(
                        move |sticky| marks::stickiness(&sticky.rows, by.get(), &sticky.filters),
                        |sticky, mark| {
                            let (months, groups) = stickiness::by_group(&sticky.rows);
                            let group = groups.get(mark.series? % groups.len().max(1))?.0;
                            let month = months.get(mark.index)?;
                            sticky
                                .rows
                                .iter()
                                .position(|row| row.group == group && row.month == *month)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::TIME_TO_ADOPT,
                        times,
                        move |times| answers::time_to_adopt(&times.rows, within.get()),
                    )
                    .caption(move |times| {
                        let share = format!(
                            "Beside the bars: share of users who adopted the feature within {} days.",
                            within.get(),
                        );
                        joined([Some(share), told(&times.filters, times.basis, "Orange ticks, medians")])
                    })
                    .people("people who adopted it", |times| times.rows.iter().map(|row| row.adopters).collect())
                    .chart(
                        ValueFormat::Count,
                        |times, theme| time_to_adopt::chart(&times.rows, &times.before, theme),
                        move |times, _, mark| {
                            let within = within.get_untracked();
                            time_to_adopt::tooltip(&times.rows, &times.before, within, mark)
                        },
                    )
                    .marks(
                        move |times| {
                            marks::adoption_times(&times.rows, within.get(), &times.filters)
                        },
                        |times, mark| time_to_adopt::row_at(&times.rows, mark),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::SEGMENT_MAP,
                        map,
                        |map| answers::segment_map(&map.rows),
                    )
                    .chart(
                        ValueFormat::Ratio,
                        |map, theme| segment_map::chart(&map.rows, theme),
                        |map, theme, mark| segment_map::tooltip(&map.rows, theme, mark),
                    )
                    .marks(
                        |map| marks::map_segments(&map.rows, &map.filters),
                        |_, mark| mark.series,
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::SEGMENT_PROFILES,
                        profiles,
                        |profiles| answers::segment_profiles(&profiles.rows),
                    )
                    .chart(
                        ValueFormat::Ratio,
                        |profiles, theme| segment_profiles::chart(&profiles.rows, theme),
                        |profiles, theme, mark| {
                            segment_profiles::tooltip(&profiles.rows, theme, mark)
                        },
                    )
                    .marks(
                        |profiles| {
                            segment_profiles::parts(&profiles.rows)
                                .map(|(_, segments)| {
                                    marks::profile_segments(&segments, &profiles.filters)
                                })
                                .unwrap_or_default()
                        },
                        move |profiles, mark| {
                            let colours = theme.get_untracked().colours();
                            segment_profiles::segment_at(&profiles.rows, colours, mark)
                        },
                    )
                    .view()}
                {QueryPanel::new(&panels::RFM, segments, |segments| answers::rfm(&segments.rows))
                    .people("customers", |segments| {
                        let drawn = segments.rows.iter().filter(|row| row.mrr_cents > 0);
                        drawn.map(|row| row.customers).collect()
                    })
                    .chart(
                        ValueFormat::Money,
                        move |segments, theme| {
                            rfm::chart(&segments.rows, screen.is_narrow.get(), theme)
                        },
                        |segments, theme, mark| rfm::tooltip(&segments.rows, theme, mark),
                    )
                    .marks(
                        |segments| marks::rfm_segments(&segments.rows, &segments.filters),
                        |segments, mark| rfm::row_at(&segments.rows, mark),
                    )
                    .view()}
            </div>
        </Dashboard>
    }
}

/// The feature whose line a series is.
fn line_of(series: usize, features: usize) -> Option<usize> {
    (series < features).then_some(series)
}

/// Says which 28 days are meant.
fn window<R>(fetched: &Fetched<R>) -> Option<String> {
    Some(format!(
        "The 28 days {}.",
        window_of_filters(&fetched.filters)
    ))
}

/// The same at the end of the period before, where the reader compares.
fn before_window<R>(fetched: &Fetched<R>, mark: &str) -> Option<String> {
    let before = fetched.compared()?;
    Some(format!(
        "{mark}: the 28 days {}.",
        window_of_filters(&before)
    ))
}

fn window_of_filters(filters: &Filters) -> String {
    let (from, to) = (window_start(filters), filters.to);
    format!("from {} to {}", day(from), day(to))
}
