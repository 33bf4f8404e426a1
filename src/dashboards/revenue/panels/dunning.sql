select
    rows.failure_code,
    rows.dunning_outcome,
    count(*) as charges,
    cast(sum(rows.amount_cents) as bigint) as amount_cents

from {{ 'serving.srv_payments' if has_users else ref('fct_payments') }} as rows

where
    rows.attempt_no = 1
    and rows.status not in ('refunded', 'disputed', 'dispute_won')
    and {{ days('rows.date_day' if has_users else 'rows.attempted_date') }}
    and {{ users('rows') }}

group by
    rows.failure_code,
    rows.dunning_outcome

order by
    charges desc,
    rows.failure_code,
    rows.dunning_outcome
