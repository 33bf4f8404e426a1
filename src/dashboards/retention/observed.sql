{#- People observed through a period: to its first day for N-day retention, else to its last. -#}
users.days_observed >= periods.period * {{ days_in_period }}
{%- if mode != 'n-day' %} + {{ days_in_period - 1 }}{% endif %}
