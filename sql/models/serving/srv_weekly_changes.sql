-- The last 7 days.

with

changes as (

    {{ activity_changes(ref('srv_active_days'), 7) }}

)

select * from changes

order by date_day
