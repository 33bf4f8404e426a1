//! What makes each segment different?

use std::rc::Rc;

use super::super::features::USERS;
use super::super::matrix::heatmap;
use super::super::words::{EVERYONE, count, key_of};
use crate::components::shades::mix;
use crate::dashboards::plot::heatmap::Cell;
use crate::dashboards::prelude::*;
use crate::results::adoption::SegmentProfile;

/// What the users of each learned segment are like, and everyone, whom the model saw.
pub struct SegmentProfiles;

impl Source for SegmentProfiles {
    type Row = SegmentProfile;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Segments);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("segment_profiles.sql", filters)
    }
}

impl Panel for SegmentProfiles {
    const SPEC: PanelSpec = PanelSpec {
        id: "segment-profiles",
        title: "What makes each segment different?",
        unit: "The segment’s mean as a multiple of everyone’s",
        form: "heatmap",
        model: "ml.user_segments",
        defined_by: "user_segments",
        acts: USER_FILTERS,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users of the segment",
        span: "span-7 taller",
        keys: &[("Less than everyone", "orange"), ("More", "blue")],
    };
    const TICKS: ValueFormat = ValueFormat::Ratio;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    /// Measures down and segments across, each cell as a multiple of everyone's value; a click on any reaches the
    /// segment.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (everyone, segments) = parts(&view.rows).unzip();
        let segments: Vec<&SegmentProfile> = segments.unwrap_or_default();
        let cells = everyone.map(|everyone| cells(everyone, &segments));
        let cells = cells.unwrap_or_default();
        let columns: Vec<usize> = cells.iter().map(|cell| cell.column).collect();
        // Names of two words stand in two lines.
        let names = segments.iter().map(|row| {
            let name = row.segment.replacen(" and ", " and\n", 1);
            name.replacen(", ", ",\n", 1)
        });
        let figure = heatmap(
            names.collect(),
            MEASURES.map(|measure| measure.0.to_owned()).to_vec(),
            cells,
            &[
                theme.orange.to_owned(),
                mix(theme.paper, theme.rule, 0.5),
                theme.blue.to_owned(),
            ],
            theme,
        )
        .figure(theme, Profile::tooltip, |cell| {
            users_of(&cell.segment, &view.filters)
        });
        let cell_at = figure.mark_at;
        Figure {
            marks: { segments.iter() }
                .map(|row| users_of(row, &view.filters))
                .collect(),
            mark_at: Rc::new(move |place| columns.get(cell_at(place)?).copied()),
            ..figure
        }
    }
}

/// A measure of a profile: its name, how it is written, and its value.
pub type Measure = (&'static str, ValueFormat, fn(&SegmentProfile) -> f64);

/// The measures, in the order of the rows.
pub const MEASURES: [Measure; 10] = [
    ("Navigation", PERCENT, |row| row.navigation),
    ("Analysis", PERCENT, |row| row.analysis),
    ("Automation", PERCENT, |row| row.automation),
    ("Teamwork", PERCENT, |row| row.teamwork),
    ("Administration", PERCENT, |row| row.administration),
    ("Active days of 28", ValueFormat::Ratio, |row| {
        row.active_days
    }),
    ("Core actions in 28 days", ValueFormat::Ratio, |row| {
        row.core_actions
    }),
    ("Events so far", COUNT, |row| row.events),
    ("Paying", PERCENT, |row| row.paying),
    ("MRR per user", MONEY, |row| row.mrr_cents),
];

/// A quarter and four times the usual are the ends of the scale.
const DOUBLINGS: f64 = 2.0;

/// Everyone, and the segments in the order of the rows.
fn parts(rows: &[SegmentProfile]) -> Option<(&SegmentProfile, Vec<&SegmentProfile>)> {
    let everyone = rows.iter().find(|row| row.segment == EVERYONE)?;
    let segments = rows.iter().filter(|row| row.segment != EVERYONE);
    Some((everyone, segments.collect()))
}

/// A value over everyone's; nothing where that is 0.
fn times_usual(row: &SegmentProfile, everyone: &SegmentProfile, measure: &Measure) -> Option<f64> {
    let usual = measure.2(everyone);
    (usual > 0.0).then(|| measure.2(row) / usual)
}

/// A segment's value of a measure beside everyone's.
struct Profile {
    segment: SegmentProfile,
    everyone: SegmentProfile,
    measure: Measure,
}

impl Profile {
    fn tooltip(&self) -> Tooltip {
        let (name, format, value) = self.measure;
        Tooltip::new(format!("{}: {}", self.segment.segment, name.to_lowercase()))
            .line("Segment", format.full(value(&self.segment)))
            .line("Everyone", format.full(value(&self.everyone)))
            .line("Users", count(self.segment.users))
    }
}

fn cells(everyone: &SegmentProfile, segments: &[&SegmentProfile]) -> Vec<Cell<Profile>> {
    let mut cells = Vec::new();
    for (column, segment) in segments.iter().enumerate() {
        for (line, measure) in MEASURES.iter().enumerate() {
            let Some(times) = times_usual(segment, everyone, measure) else {
                continue;
            };
            let doublings = if times > 0.0 {
                libm::log2(times)
            } else {
                -DOUBLINGS
            };
            let of = Profile {
                segment: (*segment).clone(),
                everyone: everyone.clone(),
                measure: *measure,
            };
            cells.push(Cell {
                of,
                column,
                line,
                value: (0.5 + doublings / (2.0 * DOUBLINGS)).clamp(0.0, 1.0),
                text: format!("{times:.1}×"),
                layer: 0,
            });
        }
    }
    cells
}

/// All users of a segment.
fn users_of(row: &SegmentProfile, filters: &Filters) -> PanelMark {
    let (segment, filters) = (row.segment.clone(), filters.clone());
    PanelMark::new(key_of(&segment), &segment).counted(USERS, row.users, move || {
        statement!(
            "segment_profiles_rows.sql",
            &filters,
            segment = segment.as_str()
        )
    })
}

/// A measure's name inside a sentence; abbreviations keep their capitals.
fn in_sentence(name: &str) -> String {
    if name.starts_with("MRR") {
        name.to_owned()
    } else {
        name.to_lowercase()
    }
}

/// What makes each segment different?
#[must_use]
pub fn sentence(rows: &[SegmentProfile]) -> Option<String> {
    let (everyone, segments) = parts(rows)?;
    let mut strongest: Option<(&str, &str, f64)> = None;
    let with_enough = || segments.iter().filter(|segment| is_enough(segment.users));
    if with_enough().next().is_none() {
        let largest = segments.iter().map(|segment| segment.users).max()?;
        return Some(too_few("people", "segment", largest));
    }
    // One alone stands out from nobody.
    if let (Some(only), None) = (with_enough().next(), with_enough().nth(1)) {
        return Some(format!(
            "Only one segment has enough people to describe: {}, {}.",
            only.segment,
            count(only.users)
        ));
    }
    for segment in with_enough() {
        for measure in &MEASURES {
            let times = times_usual(segment, everyone, measure).unwrap_or(0.0);
            if strongest.is_none_or(|(.., most)| times > most) {
                strongest = Some((&segment.segment, measure.0, times));
            }
        }
    }
    let (segment, measure, times) = strongest?;
    let richest = with_enough().max_by(|one, other| one.mrr_cents.total_cmp(&other.mrr_cents))?;
    let richest = if richest.mrr_cents == 0.0 {
        "None brings MRR".to_owned()
    } else {
        let mrr = MONEY.short(richest.mrr_cents);
        format!("{} bring the most MRR per user, {mrr}", richest.segment)
    };
    Some(format!(
        "{segment} stand out most, with {times:.1} times the average in {}. {richest}.",
        in_sentence(measure),
    ))
}
