{#- Each day's revenue, what is usual for it, who takes it for unusual, and, with truth shown, what was planted. -#}
select
    flags.date_day,
    flags.revenue_cents,
    flags.usual_revenue_cents,
    flags.is_anomaly as is_flagged,
    forest.score as forest_score,
    coalesce(forest.is_anomaly, false) as is_called,
    flags.charges,
    {%- if is_truth_shown %}
    cast(truth.kind as varchar) as planted_kind,
    truth.factor as planted_factor,
    outages.date is not null as is_after_outage
    {%- else %}
    cast(null as varchar) as planted_kind,
    cast(null as double) as planted_factor,
    false as is_after_outage
    {%- endif %}

from {{ ref('anomaly_flags') }} as flags

left join ml.revenue_anomalies as forest
    on flags.date_day = forest.date

{%- if is_truth_shown %}

left join truth.anomaly_days as truth
    on flags.date_day = truth.date

left join truth.anomaly_days as outages
    on
        flags.date_day = outages.last_date
        and outages.kind = 'outage'
{%- endif %}

where {{ days('flags.date_day') }}

order by flags.date_day
