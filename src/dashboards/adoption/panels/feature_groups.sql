with

users as (

    select
        any_value({{ group_by }}) as group_value,
        bit_or(feature_bits) as feature_bits

    from serving.srv_feature_days as days

    where
        date_day between date '{{ window_start }}' and date '{{ last_day }}'
        and {{ users('days') }}

    group by user_id

),

patterns as (

    select
        group_value,
        grouping(group_value) as is_everyone,
        feature_bits,
        count(*) as users

    from users

    group by grouping sets ((group_value, feature_bits), (feature_bits))

),

groups as (

    select
        group_value,
        is_everyone,
        sum(users) as active_users

    from patterns

    group by
        group_value,
        is_everyone

),

touched as (

    select
        patterns.group_value,
        patterns.is_everyone,
        features.feature_number,
        sum(patterns.users) as users

    from patterns

    inner join serving.srv_features as features
        on patterns.feature_bits & features.feature_bit <> 0

    group by
        patterns.group_value,
        patterns.is_everyone,
        features.feature_number

)

select
    features.display_name,
    case
        when groups.is_everyone = 1 then 'everyone'
        else cast(groups.group_value as varchar)
    end as group_name,
    cast(coalesce(touched.users, 0) as bigint) as users,
    cast(groups.active_users as bigint) as active_users,
    coalesce(touched.users, 0) / groups.active_users as adoption_rate

from groups

cross join serving.srv_features as features

left join touched
    on
        groups.group_value is not distinct from touched.group_value
        and groups.is_everyone = touched.is_everyone
        and features.feature_number = touched.feature_number

where features.launched_date <= date '{{ last_day }}'

order by
    features.display_name,
    groups.is_everyone desc,
    groups.group_value
