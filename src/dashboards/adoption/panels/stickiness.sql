select
    date_month,
    case
        when grouping({{ group_by }}) = 1 then 'everyone'
        else cast({{ group_by }} as varchar)
    end as group_name,
    cast(sum(active_days) as bigint) as active_days,
    least(last_day(date_month), date '{{ as_of }}') - date_month + 1 as days,
    count(*) as users,
    cast(sum(active_days) as double)
    / (least(last_day(date_month), date '{{ as_of }}') - date_month + 1)
    / count(*) as stickiness

from serving.srv_feature_months as months

where
    {{ months('date_month') }}
    and {{ users('months') }}

group by grouping sets ((date_month, {{ group_by }}), (date_month))

order by
    grouping({{ group_by }}) desc,
    {{ group_by }},
    date_month
