//! How long does it take?

use charming::element::ItemStyle;

use super::people::{people, unless_nobody};
use crate::components::format::THIN_SPACE;
use crate::dashboards::funnel::options::{FunnelOptions, Shown};
use crate::dashboards::prelude::*;
use crate::dashboards::remarks::joined;
use crate::results::funnel::TimeBin;

/// How long people took from the signup to the chosen step.
pub struct TimeToConvert;

/// Ends of the bins, in hours, and how they are written.
const BINS: [(i64, i64, &str); 12] = [
    (0, 1, "< 1 h"),
    (1, 3, "1–3 h"),
    (3, 6, "3–6 h"),
    (6, 12, "6–12 h"),
    (12, 24, "12–24 h"),
    (24, 48, "1–2 d"),
    (48, 96, "2–4 d"),
    (96, 168, "4–7 d"),
    (168, 336, "1–2 w"),
    (336, 720, "2–4 w"),
    (720, 1_440, "30–60 d"),
    (1_440, 2_160, "60–90 d"),
];

impl Source for TimeToConvert {
    type Row = TimeBin;
    type Options = FunnelOptions;
    const COMPARED_ON: Option<Basis> = Some(Basis::Days);

    fn sql(filters: &Filters, options: &FunnelOptions) -> String {
        let bins = BINS.iter().filter(|(from, ..)| *from < options.window * 24);
        let (ends, names): (Vec<i64>, Vec<&str>) =
            bins.map(|(_, to, name)| (to * 3_600, *name)).unzip();
        statement!(
            "time_to_convert.sql",
            filters,
            step = options.step.key(),
            window_secs = options.window_secs(),
            bin_ends = ends,
            bin_names = names,
        )
    }
}

impl Panel for TimeToConvert {
    const SPEC: PanelSpec = PanelSpec {
        id: "time-to-convert",
        title: "How long does it take?",
        unit: "Share of people who reached the selected step, percent, by time since signup",
        form: "histogram",
        model: "funnel_analysis",
        defined_by: "time_to_convert",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "",
        rows: "the people who took that long",
        span: "span-6",
        keys: &[],
    };
    const TICKS: ValueFormat = PERCENT;
    type Source = Self;
    type Options = Shown;

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.options.chosen)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        let has_median = view.rows.iter().any(|row| row.holds_median);
        let median = has_median.then(|| "The filled bar contains the median.".to_owned());
        joined([median, told(&view.filters, view.basis, "Ticks")])
    }

    /// Shares of people in each bin; the bin that holds the median is filled. On a narrow screen shares are written
    /// without their sign, which the unit names.
    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let Shown { chosen, is_narrow } = *view.options;
        let filters = view.filters.clone();
        let (rows, before) = (view.rows.clone(), view.before.clone());
        let before = move |row: &TimeBin| before.iter().find(|bin| bin.time == row.time)?.share;
        let by_then = move |row: &TimeBin| {
            let everyone: i64 = rows.iter().map(|row| row.people).sum();
            let so_far = rows.iter().filter(|bin| bin.number <= row.number);
            let so_far: i64 = so_far.map(|bin| bin.people).sum();
            (everyone > 0).then(|| PERCENT.full(so_far as f64 / everyone as f64))
        };
        Plot::of_names(&view.rows, PERCENT, theme, |row| row.time.clone())
            .room(8.0)
            .headroom(22.0)
            .series(
                Series::bars("People", theme.accent, 86, |row: &TimeBin| {
                    row.share.unwrap_or(0.0)
                })
                .told_by(|row| Some(COUNT.full(row.people as f64)))
                .styled(|row| {
                    let opacity = if row.holds_median { 1.0 } else { 0.45 };
                    let colour = with_opacity(theme.accent, opacity);
                    ItemStyle::new().color(colour.as_str())
                })
                .figures(theme.muted, move |row| {
                    let share = share(row.share.unwrap_or(0.0));
                    let share = if is_narrow {
                        share.trim_end_matches('%').to_owned()
                    } else {
                        share
                    };
                    (row.people > 0).then_some(share)
                }),
            )
            .line("Share", |row| row.share.map(|rate| PERCENT.full(rate)))
            .series(Series::ticks("Period before", theme.ink, before.clone()).untold())
            .line("Period before", move |row| {
                before(row).map(|rate| PERCENT.full(rate))
            })
            .line("By then", by_then)
            .remark(|row| row.holds_median.then(|| "The median lies here.".to_owned()))
            .mark(move |row| who_took(row, &filters, &chosen))
            .figure()
    }
}

/// Those who took that long to the chosen step.
fn who_took(row: &TimeBin, filters: &Filters, options: &FunnelOptions) -> PanelMark {
    let step = options.step;
    let bin = usize::try_from(row.number - 1).ok();
    let bin = bin.and_then(|bin| BINS.get(bin));
    let (from, to) = bin.map_or((0, 0), |(from, to, _)| (*from, *to));
    let window_secs = options.window_secs();
    let mark = PanelMark::new(
        format!("{}.{}", step.key(), row.number),
        format!("{} within {}", step.label(), row.time),
    );
    let mark = people(mark, row.people, filters, move |filters| {
        statement!(
            "time_to_convert_people.sql",
            filters,
            step = step.key(),
            window_secs = window_secs,
            from_secs = from * 3_600,
            to_secs = to * 3_600,
        )
    });
    unless_nobody(mark)
}

/// A span of time for people: `40 min`, `5.2 h`, `3.1 days`.
#[must_use]
pub fn span(hours: f64) -> String {
    match hours {
        short if short < 1.0 => format!("{:.0}{THIN_SPACE}min", short * 60.0),
        day if day < 48.0 => format!("{day:.1}{THIN_SPACE}h"),
        long => format!("{:.1}{THIN_SPACE}days", long / 24.0),
    }
}

/// How long does it take?
#[must_use]
pub fn sentence(rows: &[TimeBin], options: &FunnelOptions) -> Option<String> {
    let people: i64 = rows.iter().map(|row| row.people).sum();
    let first = rows.first().filter(|_| people > 0)?;
    if !is_enough(people) {
        return Some(format!(
            "Only {} {}: too few to say how long it takes.",
            counted(people.unsigned_abs(), "person"),
            options.step.deed(),
        ));
    }
    Some(format!(
        "Of {} people who {}, half did so within {} of signup and nine in ten within {}.",
        COUNT.full(people as f64),
        options.step.deed(),
        span(first.median_hours?),
        span(first.p90_hours?)
    ))
}
