{#- Days are compared as they are: DuckDB 1.4.3 lets a day too many through where a truncated date is held against
the last month (tests/metrics/test_engine.py). -#}
select
    date,
    score

from ml.revenue_anomalies

where
    is_anomaly
    and date between date '{{ first_month }}' and last_day(date '{{ last_month }}')

order by date
