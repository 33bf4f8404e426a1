with

{{ departures }}

select
    cast(floor((churn_date - warned_date) / 30.0) * 30 as int) as lead_days,
    count(*) as churned_customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents

from departures

group by lead_days

order by lead_days nulls first
