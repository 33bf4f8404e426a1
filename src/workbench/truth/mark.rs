//! The mark of a row: the estimate and its interval, with the truth beside it.

use leptos::prelude::*;

use super::text;
use crate::results::truth::TruthRow;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 24.0;
const MIDDLE: f64 = WIDTH / 2.0;
/// Width of one reach of an interval. Truth further off than [`MOST_REACHES`] is an arrow.
const REACH: f64 = 34.0;
const MOST_REACHES: f64 = 3.1;

/// Intervals are drawn to one length, so that all rows share an axis: how far off is the truth, in
/// reaches of the interval. Without an interval, a bar from what was planted to the estimate.
#[component]
pub fn TruthMark(
    /// The planted value and its estimate.
    row: TruthRow,
) -> impl IntoView {
    let said = format!(
        "planted {}, estimate {}, interval {}",
        text::value(row.unit, row.planted),
        text::value(row.unit, row.estimate),
        text::interval(&row),
    );
    let centre = HEIGHT / 2.0;
    let marks = match row.interval {
        Some(_) => {
            // An interval that reaches nowhere puts everything else infinitely far off.
            let off = row
                .planted_in_reaches()
                .unwrap_or_else(|| 2.0 * MOST_REACHES * (row.planted - row.estimate).signum());
            let is_far = off.abs() > MOST_REACHES;
            let x = MIDDLE + REACH * off.clamp(-MOST_REACHES, MOST_REACHES);
            let truth = if is_far {
                let tip = x + 6.0 * off.signum();
                let points = format!("{x},{} {tip},{centre} {x},{}", centre - 5.0, centre + 5.0);
                view! { <polygon class="truth-mark" points=points></polygon> }.into_any()
            } else {
                view! { <circle class="truth-mark" cx=x cy=centre r="5"></circle> }.into_any()
            };
            view! {
                <rect class="truth-band" x=MIDDLE - REACH y="0" width=2.0 * REACH height=HEIGHT></rect>
                <line class="truth-interval" x1=MIDDLE - REACH x2=MIDDLE + REACH y1=centre y2=centre></line>
                <line class="truth-line" x1=x x2=x y1="1" y2=HEIGHT - 1.0></line>
                <circle class="truth-estimate" cx=MIDDLE cy=centre r="4"></circle>
                {truth}
            }
            .into_any()
        }
        None => {
            // Both lie on a scale from 0 to the larger one, or to 1 for what is a share of 1.
            let most = row
                .planted
                .abs()
                .max(row.estimate.abs())
                .max(if row.estimate.abs() <= 1.0 { 1.0 } else { 0.0 });
            let at = |value: f64| 6.0 + (WIDTH - 12.0) * (value / most.max(1e-12)).clamp(0.0, 1.0);
            let (planted, estimate) = (at(row.planted), at(row.estimate));
            view! {
                <line class="truth-interval" x1=planted.min(estimate) x2=planted.max(estimate) y1=centre y2=centre></line>
                <line class="truth-line" x1=planted x2=planted y1="1" y2=HEIGHT - 1.0></line>
                <circle class="truth-estimate" cx=estimate cy=centre r="4"></circle>
                <circle class="truth-mark" cx=planted cy=centre r="5"></circle>
            }
            .into_any()
        }
    };
    view! {
        <svg class="truth-svg" role="img" aria-label=said viewBox=format!("0 0 {WIDTH} {HEIGHT}")>
            {marks}
        </svg>
    }
}
