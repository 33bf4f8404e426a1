{% set rules = ['first_touch', 'last_touch', 'linear', 'position', 'time_decay'] %}
{% set days_to_convert = 60 %}

-- By month: what a channel's campaigns cost, and what the people who signed up in the
-- month have brought since, shared out to channels by five rules.

with

touches as (

    select * from {{ ref('int_marketing_attributed') }}

),

lifecycles as (

    select
        user_id,
        first_paid_at is not null as is_customer,
        mrr_cents

    from {{ ref('int_user_lifecycle') }}

),

-- What a customer brought in a month at first.
first_prices as (

    select
        user_id,
        min_by(monthly_price_cents, valid_from) as first_mrr_cents

    from {{ ref('int_subscription_periods') }}

    where is_paid

    group by user_id

),

payments_aggregated_to_users as (

    select
        user_id,
        sum(net_cents) as revenue_cents

    from {{ ref('int_revenue_normalized') }}

    group by user_id

),

touches_with_outcomes as (

    select
        touches.*,
        case when lifecycles.is_customer then 1 else 0 end as is_customer,
        coalesce(lifecycles.mrr_cents, 0) as mrr_cents,
        case
            when lifecycles.is_customer then coalesce(first_prices.first_mrr_cents, 0)
            else 0
        end as first_mrr_cents,
        coalesce(payments.revenue_cents, 0) as revenue_cents

    from touches

    left join lifecycles
        on touches.user_id = lifecycles.user_id

    left join first_prices
        on touches.user_id = first_prices.user_id

    left join payments_aggregated_to_users as payments
        on touches.user_id = payments.user_id

),

spend as (

    select
        channel,
        spend_month,
        sum(cost_cents) as spend_cents,
        sum(clicks) as clicks

    from {{ ref('stg_ad_spend') }}

    group by
        channel,
        spend_month

),

touches_aggregated_to_months as (

    select
        channel,
        signup_month,
        count(*) as touches,
        count(case when is_converting_touch then 1 end) as signups,
        sum(case when is_converting_touch then is_customer else 0 end) as customers,
        sum(case when is_converting_touch then mrr_cents else 0 end) as mrr_cents,
        sum(case when is_converting_touch then first_mrr_cents else 0 end)
            as first_mrr_cents,
        {% for rule in rules %}
        sum({{ rule }}_weight) as {{ rule }}_signups,
        sum({{ rule }}_weight * is_customer) as {{ rule }}_customers,
        sum({{ rule }}_weight * revenue_cents) as {{ rule }}_revenue_cents{% if not loop.last %},{% endif %}

        {% endfor %}

    from touches_with_outcomes

    group by
        channel,
        signup_month

),

-- A channel without campaigns has touches alone, a month before the first signup spend alone.
aggregated as (

    select
        coalesce(spend.channel, touches.channel) as channel,
        coalesce(spend.spend_month, touches.signup_month) as date_month,
        coalesce(spend.spend_cents, 0) as spend_cents,
        coalesce(spend.clicks, 0) as clicks,
        coalesce(touches.touches, 0) as touches,
        coalesce(touches.signups, 0) as signups,
        coalesce(touches.customers, 0) as customers,
        coalesce(touches.mrr_cents, 0) as mrr_cents,
        coalesce(touches.first_mrr_cents, 0) as first_mrr_cents,
        {% for rule in rules %}
        coalesce(touches.{{ rule }}_signups, 0) as {{ rule }}_signups,
        coalesce(touches.{{ rule }}_customers, 0) as {{ rule }}_customers,
        coalesce(touches.{{ rule }}_revenue_cents, 0) as {{ rule }}_revenue_cents{% if not loop.last %},{% endif %}

        {% endfor %}

    from spend

    full outer join touches_aggregated_to_months as touches
        on
            spend.channel = touches.channel
            and spend.spend_month = touches.signup_month

),

-- Signups that may still pay are no failures: a month is judged when its last
-- signup has had {{ days_to_convert }} days.
judged as (

    select
        *,
        {{ day_diff('last_day(date_month)', as_of_date()) }} >= {{ days_to_convert }}
            as is_payment_window_over

    from aggregated

),

final as (

    select
        cast(channel as string) as channel,
        cast(date_month as date) as date_month,
        cast(spend_cents as bigint) as spend_cents,
        cast(clicks as bigint) as clicks,
        cast(touches as bigint) as touches,
        cast(signups as bigint) as signups,
        cast(customers as bigint) as customers,
        cast(mrr_cents as bigint) as mrr_cents,
        cast(first_mrr_cents as bigint) as first_mrr_cents,
        cast(is_payment_window_over as boolean) as is_payment_window_over,
        cast(spend_cents as double) / nullif(signups, 0) as cost_per_signup_cents,
        case
            when is_payment_window_over then cast(spend_cents as double) / nullif(customers, 0)
        end as cost_per_customer_cents,
        -- Cost per customer over the margin that a customer brings in a month at
        -- first; the number of customers cancels out.
        case
            when is_payment_window_over
                then cast(spend_cents as double) / nullif(first_mrr_cents * {{ var('gross_margin') }}, 0)
        end as payback_months,
        {% for rule in rules %}
        cast({{ rule }}_signups as double) as {{ rule }}_signups,
        cast({{ rule }}_customers as double) as {{ rule }}_customers,
        cast({{ rule }}_revenue_cents as double) as {{ rule }}_revenue_cents,
        case
            when is_payment_window_over then cast(spend_cents as double) / nullif({{ rule }}_customers, 0)
        end as {{ rule }}_cost_per_customer_cents,
        cast({{ rule }}_revenue_cents as double) / nullif(spend_cents, 0)
            as {{ rule }}_roas{% if not loop.last %},{% endif %}

        {% endfor %}

    from judged

)

select * from final
