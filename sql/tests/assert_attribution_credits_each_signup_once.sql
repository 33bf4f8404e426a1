-- Each rule shares out exactly one credit a signup.

select
    user_id,
    sum(first_touch_weight) as first_touch_credit,
    sum(last_touch_weight) as last_touch_credit,
    sum(linear_weight) as linear_credit,
    sum(position_weight) as position_credit,
    sum(time_decay_weight) as time_decay_credit

from {{ ref('int_marketing_attributed') }}

group by user_id

having
    abs(sum(first_touch_weight) - 1) > 0.000000001
    or abs(sum(last_touch_weight) - 1) > 0.000000001
    or abs(sum(linear_weight) - 1) > 0.000000001
    or abs(sum(position_weight) - 1) > 0.000000001
    or abs(sum(time_decay_weight) - 1) > 0.000000001
