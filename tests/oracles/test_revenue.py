"""Lifetime value and acquisition cost, from what each customer pays at each month's end."""

from calendar import monthrange
from collections import Counter, defaultdict

import pandas as pd
import pytest

MARGIN = 0.8


@pytest.fixture(scope="module")
def months(case):
    """Months from the first signup to as_of, as (year, month), each with its end."""
    day, found = case.raw["users"].signed_up_at.min(), []
    year, month = day.year, day.month
    while (year, month) <= (case.as_of.year, case.as_of.month):
        following = pd.Timestamp(year + month // 12, month % 12 + 1, 1)
        found.append(((year, month), min(following, case.as_of + pd.Timedelta(days=1))))
        year, month = following.year, following.month
    return found


@pytest.fixture(scope="module")
def balances(months, paid_periods):
    """What each user pays at each month's end."""
    return {
        month: {
            user: cents
            for user, periods in paid_periods.items()
            for started, ended, cents, _ in periods
            if started < end and (ended is None or ended >= end)
        }
        for month, end in months
    }


@pytest.fixture(scope="module")
def spend(case):
    """What campaigns cost in a month, for all their clicks: of everybody, and by channel."""
    found = Counter()
    for row in case.raw["ad_spend"].itertuples():
        for channel in ("all", row.channel):
            found[(channel, row.spend_date.year, row.spend_date.month)] += row.cost_cents
    return found


@pytest.fixture(scope="module")
def acquisition_costs(case, first_paid, spend):
    """What campaigns cost in a month over the people who first paid in it; one figure for all tables."""
    channels = case.raw["users"].set_index("user_id").channel.to_dict()
    payers = Counter()
    for user, at in first_paid.items():
        for channel in ("all", channels[user]):
            payers[(channel, at.year, at.month)] += 1
    return {key: pytest.approx(spend[key] / payers[key], rel=1e-9) for key in spend if payers[key]}


def test_acquisition_costs_by_channel(case, acquisition_costs, spend):
    """Countries, sizes and plans have none: campaigns bill their channel."""
    rows = case.rows("select * from intermediate.int_acquisition_costs")
    assert {row["segment_type"] for row in rows} == {"all", "channel"}
    found = {(row["segment_value"], row["date_month"].year, row["date_month"].month): row for row in rows}
    assert len(found) == len(rows)
    for key, row in found.items():
        assert row["cac_cents"] == acquisition_costs.get(key), key
        assert row["spend_cents"] == (spend[key] if key in spend else None), key
    assert acquisition_costs.keys() <= found.keys()
    with_cac = case.rows("select distinct segment_type from advanced.revenue_retention where cac_cents is not null")
    assert {row["segment_type"] for row in with_cac} == {"all", "channel"}


def test_lifetime_value_of_the_average_customer(case, months, balances, acquisition_costs):
    rows = {
        (row["date_month"].year, row["date_month"].month): row
        for row in case.rows("select * from advanced.revenue_retention where cohort = 'all' and segment_type = 'all'")
    }
    opening, churned, before = [], [], {}
    for month, end in months:
        now = balances[month]
        # Who is there at the beginning is at risk for as much of the month as has gone by.
        days, gone = monthrange(*month)[1], (end - pd.Timestamp(*month, 1)).days
        opening.append(len(before) * gone / days)
        churned.append(len(before.keys() - now.keys()))
        before = now
        row = rows[month]
        assert row["is_complete"] == (gone == days)
        lost, base = sum(churned[-3:]), sum(opening[-3:])
        if lost and now:
            expected = sum(now.values()) * MARGIN / len(now) / (lost / base)
            assert row["ltv_cents"] == pytest.approx(expected, rel=1e-9), month
        else:
            assert row["ltv_cents"] is None
        assert row["cac_cents"] == acquisition_costs.get(("all", *month)), month


def test_retention_against_twelve_months_before(case, months, balances):
    rows = {
        (row["date_month"].year, row["date_month"].month): row
        for row in case.rows("select * from advanced.revenue_retention where cohort = 'all' and segment_type = 'all'")
    }
    for place, (month, _) in enumerate(months):
        base = balances[months[place - 12][0]] if place >= 12 else {}
        kept = sum(min(balances[month].get(user, 0), cents) for user, cents in base.items())
        now = sum(balances[month].get(user, 0) for user in base)
        row = rows[month]
        assert (row["base_customers"], row["base_mrr_cents"]) == (len(base), sum(base.values()))
        assert (row["retained_mrr_cents"], row["kept_mrr_cents"]) == (now, kept)


def test_lifetime_value_of_a_cohort_is_what_it_has_brought(case, months, balances, acquisition_costs):
    first = {}
    for month, _ in months:
        for user in balances[month]:
            first.setdefault(user, month)
    cohorts = defaultdict(set)
    for user, month in first.items():
        cohorts[month].add(user)
    rows = case.rows(
        "select * from advanced.revenue_retention where cohort_month is not null and segment_type = 'all' order by date_month"
    )
    so_far = Counter()
    for row in rows:
        cohort, month = ((row[name].year, row[name].month) for name in ("cohort_month", "date_month"))
        members = cohorts[cohort]
        so_far[cohort] += sum(balances[month].get(user, 0) for user in members)
        assert row["ltv_cents"] == pytest.approx(so_far[cohort] * MARGIN / len(members), rel=1e-9)
        assert row["cac_cents"] == acquisition_costs.get(("all", *cohort))


def test_mrr_by_month_and_plan(case, months, balances, paid_periods):
    expected = defaultdict(list)
    for month, end in months:
        for periods in paid_periods.values():
            for started, ended, cents, row in periods:
                if started < end and (ended is None or ended >= end):
                    expected[(month, row.plan)].append(cents)
    rows = case.rows("select * from marts.fct_mrr")
    plans = case.seeds["plan_details"]
    assert len(rows) == len(months) * int((plans.tier > 0).sum())
    for row in rows:
        own = expected[((row["date_month"].year, row["date_month"].month), row["plan"])]
        assert (row["mrr_cents"], row["customers"]) == (sum(own), len(own))


def test_active_core_and_weekly_active_customers(case, core_actions, paid_periods):
    events = case.raw["events"]
    core = events[events.event_type.isin(core_actions)]
    pairs = set(zip(core.user_id, core.event_at.dt.date))
    by_day = Counter(day for _, day in pairs)
    for row in case.rows("select date_day, core_dau from marts.fct_daily_active_users"):
        assert row["core_dau"] == by_day[row["date_day"]]
    days = defaultdict(set)
    for user, day in pairs:
        days[user].add(day)
    for row in case.rows("select * from advanced.north_star_metrics order by date_day")[::9]:
        end = pd.Timestamp(row["date_day"]) + pd.Timedelta(days=1)
        week = {(end - pd.Timedelta(days=back)).date() for back in range(1, 8)}
        count = sum(
            1
            for user, periods in paid_periods.items()
            if days[user] & week and any(start < end and (over is None or over >= end) for start, over, _, _ in periods)
        )
        assert row["weekly_active_customers"] == count, row["date_day"]
