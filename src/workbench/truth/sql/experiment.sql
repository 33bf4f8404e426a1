-- The onboarding experiment, as fct_experiment_results judges it.
with results as (

    select
        treatment.difference,
        treatment.difference_lower,
        treatment.difference_upper,
        treatment.activation_rate as treatment_rate,
        control.activation_rate as control_rate,
        treatment.users + control.users as users,
        sqrt(
            (1 - treatment.activation_rate) / nullif(treatment.activated_users, 0)
            + (1 - control.activation_rate) / nullif(control.activated_users, 0)
        ) as log_error

    from marts.fct_experiment_results as treatment

    inner join marts.fct_experiment_results as control
        on
            treatment.segment_type = control.segment_type
            and control.variant = 'control'

    where treatment.variant = 'treatment' and treatment.segment_type = 'all'

)

select
    'Experiment' as topic,
    'difference' as key,
    'Treatment less control, activation rate' as name,
    'points' as unit,
    experiment.treatment_rate - experiment.control_rate as planted,
    results.difference as estimate,
    results.difference_lower as lower,
    results.difference_upper as upper,
    cast(results.users as bigint) as sample,
    cast(null as varchar) as note

from results

cross join truth.experiment as experiment

union all

select
    'Experiment',
    'lift',
    'Relative lift of the treatment',
    'share',
    experiment.lift,
    results.treatment_rate / nullif(results.control_rate, 0) - 1,
    results.treatment_rate / nullif(results.control_rate, 0) * exp(-1.96 * results.log_error) - 1,
    results.treatment_rate / nullif(results.control_rate, 0) * exp(1.96 * results.log_error) - 1,
    cast(results.users as bigint),
    null

from results

cross join truth.experiment as experiment
