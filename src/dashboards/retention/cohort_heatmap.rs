//! What the page's two heatmaps share: cohorts down, periods across, a share in percent in each cell.

use charming::element::{BorderType, ItemStyle};
use chrono::NaiveDate;

use super::options::CohortSpan;
use crate::components::format::ValueFormat;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::dashboards::marks::PanelMark;
use crate::dashboards::plot::Figure;
use crate::dashboards::plot::heatmap::{
    Cell, Curve, HEAD_HEIGHT, Heatmap, Layer, ROW_HEIGHT, digits,
};

/// The deepest a cell is coloured: text in ink can still be read on it.
const DEEPEST: f64 = 0.55;
/// How deep the colour of a cell observed in part is, of that of a complete one.
const PALE: f64 = 0.35;

/// What was observed of a cohort in a period.
pub struct Observed<R> {
    /// The row.
    pub of: R,
    /// The first day of the cohort.
    pub cohort: NaiveDate,
    /// Periods since its start.
    pub period: i64,
    /// How many it began with.
    pub size: i64,
    /// The share that is drawn.
    pub share: f64,
    /// Whether it is of enough people, all of them observed; what is not is pale and dashed.
    pub is_firm: bool,
}

/// Two cohort heatmaps differ in this.
pub struct Look {
    /// What cohorts are.
    pub span: CohortSpan,
    /// Characters that the size of a cohort takes beside its name.
    pub size_width: usize,
    /// The shares that the first and the last of the shades stand for.
    pub scale: (f64, f64),
    /// The shades of which the last is of an opacity.
    pub shades: fn(&Theme, f64) -> Vec<String>,
    /// Whether the screen is narrow.
    pub is_narrow: bool,
}

/// How many periods are drawn.
#[must_use]
pub fn periods<R>(cells: &[Observed<R>]) -> i64 {
    cells.iter().map(|cell| cell.period + 1).max().unwrap_or(0)
}

/// Height of a panel with that many cohorts, as CSS writes it.
#[must_use]
pub fn height(cohorts: usize) -> String {
    format!("{}px", HEAD_HEIGHT + ROW_HEIGHT * cohorts.max(6))
}

/// The heatmap, the oldest cohort on top.
#[must_use]
pub fn figure<R: 'static>(
    cells: Vec<Observed<R>>,
    curves: Vec<Curve>,
    look: &Look,
    theme: &'static Theme,
    tell: impl Fn(&Observed<R>) -> Tooltip + 'static,
    mark: impl Fn(&Observed<R>) -> PanelMark,
) -> Figure {
    let mut cohorts: Vec<NaiveDate> = cells.iter().map(|cell| cell.cohort).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    let name = |cohort: &NaiveDate| {
        let of_cohort = cells.iter().filter(|cell| cell.cohort == *cohort);
        let size = of_cohort.map(|cell| cell.size).max().unwrap_or(0);
        let (name, size) = (
            look.span.row_name(*cohort),
            ValueFormat::Count.full(size as f64),
        );
        format!("{name}  {size:>width$}", width = look.size_width)
    };
    let columns = usize::try_from(periods(&cells)).unwrap_or(0);
    // A hairline of paper keeps the cells apart.
    let firm = ItemStyle::new().border_color(theme.paper).border_width(1);
    let pale = ItemStyle::new()
        .border_color(theme.rule_strong)
        .border_width(1)
        .border_type(BorderType::Dashed);
    let layer = |name, opacity, frame| Layer {
        name,
        shades: (look.shades)(theme, opacity),
        ink: theme.ink,
        frame,
    };
    let heatmap = Heatmap {
        columns: (0..columns).map(|column| column.to_string()).collect(),
        lines: cohorts.iter().map(name).collect(),
        layers: vec![
            layer("Observed", DEEPEST, firm),
            layer("Still being observed", PALE * DEEPEST, pale),
        ],
        scale: (look.scale.0 * 100.0, look.scale.1 * 100.0),
        digits: digits(columns, look.is_narrow),
        curves,
        cells: { cells.into_iter() }
            .filter_map(|cell| {
                let percent = libm::round(cell.share * 100.0);
                Some(Cell {
                    column: usize::try_from(cell.period).ok()?,
                    line: cohorts.binary_search(&cell.cohort).ok()?,
                    value: percent,
                    text: percent.to_string(),
                    layer: usize::from(!cell.is_firm),
                    of: cell,
                })
            })
            .collect(),
    };
    heatmap.figure(theme, tell, mark)
}
