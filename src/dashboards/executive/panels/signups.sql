{#- A click on a channel filters the other panels; this one keeps all channels in view. -#}
select
    cast(rows.channel as varchar) as channel,
    count(*) filter (where {{ days('rows.signup_date') }}) as signups,
    {%- if is_compared %}
    count(*) filter (where {{ days_before('rows.signup_date') }}) as previous_signups
    {%- else %}
    cast(null as bigint) as previous_signups
    {%- endif %}

from {{ 'rollups.users' if has_users else ref('dim_users') }} as rows

where {{ signups('rows', but=['channel']) }}

group by 1

order by
    signups desc,
    channel
