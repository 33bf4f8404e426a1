{# The model explains the last list only. -#}

with

{{ list }},

flagged as (

    select * from list where probability >= {{ threshold_percent }} / 100.0

),

ranked as (

    select
        contributions.user_id,
        contributions.feature,
        contributions.value as feature_value,
        row_number() over (
            partition by contributions.user_id
            order by
                contributions.contribution desc,
                contributions.feature
        ) as place

    from ml.churn_contributions as contributions

    inner join flagged
        on contributions.user_id = flagged.user_id

    where
        contributions.contribution > 0
        and flagged.snapshot_date = (select max(snapshot_date) from serving.srv_churn_snapshots)

),

reasons as (

    select
        user_id,
        {%- for place in range(1, 4) %}
        max(feature) filter (where place = {{ place }}) as reason_{{ place }},
        -- A feature that a customer has not is no number.
        nullif(max(feature_value) filter (where place = {{ place }}), cast('nan' as double))
            as reason_{{ place }}_value,
        {%- endfor %}

    from ranked

    where place <= 3

    group by user_id

)

select
    flagged.user_id,
    dim_users.full_name,
    cast(flagged.plan as varchar) as plan,
    cast(flagged.size as varchar) as size,
    flagged.mrr_cents,
    flagged.probability,
    flagged.probability * flagged.mrr_cents as expected_loss_cents,
    flagged.health_score,
    reasons.* exclude (user_id),
    case when flagged.churn_date < flagged.snapshot_date + 90 then flagged.churn_date end
        as churn_date,
    flagged.is_label_known as is_fate_known,
    {%- if has_truth %}
    hazards.churn_probability as true_probability
    {%- else %}
    cast(null as double) as true_probability
    {%- endif %}

from flagged

inner join {{ ref('dim_users') }}
    on flagged.user_id = dim_users.user_id

left join reasons
    on flagged.user_id = reasons.user_id
{%- if has_truth %}

left join truth.hazards as hazards
    on
        flagged.user_id = hazards.user_id
        and flagged.snapshot_date = hazards.snapshot_date
{%- endif %}

order by
    expected_loss_cents desc,
    flagged.user_id
