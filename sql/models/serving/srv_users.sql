-- The five properties that figures are limited by, and what a count of users needs. The plan is
-- today's: those who left or never paid have none, so signups are counted by the plan chosen then.

with

users as (

    select * from {{ ref('dim_users') }}

),

final as (

    select
        user_id,
        {{ compact("coalesce(current_plan, 'free')", 'plan') }} as plan,
        {{ compact('initial_plan', 'plan') }} as signup_plan,
        {{ compact('channel', 'channel') }} as channel,
        {{ compact('country', 'country') }} as country,
        {{ compact('company_size', 'size') }} as size,
        {{ compact('segment', 'segment') }} as segment,
        signup_date,
        cohort_month,
        cast(first_paid_at as date) as first_paid_date,
        is_paying,
        is_activated,
        lifecycle_state,
        mrr_cents

    from users

)

select * from final

order by signup_date
