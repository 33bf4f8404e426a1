-- The base of net and gross revenue retention: whoever paid twelve months before, what they paid
-- then and what they pay now. The plan is the base's.
select
    base.user_id,
    cast(base.date_month + interval 12 month as date) as date_month,
    base.mrr_cents as base_mrr_cents,
    coalesce(today.mrr_cents, 0) as mrr_cents,
    least(coalesce(today.mrr_cents, 0), base.mrr_cents) as kept_mrr_cents,
    base.plan,
    base.channel,
    base.country,
    base.size,
    base.segment

from rollups.mrr_months as base

left join rollups.mrr_months as today
    on
        base.user_id = today.user_id
        and today.date_month = cast(base.date_month + interval 12 month as date)

where
    base.mrr_cents > 0
    and base.date_month + interval 12 month <= (
        select max(fct_mrr.date_month) from marts.fct_mrr
    )

order by 2
