-- MRR by month and plan, and the base of retention with what is left of it, are the same in the
-- serving layer as in marts.

with

serving_months as (

    select
        date_month,
        plan,
        sum(mrr_cents) as mrr_cents

    from {{ ref('srv_mrr_months') }}

    group by
        date_month,
        plan

),

serving_bases as (

    select
        date_month,
        sum(base_mrr_cents) as base_mrr_cents,
        sum(mrr_cents) as retained_mrr_cents,
        sum(kept_mrr_cents) as kept_mrr_cents

    from {{ ref('srv_retained_mrr') }}

    group by date_month

)

select
    months.date_month,
    months.plan as segment,
    months.mrr_cents,
    serving_months.mrr_cents as serving_mrr_cents

from {{ ref('fct_mrr') }} as months

left join serving_months
    on
        months.date_month = serving_months.date_month
        and months.plan = cast(serving_months.plan as string)

where months.mrr_cents <> coalesce(serving_months.mrr_cents, 0)

union all

select
    bases.date_month,
    'base' as segment,
    bases.base_mrr_cents as mrr_cents,
    serving_bases.base_mrr_cents as serving_mrr_cents

from {{ ref('revenue_retention') }} as bases

left join serving_bases
    on bases.date_month = serving_bases.date_month

where
    bases.cohort = 'all'
    and bases.segment_type = 'all'
    and (
        bases.base_mrr_cents <> coalesce(serving_bases.base_mrr_cents, 0)
        or bases.retained_mrr_cents <> coalesce(serving_bases.retained_mrr_cents, 0)
        or bases.kept_mrr_cents <> coalesce(serving_bases.kept_mrr_cents, 0)
    )
