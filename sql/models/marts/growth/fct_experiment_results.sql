{% set segment_types = ['all', 'channel', 'country', 'company_size', 'trial_type'] %}

-- Onboarding experiment on activation, by intention to treat. Only users whose
-- seven days are over count.

with

lifecycles as (

    select
        user_id,
        case when is_activated then 1 else 0 end as is_activated

    from {{ ref('int_user_lifecycle') }}

    where is_activation_window_over

),

participants as (

    select
        users.experiment_variant as variant,
        users.channel,
        users.country,
        users.company_size,
        users.trial_type,
        lifecycles.is_activated

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
        is_activated

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
            as control_users,
        cast(count(case when variant = 'treatment' then 1 end) as double)
            as treatment_users,
        cast(sum(case when variant = 'control' then is_activated else 0 end) as double)
            as control_activated,
        cast(sum(case when variant = 'treatment' then is_activated else 0 end) as double)
            as treatment_activated

    from segmented

    group by
        segment_type,
        segment_value

),

rates as (

    select
        *,
        control_activated / nullif(control_users, 0) as control_rate,
        treatment_activated / nullif(treatment_users, 0) as treatment_rate,
        (control_activated + treatment_activated)
            / nullif(control_users + treatment_users, 0) as pooled_rate,
        abs(control_users - treatment_users)
            / nullif(sqrt(control_users + treatment_users), 0) as srm_z

    from segments

),

errors as (

    select
        *,
        sqrt(
            control_rate * (1 - control_rate) / nullif(control_users, 0)
            + treatment_rate * (1 - treatment_rate) / nullif(treatment_users, 0)
        ) as difference_error,
        sqrt(
            pooled_rate * (1 - pooled_rate)
            * (1 / nullif(control_users, 0) + 1 / nullif(treatment_users, 0))
        ) as pooled_error

    from rates

),

tested as (

    select
        *,
        abs(treatment_rate - control_rate) / nullif(pooled_error, 0) as z_value

    from errors

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
            when variants.variant = 'treatment'
                then tested.treatment_rate - tested.control_rate
        end as difference,
        case
            when variants.variant = 'treatment'
                then tested.treatment_rate - tested.control_rate
                    - 1.959963984540054 * tested.difference_error
        end as difference_lower,
        case
            when variants.variant = 'treatment'
                then tested.treatment_rate - tested.control_rate
                    + 1.959963984540054 * tested.difference_error
        end as difference_upper,
        case
            when variants.variant = 'treatment'
                then tested.treatment_rate / nullif(tested.control_rate, 0) - 1
        end as lift,
        case
            when variants.variant = 'treatment'
                then {{ two_sided_p('tested.z_value') }}
        end as p_value,
        {{ two_sided_p('tested.srm_z') }} as srm_p_value

    from tested

    cross join variants

)

select * from final
