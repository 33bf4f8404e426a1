//! What the page's two heatmaps share: cohorts down, periods across, a share in percent in each cell.

use charming::element::{BorderType, ItemStyle};
use chrono::NaiveDate;

use super::options::{CohortSpan, OnScreen};
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

/// A share that was observed.
pub struct Observed<R> {
    /// The row.
    pub of: R,
    /// The first day of the cohort; `None` for all cohorts together.
    pub cohort: Option<NaiveDate>,
    /// Periods since its start.
    pub period: i64,
    /// How many it began with.
    pub size: i64,
    /// The share that is drawn.
    pub share: f64,
    /// Whether all of the cohort has been observed.
    pub is_complete: bool,
    /// Whether it is of enough people.
    pub is_enough: bool,
}

impl<R> Observed<R> {
    /// Whether it is drawn in full colour; what is not is pale and dashed.
    #[must_use]
    pub const fn is_firm(&self) -> bool {
        self.is_complete && self.is_enough
    }
}

/// How many cohorts are drawn.
#[must_use]
pub fn count<R>(observed: &[Observed<R>]) -> usize {
    cohorts(observed).len()
}

/// The cohorts that are drawn, oldest first.
fn cohorts<R>(observed: &[Observed<R>]) -> Vec<NaiveDate> {
    let mut cohorts: Vec<NaiveDate> = observed.iter().filter_map(|cell| cell.cohort).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    cohorts
}

/// Height of a panel with that many cohorts, as CSS writes it.
#[must_use]
pub fn height(cohorts: usize) -> String {
    format!("{}px", HEAD_HEIGHT + ROW_HEIGHT * cohorts.max(6))
}

/// In what cohort heatmaps differ.
pub struct Look<R> {
    /// What cohorts are.
    pub span: CohortSpan,
    /// What a period is: "month".
    pub unit: &'static str,
    /// Characters that the size of a cohort takes beside its name.
    pub size_width: usize,
    /// The shares that the first and the last of the shades stand for.
    pub scale: (f64, f64),
    /// The shades of which the last is of an opacity.
    pub shades: fn(&Theme, f64) -> Vec<String>,
    /// What tooltips tell of a cell.
    pub tell: fn(&Observed<R>, Tooltip, &'static Theme) -> Tooltip,
    /// What they remark where not all has been observed, and where too few were.
    pub remarks: [&'static str; 2],
}

/// The heatmap, the oldest cohort on top, below curves of all cohorts together; `mark` makes a cell's mark with a
/// label.
#[must_use]
pub fn figure<R: 'static>(
    observed: Vec<Observed<R>>,
    curves: Vec<(&'static str, &'static str, Vec<Observed<R>>)>,
    look: Look<R>,
    on_screen: OnScreen,
    theme: &'static Theme,
    mark: impl Fn(&Observed<R>, NaiveDate, String) -> PanelMark,
) -> Figure {
    let cohorts = cohorts(&observed);
    let name = |cohort: &NaiveDate| {
        let of_cohort = observed.iter().filter(|cell| cell.cohort == Some(*cohort));
        let size = of_cohort.map(|cell| cell.size).max().unwrap_or(0);
        let size = ValueFormat::Count.full(size as f64);
        let width = look.size_width;
        format!("{}  {size:>width$}", look.span.row_name(*cohort))
    };
    let lines = cohorts.iter().map(name).collect();
    let cells = observed.into_iter().filter_map(|cell| {
        let percent = libm::round(cell.share * 100.0);
        Some(Cell {
            column: usize::try_from(cell.period).ok()?,
            line: cohorts.binary_search(&cell.cohort?).ok()?,
            value: percent,
            text: percent.to_string(),
            layer: usize::from(!cell.is_firm()),
            of: cell,
        })
    });
    let cells: Vec<Cell<Observed<R>>> = cells.collect();
    let columns = cells.iter().map(|cell| cell.column + 1).max().unwrap_or(0);
    let curves = curves.into_iter().map(|(name, colour, observed)| {
        let mut values = vec![None; columns];
        let all = observed.iter().filter(|cell| cell.cohort.is_none());
        for cell in all.filter(|cell| cell.is_firm()) {
            let column = usize::try_from(cell.period).ok();
            if let Some(value) = column.and_then(|column| values.get_mut(column)) {
                *value = Some(cell.share);
            }
        }
        Curve {
            name,
            colour,
            values,
        }
    });
    let layer = |name, opacity, frame: ItemStyle| Layer {
        name,
        shades: (look.shades)(theme, opacity),
        ink: theme.ink,
        frame: frame.border_width(1),
    };
    // A hairline of paper keeps the cells apart.
    let firm = ItemStyle::new().border_color(theme.paper);
    let pale = ItemStyle::new().border_color(theme.rule_strong);
    let heatmap = Heatmap {
        columns: (0..columns).map(|column| column.to_string()).collect(),
        lines,
        layers: vec![
            layer("Observed", DEEPEST, firm),
            layer(
                "Still being observed",
                PALE * DEEPEST,
                pale.border_type(BorderType::Dashed),
            ),
        ],
        scale: (look.scale.0 * 100.0, look.scale.1 * 100.0),
        digits: digits(columns, on_screen.is_narrow),
        curves: curves.collect(),
        cells,
    };
    let (span, unit) = (look.span, look.unit);
    let named = move |cell: &Observed<R>| {
        let cohort = cell.cohort.unwrap_or_default();
        (
            cohort,
            format!("{}, {unit} {}", span.name(cohort), cell.period),
        )
    };
    let tell = move |cell: &Observed<R>| {
        let tooltip = (look.tell)(cell, Tooltip::new(named(cell).1), theme);
        match (cell.is_complete, cell.is_enough) {
            (false, _) => tooltip.remark(look.remarks[0]),
            (true, false) => tooltip.remark(look.remarks[1]),
            (true, true) => tooltip,
        }
    };
    heatmap.figure(theme, tell, |cell| {
        let (cohort, label) = named(cell);
        mark(cell, cohort, label)
    })
}
