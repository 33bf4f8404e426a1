-- Users per week and feature, without a group for each user, week and feature:
-- the features a user touched in a week are bits of one number, and weeks have
-- far fewer different numbers than users.

with

features as (

    select
        feature,
        display_name,
        category,
        is_core,
        row_number() over (order by feature) - 1 as feature_bit

    from {{ ref('feature_details') }}

),

users as (

    select
        user_id,
        signup_date

    from {{ ref('stg_users') }}

),

-- Events are read where they are summed: as a step of its own that several
-- read, they would be kept as a table of ten million rows.
user_weeks as (

    select
        events.user_id,
        {{ week_start('events.event_date') }} as date_week,
        bit_or(
            case
                when features.feature_bit is null then 0
                else {{ bit_at('features.feature_bit') }}
            end
        ) as feature_bits

    from {{ ref('stg_events') }} as events

    left join features
        on events.feature = features.feature

    group by
        events.user_id,
        {{ week_start('events.event_date') }}

),

weeks_by_bits as (

    select
        date_week,
        feature_bits,
        count(*) as users

    from user_weeks

    group by
        date_week,
        feature_bits

),

active_users as (

    select
        date_week,
        sum(users) as active_users

    from weeks_by_bits

    group by date_week

),

users_by_feature as (

    select
        weeks_by_bits.date_week,
        features.feature_bit,
        sum(weeks_by_bits.users) as users

    from weeks_by_bits

    cross join features

    where weeks_by_bits.feature_bits & {{ bit_at('features.feature_bit') }} <> 0

    group by
        weeks_by_bits.date_week,
        features.feature_bit

),

uses_by_feature as (

    select
        {{ week_start('event_date') }} as date_week,
        feature,
        count(*) as uses

    from {{ ref('stg_events') }}

    where feature is not null

    group by
        {{ week_start('event_date') }},
        feature

),

first_uses as (

    select
        user_id,
        feature,
        min(event_date) as first_date

    from {{ ref('stg_events') }}

    where feature is not null

    group by
        user_id,
        feature

),

-- A feature is there from the first day on which anyone touched it.
launches as (

    select
        feature,
        min(first_date) as launched_date

    from first_uses

    group by feature

),

adopters as (

    select
        {{ week_start('first_uses.first_date') }} as date_week,
        first_uses.feature,
        count(*) as new_adopters,
        median(
            cast(
                {{ day_diff(
                    'greatest(users.signup_date, launches.launched_date)',
                    'first_uses.first_date'
                ) }} as double
            )
        ) as median_days_to_adopt

    from first_uses

    inner join users
        on first_uses.user_id = users.user_id

    inner join launches
        on first_uses.feature = launches.feature

    group by
        {{ week_start('first_uses.first_date') }},
        first_uses.feature

),

joined as (

    select
        active_users.date_week,
        features.feature,
        features.display_name,
        features.category,
        features.is_core,
        active_users.active_users,
        coalesce(users_by_feature.users, 0) as users,
        coalesce(uses_by_feature.uses, 0) as uses,
        coalesce(adopters.new_adopters, 0) as new_adopters,
        adopters.median_days_to_adopt,
        coalesce(
            active_users.date_week >= {{ week_start('launches.launched_date') }}, false
        ) as is_available

    from active_users

    cross join features

    left join users_by_feature
        on
            active_users.date_week = users_by_feature.date_week
            and features.feature_bit = users_by_feature.feature_bit

    left join uses_by_feature
        on
            active_users.date_week = uses_by_feature.date_week
            and features.feature = uses_by_feature.feature

    left join adopters
        on
            active_users.date_week = adopters.date_week
            and features.feature = adopters.feature

    left join launches
        on features.feature = launches.feature

),

final as (

    select
        date_week,
        cast(feature as string) as feature,
        cast(display_name as string) as display_name,
        cast(category as string) as category,
        cast(is_core as boolean) as is_core,
        cast(active_users as bigint) as active_users,
        cast(users as bigint) as users,
        cast(uses as bigint) as uses,
        case
            when is_available then cast(users as double) / nullif(active_users, 0)
        end as adoption_rate,
        cast(new_adopters as bigint) as new_adopters,
        cast(
            sum(new_adopters) over (
                partition by feature
                order by date_week
                rows between unbounded preceding and current row
            ) as bigint
        ) as adopters_so_far,
        cast(median_days_to_adopt as double) as median_days_to_adopt

    from joined

)

select * from final
