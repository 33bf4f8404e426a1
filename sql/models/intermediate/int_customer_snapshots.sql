{% set count_snapshots = 24 %}
{% set days_of_recent_change = 90 %}

-- A snapshot is the first instant that it does not know: snapshot 0 is the end of
-- as_of, so that it sees block 0 as its last 30 days, and snapshot 1 sees block 1.

with

snapshot_numbers as (

    select {{ explode_range(count_snapshots) }} as snapshot_number

),

snapshots as (

    select
        cast(snapshot_number as int) as snapshot_number,
        {{ as_of_date() }} + cast(1 as int)
            - cast(snapshot_number * {{ block_days() }} as int) as snapshot_date

    from snapshot_numbers

),

paid_periods as (

    select
        *,
        min(valid_from_date) over by_user as first_paid_date,
        min(valid_from_date) over by_spell as spell_started_date,
        max(case when is_churn then valid_to end) over by_spell as churned_at

    from {{ ref('int_subscription_periods') }}

    where is_paid

    window
        by_user as (partition by user_id),
        by_spell as (partition by user_id, spell_number)

),

-- A period is the customer's at every snapshot after its start and not after its end.
customers as (

    select
        paid_periods.*,
        snapshots.snapshot_number,
        snapshots.snapshot_date,
        {{ day_diff('paid_periods.spell_started_date', 'snapshots.snapshot_date') }}
            as tenure_days,
        {{ day_diff('paid_periods.valid_from_date', 'snapshots.snapshot_date') }}
            as days_since_last_change,
        -- The end of the term in which the snapshot lies.
        cast(
            paid_periods.billing_months * (
                1 + floor(
                    {{ whole_months('paid_periods.spell_started_date', 'snapshots.snapshot_date') }}
                    / cast(nullif(paid_periods.billing_months, 0) as double)
                )
            ) as int
        ) as months_to_renewal

    from paid_periods

    cross join snapshots

    where
        paid_periods.valid_from < cast(snapshots.snapshot_date as timestamp)
        and (
            paid_periods.valid_to is null
            or paid_periods.valid_to >= cast(snapshots.snapshot_date as timestamp)
        )

),

final as (

    select
        user_id,
        snapshot_number,
        cast(snapshot_date as date) as snapshot_date,
        cast(plan as string) as plan,
        cast(seats as int) as seats,
        cast(billing_interval as string) as billing_interval,
        billing_months,
        cast(monthly_price_cents as bigint) as mrr_cents,
        {{ day_diff('first_paid_date', 'snapshot_date') }} as days_since_first_payment,
        tenure_days,
        days_since_last_change,
        cast(spell_number - 1 as int) as count_reactivations,
        case
            when billing_months > 1
                then {{ day_diff('snapshot_date', add_months('spell_started_date', 'months_to_renewal')) }}
        end as days_to_renewal,
        cast(
            case
                when
                    days_since_last_change <= {{ days_of_recent_change }}
                    and movement in ('expansion', 'contraction')
                    then price_change_cents
                else 0
            end as bigint
        ) as mrr_change_90d_cents,
        {{ block_number('spell_started_date') }} as spell_started_block,
        valid_from as last_changed_at,
        churned_at

    from customers

)

select * from final
