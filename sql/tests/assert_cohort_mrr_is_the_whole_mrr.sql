-- Every paying customer belongs to one cohort, so cohorts add up to the month's MRR.

with

cohorts as (

    select
        date_month,
        segment_type,
        sum(retained_mrr_cents) as mrr_cents,
        sum(customers) as customers

    from {{ ref('revenue_retention') }}

    where cohort_month is not null

    group by
        date_month,
        segment_type

),

months as (

    select
        date_month,
        sum(mrr_cents) as mrr_cents,
        sum(customers) as customers

    from {{ ref('fct_mrr') }}

    group by date_month

)

select
    cohorts.date_month,
    cohorts.segment_type,
    cohorts.mrr_cents,
    months.mrr_cents as expected_mrr_cents

from cohorts

inner join months
    on cohorts.date_month = months.date_month

where
    cohorts.mrr_cents <> months.mrr_cents
    or cohorts.customers <> months.customers
