with

taken_up as (

    select
        adopters.feature_number,
        count(*) as eligible_users,
        count(*) filter (where adopters.days_to_adopt <= {{ within_days }}) as adopters,
        quantile_cont(cast(adopters.days_to_adopt as double), [0.25, 0.5, 0.75])
            filter (where adopters.days_to_adopt <= {{ within_days }}) as quartiles

    from serving.srv_feature_adopters as adopters

    where
        {{ days('adopters.available_date') }}
        and adopters.available_date + {{ within_days }} <= date '{{ as_of }}'
        and {{ users('adopters') }}

    group by adopters.feature_number

)

select
    features.feature,
    features.display_name,
    features.category,
    taken_up.eligible_users,
    taken_up.adopters,
    cast(taken_up.adopters as double) / taken_up.eligible_users as adopted_share,
    taken_up.quartiles[1] as quartile_days,
    taken_up.quartiles[2] as median_days,
    taken_up.quartiles[3] as third_quartile_days

from taken_up

inner join serving.srv_features as features
    on taken_up.feature_number = features.feature_number

order by
    median_days nulls last,
    adopted_share desc,
    features.feature
