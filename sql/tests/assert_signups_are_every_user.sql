-- Signups over all days and segments are the users.

with

counts as (

    select
        (select count(*) from {{ ref('stg_users') }}) as count_users,
        (select sum(signups) from {{ ref('fct_signups') }}) as count_signups

)

select * from counts where count_users <> coalesce(count_signups, 0)
