//! Whether risks mean what they say: predicted against actual, in tenths of the customers.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    ItemStyle, LineStyle, LineStyleType, NameLocation, Symbol, Tooltip as Tip, Trigger,
};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{grid, quiet_text, value_axis};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::churn::evaluation::Evaluation;

fn place(x: f64, y: f64) -> DataPoint {
    CompositeValue::from(vec![CompositeValue::from(x), CompositeValue::from(y)]).into()
}

/// Draws a dot a tenth with its 95% interval; on the dashed line risks are exactly right.
#[must_use]
pub fn chart(evaluation: &Evaluation, theme: &Theme) -> Chart {
    let groups = evaluation.tenths();
    let most = groups
        .iter()
        .map(|group| group.predicted.max(group.interval[1]))
        .fold(0.05, f64::max);
    let end = ((most * 10.0).ceil() / 10.0).min(1.0);
    let axis = |name: &str| {
        value_axis(theme)
            .min(0)
            .max(end)
            .name(name)
            .name_location(NameLocation::Middle)
            .name_text_style(quiet_text(theme))
    };
    let mut chart = Chart::new()
        .grid(grid(16.0).left(24).bottom(30))
        .tooltip(Tip::new().trigger(Trigger::Item))
        .x_axis(axis("Predicted, %").name_gap(30))
        .y_axis(axis("Churned within 90 days, %").name_gap(30))
        .series(
            Scatter::new()
                .name("Tenths")
                .symbol(Symbol::Circle)
                .symbol_size(9)
                .item_style(ItemStyle::new().color(theme.accent))
                .data(
                    groups
                        .iter()
                        .map(|group| place(group.predicted, group.actual))
                        .collect::<Vec<_>>(),
                ),
        )
        .series(
            Line::new()
                .name("Perfect calibration")
                .silent(true)
                .symbol(Symbol::None)
                .line_style(
                    LineStyle::new()
                        .color(theme.ink)
                        .width(1)
                        .type_(LineStyleType::Dashed),
                )
                .data(vec![place(0.0, 0.0), place(end, end)]),
        );
    for group in &groups {
        chart = chart.series(
            Line::new()
                .name("Interval")
                .silent(true)
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.accent).width(1.5).opacity(0.5))
                .data(vec![
                    place(group.predicted, group.interval[0]),
                    place(group.predicted, group.interval[1]),
                ]),
        );
    }
    chart
}

/// The tooltip of a tenth.
#[must_use]
pub fn tooltip(evaluation: &Evaluation, theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let group = *evaluation
        .tenths()
        .get(mark.index)
        .filter(|_| mark.series == Some(0))?;
    let percent = |share: f64| ValueFormat::Percent.full(share);
    Some(
        Tooltip::new(match group.decile {
            1 => "Decile with the highest risk".to_owned(),
            decile => format!("Decile {decile}"),
        })
        .line("Predicted", percent(group.predicted))
        .mark(theme.accent, "Churned", percent(group.actual))
        .line(
            "95% interval",
            format!(
                "{} – {}",
                percent(group.interval[0]),
                percent(group.interval[1])
            ),
        )
        .line("Customers", ValueFormat::Count.full(group.customers as f64)),
    )
}
