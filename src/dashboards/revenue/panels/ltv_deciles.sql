{#- Hold-out users whose year is over, in tenths of their predicted value, the lowest first; with a `decile`, the
users of one tenth. -#}
with

placed as (

    select
        predictions.user_id,
        predictions.predicted_cents,
        predictions.lower_cents,
        predictions.upper_cents,
        predictions.actual_cents,
        -- The tenth in which the middle of the equal predictions stands: equal ones share it.
        cast(
            1 + floor(
                10 * (
                    2 * (rank() over (order by predictions.predicted_cents) - 1)
                    + count(*) over (partition by predictions.predicted_cents)
                ) / (2 * count(*) over ())
            ) as bigint
        ) as decile

    from ml.ltv_predictions as predictions

    {%- if has_users %}

    inner join serving.srv_users as rows
        on predictions.user_id = rows.user_id
    {%- endif %}

    where
        predictions.is_holdout
        and predictions.actual_cents is not null
        and {{ signups('rows') }}

)

{% if decile -%}
select
    users.user_id,
    users.full_name,
    cast(users.channel as varchar) as channel,
    cast(users.country as varchar) as country,
    placed.predicted_cents,
    placed.lower_cents,
    placed.upper_cents,
    placed.actual_cents

from placed

inner join {{ ref('dim_users') }} as users
    on placed.user_id = users.user_id

where placed.decile = {{ decile }}
{%- else -%}
select
    decile,
    count(*) as users,
    cast(avg(predicted_cents) as double) as mean_predicted_cents,
    cast(avg(actual_cents) as double) as mean_actual_cents,
    cast(sum(actual_cents) as bigint) as actual_cents

from placed

group by decile

order by decile
{%- endif %}
