-- Shares that are planted as parameters, with Wilson's interval.
with as_of as (

    select cast(text as date) as as_of from truth.parameters where key = 'as_of'

),

users as (

    select
        users.user_id,
        users.channel,
        users.trial_type,
        users.experiment_variant,
        users.signup_date,
        lifecycles.is_activated,
        lifecycles.is_activation_window_over,
        lifecycles.first_subscribed_at,
        as_of.as_of - users.signup_date as days_since_signup

    from staging.stg_users as users

    inner join intermediate.int_user_lifecycle as lifecycles
        on users.user_id = lifecycles.user_id

    cross join as_of

),

-- A customer who could not be charged was lost when the service began that was never paid.
last_services as (

    select
        subscription_id,
        max(service_start_date) as last_service_date

    from intermediate.int_revenue_normalized

    where is_attempt

    group by subscription_id

),

-- Runs of paid periods.
spells as (

    select
        periods.user_id,
        periods.spell_number,
        arg_min(periods.billing_interval, periods.valid_from) as billing_interval,
        bool_or(periods.is_churn) as is_churn,
        bool_or(coalesce(periods.churn_reason = 'involuntary', false)) as is_involuntary,
        min(periods.valid_from_date) as started_date,
        coalesce(
            max(last_services.last_service_date) filter (where periods.churn_reason = 'involuntary'),
            max(coalesce(periods.valid_to_date, as_of))
        ) as decided_date

    from intermediate.int_subscription_periods as periods

    cross join as_of

    left join last_services
        on periods.subscription_id = last_services.subscription_id

    where periods.is_paid

    group by periods.user_id, periods.spell_number

),

stays as (

    select
        spells.*,
        lead(spell_number) over (partition by user_id order by spell_number) is not null as is_back,
        case
            when is_churn then round((decided_date - started_date) / 30.436875)
            else floor((decided_date - started_date + 1) / 30.436875)
        end as months

    from spells

),

-- Days on which billing had an accident, or collected what the day before had left.
accidents as (

    select date as date_day from truth.anomaly_days
    union
    select last_date from truth.anomaly_days where kind = 'outage'

),

bills as (

    select
        charge_id,
        any_value(charge_number) as charge_number,
        min(attempted_date) as billed_date

    from intermediate.int_revenue_normalized

    where is_attempt

    group by charge_id

),

-- Rates are planted for usual days. What is collected again for the same service is no bill.
usual_bills as (

    select charge_id

    from bills

    where
        charge_number = 1
        and billed_date not in (select date_day from accidents)

),

charges as (

    select
        payments.charge_id,
        payments.status,
        payments.failure_code,
        payments.attempted_date,
        row_number() over (
            partition by payments.charge_id order by payments.attempt_no, payments.payment_id
        ) as attempt_rank,
        -- A retry comes whole days after the first attempt; a customer pays at any time of day.
        bool_or(coalesce(payments.days_to_recovery = floor(payments.days_to_recovery), false))
            over (partition by payments.charge_id) as is_collected_by_retry

    from marts.fct_payments as payments

    where payments.status not in ('refunded', 'disputed', 'dispute_won')

),

first_attempts as (

    select charges.*, as_of.as_of - charges.attempted_date as days_ago
    from charges
    inner join usual_bills on charges.charge_id = usual_bills.charge_id
    cross join as_of
    where charges.attempt_rank = 1

),

reversals as (

    select
        refund_of as payment_id,
        bool_or(status = 'refunded') as is_refunded,
        bool_or(status = 'disputed') as is_disputed
    from marts.fct_payments
    where status in ('refunded', 'disputed')
    group by refund_of

),

collected as (

    select
        payments.payment_id,
        payments.method,
        payments.billing_interval,
        as_of.as_of - payments.attempted_date as days_ago,
        row_number() over (
            partition by payments.user_id order by payments.attempted_at, payments.payment_id
        ) as charge_rank,
        usual_bills.charge_id is not null as is_usual,
        coalesce(reversals.is_refunded, false) as is_refunded,
        coalesce(reversals.is_disputed, false) as is_disputed

    from marts.fct_payments as payments

    cross join as_of

    left join usual_bills
        on payments.charge_id = usual_bills.charge_id

    left join reversals
        on payments.payment_id = reversals.payment_id

    where payments.status = 'succeeded'

),

movements as (

    select
        count(case when change_type = 'upgrade' then 1 end) as upgrades,
        count(case when change_type = 'downgrade' then 1 end) as downgrades,
        -- Months with one seat on the smallest plan: nothing to give up.
        coalesce(sum(
            case
                when plan = 'starter' and seats = 1
                    then date_diff('day', valid_from_date, coalesce(valid_to_date, as_of.as_of)) / 30.436875
            end
        ), 0) as smallest_months

    from intermediate.int_subscription_periods

    cross join as_of

    where is_paid

),

-- What new customers chose; returns are left out.
first_contracts as (

    select
        billing_interval,
        discount_cents > 0 as has_discount

    from staging.stg_subscriptions

    where plan is not null and change_type = 'new'

),

-- Who takes priority support begins with it after n months of a stay, with .2 × .8ⁿ⁻¹ for each n, if the plan has
-- it then. These weights are the share of takers that is seen by now (decision 0155).
months_on_larger_plans as (

    select cast(0.2 * power(0.8, numbers.number - 1) as double) as weight

    from (
        select user_id, spell_number, min(valid_from) as started_at, max(coalesce(valid_to, as_of.as_of + 1)) as ended_at
        from intermediate.int_subscription_periods
        cross join as_of
        where is_paid
        group by user_id, spell_number
    ) as spells

    cross join (select unnest(range(1, 61)) as number) as numbers

    inner join intermediate.int_subscription_periods as periods
        on
            spells.user_id = periods.user_id
            and spells.spell_number = periods.spell_number
            and spells.started_at + to_months(cast(numbers.number as integer)) >= periods.valid_from
            and spells.started_at + to_months(cast(numbers.number as integer)) < coalesce(periods.valid_to, spells.ended_at)

    where periods.plan in ('professional', 'enterprise')

),

add_ons as (

    select
        (select count(*) from staging.stg_subscriptions where plan is null) as hits,
        (select sum(weight) from months_on_larger_plans) as trials

),

waits as (

    select 10 * number as days from truth.parameters where key = 'convert_days'

),

counts as (

    select 10 as place, 'Funnel' as topic, 'activation' as key, 'Activation rate, untreated' as name,
        'activation' as parameter, count(*) filter (where is_activated) as hits, count(*) as trials,
        null as note
    from users
    where is_activation_window_over and coalesce(experiment_variant, 'control') = 'control'

    union all
    select 11, 'Funnel', parameter, name, parameter,
        count(*) filter (where users.first_subscribed_at is not null), count(*),
        'Only signups old enough to have decided count, and some of them decide later still.'
    from users
    inner join (
        values
            ('freemium', 'conv_freemium', 'Free to paid: freemium'),
            ('opt_in', 'conv_opt_in', 'Free to paid: opt-in trial'),
            ('opt_out', 'conv_opt_out', 'Free to paid: opt-out trial')
    ) as trials (trial_type, parameter, name)
        on users.trial_type = trials.trial_type
    cross join waits
    where users.days_since_signup > waits.days
    group by parameter, name

    union all
    select 20, 'Retention', 'churn', 'Monthly churn of customers billed by the month', 'churn',
        count(*) filter (where is_churn), cast(sum(months) as bigint), null
    from stays
    where billing_interval = 'month'

    union all
    select 22, 'Retention', 'involuntary', 'Share of churn that is a failed payment', 'involuntary',
        count(*) filter (where is_involuntary), count(*),
        'Failures can explain only so much churn: with few failures or a high recovery the share planted can''t be reached.'
    from stays
    where is_churn

    union all
    select 23, 'Retention', 'reactivation', 'Churned customers who come back', 'reactivation',
        count(*) filter (where is_back), count(*),
        'Only losses a year old count; some of them come back later still.'
    from stays
    cross join as_of
    where is_churn and decided_date < as_of.as_of - 365

    union all
    select 30, 'Revenue', 'annual', 'New customers who pay by the year', 'annual',
        count(*) filter (where billing_interval = 'year'), count(*), null
    from stays
    -- Whoever comes back keeps the contract: only the first stay is a choice.
    where spell_number = 1

    union all
    select 33, 'Revenue', 'quarterly', 'New customers who pay by the quarter, of those not by the year', 'quarterly',
        count(*) filter (where billing_interval = 'quarter'), count(*), null
    from first_contracts
    where billing_interval <> 'year'

    union all
    select 34, 'Revenue', 'discounted', 'New contracts with a discount', 'discounted',
        count(*) filter (where has_discount), count(*), null
    from first_contracts

    union all
    select 35, 'Revenue', 'add_on', 'Customers on a larger plan who take priority support', 'add_on',
        hits, cast(round(trials) as bigint),
        'Customers count by how likely they would have taken it by now.'
    from add_ons
    where trials >= hits

    union all
    select 31, 'Revenue', 'expansion', 'Expansion in a month', 'expansion',
        any_value(movements.upgrades), cast(sum(months) as bigint),
        'Customers on the largest plan have nowhere to move up to but seats.'
    from stays
    cross join movements

    union all
    select 32, 'Revenue', 'contraction', 'Contraction in a month', 'contraction',
        any_value(movements.downgrades),
        cast(sum(months) - any_value(movements.smallest_months) - any_value(movements.upgrades) as bigint),
        'Months with one seat on the smallest plan, with nothing to give up, and months with an upgrade are left out.'
    from stays
    cross join movements

    union all
    select 40, 'Payments', 'failure', 'Charges whose first attempt fails', 'failure',
        count(*) filter (where status = 'failed'), count(*), null
    from first_attempts

    union all
    select 41, 'Payments', 'recovery', 'Failed charges that a retry recovers', 'recovery',
        count(*) filter (where is_collected_by_retry), count(*), null
    from first_attempts
    where status = 'failed' and days_ago > 16

    union all
    select 42, 'Payments', 'recovery_' || failure_code,
        'Recovered by a retry: ' || replace(failure_code, '_', ' '), 'recovery_' || failure_code,
        count(*) filter (where is_collected_by_retry), count(*), null
    from first_attempts
    where status = 'failed' and days_ago > 16
    group by failure_code

    union all
    select 43, 'Payments', 'expired', 'Failures that are expired cards', 'expired',
        count(*) filter (where failure_code = 'expired_card'), count(*), null
    from first_attempts
    where status = 'failed'

    union all
    select 44, 'Payments', 'refund', 'Collected charges that are refunded', 'refund',
        count(*) filter (where is_refunded), count(*), null
    from collected
    -- The unused days of a year are paid back when the customer leaves.
    where is_usual and days_ago > case billing_interval when 'year' then 365 when 'quarter' then 91 else 30 end

    union all
    select 45, 'Payments', 'dispute', 'Card charges that are disputed, after a customer''s first', 'dispute',
        count(*) filter (where is_disputed), count(*),
        'First charges are left out: those of small companies are disputed more often.'
    from collected
    where is_usual and method = 'card' and charge_rank > 1 and days_ago > 90

),

planted as (

    select
        counts.*,
        parameters.number / 100 as planted,
        cast(hits as double) / nullif(trials, 0) as rate

    from counts

    inner join truth.parameters as parameters
        on counts.parameter = parameters.key

    union all

    -- What share of signups each channel brings.
    select
        50 as place,
        'Marketing' as topic,
        'mix_' || effects.channel as key,
        'Signups from ' || replace(cast(effects.channel as varchar), '_', ' ') as name,
        null as parameter,
        count(*) filter (where cast(users.channel as varchar) = cast(effects.channel as varchar)) as hits,
        count(*) as trials,
        null as note,
        any_value(effects.mix_share) as planted,
        cast(count(*) filter (where cast(users.channel as varchar) = cast(effects.channel as varchar)) as double)
            / count(*) as rate

    from truth.channel_effects as effects

    cross join users

    group by effects.channel

)

select
    topic,
    key,
    name,
    'share' as unit,
    planted,
    rate as estimate,
    greatest(
        cast(0 as double),
        ((rate * trials) + 1.9207294103470618 - 1.959963984540054 * sqrt(
            (rate * trials) * (trials - (rate * trials)) / nullif(trials, 0) + 0.9603647051735309
        )) / (trials + 3.8414588206941236)
    ) as lower,
    least(
        cast(1 as double),
        ((rate * trials) + 1.9207294103470618 + 1.959963984540054 * sqrt(
            (rate * trials) * (trials - (rate * trials)) / nullif(trials, 0) + 0.9603647051735309
        )) / (trials + 3.8414588206941236)
    ) as upper,
    cast(trials as bigint) as sample,
    note

from planted

where trials > 0

order by place, key
