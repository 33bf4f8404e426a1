"""The ordered funnel, walked user by user."""

from collections import defaultdict
from statistics import median

import pandas as pd
import pytest

STEPS = ["signed_up", "started", "integration_connected", "report_created", "paid"]
WINDOW = pd.Timedelta(days=60)


@pytest.fixture(scope="module")
def walks(case, first_paid):
    """For each user: the row, the times of the steps reached, and whether the window is still open."""
    sessions = defaultdict(list)
    for row in case.raw["sessions"].itertuples():
        sessions[row.user_id].append(row.started_at.floor("s"))
    events = defaultdict(list)
    relevant = case.raw["events"]
    for row in relevant[relevant.event_type.isin(STEPS)].itertuples():
        events[(row.user_id, row.event_type)].append(row.event_at.floor("s"))
    found = []
    for user in case.raw["users"].itertuples():
        signup = user.signed_up_at.floor("s")
        options = {
            "started": sessions[user.user_id],
            "integration_connected": events[(user.user_id, "integration_connected")],
            "report_created": events[(user.user_id, "report_created")],
            "paid": [first_paid[user.user_id].floor("s")] if user.user_id in first_paid else [],
        }
        times = [signup]
        for step in STEPS[1:]:
            # In order, at the same second or later, within the window from entry.
            following = [at for at in options[step] if times[-1] <= at < signup + WINDOW]
            if not following:
                break
            times.append(min(following))
        found.append((user, times, signup + WINDOW > case.as_of + pd.Timedelta(days=1)))
    return found


@pytest.mark.parametrize("segment", ["all", "channel", "country", "company_size", "initial_plan", "trial_type"])
def test_funnel_by_walking(case, walks, segment):
    groups = defaultdict(list)
    for user, times, is_open in walks:
        value = "all" if segment == "all" else getattr(user, segment)
        groups[(user.signed_up_at.date().replace(day=1), value)].append((times, is_open))
    rows = case.rows(f"select * from advanced.funnel_analysis where segment_type = '{segment}'")
    assert len(rows) == len(groups) * len(STEPS)
    for row in rows:
        group = groups[(row["cohort_month"], row["segment_value"])]
        number = row["step_number"]
        assert row["step"] == STEPS[number - 1]
        entered = [walk for walk in group if len(walk[0]) >= max(number - 1, 1)]
        reached = [walk for walk in entered if len(walk[0]) >= number]
        stopped = [walk for walk in entered if len(walk[0]) < number]
        assert row["entered"] == len(entered)
        assert row["reached"] == len(reached)
        assert row["still_in_window"] == sum(is_open for _, is_open in stopped)
        assert row["dropped"] == sum(not is_open for _, is_open in stopped)
        assert row["conversion_from_start"] == pytest.approx(len(reached) / len(group), rel=1e-12)
        expected = pytest.approx(len(reached) / len(entered), rel=1e-12) if entered else None
        assert row["conversion_from_previous"] == expected
        hours = [(times[number - 1] - times[number - 2]).total_seconds() / 3600 for times, _ in reached] if number > 1 else []
        assert row["median_hours_from_previous"] == (pytest.approx(median(hours), rel=1e-9) if hours else None)
