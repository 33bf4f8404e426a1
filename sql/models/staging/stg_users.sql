{{ config(materialized='table') }}

with

source as (

    select
        *,
        row_number() over (
            partition by user_id
            order by signed_up_at nulls last, email nulls last
        ) as copy_number

    from {{ source('raw', 'users') }}

    where signed_up_at < {{ as_of_end() }}

),

renamed as (

    select
        cast(user_id as bigint) as user_id,
        cast(signed_up_at as timestamp) as signed_up_at,
        cast(signed_up_at as date) as signup_date,
        {{ month_start('signed_up_at') }} as cohort_month,
        {{ week_start('signed_up_at') }} as cohort_week,
        trim(cast(full_name as string)) as full_name,
        lower(trim(cast(email as string))) as email,
        cast(account_id as bigint) as account_id,
        trim(cast(account_name as string)) as account_name,
        cast(country as string) as country,
        cast(industry as string) as industry,
        cast(company_size as string) as company_size,
        cast(channel as string) as channel,
        cast(initial_plan as string) as initial_plan,
        cast(trial_type as string) as trial_type,
        cast(is_verified as boolean) as is_verified,
        cast(experiment_variant as string) as experiment_variant

    from source

    where copy_number = 1

)

select * from renamed
