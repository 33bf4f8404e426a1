{% set segment_types = ['all', 'channel'] %}

-- One CAC for a month and a segment, whoever reads it
-- (decision 0028). Campaigns bill their channel: nobody knows the country, the size or
-- the plan of those who clicked and never signed up (decision 0144).

with

users as (

    select
        user_id,
        channel

    from {{ ref('stg_users') }}

),

spend as (

    select
        spend_month as date_month,
        channel,
        sum(cost_cents) as spend_cents,
        0 as first_payers

    from {{ ref('stg_ad_spend') }}

    group by
        spend_month,
        channel

),

-- Who paid for the first time in a month: money that came, not a bill that failed.
first_payers as (

    select
        {{ month_start('lifecycles.first_paid_at') }} as date_month,
        users.channel,
        cast(null as bigint) as spend_cents,
        1 as first_payers

    from {{ ref('int_user_lifecycle') }} as lifecycles

    inner join users
        on lifecycles.user_id = users.user_id

    where lifecycles.first_paid_at is not null

),

spend_and_payers as (

    select * from spend

    union all

    select * from first_payers

),

aggregated as (

    select
        date_month,
        segment_type,
        segment_value,
        sum(spend_cents) as spend_cents,
        sum(first_payers) as first_payers

    from ({{ rows_by_segment('spend_and_payers', ['date_month', 'spend_cents', 'first_payers'], segment_types) }}) as segmented

    group by
        date_month,
        segment_type,
        segment_value

),

final as (

    select
        cast(date_month as date) as date_month,
        cast(segment_type as string) as segment_type,
        cast(segment_value as string) as segment_value,
        cast(spend_cents as bigint) as spend_cents,
        cast(first_payers as bigint) as first_payers,
        cast(spend_cents as double) / nullif(first_payers, 0) as cac_cents

    from aggregated

)

select * from final
