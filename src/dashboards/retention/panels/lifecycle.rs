//! Who is active and who is dormant?

use chrono::NaiveDate;

use super::super::options::month_index;
use super::super::people::{PEOPLE, shown};
use crate::components::format::{day_long, month_long};
use crate::dashboards::claims::counts_or_none;
use crate::dashboards::periods::{at_end_of, change_on, in_month, is_over};
use crate::dashboards::prelude::*;
use crate::results::retention::LifecycleMonth;

/// The states, the liveliest first, as [`LifecycleMonth::states`] gives them; each with its level in the stack: the
/// liveliest lie at the bottom, where changes are read best.
const STATES: [(&str, usize); 5] = [
    ("new", 1),
    ("active", 0),
    ("at_risk", 2),
    ("dormant", 4),
    ("churned", 3),
];

/// How many people were in each state at each month's end, oldest first.
pub struct Lifecycle;

impl Source for Lifecycle {
    type Row = LifecycleMonth;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::MonthEnds);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!(
            "lifecycle.sql",
            filters,
            states = STATES.map(|(state, _)| state).to_vec(),
            last_month_index = month_index(filters.as_of()),
        )
    }
}

impl Panel for Lifecycle {
    const SPEC: PanelSpec = PanelSpec {
        id: "lifecycle",
        title: "Who is active and who is dormant?",
        unit: "Everyone who has signed up, by state at the month’s end",
        form: "stacked column chart",
        model: "int_user_lifecycle",
        defined_by: "lifecycle_state",
        acts: AND_COMPARE,
        plan: PlanOf::Signup,
        click: "",
        rows: "the people in the state at the month’s end",
        span: "span-12",
        keys: &[
            ("Active", "teal"),
            ("New", "blue"),
            ("At risk", "ochre"),
            ("Churned", "orange"),
            ("Dormant", "other"),
        ],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Dashed, new and active people")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let as_of = view.as_of;
        let mut plot = Plot::over_time(&view.rows, Subject::Usage, COUNT, theme).headed(
            move |row: &LifecycleMonth| {
                if is_over(row.month, as_of) {
                    format!("End of {}", month_long(row.month))
                } else {
                    day_long(as_of)
                }
            },
        );
        for (position, (state, level)) in STATES.into_iter().enumerate() {
            let filters = view.filters.clone();
            let people = move |row: &LifecycleMonth| row.states()[position].1;
            let bars = Series::bars(words(state), state_colour(theme, state), 70, people)
                .stacked_at("states", level)
                .told_by(move |row| {
                    let share = people(row) as f64 / row.people().max(1) as f64;
                    let share = PERCENT.full(share);
                    Some(format!("{}  {share}", COUNT.full(people(row) as f64)))
                })
                .mark(move |row| people_in(row.month, state, people(row), &filters));
            let is_asleep = state == "dormant";
            plot = plot.series(if is_asleep { bars.faint(0.45) } else { bars });
        }
        plot.before(&view.before, "New or active", awake)
            .before_told_here()
            .total("Signed up so far", |row| {
                Some(COUNT.full(row.people() as f64))
            })
            .line("Came back in the month", |row| {
                Some(COUNT.full(row.returned as f64))
            })
            .figure()
    }
}

/// People who are new or active.
const fn awake(row: &LifecycleMonth) -> i64 {
    row.new + row.active
}

fn state_colour(theme: &Theme, state: &str) -> &'static str {
    match state {
        "new" => theme.blue,
        "active" => theme.teal,
        "at_risk" => theme.ochre,
        "churned" => theme.orange,
        _ => theme.other,
    }
}

/// The people in a state at the month's end.
fn people_in(month: NaiveDate, state: &'static str, count: i64, filters: &Filters) -> PanelMark {
    let filters = filters.clone();
    let label = format!("{} {}", words(state), at_end_of(month, filters.as_of()));
    PanelMark::new(format!("{}.{state}", month.format("%Y-%m")), label).counted(
        PEOPLE,
        count,
        move || {
            let people = statement!(
                "lifecycle_rows.sql",
                &filters,
                month_index = month_index(month),
                state = state,
            );
            shown(&filters, people)
        },
    )
}

/// Who is active and who is dormant?
#[must_use]
pub fn sentence(
    rows: &[LifecycleMonth],
    before: &[LifecycleMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let last = rows.last().filter(|last| last.people() > 0)?;
    let now = awake(last);
    let of_all = Share::new(now, last.people());
    let mut sentence = format!(
        "{} people are new or active",
        capital(&counts_or_none(of_all))
    );
    if of_all.is_enough() && now > 0 {
        sentence.push_str(&format!(" ({})", share(of_all.rate()?)));
    }
    // The period before, or a year before, or the first month of a shorter range.
    let year_before = rows.get(rows.len().saturating_sub(13));
    let compared = before.last().or(year_before.filter(|_| rows.len() > 1));
    // A handful is set against nothing.
    let compared = compared.filter(|first| is_enough(now.min(awake(first))));
    if let Some(first) = compared {
        let before = awake(first) as f64;
        let growth = relative_change(now as f64, before).filter(|_| now > 0);
        if let Some(growth) = growth {
            sentence.push_str(&format!(
                ", {} {}",
                change(growth),
                change_on(first.month, last.month, as_of)
            ));
        }
    }
    sentence.push_str(&format!(
        "; {} came back {}.",
        match last.returned {
            0 => "nobody".to_owned(),
            number => COUNT.full(number as f64),
        },
        in_month(last.month, as_of)
    ));
    Some(sentence)
}
