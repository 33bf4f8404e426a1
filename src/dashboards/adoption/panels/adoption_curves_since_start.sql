{# Only users for whom all the curve's weeks have passed count, so that no curve bends
   for want of time. -#}

with

binned as (

    select
        feature_number,
        cast(ceil(days_to_adopt / 7.0) as int) as weeks_to_adopt,
        count(*) as users

    from serving.srv_feature_adopters as adopters

    where
        {{ days('adopters.available_date') }}
        and adopters.available_date + {{ curve_weeks * 7 }} <= date '{{ as_of }}'
        and {{ users('adopters') }}

    group by
        feature_number,
        weeks_to_adopt

),

weeks as (

    select cast(range as int) as weeks_since from range({{ curve_weeks + 1 }})

)

select
    features.display_name,
    features.category,
    weeks.weeks_since,
    cast(
        coalesce(
            sum(binned.users) filter (where binned.weeks_to_adopt <= weeks.weeks_since), 0
        ) as bigint
    ) as adopters,
    cast(sum(binned.users) as bigint) as eligible_users,
    coalesce(
        sum(binned.users) filter (where binned.weeks_to_adopt <= weeks.weeks_since), 0
    ) / sum(binned.users) as adopted_share

from binned

inner join serving.srv_features as features
    on binned.feature_number = features.feature_number

cross join weeks

group by
    features.display_name,
    features.category,
    weeks.weeks_since

order by
    features.display_name,
    weeks.weeks_since
