"""Anomaly flags against the planted days and against plain lists."""

from collections import Counter, defaultdict
from datetime import timedelta
from math import asin, log, sqrt
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta

# The statements of the learned model, which dbt does not know.
SQL = Path(__file__).resolve().parents[2] / "src" / "ml" / "anomalies"


# Bills of a day from which its kind must be flagged: fewer can't stand out from chance. Offers and prices are exact.
FEWEST = {"campaign": 1, "wrong_price": 1, "processor_failure": 10, "outage": 20, "double_charge": 25}


def test_planted_days_are_flagged_where_there_is_enough_to_see_and_few_others(demo):
    """Recall by kind (decision 0152): a wrong price must be that of most bills, as the score reads the middle one."""
    truth = demo.truth["anomaly_days"]
    assert len(truth) == 12
    payments = demo.raw["payments"].merge(demo.raw["subscriptions"], on="subscription_id")
    first = payments[payments.status.isin(["succeeded", "failed"]) & (payments.attempt_no == 1)]
    flagged = {row["date_day"] for row in demo.rows("select date_day from advanced.anomaly_flags where is_anomaly")}
    expected, felt = set(), set()
    for row in truth.itertuples():
        day = pd.Timestamp(row.date).date()
        felt.add(day)
        if row.kind == "outage":
            felt.add(day + timedelta(1))
        # What fell due in an outage is attempted on the next day, in its first six hours.
        at = first.attempted_at
        bills = first[(at.dt.date == day + timedelta(1)) & (at.dt.hour < 6)] if row.kind == "outage" else first[at.dt.date == day]
        concerned = bills[bills.plan == row.plan] if row.kind == "wrong_price" else bills
        if len(concerned) >= FEWEST[row.kind] and 2 * len(concerned) > len(bills):
            expected.add(day)
    assert len(expected) >= 4
    assert expected <= flagged, expected - flagged
    assert len(flagged - felt) <= 3, flagged - felt


def test_scores_by_hand(case):
    """Both robust z-scores of every day, from windows of plain lists."""
    subscriptions = case.raw["subscriptions"].set_index("subscription_id")
    charges, failed, collected, prices = Counter(), Counter(), Counter(), defaultdict(list)
    attempts, failures = Counter(), Counter()
    for row in case.raw["payments"].itertuples():
        day, contract = row.attempted_at.date(), subscriptions.loc[row.subscription_id]
        charges[day] += row.status == "succeeded"
        failed[day] += row.amount_cents * (row.status == "failed")
        collected[day] += row.amount_cents * (row.status == "succeeded")
        is_yearly = contract.billing_interval == "year"
        if row.status in ("refunded", "disputed", "dispute_won") or row.attempt_no != 1:
            continue
        attempts[day] += 1
        failures[day] += row.status == "failed"
        if is_yearly and contract.change_type in ("upgrade", "downgrade", "price_change"):
            continue
        prices[day].append(log(row.amount_cents / (contract.monthly_amount_cents * (12 if is_yearly else 1))))
    rows = case.rows("select * from advanced.anomaly_flags order by date_day")
    days = [row["date_day"] for row in rows]
    volume = [2 * sqrt(charges[day] + 0.375) for day in days]
    price = [median(prices[day]) if prices[day] else None for day in days]
    offs, spreads, price_z, failure_z = [], [], [], []

    def arcsine(part, whole):
        return asin(sqrt((part + 0.375) / (whole + 0.75)))

    for at, day in enumerate(days):
        past = volume[max(at - 28, 0) : at]
        if not past:
            offs.append(None), spreads.append(None), price_z.append(None), failure_z.append(None)
            continue
        level = median(past)
        bills = 32 - day.day if (day + timedelta(days=1)).day == 1 else 1
        offs.append(volume[at] - 2 * sqrt(max(level * level / 4 - 0.375, 0) * bills + 0.375))
        spreads.append(max(1.4826 * median(abs(value - level) for value in past), 1))
        window = days[max(at - 28, 0) : at]
        usual_share = arcsine(sum(failures[one] for one in window), sum(attempts[one] for one in window))
        off = arcsine(failures[day], attempts[day]) - usual_share
        failure_z.append(2 * sqrt(attempts[day] + 0.5) * off if attempts[day] else None)
        known = [value for value in price[max(at - 28, 0) : at] if value is not None]
        if not known or price[at] is None:
            price_z.append(None)
            continue
        usual = median(known)
        price_z.append((price[at] - usual) / max(1.4826 * median(abs(value - usual) for value in known), 0.05))
    by_weekday = {weekday: median(off for off, day in zip(offs, days) if off is not None and day.weekday() == weekday) for weekday in range(7)}
    for at, row in enumerate(rows):
        day = row["date_day"]
        assert (row["revenue_cents"], row["failed_cents"], row["charges"]) == (collected[day], failed[day], charges[day])
        expected = None if offs[at] is None else (offs[at] - by_weekday[days[at].weekday()]) / spreads[at]
        assert row["volume_z"] == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9)), days[at]
        assert row["price_z"] == (None if price_z[at] is None else pytest.approx(price_z[at], rel=1e-9, abs=1e-9)), days[at]
        assert row["failure_z"] == (None if failure_z[at] is None else pytest.approx(failure_z[at], rel=1e-9, abs=1e-9)), days[at]
        larger = max(abs(expected or 0), abs(price_z[at] or 0), abs(failure_z[at] or 0))
        assert row["is_anomaly"] == (at >= 28 and larger > 3.5), days[at]


def runs_of(case):
    """Each subscription's run of paid periods with one interval: its first day, its last, and the months of a term."""
    found, of = [], {}
    paid = case.raw["subscriptions"]
    paid = paid[paid.monthly_amount_cents > 0].sort_values(["user_id", "started_at"])
    last = None
    for row in paid.itertuples():
        if not (last and (last.user_id, last.ended_at, last.billing_interval) == (row.user_id, row.started_at, row.billing_interval)):
            found.append([row.started_at.date(), None, 12 if row.billing_interval == "year" else 1])
        found[-1][1] = None if pd.isna(row.ended_at) else row.ended_at.date()
        of[row.subscription_id] = found[-1]
        last = row
    return found, of


def test_residuals_of_the_forest_by_hand(case):
    """Bills due, first attempts, failures and prices of every day, from raw rows and the calendar."""
    runs, run_of = runs_of(case)
    due, attempts, failures, off, prices = Counter(), Counter(), Counter(), Counter(), defaultdict(list)
    for start, end, months in runs:
        for number in range(1_000):
            day = (pd.Timestamp(start) + pd.DateOffset(months=number * months)).date()
            if day > case.as_of.date() or end and day >= end:
                break
            due[day] += 1
    subscriptions = case.raw["subscriptions"].set_index("subscription_id")
    for row in case.raw["payments"].itertuples():
        if row.status not in ("succeeded", "failed") or row.attempt_no != 1:
            continue
        day, (start, _, months) = row.attempted_at.date(), run_of[row.subscription_id]
        passed = relativedelta(day, start)
        if (12 * passed.years + passed.months) % months:
            continue  # more seats in mid-year
        ratio = row.amount_cents / (subscriptions.loc[row.subscription_id].monthly_amount_cents * months)
        attempts[day] += 1
        failures[day] += row.status == "failed"
        off[day] += abs(ratio - 1) > 0.01
        prices[day].append(ratio)
    share = sum(failures.values()) / sum(attempts.values())
    rows = case.rows((SQL / "features.sql").read_text())
    assert len(rows) == case.rows("select count(*) as days from advanced.anomaly_flags")[0]["days"]
    for row in rows:
        day = row["date"]
        tried, bills = attempts[day], due[day]
        assert row["bills"] == bills, day
        assert row["attempted_ratio"] == pytest.approx((tried + 0.5) / (bills + 0.5)), day
        assert row["failed_share"] == pytest.approx((failures[day] + 5 * share) / (tried + 5)), day
        assert row["off_price_share"] == pytest.approx(off[day] / (tried + 5)), day
        assert row["price_ratio"] == pytest.approx(median(prices[day]) if prices[day] else 1), day


def test_planted_days_are_told_with_the_bills_they_can_befall(case):
    """Those that fall due on the day; of one plan where its price was wrong."""
    subscriptions = case.raw["subscriptions"].sort_values("started_at")
    subscriptions = subscriptions[subscriptions.monthly_amount_cents > 0]
    users = subscriptions.drop_duplicates("subscription_id").set_index("subscription_id").user_id
    _, run_of = runs_of(case)
    truth = case.truth["anomaly_days"]
    connection = duckdb.connect(str(case.folder / "metricflow.duckdb"), read_only=True)
    path = case.folder / "truth" / "anomaly_days.parquet"
    sql = (SQL / "planted.sql").read_text().replace("truth.anomaly_days", f"read_parquet('{path}')")
    found = {day: bills for day, _, _, _, bills in connection.execute(sql).fetchall()}
    assert len(found) == len(truth)
    for row in truth.itertuples():
        day, bills = pd.Timestamp(row.date).date(), set()
        for period in subscriptions.itertuples():
            start, _, months = run_of[period.subscription_id]
            begins = period.started_at.date() <= day
            goes_on = pd.isna(period.ended_at) or period.ended_at.date() > day
            if not (begins and goes_on) or row.kind == "wrong_price" and period.plan != row.plan:
                continue
            passed = 12 * (day.year - start.year) + day.month - start.month
            if passed % months == 0 and (pd.Timestamp(start) + pd.DateOffset(months=passed)).date() == day:
                bills.add(users[period.subscription_id])
        assert found[day] == len(bills), day
