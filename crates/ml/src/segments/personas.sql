select
    user_id,
    cast(persona as varchar) as persona

from truth.users

order by user_id
