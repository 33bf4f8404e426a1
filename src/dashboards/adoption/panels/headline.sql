with

newest as (

    select feature_bit

    from serving.srv_features as features

    where launched_date > date '{{ starts_on }}' + 30

    order by launched_date desc

    limit 1

)

select
    date_month,
    count(*) as users,
    cast(sum(active_days) as double)
    / (least(last_day(date_month), date '{{ as_of }}') - date_month + 1)
    / count(*) as stickiness,
    avg(bit_count(feature_bits)) as features_per_user,
    avg(
        cast(
            2 * active_days >= least(last_day(date_month), date '{{ as_of }}') - date_month + 1
            as int
        )
    ) as power_share,
    avg(
        case when feature_bits & (select feature_bit from newest) <> 0 then 1
            when (select feature_bit from newest) is not null then 0 end
    ) as launched_share

from serving.srv_feature_months as months

where
    date_month between date '{{ earliest_month }}' and date '{{ last_month }}'
    and {{ users('months') }}

group by date_month

order by date_month
