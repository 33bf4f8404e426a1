//! The onboarding experiment.

use super::super::options::FunnelOptions;
use crate::state::filters::Filters;

/// SQL: two-sided p-value of a standard normal `z`, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17),
/// as the macro of the same name in the dbt project; `t` is 1 / (1 + 0.2316419 z), a column, since
/// the engine plans each mention anew.
fn two_sided_p(z: &str, t: &str) -> String {
    format!(
        "case
        when {z} > 12 then 0
        else least(
            1,
            2 * 0.3989422804014327 * exp(-{z} * {z} / 2) * {t} * (
                0.319381530 + {t} * (
                    -0.356563782 + {t} * (
                        1.781477937 + {t} * (-1.821255978 + {t} * 1.330274429)
                    )
                )
            )
        )
    end"
    )
}

/// The experiment's effect on activation, for everyone and by segment, as
/// `marts.fct_experiment_results` measures it; the planted effect only when truth is shown.
#[must_use]
pub fn experiment(filters: &Filters, options: &FunnelOptions) -> String {
    let (truth, join) = if options.has_truth {
        (
            ",\n    planted.treatment_rate - planted.control_rate as true_difference,\n    planted.lift as true_lift",
            "\ncross join truth.experiment as planted\n",
        )
    } else {
        ("", "")
    };
    format!(
        "
with

people as (

    select
        users.{by} as segment_value,
        users.variant,
        cast(users.is_activated as int) as is_activated

    from rollups.funnel_users as users

    where
        {in_range}
        and {of_users}
        and users.variant is not null
        and users.is_activation_window_over

),

counted as (

    select
        case
            when grouping(segment_value) = 1 then 'all'
            else cast(segment_value as varchar)
        end as segment_value,
        count(*) filter (where variant = 'control') as control_users,
        count(*) filter (where variant = 'treatment') as treatment_users,
        coalesce(sum(is_activated) filter (where variant = 'control'), 0) as control_activated,
        coalesce(sum(is_activated) filter (where variant = 'treatment'), 0) as treatment_activated

    from people

    group by grouping sets ((), (segment_value))

),

rates as (

    select
        *,
        cast(control_activated as double) / nullif(control_users, 0) as control_rate,
        cast(treatment_activated as double) / nullif(treatment_users, 0) as treatment_rate,
        cast(control_activated + treatment_activated as double)
            / nullif(control_users + treatment_users, 0) as pooled_rate,
        abs(control_users - treatment_users)
            / nullif(sqrt(control_users + treatment_users), 0) as srm_z

    from counted

),

errors as (

    select
        *,
        treatment_rate - control_rate as difference,
        sqrt(
            control_rate * (1 - control_rate) / nullif(control_users, 0)
            + treatment_rate * (1 - treatment_rate) / nullif(treatment_users, 0)
        ) as difference_error,
        abs(treatment_rate - control_rate) / nullif(
            sqrt(
                pooled_rate * (1 - pooled_rate)
                * (1 / nullif(control_users, 0) + 1 / nullif(treatment_users, 0))
            ), 0
        ) as z_value

    from rates

),

tails as (

    select
        *,
        1 / (1 + 0.2316419 * z_value) as z_tail,
        1 / (1 + 0.2316419 * srm_z) as srm_tail

    from errors

)

select
    tails.segment_value,
    tails.control_users,
    tails.treatment_users,
    tails.control_rate,
    tails.treatment_rate,
    tails.difference,
    tails.difference - 1.959963984540054 * tails.difference_error as difference_lower,
    tails.difference + 1.959963984540054 * tails.difference_error as difference_upper,
    tails.treatment_rate / nullif(tails.control_rate, 0) - 1 as lift,
    {p_value} as p_value,
    {srm_p_value} as srm_p_value{truth}

from tails
{join}
where tails.control_users + tails.treatment_users > 0

order by
    tails.segment_value = 'all' desc,
    tails.control_users + tails.treatment_users desc,
    tails.segment_value
",
        by = options.by.key(),
        in_range = filters.days_sql("users.signup_date"),
        of_users = filters.users_sql("users"),
        p_value = two_sided_p("tails.z_value", "tails.z_tail"),
        srm_p_value = two_sided_p("tails.srm_z", "tails.srm_tail"),
    )
}
