{#- The people in a state at a month's end. -#}
select changes.user_id

from serving.srv_lifecycle_changes as changes

where
    changes.month_index <= {{ month_index }}
    and {{ users('changes') }}

group by changes.user_id

having max_by(changes.state, changes.month_index) = {{ quoted(state) }}
