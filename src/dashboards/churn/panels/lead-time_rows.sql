with

{{ departures }}

select
    departures.user_id,
    users.full_name,
    departures.churn_date as left_date,
    departures.warned_date,
    departures.churn_date - departures.warned_date as days_of_warning,
    departures.mrr_cents

from departures

inner join {{ ref('dim_users') }} as users
    on departures.user_id = users.user_id

where
    {%- if lead_days is none %}
    departures.warned_date is null
    {%- else %}
    departures.churn_date - departures.warned_date between {{ lead_days }} and {{ lead_days + 29 }}
    {%- endif %}
