-- Users of an account share its name, domain, country, industry and size. A null is no second
-- value: other tests ask for it.

select
    account_id,
    count(distinct account_name) as count_names,
    count(distinct split_part(email, '@', 2)) as count_domains,
    count(distinct country) as count_countries,
    count(distinct industry) as count_industries,
    count(distinct company_size) as count_sizes

from {{ ref('stg_users') }}

group by account_id

having
    count(distinct account_name) > 1
    or count(distinct split_part(email, '@', 2)) > 1
    or count(distinct country) > 1
    or count(distinct industry) > 1
    or count(distinct company_size) > 1
