{#- How many people of each of the largest segments came back in each period. -#}
{%- set most_segments = 6 -%} {#- as many as a panel can tell apart by colour -#}
with

largest as (

    select users.{{ by }} as segment_value

    from serving.srv_retention_users as users

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}

    group by 1

    order by
        count(*) desc,
        1

    limit {{ most_segments }}

),

counted as (

    select
        users.{{ by }} as segment_value,
        periods.period,
        count(*) filter (
            where {{ observed }}
        ) as eligible,
        count(*) filter (
            where
                {{ came_back | indent(16) }}
        ) as retained

    from serving.srv_retention_users as users

    inner join serving.srv_retention_periods as periods
        on users.days_observed >= periods.period * {{ days_in_period }}

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}
        and periods.period <= {{ last_period }}

    group by 1, 2

)

select
    cast(segment_value as varchar) as segment_value,
    cast(period as int) as period,
    eligible,
    retained,
    cast(retained as double) / nullif(eligible, 0) as retention_rate

from counted

where
    segment_value in (select segment_value from largest)

-- Periods that only a few have been observed through are noise.
qualify
    eligible > 0
    and eligible * {{ least_observed }} >= max(eligible) over (partition by segment_value)

order by
    segment_value,
    period
