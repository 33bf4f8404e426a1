{#- A dispute that is won counts where its money comes back. -#}
select
    rows.date_month,
    count(*) filter (where rows.status = 'refunded') as refunds,
    cast(
        coalesce(sum(rows.amount_cents) filter (where rows.status = 'refunded'), 0) as bigint
    ) as refunded_cents,
    count(*) filter (where rows.status = 'disputed') as disputes,
    cast(
        coalesce(sum(rows.amount_cents) filter (where rows.status = 'disputed'), 0)
        - coalesce(sum(rows.amount_cents) filter (where rows.status = 'dispute_won'), 0) as bigint
    ) as disputed_cents,
    cast(coalesce(sum(rows.gross_cents), 0) as bigint) as gross_cents

from {{ 'serving.srv_payments' if has_users else ref('fct_payments') }} as rows

where
    {{ months('rows.date_month') }}
    and {{ users('rows') }}

group by rows.date_month

order by rows.date_month
