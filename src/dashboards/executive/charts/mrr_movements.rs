//! What moved monthly recurring revenue, month by month.

use charming::Chart;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{ItemStyle, LineStyle, Symbol};
use charming::series::{Bar, Line};
use chrono::NaiveDate;

use crate::components::chart_parts::{
    axis_label, before_line, category_axis, column_tooltip, grid, month_names, value_axis,
};
use crate::components::format::{month_long, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::executive::MovementMonth;

/// Gains upwards and losses downwards, stacked by movement, with the net change as an ink line.
/// Of the period `before`, the net change is drawn.
#[must_use]
pub fn chart(rows: &[MovementMonth], before: &[MovementMonth], theme: &Theme) -> Chart {
    let months: Vec<NaiveDate> = rows.iter().map(|row| row.month).collect();
    let axis = category_axis(theme, month_names(&months));
    let mut chart = Chart::new()
        .grid(grid(12.0))
        .tooltip(column_tooltip())
        .x_axis(axis.axis_label(axis_label(theme).interval(0)))
        .y_axis(value_axis(theme));
    for (position, movement) in ["new", "expansion", "reactivation", "contraction", "churn"]
        .into_iter()
        .enumerate()
    {
        let colour = theme.movement(movement);
        let bars: Vec<DataPoint> = rows
            .iter()
            .map(|row| DataPoint::from(row.movements()[position].1 as f64))
            .collect();
        chart = chart.series(
            Bar::new()
                .name(words(movement))
                .stack("movements")
                .bar_width("62%")
                .item_style(ItemStyle::new().color(colour))
                .data(bars),
        );
    }
    if has_transfers(rows) {
        let bars: Vec<f64> = rows.iter().map(|row| row.transfer_cents as f64).collect();
        chart = chart.series(
            Bar::new()
                .name(OTHER_PLANS)
                .stack("movements")
                .bar_width("62%")
                .item_style(ItemStyle::new().color(theme.slate))
                .data(bars),
        );
    }
    let net: Vec<f64> = rows.iter().map(|row| net_cents(row) as f64).collect();
    let chart = chart.series(
        Line::new()
            .name("Net")
            .symbol(Symbol::Circle)
            .symbol_size(5)
            .line_style(LineStyle::new().color(theme.ink).width(1.5))
            .item_style(ItemStyle::new().color(theme.ink))
            .z(4)
            .data(net),
    );
    if before.is_empty() {
        return chart;
    }
    let net = before.iter().take(rows.len());
    let net = net.map(|row| CompositeValue::from(net_cents(row) as f64));
    chart.series(before_line(theme.muted, net.collect()))
}

/// The tooltip of the month at `index`.
#[must_use]
pub fn tooltip(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let row = rows.get(index)?;
    let money = |cents: i64| whole_dollars(cents as f64);
    let mut tooltip = Tooltip::new(month_long(row.month)).line("Opening", money(row.opening_cents));
    for (movement, cents) in row.movements() {
        tooltip = tooltip.mark(theme.movement(movement), words(movement), money(cents));
    }
    if has_transfers(rows) {
        tooltip = tooltip.mark(theme.slate, OTHER_PLANS, money(row.transfer_cents));
    }
    tooltip = tooltip.total("Closing", money(row.closing_cents));
    if let Some(before) = before.get(index) {
        tooltip = tooltip.line("Net", money(net_cents(row))).mark(
            theme.muted,
            format!("Net, {}", month_long(before.month)),
            money(net_cents(before)),
        );
    }
    Some(tooltip)
}

/// What came from plans that are not chosen, less what went to them, beside the movements (decision 0022).
const OTHER_PLANS: &str = "Other plans";

/// Whether customers moved between the plans chosen and others; over all plans nobody does.
#[must_use]
pub fn has_transfers(rows: &[MovementMonth]) -> bool {
    rows.iter().any(|row| row.transfer_cents != 0)
}

/// What the movements and moves between plans add up to: closing less opening MRR.
#[must_use]
pub fn net_cents(row: &MovementMonth) -> i64 {
    let moved: i64 = row.movements().iter().map(|(_, cents)| cents).sum();
    moved + row.transfer_cents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    /// With a plan chosen, "shrank by $227" stood where MRR had grown by $1,547.
    #[test]
    fn the_net_is_what_closing_mrr_differs_by() {
        let row = MovementMonth {
            month: NaiveDate::from_ymd_opt(2025, 7, 1).unwrap(),
            opening_cents: 631_800,
            new_cents: 20_000,
            expansion_cents: 0,
            reactivation_cents: 0,
            contraction_cents: 0,
            churn_cents: -42_700,
            transfer_cents: 177_400,
            closing_cents: 786_500,
            customers: [1; 5],
        };
        let series = |row: &MovementMonth| {
            let chart = chart(std::slice::from_ref(row), &[], &LIGHT);
            let option = serde_json::to_value(&chart).unwrap();
            option["series"].as_array().unwrap().clone()
        };
        assert_eq!(net_cents(&row), row.closing_cents - row.opening_cents);
        let drawn = series(&row);
        assert_eq!(drawn[5]["name"], OTHER_PLANS);
        assert_eq!(drawn[6]["data"][0], 154_700.0);
        let stays = MovementMonth {
            transfer_cents: 0,
            ..row
        };
        assert_eq!(series(&stays).len(), 6);
    }
}
