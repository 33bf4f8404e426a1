"""Kaplan–Meier against lifelines, its intervals against statsmodels, and both over 200 simulated companies.

Ages are taken as in docs/decisions/0118: whole months to the last anniversary, and the share of the next that
has gone by. Here they come from dateutil, not from the model.
"""

import json
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta
from lifelines import KaplanMeierFitter
from statsmodels.stats.proportion import proportion_confint


def age(started, ended):
    """Months, as a number: 31 January to 28 February is 1."""
    months = (ended.year - started.year) * 12 + ended.month - started.month + 1
    while started + relativedelta(months=months) > ended:
        months -= 1
    last = started + relativedelta(months=months)
    days_of_month = (last + relativedelta(months=1, day=1) - last.replace(day=1)).days
    return months + (ended - last).days / days_of_month


def test_ages_count_anniversaries():
    assert age(date(2025, 1, 15), date(2025, 3, 15)) == age(date(2025, 3, 15), date(2025, 5, 15)) == 2
    assert age(date(2025, 1, 31), date(2025, 2, 28)) == age(date(2025, 6, 30), date(2025, 7, 30)) == 1
    assert age(date(2025, 1, 31), date(2025, 3, 30)) == 1 + 30 / 28
    assert age(date(2024, 2, 29), date(2025, 2, 28)) == 12


@pytest.fixture(scope="module")
def durations(case, spells):
    """How long each run lasted, in months, and whether it ended."""
    return pd.DataFrame(
        [
            (plan, age(started.date(), (ended or case.as_of).date()), ended is not None)
            for _, plan, started, ended in spells
        ],
        columns=["plan", "months", "has_churned"],
    )


def test_survival_is_that_of_lifelines(case, durations):
    rows = pd.DataFrame(case.rows("select * from advanced.subscription_survival order by plan, month_number"))
    assert set(rows.plan) == {"all"} | set(durations.plan)
    for plan, modelled in rows.groupby("plan"):
        own = durations if plan == "all" else durations[durations.plan == plan]
        fitter = KaplanMeierFitter().fit(own.months, own.has_churned)
        longest = own.months.max()
        is_emptied = fitter.predict(longest) == 0
        assert modelled.month_number.max() == (np.ceil(longest) if is_emptied else np.floor(longest)), plan
        for row in modelled.itertuples():
            # What ends on an anniversary ends in the month before it.
            inside = own[(own.months > row.month_number - 1) & (own.months <= row.month_number)]
            at_risk = int((own.months > row.month_number - 1).sum())
            churned = int(inside.has_churned.sum())
            assert (row.churned, row.censored, row.at_risk) == (churned, len(inside) - churned, at_risk), (plan, row.month_number)
            expected = fitter.predict(row.month_number)
            assert row.survival_rate == pytest.approx(expected, rel=1e-9, abs=1e-12), (plan, row.month_number)


def test_intervals_are_wilsons_of_the_effective_number(case, durations):
    """lifelines keeps Greenwood's sum, Var S / S², as its cumulative variance; Rothman's number follows from it."""
    fitter = KaplanMeierFitter().fit(durations.months, durations.has_churned)
    sums = fitter._cumulative_sq_
    for row in case.rows("select * from advanced.subscription_survival where plan = 'all'"):
        month = row["month_number"]
        rate = float(fitter.predict(month))
        greenwood = float(sums.loc[max(time for time in sums.index if time <= month)])
        if rate == 0:
            # Peto's number just before the last one left.
            last = durations.months[durations.has_churned].max()
            before = float(fitter.predict(last - 1e-6))
            runs = (durations.months >= last).sum() / before
        elif greenwood == 0:
            runs = float((durations.months >= month).sum())
        else:
            runs = (1 - rate) / (rate * greenwood)
        lower, upper = proportion_confint(rate * runs, runs, method="wilson")
        assert row["survival_lower"] == pytest.approx(lower, rel=1e-7, abs=1e-9), month
        assert row["survival_upper"] == pytest.approx(upper, rel=1e-7, abs=1e-9), month
        assert row["survival_lower"] < row["survival_upper"], month


SEEDS, CUSTOMERS, MONTHS, CHURN = 200, 3_000, 24, 0.04
AS_OF = date(2025, 12, 31)


def simulated(seed):
    """Customers who begin evenly over the months; each leaves at a constant hazard, on any day of a month."""
    random = np.random.default_rng(seed)
    first = AS_OF - relativedelta(months=MONTHS)
    starts = [first + timedelta(days=int(day)) for day in random.integers(1, (AS_OF - first).days + 1, CUSTOMERS)]
    lived = random.exponential(1 / -np.log1p(-CHURN), CUSTOMERS)
    rows = []
    for user, (started, months) in enumerate(zip(starts, lived)):
        whole = int(months)
        last = started + relativedelta(months=whole)
        following = started + relativedelta(months=whole + 1)
        # The next day on which the age has been reached, so that none leaves on an anniversary before it is over.
        ended = last + timedelta(days=int(np.ceil((months - whole) * (following - last).days)))
        has_left = ended <= AS_OF
        rows.append((user, user, started, ended if has_left else None, has_left))
    return pd.DataFrame(rows, columns=["subscription_id", "user_id", "valid_from_date", "valid_to_date", "is_churn"])


def test_simulated_companies_are_estimated_without_bias(case):
    """Bias within .002 and bands that hold 93 to 97 % at months 1, 5, 11 and 20."""
    if case.name != "tiny":
        pytest.skip("the model's statement is the same in every scenario")
    manifest = json.loads((case.folder / "dbt_target" / "manifest.json").read_text())
    model = manifest["nodes"]["model.metricflow.subscription_survival"]["compiled_code"]
    model = model.replace(str(case.as_of.date()), str(AS_OF))
    model = model.replace('"metricflow"."intermediate"."int_subscription_periods"', "periods")
    connection = duckdb.connect()
    months = (1, 5, 11, 20)
    errors, held = {month: [] for month in months}, dict.fromkeys(months, 0)
    for seed in range(SEEDS):
        customers = simulated(seed)
        connection.register("customers", customers)
        connection.execute(
            """create or replace temp table periods as select *, 1 as spell_number, true as is_paid, 'starter' as plan,
            cast(valid_from_date as timestamp) as valid_from from (select * replace (
            cast(valid_from_date as date) as valid_from_date, cast(valid_to_date as date) as valid_to_date) from customers)"""
        )
        rows = connection.execute(
            f"select month_number, survival_rate, survival_lower, survival_upper from ({model}) where plan = 'all'"
        ).fetchall()
        found = {row[0]: row[1:] for row in rows}
        for month in months:
            truth = (1 - CHURN) ** month
            rate, lower, upper = found[month]
            errors[month].append(rate - truth)
            held[month] += lower <= truth <= upper
    shown = {month: (round(float(np.mean(errors[month])), 5), held[month] / SEEDS) for month in months}
    print(shown)
    for month in months:
        assert abs(np.mean(errors[month])) < 0.002, shown
        assert 0.93 <= held[month] / SEEDS <= 0.97, shown
