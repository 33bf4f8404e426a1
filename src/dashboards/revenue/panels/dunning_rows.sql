select
    rows.payment_id,
    users.full_name,
    rows.date_day,
    cast(rows.plan as varchar) as plan,
    rows.failure_code,
    rows.dunning_outcome,
    rows.amount_cents

from serving.srv_payments as rows

inner join {{ ref('dim_users') }} as users
    on rows.user_id = users.user_id

where
    rows.attempt_no = 1
    and rows.status not in ('refunded', 'disputed', 'dispute_won')
    {%- if reason %}
    and rows.failure_code = {{ quoted(reason) }}
    {%- else %}
    and rows.failure_code is not null
    {%- endif %}
    {%- if outcome %}
    and rows.dunning_outcome = {{ quoted(outcome) }}
    {%- endif %}
    and {{ days('rows.date_day') }}
    and {{ users('rows') }}
