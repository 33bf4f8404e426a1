-- The last 30 days.

with

changes as (

    {{ activity_changes(ref('srv_active_days'), 30) }}

)

select * from changes

order by date_day
