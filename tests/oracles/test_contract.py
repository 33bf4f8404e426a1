"""The contract of billing: several subscriptions at once, terms, discounts, states, and a history that is cut.

What a customer holds is summed over all of their running subscriptions, from raw rows and docs/raw-tables.md.
"""

import sys
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import contract
import pandas as pd
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "coverage"))

from replay import Replay  # noqa: E402


def test_amounts_of_a_month_are_rounded_half_up():
    """$100 a year is $8.33 a month, $101 is $8.42 (8.41666), and half a cent goes up."""
    assert [contract.half_up(cents, 12) for cents in (10_000, 10_100, 6, 5, 18)] == [833, 842, 1, 0, 2]
    assert [contract.half_up(cents, 3) for cents in (100, 101, 200)] == [33, 34, 67]
    assert contract.half_up(1_999, 1) == 1_999


def test_terms_begin_on_anniversaries():
    """A quarter of 30 November ends on 28 February; a year of 29 February on 28 February."""
    at = pd.Timestamp("2024-11-30 10:00")
    run = contract.Run(pd.Series({"started_at": at, "ended_at": pd.NaT, "months": 3}))
    days = [str(day) for day in run.terms_to(pd.Timestamp("2025-08-31").date())]
    assert days == ["2024-11-30", "2025-02-28", "2025-05-30", "2025-08-30"]
    assert all(run.begins_on(pd.Timestamp(day).date()) for day in days)
    assert not run.begins_on(pd.Timestamp("2025-03-30").date())
    leap = contract.Run(pd.Series({"started_at": pd.Timestamp("2024-02-29"), "ended_at": pd.NaT, "months": 12}))
    assert str(leap.start_of_term(1)) == "2025-02-28"


@pytest.fixture(scope="module")
def staged(case):
    return {row["period_id"]: row for row in case.rows("select * from staging.stg_subscriptions")}


def test_periods_are_those_of_the_rows(case, staged):
    columns = ("subscription_id", "user_id", "product", "plan", "quantity", "unit_price_cents", "discount_cents", "currency", "status")
    moments = ("trial_started_at", "trial_ends_at", "started_at", "ended_at", "canceled_at")
    assert staged.keys() == set(case.raw["subscriptions"].period_id)
    for row in case.raw["subscriptions"].itertuples():
        found = staged[row.period_id]
        for name in columns + ("cancel_at_period_end", "change_type", "churn_reason", "bill_cents"):
            assert found[name] == getattr(row, name), (row, name)
        for name in moments:
            assert found[name] == contract.instant(getattr(row, name)), (row, name)
        # The word says quarter where a quarter is billed.
        assert (found["billing_interval"], found["billing_months"]) == (row.interval, row.months), row
        assert found["monthly_price_cents"] == row.monthly_cents, row


def test_rows_keep_what_the_contract_says(case):
    """The raw rows themselves, as docs/raw-tables.md tells them."""
    of_subscription, started = defaultdict(list), defaultdict(list)
    subscriptions = case.raw["subscriptions"].sort_values(["started_at", "period_id"])
    assert subscriptions.period_id.is_unique
    for row in subscriptions.itertuples():
        of_subscription[row.subscription_id].append(row)
        assert row.subscription_id // 100 == row.user_id
        assert (row.product == "platform") == (row.plan is not None), row
        assert row.quantity >= 1 and (row.quantity == 1 or row.product == "platform"), row
        assert (row.billing_interval, row.interval_count) in {("month", 1), ("month", 3), ("year", 1)}, row
        assert row.currency == "usd"
        assert 0 <= row.discount_cents and (row.bill_cents > 0) == (row.change_type != "trial"), row
    for subscription, periods in of_subscription.items():
        first, last = periods[0], periods[-1]
        started[first.user_id].append((first.started_at, subscription))
        assert len({period.product for period in periods}) == 1
        for period, following in zip(periods, [*periods[1:], None]):
            if following is not None:
                # One after another, without a gap.
                assert period.ended_at == following.started_at, period
                assert period.status == "replaced" and not period.cancel_at_period_end and period.churn_reason is None, period
                assert pd.isna(period.canceled_at), period
            elif pd.isna(period.ended_at):
                allowed = {"trialing"} if period.change_type == "trial" else {"active", "past_due"}
                assert period.status in allowed and period.churn_reason is None, period
            else:
                assert period.status == "canceled", period
                assert (period.churn_reason is None) == (period.change_type == "trial"), period
            # Whoever is lost over a bill has not said that they leave.
            if not pd.isna(period.canceled_at):
                assert period.started_at <= period.canceled_at and period.churn_reason in (None, "voluntary"), period
                assert pd.isna(period.ended_at) or period.canceled_at <= period.ended_at, period
            assert not period.cancel_at_period_end or not pd.isna(period.canceled_at), period
            has_tried = first.change_type == "trial"
            assert (not pd.isna(period.trial_started_at)) == has_tried == (not pd.isna(period.trial_ends_at)), period
            if has_tried:
                assert period.trial_started_at == first.started_at
                assert period.trial_ends_at - period.trial_started_at == timedelta(days=14), period
    for user, own in started.items():
        # Numbered from 1 in order of start.
        own.sort()
        assert [subscription for _, subscription in own] == [user * 100 + number for number in range(1, len(own) + 1)], own
    # An add-on runs within a stay on the platform.
    stretches = contract.stretches(case.raw["subscriptions"])
    assert all(row.product == "platform" for own in stretches.values() for *_, row in own)


def test_charges_are_for_a_service(case):
    """Terms follow each other; a charge in mid-term runs to the term's end; reversals have no service."""
    contracts, (_, run_of) = contract.Contracts(case.raw["subscriptions"]), contract.runs(case.raw["subscriptions"])
    reversals = case.raw["payments"].status.isin(contract.REVERSALS)
    assert case.raw["payments"][reversals][["service_starts_at", "service_ends_at"]].isna().all(axis=None)
    for attempts in contract.charges(case.raw["payments"]):
        first = attempts[0]
        period = contracts.at(first.subscription_id, first.service_starts_at)
        run = run_of[period.period_id]
        day = first.service_starts_at.date()
        number = next(number for number in range(1_000) if run.start_of_term(number + 1) > day)
        assert first.service_ends_at.date() == run.start_of_term(number + 1), first
        assert first.attempted_at >= first.service_starts_at, first
        assert {attempt.user_id for attempt in attempts} == {period.user_id}


def test_stretches_are_what_a_customer_holds(case, paid_periods):
    """Amounts, subscriptions and add-ons of every stretch, and the movements between them."""
    subscriptions = case.raw["subscriptions"]
    running = contract.by_user(subscriptions)
    rows = defaultdict(list)
    for row in case.rows("select * from intermediate.int_subscription_periods where is_paid order by valid_from"):
        rows[row["user_id"]].append(row)
    assert rows.keys() == paid_periods.keys()
    seen = Counter()
    for user, periods in paid_periods.items():
        assert [(row["valid_from"], row["valid_to"]) for row in rows[user]] == [(started, ended) for started, ended, *_ in periods], user
        before = None
        for row, (started, ended, cents, platform) in zip(rows[user], periods):
            held = [period for period in running[user] if contract.runs_at(period, started)]
            extra = sum(period.monthly_cents for period in held if period.product != "platform")
            assert (row["monthly_price_cents"], row["add_on_price_cents"], row["count_subscriptions"]) == (cents, extra, len(held)), row
            assert (row["subscription_id"], row["period_id"]) == (platform.subscription_id, platform.period_id), row
            assert (row["plan"], row["seats"]) == (platform.plan, platform.quantity), row
            assert (row["billing_interval"], row["billing_months"]) == (platform.interval, platform.months), row
            if before is None:
                movement = "new"
            elif before[1] != started:
                movement = "reactivation"
            else:
                movement = "expansion" if cents > before[2] else "contraction" if cents < before[2] else "renewal"
            assert row["movement"] == movement, row
            follows = any(other[0] == ended for other in periods)
            assert row["is_churn"] == (ended is not None and not follows), row
            seen[movement] += 1
            seen["add_on"] += bool(extra) and movement == "expansion"
            seen[platform.interval] += 1
            before = started, ended, cents
    assert seen["new"] and seen["expansion"]
    if case.name == "rich":
        assert seen["add_on"] and seen["quarter"] and seen["year"]


def month_ends(case):
    first = case.raw["users"].signed_up_at.min()
    start = pd.Timestamp(first.year, first.month, 1)
    while start <= case.as_of:
        following = start + pd.DateOffset(months=1)
        yield start.date(), min(following, case.as_of + pd.Timedelta(days=1))
        start = following


def test_movements_are_the_customers(case):
    """Month ends of raw periods, summed by customer: an add-on that begins is expansion, one that is dropped contraction."""
    running = contract.by_user(case.raw["subscriptions"])
    expected, before, ever = {}, {}, set()
    for month, end in month_ends(case):
        now = Counter()
        for user, periods in running.items():
            for period in periods:
                if period.started_at < end and (pd.isna(period.ended_at) or period.ended_at >= end):
                    now[user] += period.monthly_cents
        flow = Counter(opening_mrr_cents=sum(before.values()), closing_mrr_cents=sum(now.values()))
        for user in before.keys() | now.keys():
            change = now[user] - before.get(user, 0)
            if user not in before:
                kind = "reactivation" if user in ever else "new"
            elif user not in now:
                kind = "churn"
            else:
                kind = "expansion" if change > 0 else "contraction"
            flow[f"{kind}_mrr_cents"] += change
        expected[month] = flow
        ever |= now.keys()
        before = now
    rows = {row["date_month"]: row for row in case.rows("select * from marts.fct_mrr_waterfall where segment_type = 'all'")}
    assert rows.keys() == expected.keys()
    for month, flow in expected.items():
        for kind in ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"):
            assert rows[month][f"{kind}_mrr_cents"] == flow[f"{kind}_mrr_cents"], (month, kind)


class Earlier(Replay):
    """The project's SQL as dbt compiles it with an earlier last day."""

    def __init__(self, case, as_of):
        super().__init__(case.folder)
        self.days = str(case.as_of.date()), str(as_of.date())

    def sql(self, node):
        return super().sql(node).replace(*self.days)


@pytest.fixture(scope="module", params=[7, 45, 200])
def earlier(case, request):
    """Staging as it was known so many days earlier: the last day, and a function from a query to rows."""
    as_of = case.as_of - pd.Timedelta(days=request.param)
    with Earlier(case, as_of).run(case.folder, ["stg_subscriptions", "stg_payments"]) as connection:

        def rows(query):
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

        yield as_of, rows


def test_an_earlier_day_does_not_know_what_followed(case, earlier):
    """What ended later was running; who left later, or has said so since, had not said so."""
    as_of, read = earlier
    end = as_of + pd.Timedelta(days=1)
    rows = {row["period_id"]: row for row in read("select * from staging.stg_subscriptions")}
    begun = case.raw["subscriptions"][case.raw["subscriptions"].started_at < end]
    assert rows.keys() == set(begun.period_id)
    payments = case.raw["payments"]
    # A bill that is lost: of a subscription that ends over it, the last one that nobody paid.
    lost_since = {}
    for attempts in contract.charges(payments):
        if not any(attempt.status == "succeeded" for attempt in attempts):
            lost_since[attempts[0].subscription_id] = attempts[0].attempted_at
    seen = Counter()
    for period in begun.itertuples():
        row = rows[period.period_id]
        has_ended = not pd.isna(period.ended_at) and period.ended_at < end
        has_said = not pd.isna(period.canceled_at) and period.canceled_at < end
        assert row["ended_at"] == (period.ended_at if has_ended else None), period
        assert row["churn_reason"] == (period.churn_reason if has_ended else None), period
        assert row["canceled_at"] == (period.canceled_at if has_said else None), period
        assert row["cancel_at_period_end"] == (period.cancel_at_period_end and has_said), period
        if has_ended:
            status = period.status
        elif period.change_type == "trial":
            status = "trialing"
        else:
            is_lost = period.status == "past_due" or period.churn_reason == "involuntary"
            status = "past_due" if is_lost and lost_since[period.subscription_id] < end else "active"
        assert row["status"] == status, period
        seen[status] += 1
        seen["said later"] += not pd.isna(period.canceled_at) and not has_said
    assert seen["active"] and seen["replaced"] and seen["canceled"]
    assert seen["said later"] or (case.as_of - as_of).days < 100
    assert {row["payment_id"] for row in read("select payment_id from staging.stg_payments")} == set(payments[payments.attempted_at < end].payment_id)
