//! What the page asks the modelled warehouse.

use chrono::NaiveDate;

use crate::state::filters::{Basis, Dimension, Filters, WINDOW_DAYS};

/// Weeks that curves since the first possible day run for.
pub const CURVE_WEEKS: u32 = 12;
/// Points of the map at most.
pub const MAP_POINTS: u32 = 3_000;

/// The first of the 28 days to the range's last one.
#[must_use]
pub fn window_start(filters: &Filters) -> NaiveDate {
    filters.span(Basis::Last28Days).0
}

/// SQL: the days of `column` that lie in the window of 28 days.
fn window_sql(filters: &Filters, column: &str) -> String {
    let (from, to) = (window_start(filters), filters.to);
    format!("{column} between date '{from}' and date '{to}'")
}

/// A month's headline figures, oldest first.
#[must_use]
pub fn headline(filters: &Filters) -> String {
    // With the months that the range's are set against.
    let months = match filters.compared().and(filters.month_before()) {
        None => filters.months_sql("date_month"),
        Some(month) => {
            let (first, last) = (month.min(filters.first_month()), filters.last_month());
            format!("date_month between date '{first}' and date '{last}'")
        }
    };
    let users = filters.users_sql("months");
    let (first, as_of) = (filters.starts_on(), filters.as_of());
    format!(
        "
with

newest as (

    select feature_bit

    from rollups.features

    where launched_date > date '{first}' + 30

    order by launched_date desc

    limit 1

)

select
    date_month,
    count(*) as users,
    cast(sum(active_days) as double)
    / (least(last_day(date_month), date '{as_of}') - date_month + 1)
    / count(*) as stickiness,
    avg(bit_count(feature_bits)) as features_per_user,
    avg(
        cast(
            2 * active_days >= least(last_day(date_month), date '{as_of}') - date_month + 1
            as int
        )
    ) as power_share,
    avg(
        case when feature_bits & (select feature_bit from newest) <> 0 then 1
            when (select feature_bit from newest) is not null then 0 end
    ) as launched_share

from rollups.feature_months as months

where
    {months}
    and {users}

group by date_month

order by date_month
"
    )
}

/// Users of each feature over active users, for each whole week of the range, oldest first.
#[must_use]
pub fn curves_over_time(filters: &Filters) -> String {
    let (from, to) = (filters.from, filters.to);
    let users = filters.users_sql("weeks");
    format!(
        "
with

patterns as (

    select
        date_week,
        feature_bits,
        count(*) as users

    from rollups.feature_weeks as weeks

    where
        date_week >= date '{from}'
        and date_week <= date '{to}' - 6
        and {users}

    group by
        date_week,
        feature_bits

),

active_users as (

    select
        date_week,
        sum(users) as active_users

    from patterns

    group by date_week

),

touched as (

    select
        patterns.date_week,
        features.feature_number,
        sum(patterns.users) as users

    from patterns

    inner join rollups.features
        on patterns.feature_bits & features.feature_bit <> 0

    group by
        patterns.date_week,
        features.feature_number

)

select
    active_users.date_week,
    features.display_name,
    features.category,
    cast(coalesce(touched.users, 0) as bigint) as users,
    cast(active_users.active_users as bigint) as active_users,
    coalesce(touched.users, 0) / active_users.active_users as adoption_rate

from active_users

inner join rollups.features
    on active_users.date_week + 6 >= features.launched_date

left join touched
    on
        active_users.date_week = touched.date_week
        and features.feature_number = touched.feature_number

order by
    features.display_name,
    active_users.date_week
"
    )
}

/// Share of those who could have a feature and touched it within 0 to 12 weeks. Only users for
/// whom all twelve have passed count, so that no curve bends for want of time.
#[must_use]
pub fn curves_since_start(filters: &Filters) -> String {
    let days = filters.days_sql("adopters.available_date");
    let users = filters.users_sql("adopters");
    let as_of = filters.as_of();
    let last = CURVE_WEEKS * 7;
    let weeks = CURVE_WEEKS + 1;
    format!(
        "
with

binned as (

    select
        feature_number,
        cast(ceil(days_to_adopt / 7.0) as int) as weeks_to_adopt,
        count(*) as users

    from rollups.feature_adopters as adopters

    where
        {days}
        and adopters.available_date + {last} <= date '{as_of}'
        and {users}

    group by
        feature_number,
        weeks_to_adopt

),

weeks as (

    select cast(range as int) as weeks_since from range({weeks})

)

select
    features.display_name,
    features.category,
    weeks.weeks_since,
    cast(
        coalesce(
            sum(binned.users) filter (where binned.weeks_to_adopt <= weeks.weeks_since), 0
        ) as bigint
    ) as adopters,
    cast(sum(binned.users) as bigint) as eligible_users,
    coalesce(
        sum(binned.users) filter (where binned.weeks_to_adopt <= weeks.weeks_since), 0
    ) / sum(binned.users) as adopted_share

from binned

inner join rollups.features
    on binned.feature_number = features.feature_number

cross join weeks

group by
    features.display_name,
    features.category,
    weeks.weeks_since

order by
    features.display_name,
    weeks.weeks_since
"
    )
}

/// Users of each feature over active users of each group, and of everyone, in 28 days.
#[must_use]
pub fn feature_groups(filters: &Filters, by: Dimension) -> String {
    let window = window_sql(filters, "date_day");
    let users = filters.users_sql("days");
    let group = by.key();
    format!(
        "
with

users as (

    select
        any_value({group}) as group_value,
        bit_or(feature_bits) as feature_bits

    from rollups.feature_days as days

    where
        {window}
        and {users}

    group by user_id

),

patterns as (

    select
        group_value,
        grouping(group_value) as is_everyone,
        feature_bits,
        count(*) as users

    from users

    group by grouping sets ((group_value, feature_bits), (feature_bits))

),

groups as (

    select
        group_value,
        is_everyone,
        sum(users) as active_users

    from patterns

    group by
        group_value,
        is_everyone

),

touched as (

    select
        patterns.group_value,
        patterns.is_everyone,
        features.feature_number,
        sum(patterns.users) as users

    from patterns

    inner join rollups.features
        on patterns.feature_bits & features.feature_bit <> 0

    group by
        patterns.group_value,
        patterns.is_everyone,
        features.feature_number

)

select
    features.display_name,
    case
        when groups.is_everyone = 1 then 'everyone'
        else cast(groups.group_value as varchar)
    end as group_name,
    cast(coalesce(touched.users, 0) as bigint) as users,
    cast(groups.active_users as bigint) as active_users,
    coalesce(touched.users, 0) / groups.active_users as adoption_rate

from groups

cross join rollups.features

left join touched
    on
        groups.group_value is not distinct from touched.group_value
        and groups.is_everyone = touched.is_everyone
        and features.feature_number = touched.feature_number

where features.launched_date <= date '{to}'

order by
    features.display_name,
    groups.is_everyone desc,
    groups.group_value
",
        to = filters.to
    )
}

/// Mean daily over monthly active users, of each group and of everyone, oldest month first.
#[must_use]
pub fn stickiness(filters: &Filters, by: Dimension) -> String {
    let months = filters.months_sql("date_month");
    let users = filters.users_sql("months");
    let (group, as_of) = (by.key(), filters.as_of());
    format!(
        "
select
    date_month,
    case
        when grouping({group}) = 1 then 'everyone'
        else cast({group} as varchar)
    end as group_name,
    cast(sum(active_days) as bigint) as active_days,
    least(last_day(date_month), date '{as_of}') - date_month + 1 as days,
    count(*) as users,
    cast(sum(active_days) as double)
    / (least(last_day(date_month), date '{as_of}') - date_month + 1)
    / count(*) as stickiness

from rollups.feature_months as months

where
    {months}
    and {users}

group by grouping sets ((date_month, {group}), (date_month))

order by
    grouping({group}) desc,
    {group},
    date_month
"
    )
}

/// Users by the number of days on which they came, of the 28 days to the range's last one.
#[must_use]
pub fn active_days(filters: &Filters) -> String {
    let window = window_sql(filters, "date_day");
    let users = filters.users_sql("days");
    format!(
        "
with

users as (

    select
        user_id,
        count(*) as active_days

    from rollups.feature_days as days

    where
        {window}
        and {users}

    group by user_id

),

every_count as (

    select range as active_days from range(1, {last})

)

select
    every_count.active_days,
    count(users.user_id) as users

from every_count

left join users
    on every_count.active_days = users.active_days

group by every_count.active_days

order by every_count.active_days
",
        last = WINDOW_DAYS + 1
    )
}

/// How many of those who could have a feature took it up within some days, and how fast. Users for
/// whom those days have not passed yet are left out.
#[must_use]
pub fn time_to_adopt(filters: &Filters, within: u32) -> String {
    let days = filters.days_sql("adopters.available_date");
    let users = filters.users_sql("adopters");
    let as_of = filters.as_of();
    format!(
        "
with

taken_up as (

    select
        adopters.feature_number,
        count(*) as eligible_users,
        count(*) filter (where adopters.days_to_adopt <= {within}) as adopters,
        quantile_cont(cast(adopters.days_to_adopt as double), [0.25, 0.5, 0.75])
            filter (where adopters.days_to_adopt <= {within}) as quartiles

    from rollups.feature_adopters as adopters

    where
        {days}
        and adopters.available_date + {within} <= date '{as_of}'
        and {users}

    group by adopters.feature_number

)

select
    features.feature,
    features.display_name,
    features.category,
    taken_up.eligible_users,
    taken_up.adopters,
    cast(taken_up.adopters as double) / taken_up.eligible_users as adopted_share,
    taken_up.quartiles[1] as quartile_days,
    taken_up.quartiles[2] as median_days,
    taken_up.quartiles[3] as third_quartile_days

from taken_up

inner join rollups.features
    on taken_up.feature_number = features.feature_number

order by
    median_days nulls last,
    adopted_share desc,
    features.feature
"
    )
}

/// A fixed sample of the users whom the model put into segments, the same in every run.
#[must_use]
pub fn segment_map(filters: &Filters) -> String {
    let users = filters.users_sql("users");
    format!(
        "
select
    segments.user_id,
    cast(segments.segment as varchar) as segment,
    segments.pc1,
    segments.pc2

from ml.user_segments as segments

inner join rollups.users
    on segments.user_id = users.user_id

where {users}

order by
    (segments.user_id * 2654435761) % 4294967296,
    segments.user_id

limit {MAP_POINTS}
"
    )
}

/// What the users of each learned segment are like, and everyone, whom the model saw.
#[must_use]
pub fn segment_profiles(filters: &Filters) -> String {
    let users = filters.users_sql("users");
    format!(
        "
select
    case
        when grouping(segments.segment) = 1 then 'everyone'
        else cast(segments.segment as varchar)
    end as segment,
    count(*) as users,
    avg(dim_users.count_active_days_28d) as mean_active_days,
    avg(dim_users.count_core_actions_28d) as mean_core_actions,
    avg(dim_users.count_events) as mean_events,
    coalesce(avg(dim_users.navigation_share), 0) as navigation_share,
    coalesce(avg(dim_users.analysis_share), 0) as analysis_share,
    coalesce(avg(dim_users.automation_share), 0) as automation_share,
    coalesce(avg(dim_users.teamwork_share), 0) as teamwork_share,
    coalesce(avg(dim_users.administration_share), 0) as administration_share,
    avg(cast(dim_users.is_paying as int)) as paying_share,
    avg(dim_users.mrr_cents) as mean_mrr_cents

from ml.user_segments as segments

inner join rollups.users
    on segments.user_id = users.user_id

inner join marts.dim_users
    on segments.user_id = dim_users.user_id

where {users}

group by grouping sets ((segments.segment), ())

having count(*) > 0

order by
    grouping(segments.segment) desc,
    users desc,
    segment
"
    )
}

/// Paying customers by RFM segment, the one with most recurring revenue first.
#[must_use]
pub fn rfm(filters: &Filters) -> String {
    let users = filters.users_sql("users");
    format!(
        "
select
    rfm.rfm_segment,
    count(*) as customers,
    cast(sum(rfm.mrr_cents) as bigint) as mrr_cents,
    avg(rfm.recency_days) as mean_recency_days,
    avg(rfm.frequency_days) as mean_frequency_days,
    avg(rfm.monetary_cents) as mean_monetary_cents

from advanced.rfm_segmentation as rfm

inner join rollups.users
    on rfm.user_id = users.user_id

where {users}

group by rfm.rfm_segment

order by
    mrr_cents desc,
    rfm.rfm_segment
"
    )
}
