"""The experiment's interval, p-value and sample-ratio check against statsmodels and scipy."""

import random

import duckdb
import pandas as pd
import pytest
from conftest import PARITY, load
from scipy.stats import chisquare, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest


def segments(case):
    users = case.raw["users"].set_index("user_id")
    lifecycles = pd.DataFrame(case.rows("select user_id, is_activated, is_activation_window_over from intermediate.int_user_lifecycle"))
    joined = lifecycles[lifecycles.is_activation_window_over].join(users, on="user_id")
    joined = joined[joined.experiment_variant.notna()]
    yield "all", "all", joined
    for segment in ("channel", "country", "company_size", "trial_type"):
        for value, own in joined.groupby(segment):
            yield segment, value, own


@pytest.mark.parametrize("name", ["tiny", "odd", "demo"])
def test_two_proportions(name):
    case = load(name)
    rows = {
        (row["segment_type"], row["segment_value"], row["variant"]): row
        for row in case.rows("select * from marts.fct_experiment_results")
    }
    checked = 0
    for segment, value, own in segments(case):
        counts = own.groupby("experiment_variant").is_activated.agg(["sum", "count"])
        for variant in ("control", "treatment"):
            row = rows.pop((segment, value, variant))
            n = int(counts["count"].get(variant, 0))
            assert (row["users"], row["activated_users"]) == (n, int(counts["sum"].get(variant, 0)))
        if len(counts) < 2:
            continue
        (c_sum, c_n), (t_sum, t_n) = counts.loc["control"], counts.loc["treatment"]
        assert row["difference"] == pytest.approx(t_sum / t_n - c_sum / c_n, abs=1e-12)
        low, high = confint_proportions_2indep(t_sum, t_n, c_sum, c_n, compare="diff", method="newcomb")
        assert row["difference_lower"] == pytest.approx(low, abs=1e-9)
        assert row["difference_upper"] == pytest.approx(high, abs=1e-9)
        activated, users = c_sum + t_sum, c_n + t_n
        # Decision 0123: exact where a count of the table is expected below five.
        if min(activated, users - activated) * min(c_n, t_n) / users < 5:
            p_value = fisher_exact([[t_sum, t_n - t_sum], [c_sum, c_n - c_sum]]).pvalue
        else:
            _, p_value = proportions_ztest([t_sum, c_sum], [t_n, c_n])
        assert row["p_value"] == pytest.approx(p_value, abs=2e-7)
        # Rates wait for seven days; whether the coin was fair is asked of all who were assigned.
        users = case.raw["users"]
        own = users if segment == "all" else users[users[segment] == value]
        assigned = own.experiment_variant.value_counts()
        chi = chisquare([assigned["control"], assigned["treatment"]])
        assert row["srm_p_value"] == pytest.approx(chi.pvalue, abs=2e-7)
        checked += 1
    assert not rows
    assert checked > 5


COMPILED = PARITY / "tiny" / "dbt_target" / "compiled" / "metricflow" / "models" / "marts" / "growth" / "fct_experiment_results.sql"


def model_of(control, treatment, waiting=(0, 0), columns="difference_lower, difference_upper, p_value"):
    """The model's row of the whole, for (activated, users) of control and of treatment, and how many of each still have time."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as metricflow; use metricflow; create schema staging; create schema intermediate")
    people = [
        (variant, index < activated, index < users)
        for variant, (activated, users), more in (("control", control, waiting[0]), ("treatment", treatment, waiting[1]))
        for index in range(users + more)
    ]
    connection.execute(
        "create table staging.stg_users (user_id int, experiment_variant text, channel text, country text, company_size text, trial_type text)"
    )
    connection.execute("create table intermediate.int_user_lifecycle (user_id int, is_activated bool, is_activation_window_over bool)")
    rows = pd.DataFrame(people, columns=["variant", "is_activated", "is_over"]).reset_index(names="user_id").astype({"variant": object})
    connection.register("rows", rows)
    connection.execute("insert into staging.stg_users select user_id, variant, 'email', 'NL', '1-10', 'freemium' from rows")
    connection.execute("insert into intermediate.int_user_lifecycle select user_id, is_activated, is_over from rows")
    return connection.execute(
        f"select {columns} from ({COMPILED.read_text()}) where variant = 'treatment' and segment_type = 'all'"
    ).fetchone()


@pytest.mark.parametrize(
    ("control", "treatment", "expected"),
    [
        ((0, 4), (3, 3), (0.255, 1.0, 0.0286)),
        ((0, 5), (0, 6), (-0.434, 0.390, 1.0)),
        ((3, 400), (2, 9), (0.055, 0.540, 0.0042)),
    ],
)
def test_a_handful_has_wide_intervals(control, treatment, expected):
    """A rate of none or all is no certainty: Newcombe (1998) and Fisher's exact test, worked out elsewhere."""
    assert model_of(control, treatment) == pytest.approx(expected, abs=6e-4)


def test_small_and_large_counts_agree_with_scipy():
    """A hundred tables drawn at random, on both sides of the limit between the two tests."""
    draw = random.Random(14)
    exact = 0
    for _ in range(100):
        most = draw.choice([9, 30, 400])
        control, treatment = ((draw.randint(0, users), users) for users in (draw.randint(1, most), draw.randint(1, most)))
        (c_sum, c_n), (t_sum, t_n) = control, treatment
        activated, users = c_sum + t_sum, c_n + t_n
        low, high = confint_proportions_2indep(t_sum, t_n, c_sum, c_n, compare="diff", method="newcomb")
        if min(activated, users - activated) * min(c_n, t_n) / users < 5:
            p_value = fisher_exact([[t_sum, t_n - t_sum], [c_sum, c_n - c_sum]]).pvalue
            exact += 1
        else:
            p_value = proportions_ztest([t_sum, c_sum], [t_n, c_n])[1]
        assert model_of(control, treatment) == pytest.approx((low, high, p_value), abs=2e-7)
    assert 20 < exact < 90


def test_the_split_is_checked_over_all_who_were_assigned():
    """Rates wait for seven days; whether the coin was fair is known at once."""
    columns = "users, activation_rate, srm_p_value"
    users, rate, p_value = model_of((10, 40), (12, 40), waiting=(0, 30), columns=columns)
    assert (users, rate) == (40, 12 / 40)
    assert p_value == pytest.approx(chisquare([40, 70]).pvalue, abs=2e-7)
