-- What the tiles of the Executive page must show, by the tile's test id. Where a figure can be had
-- on another way than the page's own, it is.

with

last_month as (

    select max(date_month) as date_month from marts.fct_mrr

)

select
    (
        select sum(mrr_cents)
        from marts.fct_customer_mrr_monthly
        inner join last_month using (date_month)
    )::bigint as "kpi-mrr",
    (
        select sum(mrr_cents) * 12
        from marts.fct_mrr
        inner join last_month using (date_month)
    )::bigint as "kpi-arr",
    retention.nrr as "kpi-nrr",
    (
        select count(distinct user_id)
        from staging.stg_events
        where event_date > (select max(date_day) from marts.fct_daily_active_users) - 30
    )::bigint as "kpi-active-users",
    (
        select count(*)
        from staging.stg_users
        inner join last_month on stg_users.cohort_month = last_month.date_month
    )::bigint as "kpi-signups",
    (
        select
            sum(greatest(movement_amount_cents, 0))::double
            / nullif(-sum(least(movement_amount_cents, 0)), 0)::double
        from marts.fct_customer_mrr_monthly
        inner join last_month using (date_month)
    ) as "kpi-quick-ratio",
    retention.ltv_to_cac as "kpi-ltv-to-cac"

from advanced.revenue_retention as retention

inner join last_month using (date_month)

where retention.cohort = 'all' and retention.segment_type = 'all'
