-- What each attribution rule gives a touch and where the path goes next, for any choice of users, as
-- attribution_comparison does for all. The plan is the one chosen at signup; channel is the
-- signup's, touch_channel the touch's.

with

touches as (

    select
        *,
        lead(channel) over (
            partition by user_id
            order by touch_number
        ) as next_channel,
        row_number() over (
            partition by user_id, channel
            order by touch_number
        ) = 1 as is_first_of_channel

    from {{ ref('int_marketing_attributed') }}

),

with_channels as (

    select
        *,
        sum(case when is_first_of_channel then 1 else 0 end) over (partition by user_id)
            as count_channels

    from touches

),

users as (

    select
        *,
        first_paid_date is not null as is_converted

    from {{ ref('srv_users') }}

),

final as (

    select
        touches.touch_id,
        touches.user_id,
        users.signup_plan as plan,
        users.channel,
        users.country,
        users.size,
        users.segment,
        users.signup_date,
        {{ compact('touches.channel', 'channel') }} as touch_channel,
        touches.touch_number = 1 as is_first,
        {{ compact("coalesce(touches.next_channel, case when users.is_converted then 'converted' else 'lost' end)", 'next_state') }}
            as next_state,
        users.is_converted,
        touches.is_first_of_channel,
        touches.first_touch_weight,
        touches.last_touch_weight,
        touches.linear_weight,
        touches.position_weight,
        touches.time_decay_weight,
        case
            when touches.is_first_of_channel
                then cast(1 as double) / nullif(touches.count_channels, 0)
            else cast(0 as double)
        end as shapley_weight

    from with_channels as touches

    inner join users
        on touches.user_id = users.user_id

)

select * from final

order by signup_date
