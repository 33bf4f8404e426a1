-- What panels of the Revenue page must show, by link, panel, row and column: from staging, payments
-- and the customers' months, never from the serving layer.

with

users as (

    select * from staging.stg_users

),

months as (

    select
        months.*,
        users.channel,
        users.country

    from marts.fct_customer_mrr_monthly as months

    inner join users
        on months.user_id = users.user_id

),

links as (

    select
        'range=all' as link,
        '%' as country,
        '%' as channel
    union all
    select
        'range=all&country=US' as link,
        'US' as country,
        '%' as channel
    union all
    select
        'range=all&country=US&channel=organic_search' as link,
        'US' as country,
        'organic_search' as channel

),

chosen_months as (

    select
        links.link,
        months.*

    from links

    inner join months
        on
            months.country like links.country
            and months.channel like links.channel

),

waterfall as (

    select
        link,
        'waterfall' as panel,
        cast(date_month as varchar) as row_key,
        unnest([
            'new_mrr_cents', 'expansion_mrr_cents', 'churn_mrr_cents', 'churn_customers',
            'closing_mrr_cents'
        ]) as measure,
        unnest([
            cast(coalesce(sum(movement_amount_cents) filter (where movement = 'new'), 0) as double),
            cast(
                coalesce(sum(movement_amount_cents) filter (where movement = 'expansion'), 0)
                as double
            ),
            cast(
                coalesce(sum(movement_amount_cents) filter (where movement = 'churn'), 0) as double
            ),
            cast(count(*) filter (where movement = 'churn') as double),
            cast(sum(mrr_cents) as double)
        ]) as figure

    from chosen_months

    group by
        link,
        date_month

    having sum(mrr_cents) > 0

),

plans as (

    select
        link,
        'revenue-plans' as panel,
        date_month || '|' || plan as row_key,
        'mrr_cents' as measure,
        cast(sum(mrr_cents) as double) as figure

    from chosen_months

    where mrr_cents > 0

    group by
        link,
        date_month,
        plan

),

-- Who paid a year before, with what they paid then and pay now.
retained as (

    select
        base.link,
        'revenue-retention' as panel,
        cast(cast(base.date_month + interval 12 month as date) as varchar) as row_key,
        unnest(['nrr', 'grr', 'base_customers']) as measure,
        unnest([
            cast(sum(coalesce(today.mrr_cents, 0)) as double) / sum(base.mrr_cents),
            cast(sum(least(coalesce(today.mrr_cents, 0), base.mrr_cents)) as double)
            / sum(base.mrr_cents),
            cast(count(*) as double)
        ]) as figure

    from chosen_months as base

    left join marts.fct_customer_mrr_monthly as today
        on
            base.user_id = today.user_id
            and today.date_month = cast(base.date_month + interval 12 month as date)

    where
        base.mrr_cents > 0
        and base.date_month + interval 12 month <= (
            select max(fct_mrr.date_month) from marts.fct_mrr
        )

    group by
        base.link,
        base.date_month

),

chosen_payments as (

    select
        links.link,
        payments.*

    from links

    inner join marts.fct_payments as payments
        on
            payments.country like links.country
            and payments.channel like links.channel

),

-- Charges by why they failed at first; the first attempt has the reason.
dunning as (

    select
        link,
        'dunning' as panel,
        failure_code || '|' || dunning_outcome as row_key,
        'charges' as measure,
        cast(count(distinct charge_id) as double) as figure

    from chosen_payments

    where
        failure_code is not null
        and attempt_no = 1
        and dunning_outcome not in ('refund', 'dispute')

    group by
        link,
        failure_code,
        dunning_outcome

),

refunds as (

    select
        links.link,
        'refunds' as panel,
        cast(cast(date_trunc('month', payments.attempted_date) as date) as varchar) as row_key,
        unnest(['refunds', 'refunded_cents', 'disputes', 'disputed_cents']) as measure,
        unnest([
            cast(count(*) filter (where payments.status = 'refunded') as double),
            cast(coalesce(sum(payments.amount_cents) filter (where payments.status = 'refunded'), 0) as double),
            cast(count(*) filter (where payments.status = 'disputed') as double),
            cast(
                coalesce(sum(payments.amount_cents) filter (where payments.status = 'disputed'), 0)
                - coalesce(sum(payments.amount_cents) filter (where payments.status = 'dispute_won'), 0) as double
            )
        ]) as figure

    from links

    inner join users
        on
            users.country like links.country
            and users.channel like links.channel

    inner join staging.stg_payments as payments
        on users.user_id = payments.user_id

    where payments.status in ('refunded', 'disputed', 'dispute_won')

    group by
        links.link,
        date_trunc('month', payments.attempted_date)

),

anomalies as (

    select
        'range=all' as link,
        'revenue-anomalies' as panel,
        cast(attempted_date as varchar) as row_key,
        'revenue_cents' as measure,
        cast(sum(amount_cents) as double) as figure

    from staging.stg_payments

    where status = 'succeeded'

    group by attempted_date

)

select * from waterfall
union all
select * from plans
union all
select * from retained
union all
select * from dunning
union all
select * from refunds
union all
select * from anomalies
