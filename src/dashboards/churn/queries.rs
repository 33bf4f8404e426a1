//! What the page asks the modelled warehouse.

use crate::state::filters::Filters;
use crate::statistics::{independent_sql, wilson_sql};

/// Dates that predictions stand for are the first instants they do not know, so the list of the
/// range's last day is that of the day after it at the latest.
#[must_use]
pub fn list_cte(filters: &Filters) -> String {
    let users = filters.users_sql("snapshots");
    format!(
        "
with

list as (

    select
        snapshots.*,
        predictions.probability,
        predictions.is_holdout

    from rollups.churn_snapshots as snapshots

    inner join ml.churn_predictions as predictions
        on
            snapshots.user_id = predictions.user_id
            and snapshots.snapshot_date = predictions.snapshot_date

    where
        snapshots.snapshot_date = (
            select max(snapshot_date)

            from rollups.churn_snapshots

            where snapshot_date <= date '{to}' + 1
        )
        and {users}

)",
        to = filters.to
    )
}

/// Customers whom the model did not see, at dates of the range whose next 90 days are known.
#[must_use]
pub fn holdout_cte(filters: &Filters) -> String {
    let users = filters.users_sql("snapshots");
    let days = filters.days_sql("snapshots.snapshot_date - 1");
    format!(
        "
with

holdout as (

    select
        snapshots.*,
        predictions.probability,
        cast(snapshots.has_churned_in_90d as int) as churned

    from rollups.churn_snapshots as snapshots

    inner join ml.churn_predictions as predictions
        on
            snapshots.user_id = predictions.user_id
            and snapshots.snapshot_date = predictions.snapshot_date

    where
        predictions.is_holdout
        and snapshots.is_label_known
        and {days}
        and {users}

)"
    )
}

/// The list's customers by hundredths of risk, lowest first.
#[must_use]
pub fn risk_distribution(filters: &Filters) -> String {
    format!(
        "{list}

select
    snapshot_date,
    least(cast(floor(probability * 100) as int), 99) as risk_percent,
    count(*) as customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    sum(probability * mrr_cents) as expected_loss_cents

from list

group by
    snapshot_date,
    risk_percent

order by risk_percent
",
        list = list_cte(filters)
    )
}

/// The list's customers at or above the threshold, most expected loss first, each with up to three
/// features that raise the risk most. The model explains the last list only. With `truth`, each has the
/// planted risk.
#[must_use]
pub fn at_risk(filters: &Filters, threshold_percent: u32, truth: bool) -> String {
    let (planted, join) = if truth {
        (
            "hazards.churn_probability",
            "
left join truth.hazards as hazards
    on
        flagged.user_id = hazards.user_id
        and flagged.snapshot_date = hazards.snapshot_date
",
        )
    } else {
        ("cast(null as double)", "")
    };
    let reasons: String = (1..=3)
        .map(|place| {
            format!(
                "
        max(feature) filter (where place = {place}) as reason_{place},
        -- A feature that a customer has not is no number.
        nullif(max(feature_value) filter (where place = {place}), cast('nan' as double))
            as reason_{place}_value,"
            )
        })
        .collect();
    format!(
        "{list},

flagged as (

    select * from list where probability >= {threshold_percent} / 100.0

),

ranked as (

    select
        contributions.user_id,
        contributions.feature,
        contributions.value as feature_value,
        row_number() over (
            partition by contributions.user_id
            order by
                contributions.contribution desc,
                contributions.feature
        ) as place

    from ml.churn_contributions as contributions

    inner join flagged
        on contributions.user_id = flagged.user_id

    where
        contributions.contribution > 0
        and flagged.snapshot_date = (select max(snapshot_date) from rollups.churn_snapshots)

),

reasons as (

    select
        user_id,{reasons}

    from ranked

    where place <= 3

    group by user_id

)

select
    flagged.user_id,
    dim_users.full_name,
    cast(flagged.plan as varchar) as plan,
    cast(flagged.size as varchar) as size,
    flagged.mrr_cents,
    flagged.probability,
    flagged.probability * flagged.mrr_cents as expected_loss_cents,
    flagged.health_score,
    reasons.* exclude (user_id),
    case when flagged.churn_date < flagged.snapshot_date + 90 then flagged.churn_date end
        as churn_date,
    flagged.is_label_known as is_fate_known,
    {planted} as true_probability

from flagged

inner join marts.dim_users
    on flagged.user_id = dim_users.user_id

left join reasons
    on flagged.user_id = reasons.user_id
{join}
order by
    expected_loss_cents desc,
    flagged.user_id
",
        list = list_cte(filters)
    )
}

/// Revenue of the list by plan, with what stands at or above the threshold.
#[must_use]
pub fn mrr_at_risk(filters: &Filters, threshold_percent: u32) -> String {
    format!(
        "{list}

select
    cast(plan as varchar) as plan,
    count(*) as customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    sum(probability * mrr_cents) as expected_loss_cents,
    count(*) filter (where probability >= {threshold_percent} / 100.0)
        as flagged_customers,
    cast(
        coalesce(
            sum(mrr_cents) filter (where probability >= {threshold_percent} / 100.0), 0
        ) as bigint
    ) as flagged_mrr_cents

from list

group by plan

order by
    list.plan desc
",
        list = list_cte(filters)
    )
}

/// Scores of the hold-out in thousandths, highest first: enough for every curve and threshold.
#[must_use]
pub fn scores(filters: &Filters) -> String {
    score_bins(&holdout_cte(filters), "holdout", "probability")
}

/// The same with the scores of an oracle that knows the planted hazards.
#[must_use]
pub fn oracle_scores(filters: &Filters) -> String {
    let known = format!(
        "{holdout},

known as (

    select
        holdout.*,
        hazards.churn_probability

    from holdout

    inner join truth.hazards
        on
            holdout.user_id = hazards.user_id
            and holdout.snapshot_date = hazards.snapshot_date

)",
        holdout = holdout_cte(filters)
    );
    score_bins(&known, "known", "churn_probability")
}

/// Bins of a thousandth, with sums over customers within the tenth that `Evaluation::tenths` puts a bin
/// into: the one that holds the bin's middle.
fn score_bins(ctes: &str, from: &str, score: &str) -> String {
    format!(
        "{ctes},

scored as (

    select
        *,
        least(cast(floor({score} * 1000) as int), 999) as risk_permille

    from {from}

),

counted as (

    select
        *,
        count(*) over (partition by risk_permille) as bin_rows,
        count(*) over (order by risk_permille desc) as rows_so_far,
        count(*) over () as all_rows

    from scored

),

placed as (

    select
        *,
        least((2 * rows_so_far - bin_rows) * 5 // all_rows, 9) as tenth

    from counted

),

-- A customer's snapshots repeat each other.
by_customer as (

    select
        tenth,
        count(*) as snapshots,
        sum(churned) as churned

    from placed

    group by
        tenth,
        user_id

),

tenths as (

    select
        tenth,
        {independent} as independent_customers

    from by_customer

    group by tenth

)

select
    risk_permille,
    count(*) as customers,
    cast(sum(churned) as bigint) as churned,
    sum({score}) as probability_sum,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    cast(sum(churned * mrr_cents) as bigint) as churned_mrr_cents,
    (select count(distinct snapshot_date) from {from}) as snapshots,
    any_value(tenths.independent_customers) as independent_customers_in_decile

from placed

inner join tenths
    on placed.tenth = tenths.tenth

group by risk_permille

order by risk_permille desc
",
        independent = independent_sql("snapshots", "churned"),
    )
}

/// Customers who left in the range, by the days between the first warning and that, in steps of 30.
///
/// Only scores of customers the model was not trained on count, and only departures that such
/// scores precede by 90 days or more. A warning older than 180 days is not taken for one.
#[must_use]
pub fn lead_time(filters: &Filters, threshold_percent: u32) -> String {
    format!(
        "{ctes}

select
    cast(floor((churn_date - warned_date) / 30.0) * 30 as int) as lead_days,
    count(*) as churned_customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents

from departures

group by lead_days

order by lead_days nulls first
",
        ctes = lead_time_ctes(filters, threshold_percent)
    )
}

/// Departures, each with its first warning, if there was one.
#[must_use]
pub fn lead_time_ctes(filters: &Filters, threshold_percent: u32) -> String {
    let users = filters.users_sql("snapshots");
    let days = filters.days_sql("snapshots.churn_date");
    format!(
        "
with

unseen as (

    select
        user_id,
        snapshot_date,
        probability

    from ml.churn_predictions

    where
        is_holdout
        or label is null

),

departures as (

    select
        snapshots.user_id,
        snapshots.churn_date,
        max_by(snapshots.mrr_cents, snapshots.snapshot_date) as mrr_cents,
        min(snapshots.snapshot_date) filter (
            where
                unseen.probability >= {threshold_percent} / 100.0
                and snapshots.churn_date - snapshots.snapshot_date <= 180
        ) as warned_date

    from rollups.churn_snapshots as snapshots

    inner join unseen
        on
            snapshots.user_id = unseen.user_id
            and snapshots.snapshot_date = unseen.snapshot_date

    where
        {days}
        and snapshots.churn_date >= (select min(snapshot_date) + 90 from unseen)
        and {users}

    group by
        snapshots.user_id,
        snapshots.churn_date

)"
    )
}

/// Paying customers by health score at `as_of`, in steps of five points.
#[must_use]
pub fn health(filters: &Filters) -> String {
    let users = filters.users_sql("users");
    format!(
        "
select
    least(cast(floor(health.health_score / 5.0) * 5 as int), 95) as health_points,
    health.status,
    count(*) as customers,
    cast(sum(health.mrr_cents) as bigint) as mrr_cents

from marts.fct_health_scores as health

inner join rollups.users
    on health.user_id = users.user_id

where
    health.is_paying
    and {users}

group by
    health_points,
    health.status

order by
    health_points,
    health.status
"
    )
}

/// Mean points of the health score's parts at `as_of`, by status.
#[must_use]
pub fn health_parts(filters: &Filters) -> String {
    let users = filters.users_sql("users");
    format!(
        "
select
    health.status,
    count(*) as customers,
    avg(health.recency_points) as recency_points,
    avg(health.frequency_points) as frequency_points,
    avg(health.value_points) as value_points,
    avg(health.trend_points) as trend_points,
    avg(health.trouble_points) as trouble_points

from marts.fct_health_scores as health

inner join rollups.users
    on health.user_id = users.user_id

where
    health.is_paying
    and {users}

group by health.status

order by min(health.health_score) desc
"
    )
}

/// Who left within 90 days, by the health score they had, in steps of ten points, beside what the
/// model said of the same customers, none of whom it had seen.
#[must_use]
pub fn health_fate(filters: &Filters) -> String {
    let [lower, upper] = wilson_sql("(churned_share * independent)", "independent");
    format!(
        "{holdout},

-- A customer's snapshots repeat each other.
by_customer as (

    select
        least(cast(floor(health_score / 10.0) * 10 as int), 90) as health_points,
        count(*) as snapshots,
        sum(churned) as churned,
        sum(probability) as probability

    from holdout

    group by
        1,
        user_id

),

columns_of_health as (

    select
        health_points,
        cast(sum(snapshots) as bigint) as customers,
        cast(sum(churned) as bigint) as churned,
        cast(sum(churned) as double) / sum(snapshots) as churned_share,
        sum(probability) / sum(snapshots) as predicted_share,
        {independent} as independent

    from by_customer

    group by health_points

)

select
    health_points,
    customers,
    churned,
    churned_share,
    {lower} as churned_share_lower,
    {upper} as churned_share_upper,
    predicted_share

from columns_of_health

order by health_points
",
        holdout = holdout_cte(filters),
        independent = independent_sql("snapshots", "churned"),
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
