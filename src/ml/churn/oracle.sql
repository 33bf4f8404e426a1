-- What the generator knew at the last first-of-month before each snapshot: the
-- probability of deciding to leave within 90 days.
with

snapshots as (

    select
        user_id,
        snapshot_date,
        date_trunc('month', snapshot_date) as month_start

    from advanced.churn_features

)

select
    snapshots.user_id,
    snapshots.snapshot_date,
    hazards.churn_probability

from snapshots

inner join truth.hazards as hazards
    on
        snapshots.user_id = hazards.user_id
        and snapshots.month_start = hazards.snapshot_date

order by snapshots.snapshot_date, snapshots.user_id
