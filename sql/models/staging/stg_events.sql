-- A view: ten million rows are kept once, in raw. One copy per key is the
-- contract of raw.events, guarded by a test instead of a sort for each reader
-- (decision 0027).

with

renamed as (

    select
        cast(event_id as bigint) as event_id,
        cast(session_id as bigint) as session_id,
        cast(user_id as bigint) as user_id,
        cast(event_at as timestamp) as event_at,
        cast(event_at as date) as event_date,
        cast(hour(event_at) as int) as event_hour,
        {{ iso_weekday('event_at') }} as event_weekday,
        cast(event_type as string) as event_type,
        cast(feature as string) as feature

    from {{ source('raw', 'events') }}

    where event_at < {{ as_of_end() }}

)

select * from renamed
