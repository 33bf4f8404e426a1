{#- How many of each cohort came back in each period, and of all cohorts together. -#}
{%- macro first_day_of(cohort_index) -%}
    {%- if grain == 'week' -%}
        date '2000-01-03' + cast({{ cohort_index }} as int) * 7
    {%- else -%}
        cast(date '2000-01-01' + to_months({{ cohort_index }}) as date)
    {%- endif -%}
{%- endmacro -%}
with

counted as (

    select
        users.{{ grain }}_index
        {%- if cohort == 'quarter' %} - users.{{ grain }}_index % 3{% endif %} as cohort_index,
        periods.period,
        count(*) as started,
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

),

cohorts as (

    select
        {{ first_day_of('cohort_index') }} as cohort_date,
        period,
        max(started) over (partition by cohort_index) as cohort_size,
        eligible,
        retained,
        eligible = max(started) over (partition by cohort_index)
        and {{ first_day_of('cohort_index + ' ~ cohort_length) }} - 1 <= date '{{ as_of }}'
            as is_complete

    from counted

    where cohort_index > (select max(cohort_index) - {{ most_cohorts * cohort_length }} from counted)

),

with_all as (

    select
        cast(null as date) as cohort_date,
        period,
        cast(sum(cohort_size) as bigint) as cohort_size,
        cast(sum(eligible) as bigint) as eligible,
        cast(sum(retained) as bigint) as retained,
        true as is_complete

    from cohorts

    -- What is observed in part is left out of the mean.
    where is_complete

    group by period

    union all

    select * from cohorts

)

select
    cohort_date,
    cast(period as int) as period,
    cohort_size,
    eligible,
    retained,
    cast(retained as double) / nullif(eligible, 0) as retention_rate,
    is_complete

from with_all

order by
    cohort_date nulls first,
    period
