-- Nobody uses the product before signing up.

select
    sessions.session_id,
    sessions.user_id

from {{ ref('stg_sessions') }} as sessions

inner join {{ ref('stg_users') }} as users
    on sessions.user_id = users.user_id

where sessions.started_at < users.signed_up_at
