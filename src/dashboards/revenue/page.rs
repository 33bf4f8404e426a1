//! The page: one sentence, eight panels.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::charts::lines::RatioLine;
use super::charts::{anomalies, dunning, lines, ltv_deciles, refunds, waterfall};
use super::{answers, marks, panels, queries};
use crate::components::browser::Screen;
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, month_long};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::compared::{period_words, told};
use crate::dashboards::dashboard::Dashboard;
use crate::dashboards::executive::charts::mrr_by_plan;
use crate::dashboards::executive::{
    answers as executive_answers, marks as executive_marks, queries as executive_queries,
};
use crate::dashboards::learned::{use_fits, use_learned_filtered_rows, why_missing};
use crate::dashboards::notes::Subject;
use crate::dashboards::panel::QueryPanel;
use crate::dashboards::periods::remark;
use crate::dashboards::remarks::of_all;
use crate::dashboards::rows::{
    Fetched, Rows, use_compared_rows, use_filtered_rows, use_rows_compared_on,
};
use crate::dashboards::spec::Page;
use crate::ml::Model;
use crate::results::executive::{MovementMonth, PlanMonth};
use crate::results::periods::Grain;
use crate::results::revenue::{DunningFlow, LtvDecile, RefundMonth, RetentionMonth, RevenueDay};
use crate::state::Pipeline;
use crate::state::filters::Basis;
use crate::state::filters::Dimension;

/// The Revenue deep-dive page.
#[component]
pub fn RevenuePage() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let screen = expect_context::<Screen>();
    let is_truth_shown = move || pipeline.switches.get().truth;
    let movements =
        use_rows_compared_on::<MovementMonth>(Basis::WholeMonths, executive_queries::mrr_movements);
    let plans = use_rows_compared_on::<PlanMonth>(Basis::MonthEnds, executive_queries::mrr_by_plan);
    let kept = use_rows_compared_on::<RetentionMonth>(Basis::WholeMonths, queries::retention);
    let flow = use_compared_rows::<DunningFlow>(queries::dunning);
    let paid_back = use_rows_compared_on::<RefundMonth>(Basis::WholeMonths, queries::refunds);
    let forests = use_fits(Model::Anomalies);
    let days = use_filtered_rows::<RevenueDay>(move |filters| {
        let sql = queries::anomalies(filters, is_truth_shown());
        // The forest's days change under the same statement: the count tells the two apart.
        format!("{sql}-- Isolation Forest, fit {}\n", forests.get())
    });
    let tenths = use_learned_filtered_rows::<LtvDecile>(Model::Ltv, queries::ltv_deciles);
    let sentence = Signal::derive_local(move || match movements.rows.get() {
        Rows::Here(movements) => {
            answers::page(&movements.rows, movements.as_of).unwrap_or_default()
        }
        Rows::Failed(_) => "Some figures could not be loaded. See the panels below.".to_owned(),
        Rows::Missing(why) => why.to_owned(),
        Rows::Waiting => "Building the company in this tab …".to_owned(),
    });

    view! {
        <Dashboard page=Page::Revenue sentence>
            <div class="grid">
                {QueryPanel::new(
                        &panels::WATERFALL,
                        movements,
                        |movements| {
                            answers::waterfall(&movements.rows, &movements.before, movements.as_of)
                        },
                    )
                    .caption(|movements| {
                        let (_, last) = waterfall::period(&movements.rows)?;
                        remark(Grain::Month, last, movements.as_of)
                    })
                    .chart(
                        ValueFormat::Money,
                        move |movements, theme| {
                            waterfall::chart(
                                &movements.rows,
                                movements.as_of,
                                screen.is_narrow.get(),
                                theme,
                            )
                        },
                        |movements, theme, mark| waterfall::tooltip(
                            &movements.rows,
                            movements.as_of,
                            theme,
                            mark.index,
                        ),
                    )
                    .marks(
                        |movements| marks::waterfall(&movements.rows, &movements.filters),
                        |_, place| Some(place.index),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::PLANS,
                        plans,
                        |plans| {
                            let answer = executive_answers::mrr_by_plan(&plans.rows, &plans.before, plans.as_of)?;
                            Some(of_all(answer, &plans.filters, Dimension::Plan, "plans"))
                        },
                    )
                    .caption(|plans| told(&plans.filters, plans.basis, "Dashed"))
                    .chart(
                        ValueFormat::Money,
                        |plans, theme| mrr_by_plan::chart(&plans.rows, &plans.before, &[], theme),
                        |plans, theme, mark| mrr_by_plan::tooltip(
                            &plans.rows,
                            &plans.before,
                            &[],
                            theme,
                            mark.index,
                        ),
                    )
                    .timeline(Subject::Contracts, Grain::Month, |plans| mrr_by_plan::months(&plans.rows))
                    .marks(
                        |plans| executive_marks::plans(&plans.rows, &plans.filters),
                        |plans, place| {
                            let row = mrr_by_plan::row_at(&plans.rows, place)?;
                            plans.rows.len().checked_sub(row + 1)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::RETENTION,
                        kept,
                        |kept| answers::retention(&kept.rows, &kept.before, kept.as_of),
                    )
                    .caption(|kept| told(&kept.filters, kept.basis, "Dashed, net"))
                    .timeline(
                        Subject::Contracts, Grain::Month,
                        |kept| kept.rows.iter().map(|row| row.month).collect(),
                    )
                    .chart(ValueFormat::Percent, draw_retention, tell_retention)
                    .marks(
                        |kept| marks::retention(&kept.rows, &kept.filters),
                        |kept, place| kept.rows.len().checked_sub(place.index + 1),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::QUICK_RATIO,
                        movements,
                        |movements| {
                            answers::quick_ratio(&movements.rows, &movements.before, movements.as_of)
                        },
                    )
                    .caption(|movements| told(&movements.filters, movements.basis, "Grey dashes, with reactivation"))
                    .chart(ValueFormat::Ratio, draw_quick_ratio, tell_quick_ratio)
                    .marks(
                        |movements| marks::quick_ratio(&movements.rows, &movements.filters),
                        |movements, place| movements.rows.len().checked_sub(place.index + 1),
                    )
                    .timeline(
                        Subject::Contracts, Grain::Month,
                        |movements| movements.rows.iter().map(|row| row.month).collect(),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::DUNNING,
                        flow,
                        |flow| {
                            let earlier = period_words(&flow.filters, flow.basis);
                            answers::dunning(&flow.rows, &flow.before, &earlier)
                        },
                    )
                    .caption(|flow| {
                        told(&flow.filters, flow.basis, "The sentence compares recovery with that of")
                    })
                    .chart(
                        ValueFormat::Count,
                        move |flow, theme| dunning::chart(&flow.rows, screen.is_narrow.get(), theme),
                        |flow, _, mark| dunning::tooltip(&flow.rows, mark),
                    )
                    .marks(
                        |flow| marks::dunning(&flow.rows, &flow.filters),
                        |flow, place| {
                            let (nodes, _) = dunning::parts(&flow.rows);
                            place.series?;
                            let before = if place.is_link { nodes.len() } else { 0 };
                            Some(before + place.index)
                        },
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::REFUNDS,
                        paid_back,
                        |rows| answers::refunds(&rows.rows, &rows.before, rows.as_of),
                    )
                    .caption(|rows| told(&rows.filters, rows.basis, "Dashed"))
                    .chart(
                        ValueFormat::Money,
                        |rows, theme| refunds::chart(&rows.rows, &rows.before, theme),
                        |rows, theme, mark| refunds::tooltip(
                            &rows.rows,
                            &rows.before,
                            theme,
                            mark.index,
                        ),
                    )
                    .timeline(
                        Subject::Payments, Grain::Month,
                        |rows| rows.rows.iter().map(|row| row.month).collect(),
                    )
                    .marks(
                        |rows| marks::refunds(&rows.rows, &rows.filters),
                        |rows, place| rows.rows.len().checked_sub(place.index + 1),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::ANOMALIES,
                        days,
                        move |days| {
                            let is_learned = forests.get() > 0;
                            answers::anomalies(&days.rows, is_learned, is_truth_shown())
                        },
                    )
                    .caption(move |_| why_missing(pipeline, Model::Anomalies, "The Isolation Forest"))
                    .chart(
                        ValueFormat::Money,
                        |days, theme| anomalies::chart(&days.rows, theme),
                        |days, theme, mark| anomalies::tooltip(&days.rows, theme, mark.index),
                    )
                    .marks(|days| marks::anomalies(&days.rows), day_at)
                    // Planted days have marks of their own here.
                    .timeline(
                        Subject::MarkedPayments, Grain::Day,
                        |days| days.rows.iter().map(|row| row.date).collect(),
                    )
                    .view()}
                {QueryPanel::new(
                        &panels::LTV,
                        tenths,
                        |tenths| answers::ltv_deciles(&tenths.rows),
                    )
                    .chart(
                        ValueFormat::Money,
                        |tenths, theme| ltv_deciles::chart(&tenths.rows, theme),
                        |tenths, theme, mark| ltv_deciles::tooltip(&tenths.rows, theme, mark.index),
                    )
                    .marks(
                        |tenths| marks::ltv_deciles(&tenths.rows, &tenths.filters),
                        |tenths, place| tenths.rows.len().checked_sub(place.index + 1),
                    )
                    .view()}
            </div>
        </Dashboard>
    }
}

/// The mark of a day: places on a line count days, those on marks count marks.
fn day_at(days: &Fetched<RevenueDay>, place: &ChartMark) -> Option<usize> {
    let position = match place.series {
        Some(2) => nth(&days.rows, place.index, |row| row.is_called)?,
        Some(3) => nth(&days.rows, place.index, |row| row.is_flagged)?,
        Some(4) => nth(&days.rows, place.index, |row| row.planted.is_some())?,
        _ => place.index,
    };
    days.rows.len().checked_sub(position + 1)
}

fn nth(rows: &[RevenueDay], wanted: usize, is_marked: fn(&RevenueDay) -> bool) -> Option<usize> {
    let marked = rows.iter().enumerate().filter(|(_, row)| is_marked(row));
    marked.map(|(position, _)| position).nth(wanted)
}

fn draw_retention(kept: &Fetched<RetentionMonth>, theme: &'static Theme) -> charming::Chart {
    let months: Vec<NaiveDate> = kept.rows.iter().map(|row| row.month).collect();
    let series = [
        RatioLine {
            name: "Net",
            colour: theme.teal,
            is_dashed: false,
            values: kept.rows.iter().map(|row| row.nrr).collect(),
        },
        RatioLine {
            name: "Gross",
            colour: theme.slate,
            is_dashed: false,
            values: kept.rows.iter().map(|row| row.grr).collect(),
        },
    ];
    let before: Vec<Option<f64>> = kept.before.iter().map(|row| row.nrr).collect();
    lines::chart(&months, &series, &before, 52.0, theme)
}

fn tell_retention(
    kept: &Fetched<RetentionMonth>,
    theme: &'static Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let row = kept.rows.get(mark.index)?;
    let percent = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |value| ValueFormat::Percent.full(value))
    };
    let tooltip = Tooltip::new(month_long(row.month))
        .mark(theme.teal, "NRR", percent(row.nrr))
        .mark(theme.slate, "GRR", percent(row.grr))
        .line(
            "Customers a year ago",
            ValueFormat::Count.full(row.base_customers as f64),
        )
        .line(
            "MRR a year ago",
            ValueFormat::Money.full(row.base_cents as f64),
        )
        .line(
            "MRR now",
            ValueFormat::Money.full(row.retained_cents as f64),
        );
    Some(match kept.before.get(mark.index) {
        None => tooltip,
        Some(before) => {
            let name = format!("NRR, {}", month_long(before.month));
            tooltip.mark(theme.muted, name, percent(before.nrr))
        }
    })
}

fn draw_quick_ratio(rows: &Fetched<MovementMonth>, theme: &'static Theme) -> charming::Chart {
    let months: Vec<NaiveDate> = rows.rows.iter().map(|row| row.month).collect();
    let ratios: Vec<_> = rows.rows.iter().map(answers::quick_ratios).collect();
    let series = [
        RatioLine {
            name: "With returns",
            colour: theme.teal,
            is_dashed: false,
            values: ratios.iter().map(|ratios| ratios.0).collect(),
        },
        RatioLine {
            name: "Without",
            colour: theme.slate,
            is_dashed: true,
            values: ratios.iter().map(|ratios| ratios.1).collect(),
        },
    ];
    let before = rows.before.iter().map(|row| answers::quick_ratios(row).0);
    let before: Vec<Option<f64>> = before.collect();
    lines::chart(&months, &series, &before, 88.0, theme)
}

fn tell_quick_ratio(
    rows: &Fetched<MovementMonth>,
    theme: &'static Theme,
    mark: &ChartMark,
) -> Option<Tooltip> {
    let row = rows.rows.get(mark.index)?;
    let (with, without) = answers::quick_ratios(row);
    let ratio = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |value| ValueFormat::Ratio.full(value))
    };
    let tooltip = Tooltip::new(month_long(row.month))
        .mark(theme.teal, "With reactivation", ratio(with))
        .mark(theme.slate, "Without", ratio(without));
    Some(match rows.before.get(mark.index) {
        None => tooltip,
        Some(before) => tooltip.mark(
            theme.muted,
            month_long(before.month),
            ratio(answers::quick_ratios(before).0),
        ),
    })
}
