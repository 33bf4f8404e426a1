select
    date_day as date,
    cast(dau as double) as dau

from marts.fct_daily_active_users

order by date_day
