-- What a month closes with, the next one opens with, in every segment.

with

months as (

    select
        date_month,
        segment_type,
        segment_value,
        opening_mrr_cents,
        opening_customers,
        lag(closing_mrr_cents) over by_segment as last_closing_mrr_cents,
        lag(closing_customers) over by_segment as last_closing_customers

    from {{ ref('fct_mrr_waterfall') }}

    window by_segment as (
        partition by segment_type, segment_value
        order by date_month
    )

)

select *

from months

where
    opening_mrr_cents <> coalesce(last_closing_mrr_cents, 0)
    or opening_customers <> coalesce(last_closing_customers, 0)
