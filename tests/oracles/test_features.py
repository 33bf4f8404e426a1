"""Features and targets of the two supervised models, from what was known before each snapshot."""

from collections import defaultdict
from datetime import timedelta

import contract
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def events_of(case):
    """Each user's events as (time, is core, is ticket, session)."""
    types = case.seeds["event_type_details"]
    core = set(types[types.is_core_action].event_type)
    found = defaultdict(list)
    for row in case.raw["events"].itertuples():
        found[row.user_id].append((row.session_id, row.event_type in core, row.event_type == "support_ticket_opened"))
    return found


@pytest.fixture(scope="module")
def sessions_of(case, events_of):
    """Each user's sessions as (day, started, events, core actions, tickets)."""
    counts = defaultdict(lambda: [0, 0, 0])
    for events in events_of.values():
        for session, is_core, is_ticket in events:
            counts[session][0] += 1
            counts[session][1] += is_core
            counts[session][2] += is_ticket
    found = defaultdict(list)
    for row in case.raw["sessions"].itertuples():
        found[row.user_id].append((row.started_at.date(), row.started_at, *counts[row.session_id]))
    return found


def within(sessions, start, end):
    return [session for session in sessions if start <= session[0] < end]


def days_to_renewal(run, day):
    """Days to the next end of a term, by calendar months; who pays by the month renews always."""
    if run.months == 1:
        return None
    return next((start - day).days for start in map(run.start_of_term, range(1_000)) if start > day)


def test_churn_features(case, sessions_of, active_days, paid_periods, spells):
    failures = defaultdict(list)
    for row in case.raw["payments"].itertuples():
        if row.status == "failed":
            failures[row.user_id].append(row.attempted_at.date())
    rows = {
        (row["user_id"], row["snapshot_date"]): row for row in case.rows("select * from advanced.churn_features")
    }
    _, run_of = contract.runs(case.raw["subscriptions"])
    end = case.as_of + pd.Timedelta(days=1)
    expected = set()
    for number in range(24):
        snapshot = end - pd.Timedelta(days=30 * number)
        for user, plan, started, ended in spells:
            if not (started < snapshot and (ended is None or ended >= snapshot)):
                continue
            day = snapshot.date()
            expected.add((user, day))
            row = rows[(user, day)]
            sessions = sessions_of[user]
            last, before = within(sessions, day - timedelta(30), day), within(sessions, day - timedelta(60), day - timedelta(30))
            current = next(p for p in paid_periods[user] if p[0] < snapshot and (p[1] is None or p[1] >= snapshot))
            assert row["mrr_cents"] == current[2]
            # A period right behind another changes its price; after a gap, or as the first, it is new.
            before_it = next((p for p in paid_periods[user] if p[1] == current[0]), None)
            is_recent = before_it is not None and (day - current[0].date()).days <= 90
            assert row["mrr_change_90d_cents"] == (current[2] - before_it[2] if is_recent else 0)
            assert (row["plan"], row["seats"], row["billing_interval"]) == (current[3].plan, current[3].quantity, current[3].interval)
            assert row["tenure_days"] == (day - started.date()).days
            assert row["days_since_last_change"] == (day - current[0].date()).days
            assert row["days_to_renewal"] == days_to_renewal(run_of[current[3].period_id], day), (user, day)
            assert row["sessions_7d"] == len(within(sessions, day - timedelta(7), day))
            assert (row["sessions_30d"], row["sessions_prior_30d"]) == (len(last), len(before))
            assert row["sessions_prior_60d"] == len(within(sessions, day - timedelta(90), day - timedelta(60)))
            days = active_days.get(user, ())
            assert row["active_days_30d"] == sum(day - timedelta(30) <= at < day for at in days)
            assert row["active_days_prior_30d"] == sum(day - timedelta(60) <= at < day - timedelta(30) for at in days)
            assert row["events_30d"] == sum(session[2] for session in last)
            assert row["core_actions_30d"] == sum(session[3] for session in last)
            assert row["support_tickets_30d"] == sum(session[4] for session in last)
            assert row["failed_payments_90d"] == sum(day - timedelta(90) <= at < day for at in failures[user])
            seen = max((session[0] for session in sessions if session[0] < day and session[2] > 0), default=None)
            if seen:
                assert row["days_since_last_session"] == (day - seen).days
            is_known = snapshot + pd.Timedelta(days=90) <= end
            assert row["is_label_known"] == is_known
            has_churned = ended is not None and ended < snapshot + pd.Timedelta(days=90)
            assert row["has_churned_in_90d"] == (has_churned if is_known else None)
    assert rows.keys() == expected


def test_ltv_features(case, sessions_of, active_days):
    terms = defaultdict(list)
    for row in case.raw["subscriptions"].itertuples():
        terms[row.user_id].append((row.started_at.date(), None if pd.isna(row.ended_at) else row.ended_at.date(), row))
    payments = case.raw["payments"]
    paid = defaultdict(list)
    for row in payments[payments.status == "succeeded"].itertuples():
        paid[row.user_id].append((row.attempted_at.date(), row.amount_cents))
    rows = {row["user_id"]: row for row in case.rows("select * from advanced.ltv_features")}
    last = case.as_of.date() + timedelta(1)
    expected = set()
    for user in case.raw["users"].itertuples():
        snapshot = user.signed_up_at.date() + timedelta(30)
        if snapshot > last:
            continue
        expected.add(user.user_id)
        row = rows[user.user_id]
        assert row["snapshot_date"] == snapshot
        sessions = [session for session in sessions_of[user.user_id] if session[0] < snapshot]
        assert row["sessions_30d"] == len(sessions)
        assert row["core_actions_30d"] == sum(session[3] for session in sessions)
        assert row["active_days_30d"] == sum(day < snapshot for day in active_days.get(user.user_id, ()))
        current = [term for start, end, term in terms[user.user_id] if start < snapshot and (end is None or end >= snapshot)]
        assert row["mrr_cents"] == sum(term.monthly_cents for term in current)
        assert row["revenue_30d_cents"] == sum(cents for day, cents in paid[user.user_id] if day < snapshot)
        year = snapshot + timedelta(365)
        # Earned, not collected (docs/decisions/0082): each day of a term is a 365th of twelve monthly prices.
        price_days = sum(
            term.monthly_cents * 12 * max(0, (min(end or year, year) - max(start, snapshot)).days)
            for start, end, term in terms[user.user_id]
        )
        following = price_days // 365
        assert row["is_target_known"] == (year <= last)
        assert row["next_12_months_revenue_cents"] == (following if year <= last else None)
    assert rows.keys() == expected
