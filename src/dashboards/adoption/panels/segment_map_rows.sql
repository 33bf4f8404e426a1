select *

from (
    select
        segments.user_id,
        users.full_name,
        users.current_plan as plan,
        users.channel,
        users.country,
        users.company_size,
        segments.segment,
        segments.pc1,
        segments.pc2

    from ml.user_segments as segments

    inner join serving.srv_users as people
        on segments.user_id = people.user_id

    inner join {{ ref('dim_users') }} as users
        on segments.user_id = users.user_id

    where {{ users('people') }}

    order by
        (segments.user_id * 2654435761) % 4294967296,
        segments.user_id

    limit {{ map_points }}
) as shown

where segment = {{ quoted(segment) }}
