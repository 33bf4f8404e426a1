-- What panels of the Funnel page must show, by link, panel, row and column: from the models, or
-- straight from staging, never from the serving layer.

with

steps as (

    select
        case when segment_type = 'all' then 'range=all' else 'range=all&channel=referral' end as link,
        'funnel' as panel,
        'all|' || step_number as row_key,
        unnest(['reached', 'still_in_window', 'dropped']) as measure,
        cast(unnest([sum(reached), sum(still_in_window), sum(dropped)]) as double) as figure

    from advanced.funnel_analysis

    where
        segment_type = 'all'
        or (segment_type = 'channel' and segment_value = 'referral')

    group by
        segment_type,
        step_number

),

segments as (

    select
        'range=all&by=size' as link,
        'funnel-segments' as panel,
        segment_value || '|' || step_number as row_key,
        'reached' as measure,
        cast(sum(reached) as double) as figure

    from advanced.funnel_analysis

    where segment_type = 'company_size'

    group by
        segment_value,
        step_number

),

activation as (

    select
        'range=all' as link,
        'activation' as panel,
        channel as row_key,
        'activation_rate' as measure,
        cast(sum(activated_signups) as double) / sum(eligible_signups) as figure

    from marts.fct_activation

    group by channel

),

some_activation as (

    select
        'range=all&country=US&size=1-10' as link,
        'activation' as panel,
        users.channel as row_key,
        'activated' as measure,
        cast(count(*) filter (where lifecycles.is_activated) as double) as figure

    from intermediate.int_user_lifecycle as lifecycles

    inner join staging.stg_users as users
        on lifecycles.user_id = users.user_id

    where
        users.country = 'US'
        and users.company_size = '1-10'
        and lifecycles.is_activation_window_over

    group by users.channel

),

attribution as (

    select
        'range=all' as link,
        'attribution' as panel,
        channel || '|' || attribution_model as row_key,
        'share' as measure,
        share as figure

    from advanced.attribution_comparison

),

some_attribution as (

    select
        'range=all&country=US' as link,
        'attribution' as panel,
        touches.channel || '|time_decay' as row_key,
        'conversions' as measure,
        sum(touches.time_decay_weight) as figure

    from intermediate.int_marketing_attributed as touches

    inner join intermediate.int_user_lifecycle as lifecycles
        on touches.user_id = lifecycles.user_id

    inner join staging.stg_users as users
        on touches.user_id = users.user_id

    where
        users.country = 'US'
        and lifecycles.first_paid_at is not null

    group by touches.channel

),

experiment as (

    select
        'range=all&by=size' as link,
        'experiment' as panel,
        segment_value as row_key,
        unnest(['difference_lower', 'p_value', 'srm_p_value']) as measure,
        unnest([difference_lower, p_value, srm_p_value]) as figure

    from marts.fct_experiment_results

    where
        variant = 'treatment'
        and segment_type in ('all', 'company_size')

)

select * from steps
union all
select * from segments
union all
select * from activation
union all
select * from some_activation
union all
select * from attribution
union all
select * from some_attribution
union all
select * from experiment
