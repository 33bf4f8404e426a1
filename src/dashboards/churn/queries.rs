//! What the page asks the modelled warehouse.

use crate::state::filters::Filters;
use crate::state::statement::statement;

/// SQL of the CTE `list`: the customers to call, with their risk.
#[must_use]
pub fn list(filters: &Filters) -> String {
    statement!("panels/list.sql", filters)
}

/// SQL of the CTE `holdout`: customers whom the model did not see, with their risk and outcome.
#[must_use]
pub fn holdout(filters: &Filters) -> String {
    statement!("panels/holdout.sql", filters)
}

/// SQL of the CTE `departures`: who left in the range, each with the first warning, if there was one.
#[must_use]
pub fn departures(filters: &Filters, threshold_percent: u32) -> String {
    statement!(
        "panels/departures.sql",
        filters,
        threshold_percent = threshold_percent
    )
}

/// SQL of the number of independent customers behind the rows of a CTE `by_customer`.
fn independent_customers(filters: &Filters) -> String {
    statement!("panels/independent_customers.sql", filters)
}

/// The list's customers by hundredths of risk, lowest first.
#[must_use]
pub fn risk_distribution(filters: &Filters) -> String {
    statement!("panels/risk.sql", filters, list = list(filters))
}

/// The list's customers at or above the threshold, most expected loss first, each with up to three
/// features that raise the risk most. With `truth`, each has the planted risk.
#[must_use]
pub fn at_risk(filters: &Filters, threshold_percent: u32, truth: bool) -> String {
    statement!(
        "panels/at-risk.sql",
        filters,
        list = list(filters),
        threshold_percent = threshold_percent,
        has_truth = truth
    )
}

/// Revenue of the list by plan, with what stands at or above the threshold.
#[must_use]
pub fn mrr_at_risk(filters: &Filters, threshold_percent: u32) -> String {
    statement!(
        "panels/mrr-at-risk.sql",
        filters,
        list = list(filters),
        threshold_percent = threshold_percent
    )
}

/// Scores of the hold-out in thousandths, highest first: enough for every curve and threshold.
#[must_use]
pub fn scores(filters: &Filters) -> String {
    scores_of(filters, false)
}

/// The same with the scores of an oracle that knows the planted hazards.
#[must_use]
pub fn oracle_scores(filters: &Filters) -> String {
    scores_of(filters, true)
}

fn scores_of(filters: &Filters, is_oracle: bool) -> String {
    statement!(
        "panels/scores.sql",
        filters,
        holdout = holdout(filters),
        independent_customers = independent_customers(filters),
        is_oracle = is_oracle
    )
}

/// Customers who left in the range, by the days between the first warning and that, in steps of 30.
#[must_use]
pub fn lead_time(filters: &Filters, threshold_percent: u32) -> String {
    let departures = departures(filters, threshold_percent);
    statement!("panels/lead-time.sql", filters, departures = departures)
}

/// Paying customers by health score at `as_of`, in steps of five points.
#[must_use]
pub fn health(filters: &Filters) -> String {
    statement!("panels/health.sql", filters)
}

/// Mean points of the health score's parts at `as_of`, by status.
#[must_use]
pub fn health_parts(filters: &Filters) -> String {
    statement!("panels/health-parts.sql", filters)
}

/// Who left within 90 days, by the health score they had, in steps of ten points, beside what the
/// model said of the same customers, none of whom it had seen.
#[must_use]
pub fn health_fate(filters: &Filters) -> String {
    statement!(
        "panels/health-fate.sql",
        filters,
        holdout = holdout(filters),
        independent_customers = independent_customers(filters)
    )
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_list_reads_what_was_planted_only_while_truth_is_shown() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 12, day).unwrap();
        let (filters, _) = Filters::from_query("", day(1), day(31));
        assert!(!at_risk(&filters, 20, false).contains("truth."));
        assert!(at_risk(&filters, 20, true).contains("truth.hazards"));
    }
}
