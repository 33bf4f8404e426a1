{% set segment_types = ['all', 'channel', 'country', 'company_size', 'trial_type'] %}

-- Onboarding experiment on activation, by intention to treat. Rates count users
-- whose seven days are over; the check of the split counts all who were assigned.

with

lifecycles as (

    select
        user_id,
        case when is_activated and is_activation_window_over then 1 else 0 end
            as is_activated,
        case when is_activation_window_over then 1 else 0 end as is_judged

    from {{ ref('int_user_lifecycle') }}

),

participants as (

    select
        users.experiment_variant as variant,
        users.channel,
        users.country,
        users.company_size,
        users.trial_type,
        lifecycles.is_activated,
        lifecycles.is_judged

    from {{ ref('stg_users') }} as users

    inner join lifecycles
        on users.user_id = lifecycles.user_id

    where users.experiment_variant is not null

),

segmented as (

    {% for segment_type in segment_types %}
    select
        variant,
        '{{ segment_type }}' as segment_type,
        {% if segment_type == 'all' %}'all'{% else %}{{ segment_type }}{% endif %} as segment_value,
        is_activated,
        is_judged

    from participants
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

segments as (

    select
        segment_type,
        segment_value,
        cast(count(case when variant = 'control' then 1 end) as double)
            as control_assigned,
        cast(count(case when variant = 'treatment' then 1 end) as double)
            as treatment_assigned,
        cast(sum(case when variant = 'control' then is_judged else 0 end) as double)
            as control_users,
        cast(sum(case when variant = 'treatment' then is_judged else 0 end) as double)
            as treatment_users,
        cast(sum(case when variant = 'control' then is_activated else 0 end) as double)
            as control_activated,
        cast(sum(case when variant = 'treatment' then is_activated else 0 end) as double)
            as treatment_activated

    from segmented

    group by
        segment_type,
        segment_value

    having sum(is_judged) > 0

),

rates as (

    select
        *,
        control_activated / nullif(control_users, 0) as control_rate,
        treatment_activated / nullif(treatment_users, 0) as treatment_rate,
        (control_activated + treatment_activated)
            / nullif(control_users + treatment_users, 0) as pooled_rate,
        abs(control_assigned - treatment_assigned)
            / nullif(sqrt(control_assigned + treatment_assigned), 0) as srm_z

    from segments

),

errors as (

    select
        *,
        sqrt(
            pooled_rate * (1 - pooled_rate)
            * (1 / nullif(control_users, 0) + 1 / nullif(treatment_users, 0))
        ) as pooled_error,
        {{ wilson_lower('control_activated', 'control_users') }} as control_lower,
        {{ wilson_upper('control_activated', 'control_users') }} as control_upper,
        {{ wilson_lower('treatment_activated', 'treatment_users') }} as treatment_lower,
        {{ wilson_upper('treatment_activated', 'treatment_users') }} as treatment_upper,
        least(
            control_activated + treatment_activated,
            control_users + treatment_users - control_activated - treatment_activated
        ) * least(control_users, treatment_users)
            / nullif(control_users + treatment_users, 0) as smallest_expected_count

    from rates

),

-- Fisher's exact test, where a count is too small for the normal law: each table
-- with the same margins, by the number of activated users in the treatment.
small_segments as (

    select
        segment_type,
        segment_value,
        control_users,
        treatment_users,
        control_activated + treatment_activated as activated,
        treatment_activated,
        greatest(
            cast(0 as double),
            control_activated + treatment_activated - control_users
        ) as fewest,
        least(control_activated + treatment_activated, treatment_users) as most

    from errors

    where
        smallest_expected_count < 5
        and control_users > 0
        and treatment_users > 0

),

possible_tables as (

    select
        *,
        {{ explode_range('most - fewest + 1') }} as step

    from small_segments

),

-- How much likelier a table is than the one before it, from binomials.
table_ratios as (

    select
        *,
        fewest + step as count_treated,
        case
            when step = 0 then cast(0 as double)
            else ln(
                (treatment_users - fewest - step + 1) * (activated - fewest - step + 1)
                / nullif((fewest + step) * (control_users - activated + fewest + step), 0)
            )
        end as log_ratio

    from possible_tables

),

table_likelihoods as (

    select
        *,
        sum(log_ratio) over (
            partition by segment_type, segment_value
            order by step
            rows between unbounded preceding and current row
        ) as log_likelihood

    from table_ratios

),

observed_tables as (

    select
        segment_type,
        segment_value,
        max(log_likelihood) as most_likely,
        max(
            case when count_treated = treatment_activated then log_likelihood end
        ) as observed

    from table_likelihoods

    group by
        segment_type,
        segment_value

),

exact_tests as (

    select
        tables.segment_type,
        tables.segment_value,
        -- 1e-7 keeps equally likely tables together, whatever the last digit.
        sum(
            case
                when tables.log_likelihood <= observed_tables.observed + 0.0000001
                    then exp(tables.log_likelihood - observed_tables.most_likely)
                else 0
            end
        ) / nullif(
            sum(exp(tables.log_likelihood - observed_tables.most_likely)), 0
        ) as p_value

    from table_likelihoods as tables

    inner join observed_tables
        on
            tables.segment_type = observed_tables.segment_type
            and tables.segment_value = observed_tables.segment_value

    group by
        tables.segment_type,
        tables.segment_value

),

-- Newcombe's interval (1998, method 10) joins Wilson's intervals of the two rates.
tested as (

    select
        errors.*,
        errors.treatment_rate - errors.control_rate as difference,
        errors.treatment_rate - errors.control_rate - sqrt(
            power(errors.treatment_rate - errors.treatment_lower, 2)
            + power(errors.control_upper - errors.control_rate, 2)
        ) as difference_lower,
        errors.treatment_rate - errors.control_rate + sqrt(
            power(errors.treatment_upper - errors.treatment_rate, 2)
            + power(errors.control_rate - errors.control_lower, 2)
        ) as difference_upper,
        abs(errors.treatment_rate - errors.control_rate)
            / nullif(errors.pooled_error, 0) as z_value,
        exact_tests.p_value as exact_p_value

    from errors

    left join exact_tests
        on
            errors.segment_type = exact_tests.segment_type
            and errors.segment_value = exact_tests.segment_value

),

variants as (

    select 'control' as variant

    union all

    select 'treatment' as variant

),

final as (

    select
        cast('onboarding' as string) as experiment,
        cast(variants.variant as string) as variant,
        cast(tested.segment_type as string) as segment_type,
        cast(tested.segment_value as string) as segment_value,
        cast(
            case
                when variants.variant = 'control' then tested.control_users
                else tested.treatment_users
            end as bigint
        ) as users,
        cast(
            case
                when variants.variant = 'control' then tested.control_activated
                else tested.treatment_activated
            end as bigint
        ) as activated_users,
        case
            when variants.variant = 'control' then tested.control_rate
            else tested.treatment_rate
        end as activation_rate,
        case
            when variants.variant = 'treatment' then tested.difference
        end as difference,
        case
            when variants.variant = 'treatment'
                then tested.difference_lower
        end as difference_lower,
        case
            when variants.variant = 'treatment'
                then tested.difference_upper
        end as difference_upper,
        case
            when variants.variant = 'treatment'
                then tested.treatment_rate / nullif(tested.control_rate, 0) - 1
        end as lift,
        case
            when variants.variant = 'treatment' and tested.exact_p_value is not null
                then least(tested.exact_p_value, cast(1 as double))
            when variants.variant = 'treatment'
                then {{ two_sided_p('tested.z_value') }}
        end as p_value,
        {{ two_sided_p('tested.srm_z') }} as srm_p_value

    from tested

    cross join variants

)

select * from final
