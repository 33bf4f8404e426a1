-- Each run of paid periods, as subscription_survival counts it (decision 0118). The plan is the
-- run's first.

with

periods as (

    select
        *,
        row_number() over (
            partition by user_id, spell_number
            order by valid_from
        ) as period_number

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

spells as (

    select
        user_id,
        spell_number,
        max(case when period_number = 1 then plan end) as first_plan,
        min(valid_from_date) as started_date,
        max(valid_to_date) as ended_date,
        bool_or(is_churn) as is_churned,
        max(coalesce(valid_to_date, {{ as_of_date() }})) as seen_until

    from periods

    group by
        user_id,
        spell_number

),

users as (

    select * from {{ ref('srv_users') }}

),

final as (

    select
        spells.user_id,
        spells.spell_number,
        {{ compact('spells.first_plan', 'plan') }} as plan,
        users.channel,
        users.country,
        users.size,
        users.segment,
        spells.started_date,
        spells.ended_date,
        spells.is_churned,
        cast({{ whole_months('spells.started_date', 'spells.seen_until') }} as smallint)
            as months,
        {{ compact_number(share_of_next_month('spells.started_date', 'spells.seen_until')) }}
            as part

    from spells

    inner join users
        on spells.user_id = users.user_id

)

select * from final

order by started_date
