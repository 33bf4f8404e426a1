//! What seven models credit each channel with.

use charming::Chart;
use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{AxisLine, AxisTick, AxisType, ItemStyle, LineStyle, SplitLine, Symbol};
use charming::series::{Line, Scatter};

use crate::components::chart_parts::{axis_label, category_axis, column_tooltip, grid, value_axis};
use crate::components::format::{ValueFormat, words};
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::segment_colours::segment_name;
use crate::results::funnel::ChannelCredit;
use crate::state::filters::Dimension;

/// The models by number, with their names on screen.
pub const MODELS: [(&str, &str); 7] = [
    ("first_touch", "First touch"),
    ("last_touch", "Last touch"),
    ("linear", "Linear"),
    ("position", "Position"),
    ("time_decay", "Time decay"),
    ("markov", "Markov"),
    ("shapley", "Shapley"),
];

/// The name of a model on screen.
#[must_use]
pub fn model_name(model: &str) -> String {
    let found = MODELS.iter().find(|(key, _)| *key == model);
    found.map_or_else(|| words(model), |(_, name)| (*name).to_owned())
}

/// The colour of a model.
#[must_use]
pub fn model_colour(theme: &Theme, model: &str) -> &'static str {
    match model {
        "first_touch" => theme.blue,
        "last_touch" => theme.orange,
        "linear" => theme.slate,
        "position" => theme.ochre,
        "time_decay" => theme.rose,
        "markov" => theme.teal,
        "shapley" => theme.plum,
        _ => theme.other,
    }
}

/// The channels, the most credited by the last touch first.
#[must_use]
pub fn channels(rows: &[ChannelCredit]) -> Vec<String> {
    let mut channels: Vec<(&str, f64)> = rows
        .iter()
        .filter(|row| row.model == "last_touch")
        .map(|row| (row.channel.as_str(), row.conversions))
        .collect();
    channels.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    channels
        .into_iter()
        .map(|(channel, _)| channel.to_owned())
        .collect()
}

/// The rows of a channel, by model.
#[must_use]
pub fn of_channel<'a>(rows: &'a [ChannelCredit], channel: &str) -> Vec<&'a ChannelCredit> {
    rows.iter().filter(|row| row.channel == channel).collect()
}

/// Draws a dot a model in each channel's row, joined by a line from the least to the most; truth is
/// a hollow diamond.
#[must_use]
pub fn chart(rows: &[ChannelCredit], theme: &Theme) -> Chart {
    let channels = channels(rows);
    let names = channels
        .iter()
        .map(|channel| segment_name(Dimension::Channel, channel))
        .collect();
    let shares = value_axis(theme)
        .axis_label(axis_label(theme))
        .axis_line(AxisLine::new().show(false));
    let names: Axis = category_axis(theme, names)
        .type_(AxisType::Category)
        .inverse(true)
        .axis_label(axis_label(theme).color(theme.ink).interval(0))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(
            SplitLine::new()
                .show(true)
                .line_style(LineStyle::new().color(theme.rule).width(1)),
        );
    let point = |share: f64, row: usize| {
        CompositeValue::from(vec![
            CompositeValue::from(share),
            CompositeValue::from(row as f64),
        ])
    };
    let mut chart = Chart::new()
        .grid(grid(16.0))
        .tooltip(column_tooltip())
        .x_axis(shares)
        .y_axis(names);
    for (model, name) in MODELS {
        let dots: Vec<CompositeValue> = channels
            .iter()
            .enumerate()
            .filter_map(|(position, channel)| {
                let of_channel = of_channel(rows, channel);
                let credit = of_channel.into_iter().find(|row| row.model == model)?;
                Some(point(credit.share?, position))
            })
            .collect();
        chart = chart.series(
            Scatter::new()
                .name(name)
                .symbol(Symbol::Circle)
                .symbol_size(10)
                .item_style(
                    ItemStyle::new()
                        .color(model_colour(theme, model))
                        .border_color(theme.paper)
                        .border_width(1),
                )
                .data(dots),
        );
    }
    for (position, channel) in channels.iter().enumerate() {
        let shares = of_channel(rows, channel)
            .into_iter()
            .filter_map(|row| row.share);
        let (least, most) = shares.fold((f64::MAX, f64::MIN), |(least, most), share| {
            (least.min(share), most.max(share))
        });
        if least <= most {
            let ends = vec![
                DataPoint::from(point(least, position)),
                point(most, position).into(),
            ];
            chart = chart.series(
                Line::new()
                    .silent(true)
                    .symbol(Symbol::None)
                    .line_style(LineStyle::new().color(theme.rule_strong).width(1))
                    .z(1)
                    .data(ends),
            );
        }
    }
    let truth: Vec<CompositeValue> = channels
        .iter()
        .enumerate()
        .filter_map(|(position, channel)| {
            let of_channel = of_channel(rows, channel);
            Some(point(of_channel.first()?.true_share?, position))
        })
        .collect();
    chart.series(
        Scatter::new()
            .name("Truth")
            .symbol(Symbol::Diamond)
            .symbol_size(15)
            .item_style(
                ItemStyle::new()
                    .color("transparent")
                    .border_color(theme.ink)
                    .border_width(1.75),
            )
            .data(truth),
    )
}

/// The tooltip of the channel at `index`.
#[must_use]
pub fn tooltip(rows: &[ChannelCredit], theme: &Theme, index: usize) -> Option<Tooltip> {
    let channels = channels(rows);
    let channel = channels.get(index)?;
    let of_channel = of_channel(rows, channel);
    let mut tooltip = Tooltip::new(segment_name(Dimension::Channel, channel));
    for row in &of_channel {
        let share = row
            .share
            .map_or_else(|| "–".to_owned(), |share| ValueFormat::Percent.full(share));
        let colour = model_colour(theme, &row.model);
        tooltip = tooltip.mark(colour, model_name(&row.model), share);
    }
    let first = of_channel.first()?;
    if let Some(share) = first.true_share {
        tooltip = tooltip.total("True contribution", ValueFormat::Percent.full(share));
    }
    Some(match first.uplift {
        Some(uplift) => tooltip.line("Planted uplift", crate::components::format::change(uplift)),
        None => tooltip,
    })
}
