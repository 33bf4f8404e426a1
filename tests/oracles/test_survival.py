"""Kaplan–Meier and Greenwood against lifelines."""

import pandas as pd
import pytest
from lifelines import KaplanMeierFitter


@pytest.fixture(scope="module")
def durations(case, spells):
    """Whole months of 30 days each spell lasted, and whether it ended."""
    return pd.DataFrame(
        [
            (plan, ((ended or case.as_of).normalize() - started.normalize()).days // 30, ended is not None)
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
        table = fitter.event_table
        for row in modelled.itertuples():
            observed, censored, at_risk = 0, 0, int((own.months >= row.month_number).sum())
            if row.month_number in table.index:
                at_time = table.loc[row.month_number]
                observed, censored, at_risk = int(at_time.observed), int(at_time.censored), int(at_time.at_risk)
            assert (row.churned, row.censored, row.at_risk) == (observed, censored, at_risk), (plan, row.month_number)
            assert row.survival_rate == pytest.approx(fitter.predict(row.month_number), rel=1e-9), (plan, row.month_number)


def test_intervals_are_greenwoods(case, durations):
    """lifelines keeps Greenwood's sum, Var S / S², as its cumulative variance; the interval is plain."""
    own = durations
    fitter = KaplanMeierFitter().fit(own.months, own.has_churned)
    sums = fitter._cumulative_sq_
    for row in case.rows("select * from advanced.subscription_survival where plan = 'all'"):
        index = max(time for time in sums.index if time <= row["month_number"])
        greenwood = float(sums.loc[index])
        rate = float(fitter.predict(row["month_number"]))
        if rate == 0:
            continue
        half = 1.959963984540054 * rate * greenwood**0.5
        assert row["survival_lower"] == pytest.approx(max(rate - half, 0), rel=1e-9, abs=1e-12)
        assert row["survival_upper"] == pytest.approx(min(rate + half, 1), rel=1e-9)
