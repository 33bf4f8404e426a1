with

lifecycles as (

    select * from {{ ref('int_user_lifecycle') }}

),

users as (

    select
        user_id,
        channel

    from {{ ref('stg_users') }}

),

aggregated as (

    select
        lifecycles.cohort_month,
        users.channel,
        count(*) as signups,
        count(case when lifecycles.is_activation_window_over then 1 end)
            as eligible_signups,
        count(
            case
                when
                    lifecycles.is_activation_window_over
                    and lifecycles.is_activated
                    then 1
            end
        ) as activated_signups,
        median(
            case
                when lifecycles.is_activation_window_over
                    then lifecycles.hours_to_activation
            end
        ) as median_hours_to_activation

    from lifecycles

    inner join users
        on lifecycles.user_id = users.user_id

    group by
        lifecycles.cohort_month,
        users.channel

),

final as (

    select
        cohort_month,
        cast(channel as string) as channel,
        cast(signups as bigint) as signups,
        cast(eligible_signups as bigint) as eligible_signups,
        cast(activated_signups as bigint) as activated_signups,
        cast(activated_signups as double) / nullif(eligible_signups, 0)
            as activation_rate,
        cast(median_hours_to_activation as double) as median_hours_to_activation,
        cast(eligible_signups = signups as boolean) as is_complete

    from aggregated

)

select * from final
