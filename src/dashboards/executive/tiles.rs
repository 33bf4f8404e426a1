//! The strip of headline figures.

use chrono::NaiveDate;

use crate::components::format::{ValueFormat, day};
use crate::components::kpi::Kpi;
use crate::dashboards::claims::{of_events, of_people};
use crate::dashboards::compared::Against;
use crate::dashboards::executive::panels::headline::HeadlineMonth;
use crate::results::periods::{Grain, whole};

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
    pub value: fn(&HeadlineMonth) -> Option<f64>,
    /// Whether only a whole month can be compared: it adds up over the month, or is set against a
    /// month itself.
    pub needs_whole_month: bool,
    /// Whether it spans twelve whole months: of a month that is under way it would span fewer.
    pub spans_a_year: bool,
}

/// The tiles, in order.
pub const TILES: [Tile; 7] = [
    Tile {
        id: "mrr",
        label: "MRR",
        definition: "Monthly recurring revenue of all active paid subscriptions at the end of the month, or on the last day of data. Annual plans count one twelfth.",
        format: ValueFormat::Money,
        value: |month| Some(month.mrr_cents as f64),
        needs_whole_month: false,
        spans_a_year: false,
    },
    Tile {
        id: "arr",
        label: "ARR",
        definition: "MRR times twelve.",
        format: ValueFormat::Money,
        value: |month| Some(month.arr_cents as f64),
        needs_whole_month: false,
        spans_a_year: false,
    },
    Tile {
        id: "nrr",
        label: "NRR, 12 months",
        definition: "What customers of twelve months ago pay now, divided by what they paid then. It includes expansion, contraction and churn, but no new customers.",
        format: ValueFormat::Percent,
        value: |month| month.nrr,
        needs_whole_month: true,
        spans_a_year: true,
    },
    Tile {
        id: "active-users",
        label: "Active users, 30 days",
        definition: "Users with at least one event in the 30 days to the month’s end, or to the last day of data.",
        format: ValueFormat::Count,
        value: |month| month.active_users.map(|count| count as f64),
        needs_whole_month: false,
        spans_a_year: false,
    },
    Tile {
        id: "signups",
        label: "Signups in the month",
        definition: "People who signed up in the month.",
        format: ValueFormat::Count,
        value: |month| Some(month.signups as f64),
        needs_whole_month: true,
        spans_a_year: false,
    },
    Tile {
        id: "quick-ratio",
        label: "Quick ratio",
        definition: "MRR gained (new, expansion, reactivation) divided by MRR lost (churn, contraction) in the month.",
        format: ValueFormat::Ratio,
        value: |month| month.quick_ratio,
        needs_whole_month: true,
        spans_a_year: false,
    },
    Tile {
        id: "ltv-to-cac",
        label: "LTV : CAC",
        definition: "Customer lifetime value, at the project’s `gross_margin`, divided by acquisition cost: a month’s campaign spend over its first payers. Campaigns bill their channel, so no other filter has one.",
        format: ValueFormat::Ratio,
        value: |month| month.ltv_to_cac,
        needs_whole_month: true,
        spans_a_year: false,
    },
];

/// The tile's figure in the last month, and its change against another. What spans twelve whole months is
/// the last whole month's, which its note says.
#[must_use]
pub fn kpi(
    tile: &Tile,
    months: &[HeadlineMonth],
    against: Against,
    as_of: NaiveDate,
) -> Option<Kpi> {
    let over = if tile.spans_a_year {
        whole(months, as_of)
    } else {
        months
    };
    let values: Vec<Option<f64>> = over.iter().map(tile.value).collect();
    let dates: Vec<NaiveDate> = over.iter().map(|month| month.month).collect();
    let Some(last) = over.last().filter(|_| over.len() < months.len()) else {
        let kpi = against.kpi(&dates, &values, tile.format, tile.needs_whole_month)?;
        let compared = |count: fn(&HeadlineMonth) -> i64| {
            let counts: Vec<i64> = over.iter().map(count).collect();
            counts.last().copied().zip(against.value(&dates, &counts))
        };
        return Some(match tile.id {
            "signups" => match compared(|month| month.signups) {
                Some((now, before)) => of_events(kpi, now, before),
                None => kpi,
            },
            "active-users" => match compared(|month| month.active_users.unwrap_or_default()) {
                Some((now, before)) => of_people(kpi, now, before),
                None => kpi,
            },
            _ => kpi,
        });
    };
    let mut kpi = Against::Nothing.kpi(&dates, &values, tile.format, tile.needs_whole_month)?;
    kpi.note = Some(format!("to {}", day(Grain::Month.last_day(last.month)?)));
    Some(kpi)
}
