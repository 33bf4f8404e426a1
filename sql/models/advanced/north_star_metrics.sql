{% set activation_days = 7 %}

-- The driver tree by day (decision 0026). Customers and
-- their activity are intervals; running sums of openings less closings count
-- them, as in fct_daily_active_users.

with

daily_active_users as (

    select * from {{ ref('fct_daily_active_users') }}

),

paid_periods as (

    select
        user_id,
        spell_number,
        valid_from_date,
        valid_to_date,
        monthly_price_cents,
        previous_price_cents,
        movement,
        is_churn

    from {{ ref('int_subscription_periods') }}

    where is_paid

),

-- A spell is a run of paid periods without a gap; open ones end after as_of.
spells as (

    select
        user_id,
        spell_number,
        min(valid_from_date) as starts_on,
        max(coalesce(valid_to_date, {{ as_of_date() }} + cast(1 as int)))
            as ends_on

    from paid_periods

    group by
        user_id,
        spell_number

),

-- A user's days with a core action: the first and last of each session suffice,
-- as a session has at most two days.
core_days as (

    select
        user_id,
        cast(first_core_action_at as date) as core_date

    from {{ ref('stg_sessions') }}

    where first_core_action_at is not null

    union

    select
        user_id,
        cast(last_core_action_at as date) as core_date

    from {{ ref('stg_sessions') }}

    where last_core_action_at is not null

),

core_days_with_neighbours as (

    select
        core_days.user_id,
        core_days.core_date,
        lead(core_days.core_date) over (
            partition by core_days.user_id
            order by core_days.core_date
        ) as next_date

    from core_days

    inner join (select distinct user_id from spells) as customers
        on core_days.user_id = customers.user_id

),

core_weeks as (

    select
        user_id,
        core_date as starts_on,
        least(
            core_date + cast(7 as int),
            coalesce(next_date, core_date + cast(7 as int))
        ) as ends_on

    from core_days_with_neighbours

),

active_customer_intervals as (

    select
        greatest(core_weeks.starts_on, spells.starts_on) as starts_on,
        least(core_weeks.ends_on, spells.ends_on) as ends_on

    from core_weeks

    inner join spells
        on
            core_weeks.user_id = spells.user_id
            and core_weeks.starts_on < spells.ends_on
            and core_weeks.ends_on > spells.starts_on

),

signups as (

    select
        date_day,
        sum(signups) as signups,
        sum(activated_signups) as activated_signups

    from {{ ref('fct_signups') }}

    group by date_day

),

changes as (

    select
        starts_on as date_day,
        count(*) as active_customers_change,
        0 as new_customers,
        0 as reactivated_customers,
        0 as churned_customers,
        0 as mrr_change_cents,
        0 as signups,
        0 as activated_signups

    from active_customer_intervals

    group by starts_on

    union all

    select
        ends_on as date_day,
        - count(*) as active_customers_change,
        0 as new_customers,
        0 as reactivated_customers,
        0 as churned_customers,
        0 as mrr_change_cents,
        0 as signups,
        0 as activated_signups

    from active_customer_intervals

    group by ends_on

    union all

    select
        valid_from_date as date_day,
        0 as active_customers_change,
        count(case when movement = 'new' then 1 end) as new_customers,
        count(case when movement = 'reactivation' then 1 end)
            as reactivated_customers,
        0 as churned_customers,
        sum(monthly_price_cents - previous_price_cents) as mrr_change_cents,
        0 as signups,
        0 as activated_signups

    from paid_periods

    group by valid_from_date

    union all

    select
        valid_to_date as date_day,
        0 as active_customers_change,
        0 as new_customers,
        0 as reactivated_customers,
        count(*) as churned_customers,
        - sum(monthly_price_cents) as mrr_change_cents,
        0 as signups,
        0 as activated_signups

    from paid_periods

    where is_churn

    group by valid_to_date

    union all

    select
        date_day,
        0 as active_customers_change,
        0 as new_customers,
        0 as reactivated_customers,
        0 as churned_customers,
        0 as mrr_change_cents,
        signups,
        activated_signups

    from signups

),

changes_aggregated_to_days as (

    select
        date_day,
        sum(active_customers_change) as active_customers_change,
        sum(new_customers) as new_customers,
        sum(reactivated_customers) as reactivated_customers,
        sum(churned_customers) as churned_customers,
        sum(mrr_change_cents) as mrr_change_cents,
        sum(signups) as signups,
        sum(activated_signups) as activated_signups

    from changes

    group by date_day

),

days_filled as (

    select
        daily_active_users.date_day,
        daily_active_users.dau,
        daily_active_users.wau,
        daily_active_users.mau,
        coalesce(changes.active_customers_change, 0) as active_customers_change,
        coalesce(changes.new_customers, 0) as new_customers,
        coalesce(changes.reactivated_customers, 0) as reactivated_customers,
        coalesce(changes.churned_customers, 0) as churned_customers,
        coalesce(changes.mrr_change_cents, 0) as mrr_change_cents,
        coalesce(changes.signups, 0) as signups,
        coalesce(changes.activated_signups, 0) as activated_signups

    from daily_active_users

    left join changes_aggregated_to_days as changes
        on daily_active_users.date_day = changes.date_day

),

running as (

    select
        *,
        sum(active_customers_change) over so_far as weekly_active_customers,
        sum(new_customers + reactivated_customers - churned_customers)
            over so_far as paying_customers,
        sum(mrr_change_cents) over so_far as mrr_cents,
        sum(signups) over last_28_days as signups_28d,
        sum(new_customers) over last_28_days as new_customers_28d,
        sum(reactivated_customers) over last_28_days as reactivated_customers_28d,
        sum(churned_customers) over last_28_days as churned_customers_28d,
        -- Signups whose activation window is over.
        sum(signups) over settled_28_days as settled_signups_28d,
        sum(activated_signups) over settled_28_days as activated_signups_28d

    from days_filled

    window
        so_far as (
            order by date_day
            rows between unbounded preceding and current row
        ),
        last_28_days as (
            order by date_day
            rows between 27 preceding and current row
        ),
        settled_28_days as (
            order by date_day
            rows between {{ 27 + activation_days + 1 }} preceding
            and {{ activation_days + 1 }} preceding
        )

),

with_opening as (

    select
        *,
        lag(paying_customers, 28) over (order by date_day)
            as paying_customers_28d_ago

    from running

),

final as (

    select
        date_day,
        cast(weekly_active_customers as bigint) as weekly_active_customers,
        cast(paying_customers as bigint) as paying_customers,
        cast(weekly_active_customers as double) / nullif(paying_customers, 0)
            as customer_activity_rate,
        cast(new_customers as bigint) as new_customers,
        cast(reactivated_customers as bigint) as reactivated_customers,
        cast(churned_customers as bigint) as churned_customers,
        cast(new_customers_28d as bigint) as new_customers_28d,
        cast(reactivated_customers_28d as bigint) as reactivated_customers_28d,
        cast(churned_customers_28d as bigint) as churned_customers_28d,
        cast(churned_customers_28d as double)
            / nullif(paying_customers_28d_ago, 0) as churn_rate_28d,
        cast(signups as bigint) as signups,
        cast(signups_28d as bigint) as signups_28d,
        cast(activated_signups as bigint) as activated_signups,
        cast(activated_signups_28d as double) / nullif(settled_signups_28d, 0)
            as activation_rate_28d,
        cast(new_customers_28d as double) / nullif(signups_28d, 0)
            as new_customers_per_signup_28d,
        cast(dau as bigint) as dau,
        cast(wau as bigint) as wau,
        cast(mau as bigint) as mau,
        cast(mrr_cents as bigint) as mrr_cents,
        cast(mrr_cents * 12 as bigint) as arr_cents,
        cast(mrr_cents as double) / nullif(paying_customers, 0) as arpu_cents

    from with_opening

)

select * from final
