//! From the opening to the closing MRR of a range, step by step.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{AxisPointer, AxisType, ItemStyle, LabelPosition, LineStyle, Symbol};
use charming::series::{Bar, Line};
use chrono::NaiveDate;

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, unfinished,
    value_axis,
};
use crate::components::format::{ValueFormat, day_long, month_long, share, whole_dollars, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::periods::is_over;
use crate::results::executive::MovementMonth;

/// A step: its name, what it adds, and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallStep {
    /// `opening`, a movement, `transfer` or `closing`.
    pub name: &'static str,
    /// What it adds; for both ends, their height.
    pub cents: i64,
    /// Where it begins.
    pub from_cents: i64,
    /// Customers behind it; `None` for both ends and transfers.
    pub customers: Option<i64>,
}

impl WaterfallStep {
    /// Whether it stands on the ground.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(self.name, "opening" | "closing")
    }

    const fn to_cents(&self) -> i64 {
        self.from_cents + self.cents
    }
}

/// First and last month of `rows`; `None` without rows.
#[must_use]
pub fn period(rows: &[MovementMonth]) -> Option<(NaiveDate, NaiveDate)> {
    Some((rows.first()?.month, rows.last()?.month))
}

/// The steps over all months; a transfer between plans only where there is one.
#[must_use]
pub fn steps(rows: &[MovementMonth]) -> Vec<WaterfallStep> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Vec::new();
    };
    let mut steps = vec![WaterfallStep {
        name: "opening",
        cents: first.opening_cents,
        from_cents: 0,
        customers: None,
    }];
    let mut height = first.opening_cents;
    let mut add = |name, cents, customers| {
        steps.push(WaterfallStep {
            name,
            cents,
            from_cents: height,
            customers,
        });
        height += cents;
    };
    for (position, name) in MovementMonth::NAMES.into_iter().enumerate() {
        let cents = rows.iter().map(|row| row.movements()[position].1).sum();
        let customers = rows.iter().map(|row| row.customers[position]).sum();
        add(name, cents, Some(customers));
    }
    let transfer: i64 = rows.iter().map(|row| row.transfer_cents).sum();
    if transfer != 0 {
        add("transfer", transfer, None);
    }
    steps.push(WaterfallStep {
        name: "closing",
        cents: last.closing_cents,
        from_cents: 0,
        customers: None,
    });
    steps
}

/// Half of a bar's width, as a share of its column: bars are 58% wide.
const HALF_BAR: f64 = 0.29;

/// Draws the steps as floating bars with their amounts, joined by hairlines; on a narrow screen the
/// amounts are short. The closing MRR of a month that is not over is pale with a dashed edge.
#[must_use]
pub fn chart(rows: &[MovementMonth], as_of: NaiveDate, is_narrow: bool, theme: &Theme) -> Chart {
    let steps = steps(rows);
    let is_running = period(rows).is_some_and(|(_, last)| !is_over(last, as_of));
    let names = steps.iter().map(|step| label(step.name)).collect();
    let colour = |step: &WaterfallStep| {
        if step.is_end() {
            theme.ink
        } else {
            theme.movement(step.name)
        }
    };
    let grounds: Vec<f64> = steps
        .iter()
        .map(|step| step.from_cents.min(step.to_cents()).max(0) as f64)
        .map(|ground| if ground < 0.0 { 0.0 } else { ground })
        .collect();
    let grounds: Vec<f64> = steps
        .iter()
        .zip(grounds)
        .map(|(step, ground)| if step.is_end() { 0.0 } else { ground })
        .collect();
    let bars: Vec<DataPoint> = steps
        .iter()
        .map(|step| {
            let style = if is_running && step.name == "closing" {
                unfinished(colour(step))
            } else {
                ItemStyle::new().color(colour(step))
            };
            DataPointItem::new(step.cents.abs() as f64)
                .item_style(style)
                .into()
        })
        .collect();
    let amounts = steps.iter().enumerate().map(|(position, step)| {
        let top = step.from_cents.max(step.to_cents()) as f64;
        let text = if step.is_end() {
            ValueFormat::Money.short(step.cents as f64)
        } else {
            ValueFormat::Money.difference(step.cents as f64)
        };
        // The axis says that it is money.
        let text = if is_narrow {
            text.replace('$', "")
        } else {
            text
        };
        (place(position as f64, top), text)
    });
    let size = if is_narrow { 10.0 } else { LABEL_SIZE };
    let amounts = figures(LabelPosition::Top, theme.ink, size, amounts);
    let mut chart = Chart::new()
        .grid(grid(12.0).top(26))
        .tooltip(column_tooltip())
        .x_axis(
            category_axis(theme, names).axis_label(axis_label(theme).color(theme.ink).interval(0)),
        )
        // A category axis knows the middles of bars alone; connectors need their edges.
        .x_axis(
            Axis::new()
                .type_(AxisType::Value)
                .show(false)
                .min(-0.5)
                .max(steps.len() as f64 - 0.5)
                .axis_pointer(AxisPointer::new().show(false)),
        )
        .y_axis(value_axis(theme))
        .series(
            Bar::new()
                .name("Steps")
                .stack("steps")
                .bar_width("58%")
                .item_style(ItemStyle::new().color("rgba(0,0,0,0)"))
                .data(grounds),
        )
        .series(
            Bar::new()
                .name("Amounts")
                .stack("steps")
                .bar_width("58%")
                .data(bars),
        )
        .series(amounts);
    for (position, pair) in steps.windows(2).enumerate() {
        let height = if pair[0].is_end() {
            pair[0].cents
        } else {
            pair[0].to_cents()
        };
        // From the edge of one bar to the edge of the next.
        let edges = [position as f64 + HALF_BAR, (position + 1) as f64 - HALF_BAR];
        let ends: Vec<DataPoint> = edges
            .into_iter()
            .map(|across| place(across, height as f64).into())
            .collect();
        chart = chart.series(
            Line::new()
                .name("Connector")
                .x_axis_index(1)
                .silent(true)
                .symbol(Symbol::None)
                .line_style(LineStyle::new().color(theme.rule_strong).width(1))
                .z(1)
                .data(ends),
        );
    }
    chart
}

/// The tooltip of the step at `index`.
#[must_use]
pub fn tooltip(
    rows: &[MovementMonth],
    as_of: NaiveDate,
    theme: &Theme,
    index: usize,
) -> Option<Tooltip> {
    let steps = steps(rows);
    let step = steps.get(index)?;
    let (first, last) = period(rows)?;
    let heading = match step.name {
        "opening" => format!("Before {}", month_long(first)),
        "closing" if is_over(last, as_of) => format!("End of {}", month_long(last)),
        "closing" => day_long(as_of),
        name => label(name),
    };
    let tooltip = Tooltip::new(heading);
    if step.is_end() {
        return Some(tooltip.mark(theme.ink, "MRR", whole_dollars(step.cents as f64)));
    }
    let amount = whole_dollars(step.cents as f64);
    let mut tooltip = tooltip.mark(theme.movement(step.name), "MRR", amount);
    if let Some(customers) = step.customers {
        tooltip = tooltip.line("Movements", ValueFormat::Count.full(customers as f64));
    }
    let opening = steps.first()?.cents;
    if opening > 0 {
        tooltip = tooltip.line(
            "Of opening",
            share(step.cents.abs() as f64 / opening as f64),
        );
    }
    Some(tooltip)
}

fn label(name: &str) -> String {
    match name {
        "transfer" => "Other plans".to_owned(),
        name => words(name),
    }
}
