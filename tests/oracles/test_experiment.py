"""The experiment's interval, p-value and sample-ratio check against statsmodels and scipy."""

import pandas as pd
import pytest
from conftest import load
from scipy.stats import chisquare
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
        low, high = confint_proportions_2indep(t_sum, t_n, c_sum, c_n, compare="diff", method="wald")
        assert row["difference_lower"] == pytest.approx(low, abs=1e-9)
        assert row["difference_upper"] == pytest.approx(high, abs=1e-9)
        if 0 < c_sum + t_sum < c_n + t_n:
            _, p_value = proportions_ztest([t_sum, c_sum], [t_n, c_n])
            assert row["p_value"] == pytest.approx(p_value, abs=2e-7)
        assert row["srm_p_value"] == pytest.approx(chisquare([c_n, t_n]).pvalue, abs=2e-7)
        checked += 1
    assert not rows
    assert checked > 5
