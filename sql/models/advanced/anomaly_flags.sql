{% set window_days = 28 %}
{% set threshold = 3.5 %}

-- Robust z-scores of the log of daily collected revenue. The usual level of a day
-- is the median of the days before it, the usual spread 1.4826 × their median
-- absolute deviation (Iglewicz and Hoaglin 1993); days of the week differ by the
-- median of their residuals. Days join their window by equality, so that no
-- window function has to know medians.

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
        sum(gross_cents) as revenue_cents,
        sum(refunded_cents) as refunded_cents,
        sum(failed_cents) as failed_cents,
        count(case when status = 'succeeded' then 1 end) as charges

    from {{ ref('int_revenue_normalized') }}

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
        ln(1 + cast(coalesce(revenue.revenue_cents, 0) as double)) as log_revenue

    from days

    left join revenue
        on days.date_day = revenue.date_day

),

offsets as (

    select {{ explode_range(window_days) }} as days_back

),

windows as (

    select
        daily.date_day + cast(offsets.days_back + 1 as int) as date_day,
        daily.log_revenue

    from daily

    cross join offsets

),

levels as (

    select
        date_day,
        median(log_revenue) as usual_log_revenue,
        count(*) as count_days

    from windows

    group by date_day

),

residuals as (

    select
        daily.*,
        levels.count_days,
        levels.usual_log_revenue,
        daily.log_revenue - levels.usual_log_revenue as residual

    from daily

    left join levels
        on daily.date_day = levels.date_day

),

weekdays as (

    select
        weekday,
        median(residual) as weekday_effect

    from residuals

    where residual is not null

    group by weekday

),

seasonal as (

    select
        residuals.*,
        residuals.residual - weekdays.weekday_effect as seasonal_residual

    from residuals

    left join weekdays
        on residuals.weekday = weekdays.weekday

),

residual_windows as (

    select
        seasonal.date_day + cast(offsets.days_back + 1 as int) as date_day,
        abs(seasonal.seasonal_residual) as absolute_residual

    from seasonal

    cross join offsets

    where seasonal.seasonal_residual is not null

),

spreads as (

    select
        date_day,
        median(absolute_residual) as median_absolute_deviation

    from residual_windows

    group by date_day

),

scored as (

    select
        seasonal.*,
        -- Under a spread of 5 % noise would be called news.
        seasonal.seasonal_residual / nullif(
            greatest(1.4826 * spreads.median_absolute_deviation, cast(0.05 as double)), 0
        ) as robust_z

    from seasonal

    left join spreads
        on seasonal.date_day = spreads.date_day

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
        cast(robust_z as double) as robust_z,
        cast(
            coalesce(
                count_days = {{ window_days }} and abs(robust_z) > {{ threshold }}, false
            ) as boolean
        ) as is_anomaly

    from scored

)

select * from final
