{#- The experiment's effect on activation, for everyone and by segment, as fct_experiment_results measures it
    (decision 0123); the planted effect when truth is shown. -#}

{#- Two-sided p-value of a standard normal z, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17), as two_sided_p
    in the dbt project; tail is 1 / (1 + 0.2316419 z), a column, since the engine plans each mention again. -#}
{%- macro p_value(z, tail) -%}
    case
        when {{ z }} is null then null
        when {{ z }} > 12 then 0
        else least(
            1,
            2 * 0.3989422804014327 * exp(-{{ z }} * {{ z }} / 2) * {{ tail }} * (
                0.319381530 + {{ tail }} * (
                    -0.356563782 + {{ tail }} * (
                        1.781477937 + {{ tail }} * (-1.821255978 + {{ tail }} * 1.330274429)
                    )
                )
            )
        )
    end
{%- endmacro -%}

with

people as (

    select
        users.{{ by }} as segment_value,
        users.variant,
        users.is_activation_window_over as is_judged,
        cast(users.is_activated and users.is_activation_window_over as int) as is_activated

    from serving.srv_funnel_users as users

    where
        {{ days('users.signup_date') }}
        and {{ users('users') }}
        and users.variant is not null

),

counted as (

    select
        case
            when grouping(segment_value) = 1 then 'all'
            else cast(segment_value as varchar)
        end as segment_value,
        count(*) filter (where variant = 'control') as control_assigned,
        count(*) filter (where variant = 'treatment') as treatment_assigned,
        count(*) filter (where variant = 'control' and is_judged) as control_users,
        count(*) filter (where variant = 'treatment' and is_judged) as treatment_users,
        cast(coalesce(sum(is_activated) filter (where variant = 'control'), 0) as bigint)
            as control_activated,
        cast(coalesce(sum(is_activated) filter (where variant = 'treatment'), 0) as bigint)
            as treatment_activated,
        cast(coalesce(sum(is_activated), 0) as bigint) as activated

    from people

    group by grouping sets ((), (segment_value))

    having count(*) filter (where is_judged) > 0

),

rates as (

    select
        *,
        cast(control_activated as double) / nullif(control_users, 0) as control_rate,
        cast(treatment_activated as double) / nullif(treatment_users, 0) as treatment_rate,
        cast(activated as double) / nullif(control_users + treatment_users, 0) as pooled_rate,
        cast(least(activated, control_users + treatment_users - activated) as double)
            * least(control_users, treatment_users)
            / nullif(control_users + treatment_users, 0) as smallest_expected_count,
        abs(control_assigned - treatment_assigned)
            / nullif(sqrt(control_assigned + treatment_assigned), 0) as srm_z

    from counted

),

errors as (

    select
        *,
        treatment_rate - control_rate as difference,
        {{ wilson_lower('control_activated', 'control_users') | indent(4) }} as control_lower,
        {{ wilson_upper('control_activated', 'control_users') | indent(4) }} as control_upper,
        {{ wilson_lower('treatment_activated', 'treatment_users') | indent(4) }} as treatment_lower,
        {{ wilson_upper('treatment_activated', 'treatment_users') | indent(4) }} as treatment_upper,
        abs(treatment_rate - control_rate) / nullif(
            sqrt(
                pooled_rate * (1 - pooled_rate)
                * (1 / nullif(control_users, 0) + 1 / nullif(treatment_users, 0))
            ), 0
        ) as z_value

    from rates

),

-- Fisher's exact test, where a count is too small for the normal law: logarithms of how likely each
-- table with the same margins is, but for a constant.
possible_tables as (

    select
        segment_value,
        [
            -lgamma(treated + 1) - lgamma(treatment_users - treated + 1)
            - lgamma(activated - treated + 1) - lgamma(control_users - activated + treated + 1)
            for treated in range(
                greatest(0, activated - control_users),
                least(activated, treatment_users) + 1
            )
        ] as log_likelihoods,
        -lgamma(treatment_activated + 1) - lgamma(treatment_users - treatment_activated + 1)
        - lgamma(control_activated + 1) - lgamma(control_users - control_activated + 1)
            as observed

    from rates

    where
        smallest_expected_count < 5
        and control_users > 0
        and treatment_users > 0

),

exact_tests as (

    select
        segment_value,
        -- 1e-7 keeps equally likely tables together, whatever the last digit.
        list_sum([
            exp(each_one - observed)
            for each_one in log_likelihoods if each_one <= observed + 0.0000001
        ]) / list_sum([exp(each_one - observed) for each_one in log_likelihoods]) as p_value

    from possible_tables

),

tails as (

    select
        errors.*,
        exact_tests.p_value as exact_p_value,
        1 / (1 + 0.2316419 * errors.z_value) as z_tail,
        1 / (1 + 0.2316419 * errors.srm_z) as srm_tail

    from errors

    left join exact_tests
        on errors.segment_value = exact_tests.segment_value

)

select
    tails.segment_value,
    tails.control_users,
    tails.treatment_users,
    tails.control_rate,
    tails.treatment_rate,
    tails.difference,
    tails.difference - sqrt(
        (tails.treatment_rate - tails.treatment_lower) * (tails.treatment_rate - tails.treatment_lower)
        + (tails.control_upper - tails.control_rate) * (tails.control_upper - tails.control_rate)
    ) as difference_lower,
    tails.difference + sqrt(
        (tails.treatment_upper - tails.treatment_rate) * (tails.treatment_upper - tails.treatment_rate)
        + (tails.control_rate - tails.control_lower) * (tails.control_rate - tails.control_lower)
    ) as difference_upper,
    tails.treatment_rate / nullif(tails.control_rate, 0) - 1 as lift,
    case
        when tails.exact_p_value is not null then least(tails.exact_p_value, 1)
        else {{ p_value('tails.z_value', 'tails.z_tail') | indent(4) }}
    end as p_value,
    {{ p_value('tails.srm_z', 'tails.srm_tail') }} as srm_p_value
    {%- if has_truth %},
    planted.treatment_rate - planted.control_rate as true_difference,
    planted.lift as true_lift
    {%- endif %}

from tails
{%- if has_truth %}

cross join truth.experiment as planted
{%- endif %}

where tails.control_users + tails.treatment_users > 0

order by
    tails.segment_value = 'all' desc,
    tails.control_users + tails.treatment_users desc,
    tails.segment_value
