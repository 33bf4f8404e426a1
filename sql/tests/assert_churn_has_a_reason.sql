-- Periods that end in churn, and no others, say why.

select
    subscription_id,
    is_churn,
    churn_reason

from {{ ref('int_subscription_periods') }}

where
    is_paid
    and is_churn <> (churn_reason is not null)
