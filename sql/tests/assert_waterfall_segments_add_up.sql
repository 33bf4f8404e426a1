-- Each way to split a month adds up to the whole, and transfers between plans to 0.

with

split_months as (

    select
        date_month,
        segment_type,
        sum(opening_mrr_cents) as opening_mrr_cents,
        sum(new_mrr_cents) as new_mrr_cents,
        sum(expansion_mrr_cents) as expansion_mrr_cents,
        sum(contraction_mrr_cents) as contraction_mrr_cents,
        sum(churn_mrr_cents) as churn_mrr_cents,
        sum(reactivation_mrr_cents) as reactivation_mrr_cents,
        sum(transfer_mrr_cents) as transfer_mrr_cents,
        sum(closing_mrr_cents) as closing_mrr_cents

    from {{ ref('fct_mrr_waterfall') }}

    where segment_type <> 'all'

    group by
        date_month,
        segment_type

),

whole_months as (

    select * from {{ ref('fct_mrr_waterfall') }} where segment_type = 'all'

)

select
    split_months.date_month,
    split_months.segment_type

from split_months

inner join whole_months
    on split_months.date_month = whole_months.date_month

where
    split_months.opening_mrr_cents <> whole_months.opening_mrr_cents
    or split_months.new_mrr_cents <> whole_months.new_mrr_cents
    or split_months.expansion_mrr_cents <> whole_months.expansion_mrr_cents
    or split_months.contraction_mrr_cents <> whole_months.contraction_mrr_cents
    or split_months.churn_mrr_cents <> whole_months.churn_mrr_cents
    or split_months.reactivation_mrr_cents <> whole_months.reactivation_mrr_cents
    or split_months.transfer_mrr_cents <> 0
    or split_months.closing_mrr_cents <> whole_months.closing_mrr_cents
