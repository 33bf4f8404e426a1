"""The serving layer against the models it repeats, and on small cases worked out by hand."""

import os
from collections import Counter, defaultdict

import duckdb
import pandas as pd
import pytest
import serving


@pytest.fixture(scope="module")
def page(case):
    """The database that dbt built, or the mutants' runner."""
    return duckdb.connect(os.environ.get("METRICFLOW_DATABASE", str(case.folder / "metricflow.duckdb")), read_only=True)


STEPS = ["started", "integration_connected", "report_created", "paid"]
COLUMNS = ["secs_to_started", "secs_to_connected", "secs_to_reported", "secs_to_paid"]


def test_steps_of_the_funnel_are_the_models(case, page):
    modelled = {
        (row["cohort_month"], row["step"]): row["reached"]
        for row in case.rows("select * from advanced.funnel_analysis where segment_type = 'all'")
    }
    assert modelled
    for step, column in zip(STEPS, COLUMNS, strict=True):
        counts = page.execute(
            f"""select cast(date_trunc('month', signup_date) as date), count(*) filter (where {column} < 60 * 86400)
            from serving.srv_funnel_users group by 1"""
        ).fetchall()
        for month, reached in counts:
            assert reached == modelled[(month, step)], (month, step)


def test_a_step_done_too_early_hides_none_that_follows(case):
    """Issue's users 1 and 2: a session before the signup and one after; user 3 does every step twice."""
    page = serving.over(case.folder)
    at = "2024-01-01 {}".format
    people = [
        {"user_id": user, "signed_up_at": at("10:00"), "signup_date": "2024-01-01", "cohort_month": "2024-01-01"}
        for user in (1, 2, 3, 4)
    ]
    # User 1 paid before the report, user 2 after it, user 3 between two reports.
    for user, time in ((1, "11:04:59"), (2, "12:00"), (3, "15:30")):
        people[user - 1]["first_paid_at"] = at(time)
    serving.replace(page, "marts.dim_users", people)
    serving.replace(page, "intermediate.int_user_lifecycle", [{"user_id": person["user_id"]} for person in people])
    sessions = {1: ["09:00", "11:00"], 2: ["09:00", "11:00"], 3: ["09:59:59", "13:00"], 4: ["09:59:59"]}
    serving.replace(
        page,
        "staging.stg_sessions",
        [{"user_id": user, "started_at": at(time)} for user, times in sessions.items() for time in times],
    )
    connected, reported = "integration_connected", "report_created"
    events = [
        *((user, kind, time) for user in (1, 2) for kind, time in ((connected, "11:00"), (reported, "11:05"))),
        (3, "export_data", "09:00"),
        (3, connected, "12:00"),
        (3, reported, "14:00"),
        (3, connected, "15:00"),
        (3, reported, "16:00"),
        (4, connected, "11:00"),
    ]
    serving.replace(
        page,
        "staging.stg_events",
        [{"user_id": user, "event_type": kind, "event_at": at(time)} for user, kind, time in events],
    )
    serving.build(page, case, "srv_users", "srv_funnel_users", as_of="2024-12-31")
    rows = page.execute(f"select {', '.join(COLUMNS)}, first_action from serving.srv_funnel_users order by user_id").fetchall()
    hour = 3600
    assert rows == [
        (hour, hour, hour + 300, None, connected),
        (hour, hour, hour + 300, 2 * hour, connected),
        (3 * hour, 5 * hour, 6 * hour, None, connected),
        (None, None, None, None, connected),
    ]


def test_active_days_are_the_days_with_an_event(active_days, page):
    rows = page.execute("select user_id, date_day from serving.srv_active_days").fetchall()
    assert len(rows) == len(set(rows))
    assert set(rows) == {(user, day) for user, days in active_days.items() for day in days}


def test_retention_is_the_models(case, page):
    """Bracket retention of whole monthly cohorts, counted from the bits."""
    cells = case.rows(
        """select * from advanced.cohort_retention
        where cohort_grain = 'month' and mode in ('bracket', 'n_day') and is_complete and period > 0"""
    )
    assert cells
    for cell in cells:
        retained = page.execute(
            f"""select count(*) from serving.srv_retention_users
            where date_trunc('month', signup_date) = ? and month_{cell["mode"]} >> ? & 1 = 1""",
            [cell["cohort_date"], cell["period"]],
        ).fetchone()[0]
        assert retained == cell["retained"], cell


def test_runs_have_the_models_ages(case, page):
    rows = page.execute(
        """select cast(case when part = 0 then months else months + 1 end as int), is_churned, count(*)
        from serving.srv_subscription_spells group by all"""
    ).fetchall()
    ends = {(month, is_churned): count for month, is_churned, count in rows}
    for row in case.rows("select * from advanced.subscription_survival where plan = 'all'"):
        month = row["month_number"]
        assert (row["churned"], row["censored"]) == (ends.get((month, True), 0), ends.get((month, False), 0))


def test_states_at_the_end_are_the_models(case, page):
    """Each user's last change of state leads to the state of today."""
    found = dict(
        page.execute(
            """select state, count(*) from (
                select user_id, max_by(state, month_index) as state from serving.srv_lifecycle_changes group by 1
            ) group by 1"""
        ).fetchall()
    )
    expected = {
        row["lifecycle_state"]: row["users"]
        for row in case.rows("select lifecycle_state, count(*) as users from intermediate.int_user_lifecycle group by 1")
    }
    assert found == expected


def test_a_session_without_events_makes_nobody_active(case):
    page = serving.over(case.folder)
    names = ("srv_active_days", "srv_retention_users", "srv_lifecycle_changes")
    before = {name: page.execute(f"select * from serving.{name} order by all").fetchall() for name in names}
    serving.put(page, "staging.stg_sessions", "select * from metricflow.staging.stg_sessions")
    # A month after the last session of each, or on the last day.
    page.execute(
        """insert into staging.stg_sessions (session_id, user_id, started_at, ended_at, session_date, ended_date, event_count)
        select -user_id, user_id, seen_at, seen_at, cast(seen_at as date), cast(seen_at as date), 0 from (
            select user_id, least(max(ended_at) + interval 30 day, cast(? as timestamp)) as seen_at from staging.stg_sessions group by 1
        )""",
        [case.as_of],
    )
    serving.build(page, case, *names)
    for name, rows in before.items():
        assert page.execute(f"select * from serving.{name} order by all").fetchall() == rows, name


PLANS = ("starter", "professional", "enterprise")


def test_customers_of_a_plan_are_those_who_pay_for_it(case, page, paid_periods, core_actions):
    """Whoever left is on no plan today, and counted nowhere when a plan was chosen."""
    events = case.raw["events"]
    core = defaultdict(set)
    for event in events[events.event_type.isin(core_actions)].itertuples():
        core[event.user_id].add(event.event_at.date())
    begun, left = Counter(), Counter()
    for periods in paid_periods.values():
        begun[periods[0][3].plan, periods[0][0].date()] += 1
        for (_, ended, _, row), following in zip(periods, [*periods[1:], None]):
            if ended is not None and (following is None or following[0] > ended):
                left[row.plan, ended.date()] += 1
    assert sum(left.values()) > 0
    days = pd.date_range(case.raw["users"].signed_up_at.min().normalize(), case.as_of, freq="23D")
    for end in [day + pd.Timedelta(days=1) for day in [*days, case.as_of]]:
        day = (end - pd.Timedelta(days=1)).date()
        week = {(end - pd.Timedelta(days=back)).date() for back in range(1, 8)}
        month = [(end - pd.Timedelta(days=back)).date() for back in range(1, 29)]
        paying = {
            user: row.plan
            for user, periods in paid_periods.items()
            for started, over, _, row in periods
            if started < end and (over is None or over >= end)
        }
        for plan in PLANS:
            counted = page.execute(
                """select
                    count(*) filter (where change in ('new', 'reactivation', 'transfer_in'))
                    - count(*) filter (where change in ('churn', 'transfer_out')),
                    count(*) filter (where change = 'new' and date_day > $1::date - 28),
                    count(*) filter (where change = 'churn' and date_day > $1::date - 28)
                from serving.srv_customer_changes where date_day <= $1 and plan = $2""",
                [day, plan],
            ).fetchone()
            own = {user for user, paid in paying.items() if paid == plan}
            expected = (len(own), sum(begun[plan, one] for one in month), sum(left[plan, one] for one in month))
            assert counted == expected, (plan, day)
            active = page.execute(
                "select count(*) from serving.srv_active_customers where starts_on <= $1 and ends_on > $1 and plan = $2",
                [day, plan],
            ).fetchone()[0]
            assert active == sum(1 for user in own if core[user] & week), (plan, day)
