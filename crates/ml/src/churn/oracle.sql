-- What the generator knew at each snapshot: the probability of being gone within 90 days.
select
    features.user_id,
    features.snapshot_date,
    hazards.churn_probability

from advanced.churn_features as features

inner join truth.hazards as hazards
    on
        features.user_id = hazards.user_id
        and features.snapshot_date = hazards.snapshot_date

order by features.snapshot_date, features.user_id
