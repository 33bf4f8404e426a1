{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by spend_date, campaign
            order by cost_cents nulls last, clicks nulls last, impressions nulls last
        ) as copy_number

    from {{ source('raw', 'ad_spend') }}

    where spend_date <= {{ as_of_date() }}

),

renamed as (

    select
        cast(spend_date as date) as spend_date,
        {{ month_start('spend_date') }} as spend_month,
        cast(channel as string) as channel,
        cast(campaign as string) as campaign,
        cast(utm_source as string) as utm_source,
        cast(utm_medium as string) as utm_medium,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(cost_cents as bigint) as cost_cents

    from source

    where copy_number = 1

)

select * from renamed
