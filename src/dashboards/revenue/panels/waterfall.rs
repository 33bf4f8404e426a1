//! How did MRR get here?

use std::cmp::Ordering;
use std::rc::Rc;

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{DataPoint, DataPointItem};
use charming::element::{AxisPointer, AxisType, ItemStyle, LabelPosition, LineStyle, Symbol};
use charming::series::{Bar, Line};
use chrono::{Months, NaiveDate};

use crate::components::chart_parts::{
    LABEL_SIZE, axis_label, category_axis, column_tooltip, figures, grid, place, unfinished,
    value_axis,
};
use crate::components::format::{day_long, month_long, month_short};
use crate::dashboards::claims::money_or_nothing;
use crate::dashboards::executive::panels::movements::{MovementMonth, Movements, moved};
use crate::dashboards::periods::{at_end_of, is_over, remark, span};
use crate::dashboards::prelude::*;
use crate::results::periods::{Grain, whole};

/// From opening to closing MRR.
pub struct Waterfall;

impl Panel for Waterfall {
    const SPEC: PanelSpec = PanelSpec {
        id: "waterfall",
        title: "How did MRR get here?",
        unit: "MRR before the range, its movements, and MRR at its end, US dollars",
        form: "waterfall",
        model: "fct_mrr_waterfall",
        defined_by: "mrr_movement",
        acts: AND_COMPARE,
        plan: PlanOf::Month,
        click: "",
        rows: "the customers behind the movement, or those who pay at the end",
        span: "span-12 tall",
        keys: &[],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Movements;
    /// Whether the screen is narrow.
    type Options = bool;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        remark(Grain::Month, view.rows.last()?.month, view.as_of)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (rows, as_of) = (view.rows.clone(), view.as_of);
        Figure {
            chart: chart(&rows, as_of, *view.options, theme),
            marks: marks(&rows, &view.filters),
            tooltip: Rc::new(move |place| tooltip(&rows, as_of, theme, place.index)),
            mark_at: Rc::new(|place| Some(place.index)),
            time: None,
        }
    }
}

/// The steps, in order: who moved, and who pays at both ends.
fn marks(rows: &[MovementMonth], filters: &Filters) -> Vec<PanelMark> {
    let Some((first, last)) = period(rows) else {
        return Vec::new();
    };
    let month_before = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let steps = steps(rows).into_iter();
    steps
        .map(|step| match step.name {
            "closing" => paying_at(last, &step, filters),
            "opening" => paying_at(month_before, &step, filters),
            "transfer" => PanelMark::new(step.name, words(step.name)),
            movement => PanelMark {
                key: movement.to_owned(),
                ..moved((first, last), movement, step.cents, filters)
            },
        })
        .collect()
}

/// Who pays at the end of a month.
fn paying_at(month: NaiveDate, step: &WaterfallStep, filters: &Filters) -> PanelMark {
    let label = format!("MRR {}", at_end_of(month, filters.as_of()));
    let filters = filters.clone();
    PanelMark::new(step.name, label).summed(
        ("customer", "customers"),
        step.cents,
        "mrr_cents",
        move || statement!("waterfall_rows.sql", &filters, month = month.to_string()),
    )
}

/// A step: its name, what it adds, and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WaterfallStep {
    /// `opening`, a movement, `transfer` or `closing`.
    name: &'static str,
    /// What it adds; for both ends, their height.
    cents: i64,
    /// Where it begins.
    from_cents: i64,
    /// Customers behind it; `None` for both ends and transfers.
    customers: Option<i64>,
}

impl WaterfallStep {
    /// Whether it stands on the ground.
    fn is_end(&self) -> bool {
        matches!(self.name, "opening" | "closing")
    }

    const fn to_cents(&self) -> i64 {
        self.from_cents + self.cents
    }
}

/// First and last month of `rows`; `None` without rows.
fn period(rows: &[MovementMonth]) -> Option<(NaiveDate, NaiveDate)> {
    Some((rows.first()?.month, rows.last()?.month))
}

/// The steps over all months; a transfer between plans only where there is one.
fn steps(rows: &[MovementMonth]) -> Vec<WaterfallStep> {
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
fn chart(rows: &[MovementMonth], as_of: NaiveDate, is_narrow: bool, theme: &Theme) -> Chart {
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
            MONEY.short(step.cents as f64)
        } else {
            MONEY.difference(step.cents as f64)
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
fn tooltip(
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
        tooltip = tooltip.line("Movements", COUNT.full(customers as f64));
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

/// How did MRR get here? `before` are as many whole months before, where they are compared.
#[must_use]
pub fn sentence(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (first, last) = period(rows)?;
    let steps = steps(rows);
    let (opening, closing) = (steps.first()?.cents, steps.last()?.cents);
    let moves = &steps[1..steps.len() - 1];
    let gain = moves.iter().max_by_key(|step| step.cents)?;
    let loss = moves.iter().min_by_key(|step| step.cents)?;
    if opening == 0 && closing == 0 && moves.iter().all(|step| step.cents == 0) {
        return Some("There is no MRR in this period.".to_owned());
    }
    let moved = match closing.cmp(&opening) {
        Ordering::Less => "fell from",
        Ordering::Equal => "ended where it began, at",
        Ordering::Greater => "rose from",
    };
    let mut ends = money_or_nothing(opening);
    if closing != opening {
        ends.push_str(&format!(" to {}", money_or_nothing(closing)));
    }
    let is_running = !is_over(last, as_of);
    let until = if is_running {
        day_long(as_of)
    } else {
        month_short(last)
    };
    let mut sentence = format!("From {} to {until} MRR {moved} {ends}", month_short(first),);
    // All of it is gone, or it is what it was: no percentage says more.
    let growth = relative_change(closing as f64, opening as f64);
    if let Some(growth) = growth.filter(|_| closing != 0 && closing != opening) {
        sentence.push_str(&format!(", {}", change(growth)));
        let over = growth_over(whole(rows, as_of));
        if let (Some(over), Some((earlier, named))) = (
            over,
            growth_over(before).zip(before.first().zip(before.last())),
        ) {
            let named = span(named.0.month, named.1.month);
            let over = if is_running {
                format!("; {} over whole months", change(over))
            } else {
                String::new()
            };
            sentence.push_str(&format!("{over} compared with {} {named}", change(earlier)));
        }
    }
    if gain.cents > 0 && loss.cents < 0 {
        sentence.push_str(&format!(
            "; {} brought {}, {} took {}",
            words(gain.name).to_lowercase(),
            MONEY.short(gain.cents as f64),
            words(loss.name).to_lowercase(),
            MONEY.short(-loss.cents as f64),
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// The relative growth of MRR over some months in a row.
fn growth_over(rows: &[MovementMonth]) -> Option<f64> {
    let (first, last) = (rows.first()?, rows.last()?);
    relative_change(last.closing_cents as f64, first.opening_cents as f64)
}
