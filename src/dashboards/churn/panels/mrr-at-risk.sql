with

{{ list }}

select
    cast(plan as varchar) as plan,
    count(*) as customers,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    sum(probability * mrr_cents) as expected_loss_cents,
    count(*) filter (where probability >= {{ threshold_percent }} / 100.0)
        as flagged_customers,
    cast(
        coalesce(
            sum(mrr_cents) filter (where probability >= {{ threshold_percent }} / 100.0), 0
        ) as bigint
    ) as flagged_mrr_cents

from list

group by plan

order by list.plan desc
