"""Anomaly flags against the planted days and against plain lists."""

from collections import Counter, defaultdict
from datetime import timedelta
from math import asin, log, sqrt
from pathlib import Path
from statistics import median

import contract
import duckdb
import pandas as pd
import pytest

# The statements of the learned model, which dbt does not know.
SQL = Path(__file__).resolve().parents[2] / "crates" / "ml" / "src" / "anomalies"


# Bills of a day from which its kind must be flagged: fewer can't stand out from chance. Offers and prices are exact.
FEWEST = {"campaign": 1, "wrong_price": 1, "processor_failure": 10, "outage": 20, "double_charge": 25}


def test_planted_days_are_flagged_where_there_is_enough_to_see_and_few_others(demo):
    """Recall by kind (decision 0152): a wrong price must be that of most bills, as the score reads the middle one."""
    truth = demo.truth["anomaly_days"]
    assert len(truth) == 12
    payments = demo.raw["payments"]
    first = payments[payments.status.isin(["succeeded", "failed"]) & (payments.attempt_no == 1)]
    contracts = contract.Contracts(demo.raw["subscriptions"])
    first = first.assign(plan=[contracts.at(*row).plan for row in zip(first.subscription_id, first.service_starts_at)])
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
        # What is collected a second time is no second bill.
        bills = bills.drop_duplicates(["subscription_id", "service_starts_at"])
        concerned = bills[bills.plan == row.plan] if row.kind == "wrong_price" else bills
        if len(concerned) >= FEWEST[row.kind] and 2 * len(concerned) > len(bills):
            expected.add(day)
    assert len(expected) >= 4
    assert expected <= flagged, expected - flagged
    assert len(flagged - felt) <= 3, flagged - felt


def test_scores_by_hand(case):
    """Both robust z-scores of every day, from windows of plain lists."""
    contracts, (_, run_of) = contract.Contracts(case.raw["subscriptions"]), contract.runs(case.raw["subscriptions"])
    charges, failed, collected, prices = Counter(), Counter(), Counter(), defaultdict(list)
    attempts, failures = Counter(), Counter()
    for row in case.raw["payments"].itertuples():
        day = row.attempted_at.date()
        charges[day] += row.status == "succeeded"
        failed[day] += row.amount_cents * (row.status == "failed")
        collected[day] += row.amount_cents * (row.status == "succeeded")
        if row.status in ("refunded", "disputed", "dispute_won") or row.attempt_no != 1:
            continue
        attempts[day] += 1
        failures[day] += row.status == "failed"
        period = contracts.at(row.subscription_id, row.service_starts_at)
        if not run_of[period.period_id].begins_on(row.service_starts_at.date()):
            continue  # more seats in the middle of a term have no agreed sum
        prices[day].append(log(row.amount_cents / period.bill_cents))
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


def bills_due(case):
    """Every bill, as (day on which it falls due, run, day on which its service begins): what invoices leave to pay comes on top.

    A subscription none of whose bills has been attempted leaves no rows to tell when its bills fall due; none is counted.
    """
    last, leave = case.as_of.date(), contract.days_to_pay(case.raw["payments"])
    for run in contract.runs(case.raw["subscriptions"])[0]:
        days = leave.get(run.periods[0].subscription_id)
        if days is not None:
            for start in run.terms_to(last - days):
                yield start + days, run, start


def test_residuals_of_the_forest_by_hand(case):
    """Bills due, first attempts, failures and prices of every day, from raw rows and the calendar."""
    due = Counter(day for day, _, _ in bills_due(case))
    attempts, failures, off, prices = Counter(), Counter(), Counter(), defaultdict(list)
    contracts, (_, run_of) = contract.Contracts(case.raw["subscriptions"]), contract.runs(case.raw["subscriptions"])
    for row in case.raw["payments"].itertuples():
        if row.status not in ("succeeded", "failed") or row.attempt_no != 1:
            continue
        day, period = row.attempted_at.date(), contracts.at(row.subscription_id, row.service_starts_at)
        if not run_of[period.period_id].begins_on(row.service_starts_at.date()):
            continue  # more seats in the middle of a term
        ratio = row.amount_cents / period.bill_cents
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
    truth = case.truth["anomaly_days"]
    bills = defaultdict(list)
    for day, run, start in bills_due(case):
        # The plan in force when the service begins; an add-on has none.
        period = next(period for period in reversed(run.periods) if period.started_at.date() <= start)
        bills[day].append(period.plan)
    connection = duckdb.connect(str(case.folder / "metricflow.duckdb"), read_only=True)
    path = case.folder / "truth" / "anomaly_days.parquet"
    sql = (SQL / "planted.sql").read_text().replace("truth.anomaly_days", f"read_parquet('{path}')")
    found = {day: bills for day, _, _, _, bills in connection.execute(sql).fetchall()}
    assert len(found) == len(truth)
    for row in truth.itertuples():
        day = pd.Timestamp(row.date).date()
        assert found[day] == sum(row.kind != "wrong_price" or plan == row.plan for plan in bills[day]), day
