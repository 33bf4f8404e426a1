{#- What people do first, second and third, and whether they then activate and pay. -#}
{%- set most_named = 5 -%} {#- actions a level names; the rest are `other` -#}
with

people as (

    select
        [users.first_action, users.second_action, users.third_action] as actions,
        case when users.is_activated then 'activated' else 'not_activated' end as outcome,
        case when users.has_paid then 'paid' else 'not_paid' end as payment,
        count(*) as people

    from serving.srv_funnel_users as users

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}
        and users.is_activation_window_over

    group by
        users.first_action,
        users.second_action,
        users.third_action,
        users.is_activated,
        users.has_paid

),

ranked as (

    select
        level,
        action,
        row_number() over (
            partition by level
            order by sum(people) desc, action
        ) as place

    from (
        select
            unnest([1, 2, 3]) as level,
            unnest(actions) as action,
            people

        from people
    )

    where action is not null

    group by 1, 2

),

named as (

    select list((level, action)) as actions

    from ranked

    where place <= {{ most_named }}

),

-- The places each of them came by; a link joins two that follow each other.
paths as (

    select
        people.people,
        list_filter(
            [
                {
                    'level': level,
                    'name': case
                        when action is null then case when level = 1 then 'nothing' end
                        when list_contains(named.actions, (level, action)) then action
                        else 'other'
                    end
                }
                for action, level in people.actions
            ],
            lambda place: place.name is not null
        ) || [
            {'level': 4, 'name': people.outcome},
            {'level': 5, 'name': people.payment}
        ] as places

    from people

    cross join named

),

links as (

    select
        people,
        unnest(places[:-2]) as source,
        unnest(places[2:]) as target

    from paths

)

select
    source.level as source_level,
    source.name as source,
    target.level as target_level,
    target.name as target,
    cast(sum(people) as bigint) as people

from links

group by
    source,
    target

order by
    source_level,
    sum(people) desc,
    source.name,
    target.name
