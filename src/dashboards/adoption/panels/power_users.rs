//! Is it a habit?

use charming::element::ItemStyle;

use super::super::features::USERS;
use super::super::window::{self, window};
use super::super::words::count;
use crate::dashboards::claims::counts_or_none;
use crate::dashboards::prelude::*;
use crate::results::adoption::ActiveDays;
use crate::state::filters::WINDOW_DAYS;

/// Days of 28 from which on somebody is a power user: four a week.
const POWER_DAYS: i64 = 16;

/// Users by the number of days on which they came, of the 28 days to the range's last one.
pub struct PowerUsers;

impl Source for PowerUsers {
    type Row = ActiveDays;
    type Options = ();
    const COMPARED_ON: Option<Basis> = Some(Basis::Last28Days);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!(
            "power_users.sql",
            filters,
            window_days = WINDOW_DAYS,
            window_start = window(filters).0.to_string()
        )
    }
}

impl Panel for PowerUsers {
    const SPEC: PanelSpec = PanelSpec {
        id: "power-users",
        title: "Is it a habit?",
        unit: "Users by active days in the last 28",
        form: "column chart",
        model: "srv_feature_days",
        defined_by: "power_user",
        acts: AND_COMPARE,
        plan: PlanOf::LastDay,
        click: "",
        rows: "the users who came on that many days",
        span: "span-5 taller",
        keys: &[("16 days or more", "accent"), ("Fewer", "slate")],
    };
    const TICKS: ValueFormat = COUNT;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        window::caption(view.fetched, "Ticks")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let (rows, before) = (view.rows.clone(), view.before.clone());
        let total: i64 = rows.iter().map(|row| row.users).sum();
        let share =
            move |users: i64| (total > 0).then(|| PERCENT.full(users as f64 / total as f64));
        let users_before = move |row: &ActiveDays| {
            let mut before = before.iter();
            before
                .find(|other| other.days == row.days)
                .map(|row| row.users)
        };
        let told_before = users_before.clone();
        let filters = view.filters.clone();
        Plot::of_names(&view.rows, Self::TICKS, theme, |row| match row.days {
            1 | 4 | 8 | 12 | 16 | 20 | 24 | 28 => row.days.to_string(),
            _ => String::new(),
        })
        .headed(|row| days_of_28(row.days))
        .series(
            Series::bars("Users", theme.slate, 72, |row: &ActiveDays| row.users)
                .styled(|row| {
                    let is_power = row.days >= POWER_DAYS;
                    ItemStyle::new().color(if is_power { theme.accent } else { theme.slate })
                })
                .untold(),
        )
        .line("Users", |row| Some(count(row.users)))
        .series(Series::ticks("Period before", theme.ink, users_before).untold())
        .line("Period before", move |row| told_before(row).map(count))
        .line("Share", move |row| share(row.users))
        .line("On at least as many days", move |row| {
            let as_many = rows.iter().filter(|other| other.days >= row.days);
            share(as_many.map(|other| other.users).sum())
        })
        .mark(move |row| came_on(row, &filters))
        .figure()
    }
}

fn days_of_28(days: i64) -> String {
    let noun = if days == 1 { "day" } else { "days" };
    format!("{days} {noun} of 28")
}

/// The users who came on a number of days.
fn came_on(row: &ActiveDays, filters: &Filters) -> PanelMark {
    let (days, filters) = (row.days, filters.clone());
    PanelMark::new(format!("days-{days}"), days_of_28(days)).counted(USERS, row.users, move || {
        statement!(
            "power_users_rows.sql",
            &filters,
            window_start = window(&filters).0.to_string(),
            active_days = days
        )
    })
}

/// Is it a habit?
#[must_use]
pub fn sentence(rows: &[ActiveDays]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.users).sum();
    if total == 0 {
        return None;
    }
    let power: i64 = rows
        .iter()
        .filter(|row| row.days >= POWER_DAYS)
        .map(|row| row.users)
        .sum();
    let mut so_far = 0;
    let middle = rows.iter().find(|row| {
        so_far += row.users;
        2 * so_far >= total
    })?;
    let half = match middle.days {
        1 => "half of them came on a single day".to_owned(),
        days => format!("half of them came on {days} days or fewer"),
    };
    if !is_enough(total) {
        return Some(format!(
            "{} active users came on {POWER_DAYS} days or more: too few people for a rate.",
            capital(&counts_or_none(Share::new(power, total)))
        ));
    }
    if power == 0 {
        return Some(format!(
            "None of {} active users came on {POWER_DAYS} days or more; {half}.",
            count(total)
        ));
    }
    Some(format!(
        "{} of {} active users came on {POWER_DAYS} days or more, {}; {half}.",
        count(power),
        count(total),
        share(power as f64 / total as f64),
    ))
}
