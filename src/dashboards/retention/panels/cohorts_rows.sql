{#- The people of a cohort who came back in a period. -#}
select users.user_id

from serving.srv_retention_users as users

inner join serving.srv_retention_periods as periods
    on periods.period = {{ period }}

where
    {{ came_back | indent(4) }}
    and users.{{ grain }}_index between {{ first_index }} and {{ last_index }}
    and {{ days('users.signup_date') }}
    and {{ users('users') }}
