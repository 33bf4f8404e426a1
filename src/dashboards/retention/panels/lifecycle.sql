{#- How many people were in each state at each month's end. -#}
with

changed as (

    select
        changes.month_index,
        changes.previous_state,
        changes.state,
        count(*) as users

    from serving.srv_lifecycle_changes as changes

    where {{ users('changes') }}

    group by 1, 2, 3

),

months as (

    select unnest(range(min(month_index), {{ last_month_index }} + 1)) as month_index

    from changed

),

net as (

    select
        months.month_index,
        {%- for state in states %}
        coalesce(sum(changed.users) filter (where changed.state = '{{ state }}'), 0)
            - coalesce(sum(changed.users) filter (where changed.previous_state = '{{ state }}'), 0)
            as {{ state }},
        {%- endfor %}
        coalesce(
            sum(changed.users) filter (
                where
                    changed.previous_state in ('dormant', 'churned')
                    and changed.state in ('new', 'active', 'at_risk')
            ), 0
        ) as returned

    from months

    left join changed
        on months.month_index = changed.month_index

    group by 1

),

running as (

    select
        cast(date '2000-01-01' + to_months(cast(month_index as int)) as date) as date_month,
        {%- for state in states %}
        cast(sum({{ state }}) over so_far as bigint) as {{ state }},
        {%- endfor %}
        cast(returned as bigint) as returned

    from net

    window so_far as (
        order by month_index
        rows between unbounded preceding and current row
    )

)

select *

from running

where {{ months('date_month') }}

order by date_month
