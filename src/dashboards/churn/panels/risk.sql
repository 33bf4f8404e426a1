with

{{ list }}

select
    snapshot_date,
    least(cast(floor(probability * 100) as int), 99) as risk_percent,
    count(*) as customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    sum(probability * mrr_cents) as expected_loss_cents

from list

group by
    snapshot_date,
    risk_percent

order by risk_percent
