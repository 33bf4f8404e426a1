{{ config(materialized='view', schema='semantic') }}

-- Every day of the data, from the first signup to as_of: metrics are filled in over it.

with

days as (

    select date_day from {{ ref('fct_daily_active_users') }}

)

select * from days
