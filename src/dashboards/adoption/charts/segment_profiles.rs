//! What each learned segment does more or less of than everyone.

use charming::Chart;

use super::matrix::{self, Cell, Matrix};
use crate::components::chart_spec::ChartMark;
use crate::components::format::ValueFormat;
use crate::components::shades::mix;
use crate::components::theme::Theme;
use crate::components::tooltip::Tooltip;
use crate::results::adoption::SegmentProfile;

/// A measure of a profile: its name, how it is written, and its value.
pub type Measure = (&'static str, ValueFormat, fn(&SegmentProfile) -> f64);

/// The measures, in the order of the rows.
pub const MEASURES: [Measure; 10] = [
    ("Navigation", ValueFormat::Percent, |row| row.navigation),
    ("Analysis", ValueFormat::Percent, |row| row.analysis),
    ("Automation", ValueFormat::Percent, |row| row.automation),
    ("Teamwork", ValueFormat::Percent, |row| row.teamwork),
    ("Administration", ValueFormat::Percent, |row| {
        row.administration
    }),
    ("Active days of 28", ValueFormat::Ratio, |row| {
        row.active_days
    }),
    ("Core actions in 28 days", ValueFormat::Ratio, |row| {
        row.core_actions
    }),
    ("Events so far", ValueFormat::Count, |row| row.events),
    ("Paying", ValueFormat::Percent, |row| row.paying),
    ("MRR per user", ValueFormat::Money, |row| row.mrr_cents),
];

/// A quarter and four times the usual are the ends of the scale.
const DOUBLINGS: f64 = 2.0;

/// Everyone, and the segments in the order of the rows.
#[must_use]
pub fn parts(rows: &[SegmentProfile]) -> Option<(&SegmentProfile, Vec<&SegmentProfile>)> {
    let everyone = rows.iter().find(|row| row.segment == "everyone")?;
    let segments = rows
        .iter()
        .filter(|row| row.segment != "everyone")
        .collect();
    Some((everyone, segments))
}

/// A value over everyone's; nothing where that is 0.
#[must_use]
pub fn times_usual(
    row: &SegmentProfile,
    everyone: &SegmentProfile,
    measure: &Measure,
) -> Option<f64> {
    let usual = measure.2(everyone);
    (usual > 0.0).then(|| measure.2(row) / usual)
}

fn matrix(rows: &[SegmentProfile], theme: &Theme) -> Option<Matrix> {
    let (everyone, segments) = parts(rows)?;
    let mut cells = Vec::new();
    for (column, segment) in segments.iter().enumerate() {
        for (row, measure) in MEASURES.iter().enumerate() {
            let Some(times) = times_usual(segment, everyone, measure) else {
                continue;
            };
            let doublings = if times > 0.0 {
                libm::log2(times)
            } else {
                -DOUBLINGS
            };
            cells.push(Cell {
                column,
                row,
                share: (0.5 + doublings / (2.0 * DOUBLINGS)).clamp(0.0, 1.0),
                text: format!("{times:.1}×"),
            });
        }
    }
    Some(Matrix {
        columns: segments
            .iter()
            .map(|segment| segment.segment.clone())
            .collect(),
        rows: MEASURES
            .iter()
            .map(|measure| measure.0.to_owned())
            .collect(),
        cells,
        scale: vec![
            theme.orange.to_owned(),
            mix(theme.paper, theme.rule, 0.5),
            theme.blue.to_owned(),
        ],
    })
}

/// Draws measures down and segments across, each cell as a multiple of everyone's value.
#[must_use]
pub fn chart(rows: &[SegmentProfile], theme: &Theme) -> Chart {
    matrix(rows, theme).map_or_else(Chart::new, |mut drawn| {
        // Names of two words stand in two lines.
        for name in &mut drawn.columns {
            *name = name.replacen(" and ", " and\n", 1).replacen(", ", ",\n", 1);
        }
        matrix::chart(&drawn, theme)
    })
}

/// The tooltip of a cell.
#[must_use]
pub fn tooltip(rows: &[SegmentProfile], theme: &Theme, mark: &ChartMark) -> Option<Tooltip> {
    let (everyone, segments) = parts(rows)?;
    let matrix = matrix(rows, theme)?;
    let cell = matrix
        .cells
        .get(matrix::cell_at(&matrix, theme, mark.series?, mark.index)?)?;
    let (segment, measure) = (segments.get(cell.column)?, &MEASURES[cell.row]);
    Some(
        Tooltip::new(format!("{}: {}", segment.segment, measure.0.to_lowercase()))
            .line("Segment", measure.1.full(measure.2(segment)))
            .line("Everyone", measure.1.full(measure.2(everyone)))
            .line("Users", ValueFormat::Count.full(segment.users as f64)),
    )
}

/// The position of the segment whose column a mark lies in.
#[must_use]
pub fn segment_at(rows: &[SegmentProfile], theme: &Theme, mark: &ChartMark) -> Option<usize> {
    let matrix = matrix(rows, theme)?;
    let cell = matrix::cell_at(&matrix, theme, mark.series?, mark.index)?;
    Some(matrix.cells.get(cell)?.column)
}
