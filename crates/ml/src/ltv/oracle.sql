-- Whether each user will ever pay, and the planted hazard when last known at the snapshot.
with

hazards_at_snapshot as (

    select
        features.user_id,
        max_by(hazards.log_hazard, hazards.snapshot_date) as log_hazard

    from advanced.ltv_features as features

    inner join truth.hazards as hazards
        on
            features.user_id = hazards.user_id
            and hazards.snapshot_date <= features.snapshot_date + interval 31 day

    group by features.user_id

)

select
    features.user_id,
    users.will_convert,
    coalesce(hazards_at_snapshot.log_hazard, 0) as log_hazard

from advanced.ltv_features as features

inner join truth.users as users
    on features.user_id = users.user_id

left join hazards_at_snapshot
    on features.user_id = hazards_at_snapshot.user_id

order by features.user_id
