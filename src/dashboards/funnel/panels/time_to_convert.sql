{#- How long people took from the signup to a step. -#}
with

bins (bin_number, from_secs, to_secs, time_taken) as (

    values
    {%- for to_secs in bin_ends %}
    {%- set from_secs = 0 if loop.first else bin_ends[loop.index0 - 1] %}
    ({{ loop.index }}, {{ from_secs }}, {{ to_secs }}, '{{ bin_names[loop.index0] }}')
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

),

counted as (

    select
        count(*) as everyone,
        median(users.secs_to_{{ step }}) as median_secs,
        quantile_cont(users.secs_to_{{ step }}, 0.9) as p90_secs,
        -- By the last second of each bin.
        histogram(users.secs_to_{{ step }}, [
            {% for to_secs in bin_ends %}{{ to_secs - 1 }}{% if not loop.last %}, {% endif %}{% endfor %}
        ]) as people

    from serving.srv_funnel_users as users

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}
        and users.secs_to_{{ step }} < {{ window_secs }}

)

select
    bins.bin_number,
    bins.time_taken,
    coalesce(counted.people[bins.to_secs - 1], 0) as people,
    cast(coalesce(counted.people[bins.to_secs - 1], 0) as double)
        / nullif(counted.everyone, 0) as share,
    counted.median_secs / 3600 as median_hours,
    counted.p90_secs / 3600 as p90_hours,
    cast(
        coalesce(
            counted.median_secs >= bins.from_secs and counted.median_secs < bins.to_secs, false
        ) as int
    ) as holds_median

from bins

cross join counted

order by bins.bin_number
