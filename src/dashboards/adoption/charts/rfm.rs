//! Paying customers by how lately and often they come and what they pay, as areas of MRR.

use charming::Chart;
use charming::datatype::{CompositeValue, Dataset};
use charming::element::{ItemStyle, Label, LabelPosition, Tooltip as Tip, Trigger};
use charming::series::Treemap;

use crate::components::chart_parts::LABEL_SIZE;
use crate::components::chart_spec::ChartMark;
use crate::components::format::{ValueFormat, words};
use crate::components::shades::legible;
use crate::components::theme::{Theme, with_opacity};
use crate::components::tooltip::Tooltip;
use crate::dashboards::claims::{PALE, counts, is_enough};
use crate::results::adoption::RfmSegment;
use crate::results::shares::Share;

/// Height of a line on a narrow screen, in pixels.
const NARROW_LINE: f64 = 12.0;

/// The colour of a segment, the same wherever it is shown.
#[must_use]
pub fn colour(theme: &Theme, segment: &str) -> &'static str {
    match segment {
        "champions" => theme.teal,
        "loyal" => theme.blue,
        "promising" => theme.ochre,
        "needs_attention" => theme.plum,
        "slipping" => theme.rose,
        "cannot_lose" => theme.orange,
        "hibernating" => theme.slate,
        _ => theme.other,
    }
}

/// A segment's name on screen.
#[must_use]
pub fn name(segment: &str) -> String {
    match segment {
        "cannot_lose" => "Can’t lose".to_owned(),
        other => words(other),
    }
}

/// Draws a tile a segment; its area is what it pays a month. Tiles of few customers are pale.
///
/// On a narrow screen each figure has a line of its own, so that a small tile cuts a name rather than a
/// figure.
///
/// The tiles stand in the dataset: `components::treemap` hands them to the series.
#[must_use]
pub fn chart(rows: &[RfmSegment], is_narrow: bool, theme: &Theme) -> Chart {
    let (between, size) = if is_narrow {
        ("\n", 10.0)
    } else {
        (" · ", LABEL_SIZE)
    };
    let tiles: Vec<Vec<CompositeValue>> = rows
        .iter()
        .filter(|row| row.mrr_cents > 0)
        .map(|row| {
            let solid = colour(theme, &row.segment);
            // Of a handful (decision 0123).
            let (colour, ink) = if is_enough(row.customers) {
                (solid.to_owned(), legible(theme, solid))
            } else {
                (with_opacity(solid, PALE), theme.ink)
            };
            let text = format!(
                "{}\n{}{between}{}",
                name(&row.segment),
                ValueFormat::Money.short(row.mrr_cents as f64),
                ValueFormat::Count.full(row.customers as f64),
            );
            let mut tile = vec![
                CompositeValue::from(name(&row.segment)),
                CompositeValue::from(row.mrr_cents as f64),
                CompositeValue::from(colour),
                CompositeValue::from(ink),
                CompositeValue::from(text),
            ];
            if is_narrow {
                tile.push(CompositeValue::from(NARROW_LINE));
            }
            tile
        })
        .collect();
    Chart::new()
        .dataset(Dataset::new().source(tiles))
        .tooltip(Tip::new().trigger(Trigger::Item))
        .series(
            Treemap::new()
                .name("RFM")
                .left(0)
                .right(0)
                .top(4)
                .bottom(4)
                .label(
                    Label::new()
                        .show(true)
                        .position(LabelPosition::InsideTopLeft)
                        .font_size(size),
                )
                .item_style(ItemStyle::new().border_color(theme.paper).border_width(1)),
        )
}

/// The row that a mark stands for, by the tile's name.
#[must_use]
pub fn row_at(rows: &[RfmSegment], mark: &ChartMark) -> Option<usize> {
    rows.iter().position(|row| name(&row.segment) == mark.name)
}

/// The tooltip of a tile.
#[must_use]
pub fn tooltip(rows: &[RfmSegment], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let row = rows.get(row_at(rows, mark)?)?;
    let total: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let customers: i64 = rows.iter().map(|row| row.customers).sum();
    let share = if total > 0 {
        row.mrr_cents as f64 / total as f64
    } else {
        0.0
    };
    Some(
        Tooltip::new(name(&row.segment))
            .mark(
                colour(theme, &row.segment),
                "MRR",
                ValueFormat::Money.full(row.mrr_cents as f64),
            )
            .line("Of all MRR", ValueFormat::Percent.full(share))
            .line("Customers", counts(Share::new(row.customers, customers)))
            .line(
                "Days since the last visit",
                format!("{:.1}", row.recency_days),
            )
            .line(
                "Days with a visit, of 90",
                format!("{:.1}", row.frequency_days),
            )
            .line(
                "Paid in a year",
                ValueFormat::Money.full(row.monetary_cents),
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::LIGHT;

    /// "$4.65…" stood on a tile of a telephone.
    #[test]
    fn figures_have_lines_of_their_own_where_tiles_are_small() {
        let row = RfmSegment {
            segment: "cannot_lose".to_owned(),
            customers: 25,
            mrr_cents: 465_000,
            recency_days: 1.0,
            frequency_days: 1.0,
            monetary_cents: 1.0,
        };
        let text = |is_narrow| {
            let chart = chart(std::slice::from_ref(&row), is_narrow, &LIGHT);
            let option = serde_json::to_value(&chart).unwrap();
            option.pointer("/dataset/0/source/0/4").cloned().unwrap()
        };
        assert_eq!(text(false), "Can’t lose\n$4.65k · 25");
        assert_eq!(text(true), "Can’t lose\n$4.65k\n25");
    }
}
