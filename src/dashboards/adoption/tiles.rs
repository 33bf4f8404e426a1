//! The strip of headline figures.

use chrono::NaiveDate;

use crate::components::format::ValueFormat;
use crate::components::kpi::Kpi;
use crate::dashboards::claims::{counted, paled};
use crate::dashboards::compared::Against;
use crate::results::adoption::AdoptionMonth;
use crate::results::shares::Share;

/// A tile of the strip.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Names it in test ids: `kpi-<id>`.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// How it is measured.
    pub definition: &'static str,
    /// How it is written.
    pub format: ValueFormat,
    /// Its value in a month.
    pub value: fn(&AdoptionMonth) -> Option<f64>,
    /// Whether it is about how many of the month's days people come on.
    pub is_habit: bool,
    /// Whether it is a share of the month's users, one of them or none of them each.
    pub is_share: bool,
}

/// Days of a month before which habits can't be told.
const FEWEST_DAYS: i64 = 7;

/// The tiles, in order.
pub const TILES: [Tile; 5] = [
    Tile {
        id: "month-users",
        label: "Active users in the month",
        definition: "Users with at least one event during the month.",
        format: ValueFormat::Count,
        value: |month| Some(month.users as f64),
        is_habit: false,
        is_share: false,
    },
    Tile {
        id: "stickiness",
        label: "Stickiness",
        definition: "Average daily active users of the month, divided by its monthly active users.",
        format: ValueFormat::Percent,
        value: |month| Some(month.stickiness),
        is_habit: true,
        is_share: false,
    },
    Tile {
        id: "features-per-user",
        label: "Features per user",
        definition: "Average number of different features per active user in the month.",
        format: ValueFormat::Ratio,
        value: |month| Some(month.features),
        is_habit: false,
        is_share: false,
    },
    Tile {
        id: "power-users",
        label: "Power users",
        definition: "Share of the month’s active users who were active on at least half of its days.",
        format: ValueFormat::Percent,
        value: |month| Some(month.power_share),
        is_habit: true,
        is_share: true,
    },
    Tile {
        id: "newest-feature",
        label: "Newest feature",
        definition: "Share of the month’s active users who used the most recently launched feature; empty when none was launched.",
        format: ValueFormat::Percent,
        value: |month| month.launched_share,
        is_habit: false,
        is_share: true,
    },
];

/// The tile's figure in the last month, and its change against another; none of a month under way,
/// since all of them add up over it. Habits can't be told from its first days: on the first, everybody
/// who came was there every day.
#[must_use]
pub fn kpi(
    tile: &Tile,
    months: &[AdoptionMonth],
    against: Against,
    as_of: NaiveDate,
) -> Option<Kpi> {
    let values: Vec<Option<f64>> = months.iter().map(tile.value).collect();
    let dates: Vec<NaiveDate> = months.iter().map(|month| month.month).collect();
    let mut kpi = against.kpi(&dates, &values, tile.format, true)?;
    let last = months.last()?;
    let days = (as_of - last.month).num_days() + 1;
    if tile.is_habit && days < FEWEST_DAYS {
        kpi.text = "–".to_owned();
        kpi.note = Some(match days {
            1 => "after one day".to_owned(),
            days => format!("after {days} days"),
        });
        kpi.delta = None;
        if let Some(here) = kpi.history.last_mut() {
            *here = None;
        }
        return Some(kpi);
    }
    Some(match (tile.value)(last) {
        Some(value) if tile.is_share => counted(kpi, of_users(value, last.users)),
        // The number of users says itself that they are few.
        Some(_) if tile.format != ValueFormat::Count => paled(kpi, last.users),
        _ => kpi,
    })
}

/// A share of some users, counted.
#[must_use]
pub fn of_users(share: f64, users: i64) -> Share {
    Share::new(libm::round(share * users as f64) as i64, users)
}
