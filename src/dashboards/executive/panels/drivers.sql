{%- if not has_users -%}
select
    date_day,
    weekly_active_customers,
    paying_customers,
    customer_activity_rate,
    new_customers_28d,
    reactivated_customers_28d,
    churned_customers_28d,
    cast(0 as bigint) as transferred_customers_28d,
    signups_28d,
    new_customers_per_signup_28d,
    activation_rate_28d

from {{ ref('north_star_metrics') }}

where date_day in ({% for day in tree_days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor %})

order by date_day
{%- else -%}
with

days as (

    select date_day

    from {{ ref('north_star_metrics') }}

    where date_day in ({% for day in tree_days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor %})

),

active as (

    select
        days.date_day,
        count(*) as weekly_active_customers

    from serving.srv_active_customers as rows

    inner join days
        on
            rows.starts_on <= days.date_day
            and rows.ends_on > days.date_day

    where {{ users('rows') }}

    group by 1

),

customers as (

    select
        days.date_day,
        count(*) filter (where rows.change in ('new', 'reactivation', 'transfer_in'))
        - count(*) filter (where rows.change in ('churn', 'transfer_out')) as paying_customers,
        count(*) filter (
            where rows.change = 'new' and rows.date_day > days.date_day - 28
        ) as new_customers,
        count(*) filter (
            where rows.change = 'reactivation' and rows.date_day > days.date_day - 28
        ) as reactivated_customers,
        count(*) filter (
            where rows.change = 'churn' and rows.date_day > days.date_day - 28
        ) as churned_customers,
        -- Moves between the plans chosen and the others; over all plans there are none.
        count(*) filter (
            where rows.change = 'transfer_in' and rows.date_day > days.date_day - 28
        )
        - count(*) filter (
            where rows.change = 'transfer_out' and rows.date_day > days.date_day - 28
        ) as transferred_customers

    from serving.srv_customer_changes as rows

    inner join days
        on rows.date_day <= days.date_day

    where {{ users('rows') }}

    group by 1

),

-- Activation is judged on signups whose week is over.
signups as (

    select
        days.date_day,
        count(*) filter (where rows.signup_date > days.date_day - 28) as signups,
        count(*) filter (where rows.signup_date <= days.date_day - 8) as settled,
        count(*) filter (
            where rows.signup_date <= days.date_day - 8 and rows.is_activated
        ) as activated

    from serving.srv_users as rows

    inner join days
        on
            rows.signup_date <= days.date_day
            and rows.signup_date > days.date_day - 36

    where {{ signups('rows') }}

    group by 1

)

select
    days.date_day,
    coalesce(active.weekly_active_customers, 0) as weekly_active_customers,
    coalesce(customers.paying_customers, 0) as paying_customers,
    cast(coalesce(active.weekly_active_customers, 0) as double)
    / nullif(customers.paying_customers, 0) as customer_activity_rate,
    coalesce(customers.new_customers, 0) as new_customers_28d,
    coalesce(customers.reactivated_customers, 0) as reactivated_customers_28d,
    coalesce(customers.churned_customers, 0) as churned_customers_28d,
    coalesce(customers.transferred_customers, 0) as transferred_customers_28d,
    coalesce(signups.signups, 0) as signups_28d,
    cast(customers.new_customers as double)
    / nullif(signups.signups, 0) as new_customers_per_signup_28d,
    cast(signups.activated as double)
    / nullif(signups.settled, 0) as activation_rate_28d

from days

left join active
    on days.date_day = active.date_day

left join customers
    on days.date_day = customers.date_day

left join signups
    on days.date_day = signups.date_day

order by days.date_day
{%- endif %}
