//! Remarks under charts, and what an answer is of.

use crate::state::filters::{Dimension, Filters};

/// Remarks as one; `None` without any.
#[must_use]
pub fn joined<const N: usize>(remarks: [Option<String>; N]) -> Option<String> {
    let told: Vec<String> = remarks.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// The answer of a panel that keeps every value of `kept` in view although the filters choose some: it
/// says of what it is.
#[must_use]
pub fn of_all(answer: String, filters: &Filters, kept: Dimension, plural: &str) -> String {
    if filters.values(kept).is_empty() {
        answer
    } else {
        format!("Of all {plural}: {answer}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    /// "MRR was $21.0k" stood under the plan Free, beside tiles of $0.
    #[test]
    fn a_panel_that_keeps_all_plans_in_view_says_so_where_one_is_chosen() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let (first, last) = (day(2022, 1, 1), day(2025, 12, 31));
        let filters = |query: &str| Filters::from_query(query, first, last).0;
        let answer = |query: &str| {
            let filters = filters(query);
            of_all(
                "MRR was $21.0k.".to_owned(),
                &filters,
                Dimension::Plan,
                "plans",
            )
        };
        assert_eq!(answer(""), "MRR was $21.0k.");
        assert_eq!(answer("country=US"), "MRR was $21.0k.");
        assert_eq!(answer("plan=free"), "Of all plans: MRR was $21.0k.");
    }
}
