//! How many more leavers each tenth of the list holds than a random tenth would.

use charming::Chart;
use charming::element::{
    ItemStyle, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol,
};
use charming::series::Bar;

use crate::components::chart_parts::{
    axis_label, category_axis, column_tooltip, figures_over_lines, grid, value_axis,
};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::churn::evaluation::Evaluation;
use crate::dashboards::claims::{PALE, is_enough, share_or_counts};
use crate::results::shares::Share;

/// Each tenth's share of leavers over everyone's.
#[must_use]
pub fn lifts(evaluation: &Evaluation) -> Vec<f64> {
    let base = evaluation.base_rate();
    let tenths = evaluation.tenths().into_iter();
    tenths
        .map(|group| if base > 0.0 { group.actual / base } else { 0.0 })
        .collect()
}

/// Draws a column a tenth, highest risks first; the line at 1 is chance.
#[must_use]
pub fn chart(evaluation: &Evaluation, theme: &Theme) -> Chart {
    let lifts = lifts(evaluation);
    // Of a handful who left (decision 0123).
    let opacity = if is_enough(evaluation.churned) {
        1.0
    } else {
        PALE
    };
    let tenths = evaluation.tenths().into_iter();
    let names = tenths.map(|group| group.decile.to_string()).collect();
    let texts: Vec<(f64, String)> = lifts
        .iter()
        .map(|lift| (*lift, format!("{lift:.1}×")))
        .collect();
    Chart::new()
        .grid(grid(12.0).top(22))
        .tooltip(column_tooltip())
        .x_axis(category_axis(theme, names).axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme).min(0))
        .series(
            Bar::new()
                .name("Lift")
                .bar_width("68%")
                .item_style(ItemStyle::new().color(theme.accent).opacity(opacity))
                .mark_line(
                    MarkLine::new()
                        .silent(true)
                        .symbol(vec![Symbol::None, Symbol::None])
                        .label(Label::new().show(false))
                        .line_style(
                            LineStyle::new()
                                .color(theme.ink)
                                .width(1)
                                .type_(LineStyleType::Dashed),
                        )
                        .data(vec![MarkLineVariant::Simple(
                            MarkLineData::new().y_axis(1.0),
                        )]),
                )
                .data(lifts),
        )
        .series(figures_over_lines(theme, texts))
}

/// The tooltip of a tenth.
#[must_use]
pub fn tooltip(evaluation: &Evaluation, theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let tenths = evaluation.tenths();
    let (group, lift) = (tenths.get(mark.index)?, *lifts(evaluation).get(mark.index)?);
    let so_far: i64 = tenths[..=mark.index]
        .iter()
        .map(|group| group.churned)
        .sum();
    let tooltip = Tooltip::new(format!("Decile {}", group.decile))
        .mark(theme.accent, "Lift", format!("{lift:.2}×"))
        .line(
            "Churned",
            share_or_counts(Share::new(group.churned, group.customers)).unwrap_or_default(),
        )
        .line("Customers", ValueFormat::Count.full(group.customers as f64));
    Some(if evaluation.churned == 0 {
        tooltip
    } else {
        let found = Share::new(so_far, evaluation.churned);
        tooltip.total(
            "Cumulative share of churned customers",
            share_or_counts(found).unwrap_or_default(),
        )
    })
}
