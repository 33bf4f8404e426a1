//! Which customers carry the revenue?

use std::rc::Rc;

use charming::Chart;
use charming::datatype::{CompositeValue, Dataset};
use charming::element::{ItemStyle, Label, LabelPosition, Tooltip as Tip, Trigger};
use charming::series::Treemap;

use super::super::words::count;
use crate::components::chart_parts::LABEL_SIZE;
use crate::components::shades::legible;
use crate::dashboards::claims::{counts, share_of};
use crate::dashboards::prelude::*;
use crate::results::adoption::RfmSegment;

/// Paying customers by how lately and often they come and what they pay; the segment with most MRR first.
pub struct Rfm;

impl Source for Rfm {
    type Row = RfmSegment;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("rfm.sql", filters)
    }
}

impl Panel for Rfm {
    const SPEC: PanelSpec = PanelSpec {
        id: "rfm",
        title: "Which customers carry the revenue?",
        unit: "Area: MRR. On each tile MRR and customers",
        form: "treemap",
        model: "rfm_segmentation",
        defined_by: "rfm_segmentation",
        acts: USER_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the customers of the segment",
        span: "span-12",
        keys: &[],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    /// Whether the screen is narrow.
    type Options = bool;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let rows = view.rows.clone();
        let keys: Vec<String> = rows.iter().map(|row| name(&row.segment)).collect();
        let row_at = move |tile: &str| keys.iter().position(|name| name == tile);
        let mark_at = row_at.clone();
        Figure {
            chart: chart(&rows, *view.options, theme),
            marks: { rows.iter() }
                .map(|row| customers_of(row, &view.filters))
                .collect(),
            tooltip: Rc::new(move |place| Some(tooltip(&rows, row_at(&place.name)?, theme))),
            mark_at: Rc::new(move |place| mark_at(&place.name)),
            time: None,
        }
    }
}

/// Height of a line on a narrow screen, in pixels.
const NARROW_LINE: f64 = 12.0;

/// The colour of a segment, the same wherever it is shown.
fn colour(theme: &Theme, segment: &str) -> &'static str {
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
fn name(segment: &str) -> String {
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
fn chart(rows: &[RfmSegment], is_narrow: bool, theme: &Theme) -> Chart {
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
                MONEY.short(row.mrr_cents as f64),
                count(row.customers),
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

fn tooltip(rows: &[RfmSegment], row: usize, theme: &Theme) -> Tooltip {
    let total: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let customers: i64 = rows.iter().map(|row| row.customers).sum();
    let row = &rows[row];
    let share = if total > 0 {
        row.mrr_cents as f64 / total as f64
    } else {
        0.0
    };
    let mrr = MONEY.full(row.mrr_cents as f64);
    Tooltip::new(name(&row.segment))
        .mark(colour(theme, &row.segment), "MRR", mrr)
        .line("Of all MRR", PERCENT.full(share))
        .line("Customers", counts(Share::new(row.customers, customers)))
        .line(
            "Days since the last visit",
            format!("{:.1}", row.recency_days),
        )
        .line(
            "Days with a visit, of 90",
            format!("{:.1}", row.frequency_days),
        )
        .line("Paid in a year", MONEY.full(row.monetary_cents))
}

/// The customers of a segment.
fn customers_of(row: &RfmSegment, filters: &Filters) -> PanelMark {
    let (segment, filters) = (row.segment.clone(), filters.clone());
    PanelMark::new(&segment, name(&segment)).counted(
        ("customer", "customers"),
        row.customers,
        move || statement!("rfm_rows.sql", &filters, segment = segment.as_str()),
    )
}

/// Which customers carry the revenue?
#[must_use]
pub fn sentence(rows: &[RfmSegment]) -> Option<String> {
    let mrr: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let customers: i64 = rows.iter().map(|row| row.customers).sum();
    let top = rows.iter().max_by_key(|row| row.mrr_cents)?;
    if mrr == 0 {
        return None;
    }
    if !is_enough(customers) {
        return Some(format!(
            "Too few customers to compare: there are {}.",
            count(customers)
        ));
    }
    let of_mrr = share(top.mrr_cents as f64 / mrr as f64);
    let of_all = |row: &RfmSegment| Share::new(row.customers, customers);
    let named = name(&top.segment);
    let mut sentence = if is_enough(top.customers) {
        let of_customers = share_of(of_all(top), "customers")?;
        format!("{named} are {of_customers} and bring {of_mrr} of MRR")
    } else {
        format!(
            "The most MRR, {of_mrr}, comes from {} customers (“{named}”), too few to tell what such customers are worth",
            counts(of_all(top))
        )
    };
    let fading = rows.iter().find(|row| row.segment == "cannot_lose");
    let fading = fading.filter(|row| row.segment != top.segment);
    if let Some(fading) = fading.filter(|row| is_enough(row.customers)) {
        sentence.push_str(&format!(
            "; {} of the highest-paying customers have almost stopped visiting, worth {} MRR",
            count(fading.customers),
            MONEY.short(fading.mrr_cents as f64)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
