-- Periods since the signup, each with its place in the bit masks of retention_users.
select
    cast(range as smallint) as period,
    cast(1 as ubigint) << range as bit

from range(0, 63)
