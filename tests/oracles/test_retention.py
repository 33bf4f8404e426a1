"""Cohort retention in its three modes, and churn of customers, from raw rows."""

from collections import defaultdict
from datetime import timedelta

import pytest

LENGTHS = {"week": (7, 52), "month": (30, 24)}


@pytest.fixture(scope="module")
def users(case, active_days):
    """Of each user: signup day, days observed after it, numbers of the days with activity."""
    found = []
    for row in case.raw["users"].itertuples():
        signup = row.signed_up_at.date()
        numbers = {(day - signup).days for day in active_days.get(row.user_id, ())}
        found.append((signup, (case.as_of.date() - signup).days, numbers))
    return found


def cohort(signup, grain):
    return signup - timedelta(days=signup.weekday()) if grain == "week" else signup.replace(day=1)


@pytest.mark.parametrize("grain", LENGTHS)
def test_retention_by_its_definition(case, users, grain):
    length, last_period = LENGTHS[grain]
    members = defaultdict(list)
    for user in users:
        members[cohort(user[0], grain)].append(user)
    expected = {}
    for date, own in members.items():
        for period in range(min(max(observed for _, observed, _ in own) // length, last_period) + 1):
            first, last = period * length, (period + 1) * length - 1
            began = [days for _, observed, days in own if observed >= first]
            whole = [days for _, observed, days in own if observed >= last]
            counts = {
                "n_day": (len(began), sum(first in days for days in began)),
                "bracket": (len(whole), sum(any(first <= day <= last for day in days) for days in whole)),
                "unbounded": (len(whole), sum(any(day >= first for day in days) for days in whole)),
            }
            for mode, (eligible, retained) in counts.items():
                # Signing up is the activity of period 0.
                expected[(date, period, mode)] = (len(own), eligible, eligible if period == 0 else retained)
    rows = case.rows(f"select * from advanced.cohort_retention where cohort_grain = '{grain}'")
    found = {
        (row["cohort_date"], row["period"], row["mode"]): (row["cohort_size"], row["eligible"], row["retained"])
        for row in rows
    }
    assert found == expected
    for row in rows:
        assert row["is_complete"] == (row["eligible"] == row["cohort_size"])
        rate = pytest.approx(row["retained"] / row["eligible"], rel=1e-12) if row["eligible"] else None
        assert row["retention_rate"] == rate


def test_churn_rate_and_customers_of_each_day(case, spells):
    rows = case.rows("select * from advanced.north_star_metrics order by date_day")
    starts, ends = defaultdict(int), defaultdict(int)
    new, seen = defaultdict(int), set()
    for user, _, started, ended in sorted(spells, key=lambda spell: spell[2]):
        starts[started.date()] += 1
        if user not in seen:
            new[started.date()] += 1
            seen.add(user)
        if ended is not None:
            ends[ended.date()] += 1
    paying, by_day = 0, {}
    for row in rows:
        day = row["date_day"]
        paying += starts[day] - ends[day]
        by_day[day] = paying
        assert row["paying_customers"] == paying
        assert (row["new_customers"], row["reactivated_customers"]) == (new[day], starts[day] - new[day])
        lost = sum(ends[day - timedelta(days=back)] for back in range(28))
        assert row["churned_customers_28d"] == lost
        base = by_day.get(day - timedelta(days=28))
        assert row["churn_rate_28d"] == (pytest.approx(lost / base, rel=1e-12) if base else None)


def test_activation_rate_of_settled_signups(case):
    """28 days of signups, the last of which has had its seven days."""
    activated = {row["user_id"]: row["is_activated"] for row in case.rows("select * from intermediate.int_user_lifecycle")}
    by_day = defaultdict(list)
    for row in case.raw["users"].itertuples():
        by_day[row.signed_up_at.date()].append(activated[row.user_id])
    for row in case.rows("select date_day, activation_rate_28d from advanced.north_star_metrics order by 1"):
        group = [
            value
            for back in range(8, 36)
            for value in by_day.get(row["date_day"] - timedelta(days=back), ())
        ]
        expected = pytest.approx(sum(group) / len(group), rel=1e-12) if group else None
        assert row["activation_rate_28d"] == expected, row["date_day"]
