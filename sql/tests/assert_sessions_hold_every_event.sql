-- Every event falls into a known session.

with

counts as (

    select
        (select count(*) from {{ ref('stg_events') }}) as count_events,
        (select sum(event_count) from {{ ref('stg_sessions') }}) as count_events_in_sessions

)

select * from counts where count_events <> coalesce(count_events_in_sessions, 0)
