{#- How many of each channel's signups activated within seven days. -#}
{%- macro activated_of(in_range) -%}
    select
        users.channel,
        count(*) as eligible,
        count(*) filter (where users.is_activated) as activated,
        median(users.hours_to_activation) as median_hours

    from serving.srv_funnel_users as users

    where
        {{ in_range }}
        and {{ users('users') }}
        and users.is_activation_window_over

    group by 1
{%- endmacro -%}

with

now as (

    {{ activated_of(days('users.signup_date')) }}

),

{% if is_compared -%}
previous as (

    {{ activated_of(days_before('users.signup_date')) }}

),

{% endif -%}
intervals as (

    select
        *,
        cast(activated as double) / nullif(eligible, 0) as rate,
        {{ wilson_lower('activated', 'eligible') | indent(4) }} as rate_lower,
        {{ wilson_upper('activated', 'eligible') | indent(4) }} as rate_upper

    from now

)

select
    cast(intervals.channel as varchar) as channel,
    intervals.eligible,
    intervals.activated,
    intervals.rate as activation_rate,
    intervals.rate_lower,
    intervals.rate_upper,
    {% if is_compared %}cast(previous.activated as double) / nullif(previous.eligible, 0)
    {%- else %}cast(null as double){% endif %} as previous_activation_rate,
    intervals.median_hours

from intervals
{%- if is_compared %}

left join previous
    on intervals.channel = previous.channel
{%- endif %}

order by
    activation_rate desc,
    intervals.channel
