"""What the models say against plain loops over the raw rows.

Written from the definitions in docs/decisions, not from the SQL.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pandas as pd
import pytest


def month_ends(raw, as_of):
    """(year, month) and the first instant after it, from the first signup's month to as_of's."""
    day = raw["users"].signed_up_at.min()
    year, month = day.year, day.month
    while (year, month) <= (as_of.year, as_of.month):
        following = pd.Timestamp(year + month // 12, month % 12 + 1, 1)
        yield (year, month), min(following, as_of + pd.Timedelta(days=1))
        year, month = following.year, following.month


@pytest.fixture(scope="module")
def balances(raw, as_of):
    """What each user pays at each month's end: {(year, month): {user: (cents, plan)}}."""
    periods = [
        (row.user_id, row.plan, monthly_cents(row), row.started_at, row.ended_at)
        for row in raw["subscriptions"].itertuples()
        if row.change_type != "trial"
    ]
    result = {}
    for month, end in month_ends(raw, as_of):
        running = defaultdict(list)
        for user, plan, cents, started, ended in periods:
            if started < end and (pd.isna(ended) or ended >= end) and cents > 0:
                running[user].append((cents, plan))
        result[month] = {user: held(own) for user, own in running.items()}
    return result


def monthly_cents(period):
    """What a period brings in a month: its bill over the months to the next one, rounded half up to the cent."""
    bill = int(period.quantity * period.unit_price_cents - period.discount_cents)
    months = 12 if period.billing_interval == "year" else int(period.interval_count)
    return (2 * bill + months) // (2 * months)


def held(running):
    """What a customer pays for all that runs at an instant, and the plan; an add-on has none."""
    plans = [(cents, plan) for cents, plan in running if isinstance(plan, str)]
    assert len(plans) == 1, "a platform's subscription at a time"
    return sum(cents for cents, _ in running), plans[0][1]


def movements(balances):
    """The waterfall from one month end to the next, as cents and customers."""
    before, ever = {}, set()
    for month, now in balances.items():
        flow = defaultdict(int)
        flow["opening"] = sum(cents for cents, _ in before.values())
        flow["closing"] = sum(cents for cents, _ in now.values())
        for user in before.keys() | now.keys():
            was = before[user][0] if user in before else 0
            cents = now[user][0] if user in now else 0
            if was == 0:
                kind = "reactivation" if user in ever else "new"
            elif cents == 0:
                kind = "churn"
            elif cents == was:
                continue
            else:
                kind = "expansion" if cents > was else "contraction"
            flow[kind] += cents - was
            flow[kind + "_customers"] += 1
        ever |= now.keys()
        yield month, flow
        before = now


KINDS = ["opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"]


def test_mrr_waterfall(balances, modelled):
    rows = modelled("select * from marts.fct_mrr_waterfall where segment_type = 'all' order by date_month")
    expected = list(movements(balances))
    assert [(row["date_month"].year, row["date_month"].month) for row in rows] == [month for month, _ in expected]
    assert any(flow["closing"] for _, flow in expected), "a data set without customers shows nothing"
    for row, (month, flow) in zip(rows, expected):
        assert {kind: row[f"{kind}_mrr_cents"] for kind in KINDS} == {kind: flow[kind] for kind in KINDS}, month
        for kind in KINDS[1:6]:
            assert row[f"{kind}_customers"] == flow[f"{kind}_customers"], (month, kind)


@pytest.mark.parametrize("segment", ["channel", "country", "company_size"])
def test_mrr_waterfall_by_segment(raw, balances, modelled, segment):
    of_user = dict(zip(raw["users"].user_id, raw["users"][segment].astype(str)))
    rows = {
        (row["segment_value"], row["date_month"].year, row["date_month"].month): row
        for row in modelled(f"select * from marts.fct_mrr_waterfall where segment_type = '{segment}'")
    }
    for value in sorted({of_user[user] for paying in balances.values() for user in paying}):
        own = {
            month: {user: balance for user, balance in paying.items() if of_user[user] == value}
            for month, paying in balances.items()
        }
        for month, flow in movements(own):
            row = rows[(value, *month)]
            assert {kind: row[f"{kind}_mrr_cents"] for kind in KINDS} == {kind: flow[kind] for kind in KINDS}


def test_mrr_by_plan(balances, modelled):
    expected = defaultdict(int)
    customers = defaultdict(int)
    for (year, month), paying in balances.items():
        for cents, plan in paying.values():
            expected[(year, month, plan)] += cents
            customers[(year, month, plan)] += 1
    rows = modelled("select * from marts.fct_mrr")
    assert len(rows) == len(balances) * 3
    for row in rows:
        key = (row["date_month"].year, row["date_month"].month, row["plan"])
        assert (row["mrr_cents"], row["customers"]) == (expected[key], customers[key])


def test_plan_transfers(balances, modelled):
    rows = {
        (row["date_month"].year, row["date_month"].month, row["segment_value"]): row
        for row in modelled("select * from marts.fct_mrr_waterfall where segment_type = 'plan'")
    }
    before = {}
    for (year, month), now in balances.items():
        transfers = defaultdict(int)
        for user in before.keys() & now.keys():
            (was, old_plan), (_, plan) = before[user], now[user]
            if plan != old_plan:
                transfers[old_plan] -= was
                transfers[plan] += was
        for plan in ("starter", "professional", "enterprise"):
            if (year, month, plan) in rows:
                assert rows[(year, month, plan)]["transfer_mrr_cents"] == transfers[plan]
        before = now


def test_net_and_gross_revenue_retention(balances, modelled):
    months = list(balances)
    rows = {
        (row["date_month"].year, row["date_month"].month): row
        for row in modelled("select * from advanced.revenue_retention where cohort = 'all' and segment_type = 'all'")
    }
    assert len(rows) == len(months)
    for index, month in enumerate(months):
        row = rows[month]
        base = balances[months[index - 12]] if index >= 12 else {}
        total = sum(cents for cents, _ in base.values())
        if total == 0:
            assert row["nrr"] is None and row["grr"] is None
            continue
        now = {user: balances[month].get(user, (0,))[0] for user in base}
        assert row["nrr"] == pytest.approx(sum(now.values()) / total, rel=1e-12)
        assert row["grr"] == pytest.approx(sum(min(now[user], base[user][0]) for user in base) / total, rel=1e-12)


def test_cohort_retention_of_revenue(balances, modelled):
    first, base = {}, {}
    for month, paying in balances.items():
        for user, (cents, _) in paying.items():
            if user not in first:
                first[user], base[user] = month, cents
    rows = modelled("select * from advanced.revenue_retention where cohort <> 'all' and segment_type = 'all'")
    assert rows
    for row in rows:
        cohort = (row["cohort_month"].year, row["cohort_month"].month)
        members = [user for user in first if first[user] == cohort]
        paying = balances[(row["date_month"].year, row["date_month"].month)]
        now = {user: paying.get(user, (0,))[0] for user in members}
        total = sum(base[user] for user in members)
        assert row["base_customers"] == len(members)
        assert row["base_mrr_cents"] == total
        assert row["retained_mrr_cents"] == sum(now.values())
        assert row["nrr"] == pytest.approx(sum(now.values()) / total, rel=1e-12)
        assert row["grr"] == pytest.approx(sum(min(now[user], base[user]) for user in members) / total, rel=1e-12)


def test_quick_ratio(balances, modelled):
    rows = modelled("select * from advanced.revenue_retention where cohort = 'all' and segment_type = 'all' order by date_month")
    for row, (_, flow) in zip(rows, movements(balances)):
        lost = -(flow["contraction"] + flow["churn"])
        if lost == 0:
            assert row["quick_ratio"] is None
        else:
            gained = flow["new"] + flow["expansion"]
            assert row["quick_ratio"] == pytest.approx((gained + flow["reactivation"]) / lost, rel=1e-12)
            assert row["quick_ratio_without_reactivation"] == pytest.approx(gained / lost, rel=1e-12)


@pytest.fixture(scope="module")
def active_on(raw):
    """Who had an event on each day."""
    days = defaultdict(set)
    for user, day in set(zip(raw["events"].user_id, raw["events"].event_at.dt.date)):
        days[day].add(user)
    return days


def test_active_users(raw, as_of, active_on, modelled):
    rows = modelled("select * from marts.fct_daily_active_users order by date_day")
    first = raw["users"].signed_up_at.min().date()
    assert [row["date_day"] for row in rows] == [first + timedelta(days=n) for n in range((as_of.date() - first).days + 1)]
    for row in rows:
        last = lambda n: set().union(*(active_on.get(row["date_day"] - timedelta(days=back), set()) for back in range(n)))
        assert (row["dau"], row["wau"], row["mau"]) == (len(last(1)), len(last(7)), len(last(30))), row["date_day"]


CORE_ACTIONS = {"report_created", "dashboard_viewed", "api_call", "export_data", "integration_connected", "alert_configured"}


def test_core_active_users(raw, modelled):
    events = raw["events"]
    core = events[events.event_type.isin(CORE_ACTIONS)]
    expected = core.groupby(core.event_at.dt.date).user_id.nunique().to_dict()
    for row in modelled("select date_day, core_dau from marts.fct_daily_active_users"):
        assert row["core_dau"] == expected.get(row["date_day"], 0)


def test_weekly_active_customers(raw, as_of, modelled):
    events = raw["events"]
    core_days = defaultdict(set)
    for user, day in set(zip(*(events[events.event_type.isin(CORE_ACTIONS)][c] for c in ("user_id", "event_at")))):
        core_days[user].add(day.date())
    periods = [
        (row.user_id, row.started_at, as_of + pd.Timedelta(days=2) if pd.isna(row.ended_at) else row.ended_at, monthly_cents(row))
        for row in raw["subscriptions"].itertuples()
        if monthly_cents(row) > 0
    ]
    rows = modelled("select * from advanced.north_star_metrics order by date_day")
    for row in rows[::7] + rows[-1:]:
        end = pd.Timestamp(row["date_day"]) + pd.Timedelta(days=1)
        paying = Counter()
        for user, started, ended, cents in periods:
            if started < end <= ended:
                paying[user] += cents
        week = {row["date_day"] - timedelta(days=back) for back in range(7)}
        assert row["paying_customers"] == len(paying), row["date_day"]
        assert row["mrr_cents"] == sum(paying.values()), row["date_day"]
        assert row["weekly_active_customers"] == sum(1 for user in paying if core_days[user] & week), row["date_day"]


def test_activation(raw, modelled):
    signed_up = dict(zip(raw["users"].user_id, raw["users"].signed_up_at))
    steps = defaultdict(set)
    for event in raw["events"].itertuples():
        if event.event_type in ("integration_connected", "report_created"):
            if event.event_at - signed_up[event.user_id] < pd.Timedelta(hours=168):
                steps[event.user_id].add(event.event_type)
    rows = modelled("select user_id, is_activated from intermediate.int_user_lifecycle")
    assert {row["user_id"]: row["is_activated"] for row in rows} == {user: len(steps[user]) == 2 for user in signed_up}


def test_attribution_weights(raw, modelled):
    paths = defaultdict(list)
    for touch in raw["marketing_touches"].sort_values(["touched_at", "touch_id"]).itertuples():
        paths[touch.user_id].append(touch)
    signed_up = dict(zip(raw["users"].user_id, raw["users"].signed_up_at))
    rows = {row["touch_id"]: row for row in modelled("select * from intermediate.int_marketing_attributed")}
    assert len(rows) == len(raw["marketing_touches"])
    for user, path in paths.items():
        size = len(path)
        decays = [0.5 ** ((signed_up[user].floor("s") - touch.touched_at.floor("s")).total_seconds() / (7 * 86400)) for touch in path]
        for place, touch in enumerate(path):
            row = rows[touch.touch_id]
            ends = place in (0, size - 1)
            position = {1: 1.0, 2: 0.5}.get(size, 0.4 if ends else 0.2 / max(size - 2, 1))
            assert row["first_touch_weight"] == (place == 0)
            assert row["last_touch_weight"] == (place == size - 1)
            assert row["linear_weight"] == pytest.approx(1 / size)
            assert row["position_weight"] == pytest.approx(position)
            assert row["time_decay_weight"] == pytest.approx(decays[place] / sum(decays))
