{# A fixed sample of users, the same in every run. -#}

select
    segments.user_id,
    cast(segments.segment as varchar) as segment,
    segments.pc1,
    segments.pc2

from ml.user_segments as segments

inner join serving.srv_users as users
    on segments.user_id = users.user_id

where {{ users('users') }}

order by
    (segments.user_id * 2654435761) % 4294967296,
    segments.user_id

limit {{ map_points }}
