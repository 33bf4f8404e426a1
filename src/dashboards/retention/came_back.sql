{#- Those of them who came back. Signing up is the activity of period 0. -#}
{{ observed }}
and (periods.period = 0 or
{%- if mode == 'n-day' %} users.{{ grain }}_n_day & periods.bit <> 0
{%- elif mode == 'bracket' %} users.{{ grain }}_bracket & periods.bit <> 0
{%- else %} users.last_day >= periods.period * {{ days_in_period }}
{%- endif %})
