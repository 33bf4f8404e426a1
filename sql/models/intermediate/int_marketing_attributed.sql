{% set half_life_days = 7 %}

with

touches as (

    select * from {{ ref('stg_marketing_touches') }}

),

users as (

    select
        user_id,
        signed_up_at

    from {{ ref('stg_users') }}

),

paths as (

    select
        touches.*,
        users.signed_up_at,
        row_number() over (
            partition by touches.user_id
            order by touches.touched_at nulls last, touches.touch_id
        ) as touch_number,
        count(*) over (partition by touches.user_id) as path_length,
        -- Halves every {{ half_life_days }} days before the signup.
        power(
            cast(2 as double),
            - cast(
                {{ epoch_s('users.signed_up_at') }}
                - {{ epoch_s('touches.touched_at') }} as double
            ) / ({{ half_life_days }} * 86400)
        ) as decay

    from touches

    inner join users
        on touches.user_id = users.user_id

),

normalized as (

    select
        *,
        sum(decay) over (partition by user_id) as path_decay

    from paths

),

final as (

    select
        touch_id,
        user_id,
        touched_at,
        signed_up_at,
        {{ month_start('signed_up_at') }} as signup_month,
        channel,
        campaign,
        touch_type,
        cost_cents,
        is_converting_touch,
        cast(touch_number as int) as touch_number,
        cast(path_length as int) as path_length,
        cast(case when touch_number = 1 then 1 else 0 end as double)
            as first_touch_weight,
        cast(case when touch_number = path_length then 1 else 0 end as double)
            as last_touch_weight,
        cast(1 as double) / nullif(path_length, 0) as linear_weight,
        cast(
            case
                when path_length = 1 then 1.0
                when path_length = 2 then 0.5
                when touch_number in (1, path_length) then 0.4
                else cast(0.2 as double) / nullif(path_length - 2, 0)
            end as double
        ) as position_weight,
        -- A path so old that every decay rounds to 0 is credited evenly.
        case
            when path_decay > 0 then decay / nullif(path_decay, 0)
            else cast(1 as double) / nullif(path_length, 0)
        end as time_decay_weight

    from normalized

)

select * from final
