//! The sentence that sums the page up.

use chrono::NaiveDate;

use super::panels::quick_ratio::{for_each_dollar, sides};
use crate::components::format::ValueFormat;
use crate::dashboards::executive::panels::movements::MovementMonth;
use crate::dashboards::periods::{at_end_of, judged};

/// One sentence on the whole page. What was won and lost is of the months that are over.
#[must_use]
pub fn page(rows: &[MovementMonth], as_of: NaiveDate) -> Option<String> {
    let last = rows.last()?;
    let (over, named) = judged(rows, as_of)?;
    let (gained, _, lost) = sides(over);
    let mut sentence = match last.closing_cents {
        0 => format!("No MRR {}", at_end_of(last.month, as_of)),
        cents => format!(
            "{} MRR {}",
            ValueFormat::Money.short(cents as f64),
            at_end_of(last.month, as_of)
        ),
    };
    if lost > 0 {
        sentence.push_str(&format!(
            "; {named}, {} was gained for each dollar lost",
            for_each_dollar(gained, lost)
        ));
    }
    sentence.push('.');
    Some(sentence)
}
