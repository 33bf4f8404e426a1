{% set window_days = 28 %}
{% set threshold = 3.5 %}

-- A day's revenue is how many charges there were times what each was worth beside
-- its contract; contracts themselves differ too much in size to judge their sum.
-- Both parts get a robust z-score, and so do failures: off the median of the days before by how many
-- times 1.4826 × their median absolute deviation (Iglewicz and Hoaglin 1993).
-- Counts by 2 √(n + 3/8), whose spread is 1 for any mean (Anscombe 1948), and the
-- share of first attempts that failed by its arcsine, likewise (ibid.). Days join
-- their window by equality, so that no window function has to know medians
-- (decision 0051).

with

days as (

    select
        date_day,
        {{ iso_weekday('date_day') }} as weekday

    from {{ ref('north_star_metrics') }}

),

revenue as (

    select
        attempted_date as date_day,
        count(case when is_attempt and attempt_no = 1 then 1 end) as first_attempts,
        count(case when status = 'failed' and attempt_no = 1 then 1 end) as failures,
        sum(gross_cents) as revenue_cents,
        sum(refunded_cents) as refunded_cents,
        sum(failed_cents) as failed_cents,
        count(case when status = 'succeeded' then 1 end) as charges

    from {{ ref('int_revenue_normalized') }}

    group by attempted_date

),

-- First attempts against their bill. What is paid for more seats in mid-term is for
-- the rest of the term only: it has no agreed sum.
prices as (

    select
        attempted_date as date_day,
        median(ln(cast(amount_cents as double) / nullif(bill_cents, 0))) as log_price

    from {{ ref('int_revenue_normalized') }}

    where
        is_attempt
        and attempt_no = 1
        and amount_cents > 0
        and bill_cents > 0
        and is_whole_term

    group by attempted_date

),

daily as (

    select
        days.date_day,
        days.weekday,
        coalesce(revenue.revenue_cents, 0) as revenue_cents,
        coalesce(revenue.refunded_cents, 0) as refunded_cents,
        coalesce(revenue.failed_cents, 0) as failed_cents,
        coalesce(revenue.charges, 0) as charges,
        coalesce(revenue.first_attempts, 0) as first_attempts,
        coalesce(revenue.failures, 0) as failures,
        ln(1 + cast(greatest(coalesce(revenue.revenue_cents, 0), 0) as double))
            as log_revenue,
        2 * sqrt(cast(coalesce(revenue.charges, 0) as double) + 0.375) as volume,
        prices.log_price,
        -- Bills due on the 29th to 31st fall on the last day of a shorter month.
        case
            when days.date_day = last_day(days.date_day) then 32 - day(days.date_day)
            else 1
        end as billing_days

    from days

    left join revenue
        on days.date_day = revenue.date_day

    left join prices
        on days.date_day = prices.date_day

),

offsets as (

    select {{ explode_range(window_days) }} as days_back

),

windows as (

    select
        daily.date_day + cast(offsets.days_back + 1 as int) as date_day,
        daily.log_revenue,
        daily.volume,
        daily.log_price,
        daily.first_attempts,
        daily.failures

    from daily

    cross join offsets

),

levels as (

    select
        date_day,
        median(log_revenue) as usual_log_revenue,
        median(volume) as usual_volume,
        median(log_price) as usual_log_price,
        {{ arcsine('sum(failures)', 'sum(first_attempts)') }} as usual_failure_arcsine,
        count(*) as count_days

    from windows

    group by date_day

),

spreads as (

    select
        windows.date_day,
        median(abs(windows.volume - levels.usual_volume)) as volume_deviation,
        median(abs(windows.log_price - levels.usual_log_price)) as price_deviation

    from windows

    inner join levels
        on windows.date_day = levels.date_day

    group by windows.date_day

),

residuals as (

    select
        daily.*,
        levels.count_days,
        levels.usual_log_revenue,
        daily.log_revenue - levels.usual_log_revenue as revenue_residual,
        case
            when levels.usual_volume is not null
                then daily.volume - 2 * sqrt(
                    greatest(levels.usual_volume * levels.usual_volume / 4 - 0.375, 0)
                    * daily.billing_days + 0.375
                )
        end as volume_residual,
        daily.log_price - levels.usual_log_price as price_residual,
        case
            when daily.first_attempts > 0
                then 2 * sqrt(daily.first_attempts + cast(0.5 as double)) * (
                    {{ arcsine('daily.failures', 'daily.first_attempts') }}
                    - levels.usual_failure_arcsine
                )
        end as failure_z,
        -- Counts spread by 1 even where they happened to be steady, and under a
        -- spread of 5% rounding would be called news.
        greatest(1.4826 * spreads.volume_deviation, cast(1 as double)) as volume_spread,
        greatest(1.4826 * spreads.price_deviation, cast(0.05 as double)) as price_spread

    from daily

    left join levels
        on daily.date_day = levels.date_day

    left join spreads
        on daily.date_day = spreads.date_day

),

weekdays as (

    select
        weekday,
        median(revenue_residual) as revenue_effect,
        median(volume_residual) as volume_effect

    from residuals

    where revenue_residual is not null

    group by weekday

),

scored as (

    select
        residuals.*,
        residuals.revenue_residual - weekdays.revenue_effect as seasonal_residual,
        (residuals.volume_residual - weekdays.volume_effect)
            / nullif(residuals.volume_spread, 0) as volume_z,
        residuals.price_residual / nullif(residuals.price_spread, 0) as price_z

    from residuals

    left join weekdays
        on residuals.weekday = weekdays.weekday

),

judged as (

    select
        *,
        case
            when
                abs(coalesce(failure_z, 0))
                > greatest(abs(volume_z), abs(coalesce(price_z, 0)))
                then failure_z
            when abs(coalesce(price_z, 0)) > abs(volume_z) then price_z
            else volume_z
        end as robust_z

    from scored

),

final as (

    select
        cast(date_day as date) as date_day,
        cast(revenue_cents as bigint) as revenue_cents,
        cast(refunded_cents as bigint) as refunded_cents,
        cast(failed_cents as bigint) as failed_cents,
        cast(charges as bigint) as charges,
        cast(exp(usual_log_revenue) - 1 as double) as usual_revenue_cents,
        cast(seasonal_residual as double) as seasonal_residual,
        cast(volume_z as double) as volume_z,
        cast(price_z as double) as price_z,
        cast(failure_z as double) as failure_z,
        cast(robust_z as double) as robust_z,
        cast(
            coalesce(
                count_days = {{ window_days }} and abs(robust_z) > {{ threshold }}, false
            ) as boolean
        ) as is_anomaly

    from judged

)

select * from final
