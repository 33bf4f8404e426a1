-- Every marketing touch, with what each attribution rule gives it and where the path goes next, for
-- any choice of users (as advanced.attribution_comparison does for all of them). The plan is the one
-- chosen at signup; channel is the signup's, touch_channel the touch's.
with

touches as (

    select
        *,
        lead(channel) over by_path as next_channel,
        row_number() over (
            partition by user_id, channel
            order by touch_number
        ) = 1 as is_first_of_channel

    from intermediate.int_marketing_attributed

    window by_path as (
        partition by user_id
        order by touch_number
    )

),

with_channels as (

    select
        *,
        sum(cast(is_first_of_channel as int)) over (partition by user_id) as count_channels

    from touches

)

select
    touches.user_id,
    try_cast(
        dim_users.initial_plan as enum ('free', 'starter', 'professional', 'enterprise')
    ) as plan,
    users.channel,
    users.country,
    users.size,
    users.segment,
    users.signup_date,
    try_cast(
        touches.channel
        as enum (
            'organic_search', 'direct', 'referral', 'content', 'email', 'paid_search',
            'paid_social', 'partner'
        )
    ) as touch_channel,
    touches.touch_number = 1 as is_first,
    try_cast(
        case
            when touches.next_channel is not null then touches.next_channel
            when users.first_paid_date is not null then 'converted'
            else 'lost'
        end
        as enum (
            'organic_search', 'direct', 'referral', 'content', 'email', 'paid_search',
            'paid_social', 'partner', 'converted', 'lost'
        )
    ) as next_state,
    users.first_paid_date is not null as is_converted,
    touches.is_first_of_channel,
    touches.first_touch_weight,
    touches.last_touch_weight,
    touches.linear_weight,
    touches.position_weight,
    touches.time_decay_weight,
    case
        when touches.is_first_of_channel then cast(1 as double) / touches.count_channels
        else 0
    end as shapley_weight

from with_channels as touches

inner join rollups.users as users
    on touches.user_id = users.user_id

inner join marts.dim_users as dim_users
    on touches.user_id = dim_users.user_id

order by users.signup_date
