//! Is more gained than lost?

use crate::dashboards::executive::panels::movements::{MovementMonth, Movements};
use crate::dashboards::periods::{judged, month_so_far, span};
use crate::dashboards::prelude::*;
use crate::results::periods::Periodic;
use chrono::NaiveDate;

/// The quick ratio, with and without reactivation.
pub struct QuickRatio;

impl Panel for QuickRatio {
    const SPEC: PanelSpec = PanelSpec {
        id: "quick-ratio",
        title: "Is more gained than lost?",
        unit: "MRR gained divided by MRR lost in the month. Above 1, MRR grows",
        form: "line chart",
        model: "fct_mrr_waterfall",
        defined_by: "quick_ratio",
        acts: AND_COMPARE,
        plan: PlanOf::Month,
        click: "",
        rows: "the movements of the month",
        span: "span-6",
        keys: &[],
    };
    const TICKS: ValueFormat = ValueFormat::Ratio;
    type Source = Movements;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows, &view.before, view.as_of)
    }

    fn caption(view: &View<'_, Self>) -> Option<String> {
        told(&view.filters, view.basis, "Grey dashes, with reactivation")
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let filters = view.filters.clone();
        let with = |row: &MovementMonth| ratios(row).0;
        Plot::over_time(&view.rows, Subject::Contracts, Self::TICKS, theme)
            .room(88.0)
            .capped()
            .baseline(1.0)
            .series(
                Series::dotted("With returns", theme.teal, 1.75, with)
                    .told_as("With reactivation")
                    .named_at_end(),
            )
            .series(
                Series::dotted("Without", theme.slate, 1.75, |row| ratios(row).1)
                    .dashed()
                    .named_at_end(),
            )
            .before(&view.before, "", with)
            .mark(move |row| moved_in(row, &filters))
            .figure()
    }
}

/// All that moved in a month.
fn moved_in(row: &MovementMonth, filters: &Filters) -> PanelMark {
    let (month, filters) = (row.month, filters.clone());
    let net: i64 = row.movements().iter().map(|(_, cents)| cents).sum();
    let label = format!("Movements, {}", month_so_far(month, filters.as_of()));
    PanelMark::new(month.format("%Y-%m").to_string(), label).summed(
        ("movement", "movements"),
        net,
        "movement_amount_cents",
        move || statement!("quick_ratio_rows.sql", &filters, month = month.to_string()),
    )
}

/// Gained and lost MRR of some months: with reactivation, without it, lost.
#[must_use]
pub fn sides(rows: &[MovementMonth]) -> (i64, i64, i64) {
    let sum = |pick: fn(&MovementMonth) -> i64| rows.iter().map(pick).sum::<i64>();
    let fresh = sum(|row| row.new_cents + row.expansion_cents);
    let back = sum(|row| row.reactivation_cents);
    let lost = sum(|row| row.contraction_cents + row.churn_cents);
    (fresh + back, fresh, -lost)
}

/// Gained over lost MRR of a month, with and without reactivation; `None` where nothing was lost.
fn ratios(row: &MovementMonth) -> (Option<f64>, Option<f64>) {
    let (gained, fresh, lost) = sides(std::slice::from_ref(row));
    let ratio = |cents: i64| (lost > 0).then(|| cents as f64 / lost as f64);
    (ratio(gained), ratio(fresh))
}

/// Is more gained than lost? `before` are as many whole months before, where they are compared; the
/// month under way is left out.
#[must_use]
pub fn sentence(
    rows: &[MovementMonth],
    before: &[MovementMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let (over, named) = judged(rows, as_of)?;
    let (gained, fresh, lost) = sides(over);
    if lost <= 0 {
        let and_gained = if gained == 0 { "gained or " } else { "" };
        return Some(format!("Nothing was {and_gained}lost {named}."));
    }
    let below = over
        .iter()
        .filter(|row| ratios(row).0.is_some_and(|ratio| ratio < 1.0))
        .count();
    let months = match below {
        0 => "no month lost more than it gained".to_owned(),
        1 => "one month lost more than it gained".to_owned(),
        more => format!("{more} months lost more than they gained"),
    };
    let compared = match sides(before) {
        (gained, _, lost) if lost > 0 => {
            let ratio = for_each_dollar(gained, lost);
            let named = before.first().zip(before.last());
            let named = named.map(|(first, last)| span(first.month, last.month));
            format!(" ({ratio} {})", named.unwrap_or_default())
        }
        _ => String::new(),
    };
    // A range that is over needs no name.
    let is_named = over.len() < rows.len() || rows.iter().any(|row| !row.is_complete(as_of));
    let without = if fresh == gained {
        String::new()
    } else {
        let ratio = for_each_dollar(fresh, lost);
        format!(", {ratio} without reactivation")
    };
    let named = if is_named {
        format!("{named}, ")
    } else {
        String::new()
    };
    let sentence = format!(
        "{named}{} was gained for each dollar lost{compared}{without}; {months}.",
        for_each_dollar(gained, lost),
    );
    Some(capital(&sentence))
}

/// Cents gained for each dollar lost: "$1.25", "nothing".
#[must_use]
pub fn for_each_dollar(gained: i64, lost: i64) -> String {
    match gained {
        0 => "nothing".to_owned(),
        _ => format!("${:.2}", gained as f64 / lost as f64),
    }
}
