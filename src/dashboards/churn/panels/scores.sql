{# Scores of the hold-out, or of an oracle that knows the planted hazards, in bins of a
   thousandth. Sums over customers are those within the tenth that `Evaluation::tenths`
   puts a bin into: the one that holds the bin's middle. -#}

{%- if is_oracle -%}
    {%- set scores, score = 'known', 'churn_probability' -%}
{%- else -%}
    {%- set scores, score = 'holdout', 'probability' -%}
{%- endif -%}

with

{{ holdout }},

{% if is_oracle -%}
known as (

    select
        holdout.*,
        hazards.churn_probability

    from holdout

    inner join truth.hazards
        on
            holdout.user_id = hazards.user_id
            and holdout.snapshot_date = hazards.snapshot_date

),

{% endif -%}
scored as (

    select
        *,
        least(cast(floor({{ score }} * 1000) as int), 999) as risk_permille

    from {{ scores }}

),

counted as (

    select
        *,
        count(*) over (partition by risk_permille) as bin_rows,
        count(*) over (order by risk_permille desc) as rows_so_far,
        count(*) over () as all_rows

    from scored

),

placed as (

    select
        *,
        least((2 * rows_so_far - bin_rows) * 5 // all_rows, 9) as tenth

    from counted

),

-- A customer's snapshots repeat each other.
by_customer as (

    select
        tenth,
        count(*) as snapshots,
        sum(churned) as churned

    from placed

    group by
        tenth,
        user_id

),

tenths as (

    select
        tenth,
        {{ independent_customers | indent(8) }} as independent_customers

    from by_customer

    group by tenth

)

select
    risk_permille,
    count(*) as customers,
    cast(sum(churned) as bigint) as churned,
    sum({{ score }}) as probability_sum,
    cast(sum(mrr_cents) as bigint) as mrr_cents,
    cast(sum(churned * mrr_cents) as bigint) as churned_mrr_cents,
    (select count(distinct snapshot_date) from {{ scores }}) as snapshots,
    any_value(tenths.independent_customers) as independent_customers_in_decile

from placed

inner join tenths
    on placed.tenth = tenths.tenth

group by risk_permille

order by risk_permille desc
