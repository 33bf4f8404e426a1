"""Scores, segments, dunning and channels, from raw rows and the definitions in the models' documentation."""

from collections import Counter, defaultdict
from datetime import timedelta
from statistics import median

import contract
import pandas as pd
import pytest
from contract import REVERSALS, gone_back
from scipy.stats import rankdata


def half_up(value):
    """Rounds half away from zero, as SQL does."""
    return int(value + 0.5)


@pytest.fixture(scope="module")
def sessions(case):
    """Sessions with their number of events, core actions and tickets."""
    types = case.seeds["event_type_details"]
    core = set(types[types.is_core_action].event_type)
    events = case.raw["events"]
    frame = case.raw["sessions"].set_index("session_id")
    grouped = events.assign(
        is_core=events.event_type.isin(core), is_ticket=events.event_type == "support_ticket_opened"
    ).groupby("session_id")
    frame["events"] = grouped.size()
    frame["core"] = grouped.is_core.sum()
    frame["tickets"] = grouped.is_ticket.sum()
    frame["ended_at"] = grouped.event_at.max()
    frame = frame.fillna({"events": 0, "core": 0, "tickets": 0})
    frame["ended_at"] = frame.ended_at.fillna(frame.started_at)
    frame["day"] = frame.started_at.dt.date
    return frame.reset_index()


@pytest.fixture(scope="module")
def charges(case):
    """Attempts grouped into charges: those of one subscription for the service that begins at one instant."""
    return contract.charges(case.raw["payments"])


@pytest.fixture(scope="module")
def net(case):
    """What each succeeded payment brought after refunds and disputes: (user, date, cents)."""
    payments = case.raw["payments"]
    lost = gone_back(payments)
    return [
        (row.user_id, row.attempted_at.date(), row.amount_cents - lost[row.payment_id])
        for row in payments[payments.status == "succeeded"].itertuples()
    ]


def test_dunning_outcomes(case, charges):
    rows = {row["payment_id"]: row for row in case.rows("select * from marts.fct_payments")}
    seen = Counter()
    for attempts in charges:
        last = attempts[-1]
        has_paid = any(attempt.status == "succeeded" for attempt in attempts)
        if has_paid:
            outcome = "paid_at_once" if len(attempts) == 1 else "recovered"
        elif len(attempts) < 4 and (case.as_of - last.attempted_at.normalize()).days < 7:
            outcome = "in_dunning"
        else:
            outcome = "lost"
        for attempt in attempts:
            row = rows.pop(attempt.payment_id)
            assert row["dunning_outcome"] == outcome, attempt
            assert row["charge_id"] == attempts[0].payment_id
            assert row["count_attempts"] == len(attempts)
            assert row["is_last_attempt"] == (attempt.payment_id == last.payment_id)
            is_recovery = attempt.status == "succeeded" and attempt.attempt_no > 1
            days = (attempt.attempted_at - attempts[0].attempted_at).total_seconds() / 86400
            assert row["days_to_recovery"] == (pytest.approx(days, abs=2e-5) if is_recovery else None)
        seen[outcome] += 1
    assert {row["dunning_outcome"] for row in rows.values()} <= {"refund", "dispute"}
    assert seen["paid_at_once"] and seen["recovered"] and seen["lost"]


def test_revenue_is_earned_on_the_days_of_service(case, charges):
    """Each charge's own service, its days one by one up to as_of; it is over when the subscription is."""
    as_of = case.as_of.date()
    contracts = contract.Contracts(case.raw["subscriptions"])
    runs, run_of = contract.runs(case.raw["subscriptions"])
    paid_back = gone_back(case.raw["payments"])
    rows = {row["payment_id"]: row for row in case.rows("select * from intermediate.int_revenue_normalized")}
    mid_term = ended_early = 0
    for attempts in charges:
        first = attempts[0]
        period = contracts.at(first.subscription_id, first.service_starts_at)
        begins, end = first.service_starts_at.date(), first.service_ends_at.date()
        is_whole = run_of[period.period_id].begins_on(begins)
        mid_term += not is_whole
        ended = contracts.ended(first.subscription_id)
        if ended is not None and ended.date() < end:
            end = max(ended.date(), begins + timedelta(days=1))
            ended_early += 1
        for attempt in attempts:
            row = rows[attempt.payment_id]
            assert (attempt.service_starts_at, attempt.service_ends_at) == (first.service_starts_at, first.service_ends_at)
            assert (row["service_starts_at"], row["service_ends_at"]) == (first.service_starts_at, first.service_ends_at)
            assert (row["service_start_date"], row["service_end_date"]) == (begins, end), attempt
            assert (row["period_id"], row["product"], row["currency"]) == (period.period_id, period.product, attempt.currency), attempt
            assert row["billing_interval"] == period.interval, attempt
            assert (row["billing_months"], row["bill_cents"], row["is_whole_term"]) == (period.months, period.bill_cents, is_whole), attempt
            kept = attempt.amount_cents - paid_back[attempt.payment_id] if attempt.status == "succeeded" else 0
            days = [begins + timedelta(days=number) for number in range((end - begins).days)]
            earned = sum(day <= as_of for day in days) * kept / len(days)
            assert abs(row["recognized_to_date_cents"] - earned) < 1 + 1e-6, attempt
            assert row["recognized_to_date_cents"] + row["deferred_cents"] == kept == row["net_cents"]
            if end <= as_of:
                assert row["deferred_cents"] == 0
    assert mid_term and ended_early


@pytest.fixture(scope="module")
def last_seen(active_days):
    """Each user's last day with an event (docs/decisions/0025): a session without one is none."""
    return {user: max(days) for user, days in active_days.items()}


def test_rfm_segments(case, active_days, last_seen, net, paid_periods):
    as_of = case.as_of.date()
    paying = {user for user, periods in paid_periods.items() if periods[-1][1] is None}
    signup = {row.user_id: row.signed_up_at.date() for row in case.raw["users"].itertuples()}
    recent = {user: sum(day > as_of - timedelta(days=90) for day in days) for user, days in active_days.items()}
    money = defaultdict(int)
    for user, day, cents in net:
        if day > as_of - timedelta(days=365):
            money[user] += cents
    measures = {
        user: ((as_of - last_seen.get(user, signup[user])).days, recent.get(user, 0), money[user]) for user in paying
    }

    def fifths(place, sign):
        """Score 1 to 5: the fifth that holds the middle of those with the same value."""
        users = sorted(paying)
        ranks = rankdata([sign * measures[user][place] for user in users], method="average")
        return {user: 1 + int(5 * (rank - 0.5) / len(users)) for user, rank in zip(users, ranks)}

    recency, frequency, monetary = fifths(0, -1), fifths(1, 1), fifths(2, 1)
    rows = {row["user_id"]: row for row in case.rows("select * from advanced.rfm_segmentation")}
    assert rows.keys() == paying
    for user, row in rows.items():
        assert (row["recency_days"], row["frequency_days"], row["monetary_cents"]) == measures[user]
        r, f, m = recency[user], frequency[user], monetary[user]
        assert (row["recency_score"], row["frequency_score"], row["monetary_score"]) == (r, f, m)
        if min(r, f, m) >= 4:
            segment = "champions"
        elif r <= 2 and f <= 2:
            segment = "cannot_lose" if m >= 4 else "hibernating"
        elif r >= 3 and f >= 3:
            segment = "loyal"
        elif r >= 4:
            segment = "promising"
        elif r <= 2:
            segment = "slipping"
        else:
            segment = "needs_attention"
        assert row["rfm_segment"] == segment


def test_health_scores(case, sessions, active_days, last_seen, first_paid):
    as_of = case.as_of.date()
    days, prior = defaultdict(set), defaultdict(set)
    core, tickets, failed = Counter(), Counter(), Counter()
    for row in sessions.itertuples():
        ago = (as_of - row.day).days
        if ago < 28:
            core[row.user_id] += row.core
            tickets[row.user_id] += row.tickets
    for user, own in active_days.items():
        days[user] = {day for day in own if (as_of - day).days < 28}
        prior[user] = {day for day in own if 28 <= (as_of - day).days < 56}
    for row in case.raw["payments"].itertuples():
        if row.status == "failed" and (as_of - row.attempted_at.date()).days < 90:
            failed[row.user_id] += 1
    signup = {row.user_id: row.signed_up_at.date() for row in case.raw["users"].itertuples()}
    rows = case.rows("select * from marts.fct_health_scores")
    assert len(rows) == len(signup)
    for row in rows:
        user = row["user_id"]
        inactive = (as_of - last_seen.get(user, signup[user])).days
        now, before = len(days[user]), len(prior[user])
        points = [
            20 * max(1 - inactive / 30, 0),
            20 * min(now / 10, 1),
            20 * min(core[user] / 30, 1),
            # Steady or growing use is all that can be asked for.
            20 * (min(now / before, 1) if before else 1) if now else 0,
            20 * max(1 - 0.25 * failed[user] - 0.15 * tickets[user], 0) if user in first_paid else 0,
        ]
        names = ("recency_points", "frequency_points", "value_points", "trend_points", "trouble_points")
        for name, expected in zip(names, points):
            assert row[name] == pytest.approx(expected, rel=1e-9, abs=1e-9), (user, name)
        total = sum(points)
        # Sums that fall on a half may round either way by their last bit.
        assert row["health_score"] in {half_up(total), half_up(total - 1e-9), half_up(total + 1e-9)}
        score = row["health_score"]
        assert row["status"] == ("healthy" if score >= 60 else "watch" if score >= 35 else "at_risk")


def test_lifecycle_states(case, last_seen, paid_periods, first_paid):
    as_of = case.as_of.date()
    rows = {row["user_id"]: row for row in case.rows("select * from intermediate.int_user_lifecycle")}
    for user in case.raw["users"].itertuples():
        row, signup = rows[user.user_id], user.signed_up_at.date()
        periods = paid_periods.get(user.user_id, [])
        is_paying = bool(periods) and periods[-1][1] is None
        inactive = (as_of - last_seen.get(user.user_id, signup)).days
        if periods and not is_paying:
            state = "churned"
        elif (as_of - signup).days < 14:
            state = "new"
        else:
            state = "active" if inactive < 14 else "at_risk" if inactive < 30 else "dormant"
        assert row["lifecycle_state"] == state
        assert row["is_paying"] == is_paying
        assert row["mrr_cents"] == (periods[-1][2] if is_paying else 0)
        assert row["first_subscribed_at"] == (periods[0][0] if periods else None)
        assert row["first_paid_at"] == first_paid.get(user.user_id)
        assert row["churned_at"] == (max(end for _, end, _, _ in periods if end is not None) if state == "churned" else None)


def test_sessions_and_their_engagement(case, sessions):
    rows = {row["session_id"]: row for row in case.rows("select * from staging.stg_sessions")}
    assert rows.keys() == set(sessions.session_id)
    for row in sessions.itertuples():
        modelled = rows[row.session_id]
        seconds = int(row.ended_at.floor("s").timestamp()) - int(row.started_at.floor("s").timestamp())
        assert (modelled["event_count"], modelled["duration_secs"]) == (row.events, seconds)
        if row.events <= 1:
            level = "bounce"
        else:
            level = "short" if seconds < 180 else "medium" if seconds < 900 else "deep"
        assert modelled["engagement_level"] == level


def test_activation_by_cohort_and_channel(case):
    groups = defaultdict(list)
    events = case.raw["events"]
    steps = {}
    for kind in ("integration_connected", "report_created"):
        own = events[events.event_type == kind]
        steps[kind] = own.groupby("user_id").event_at.min().dt.floor("s").to_dict()
    for user in case.raw["users"].itertuples():
        signup = user.signed_up_at.floor("s")
        is_over = case.as_of + pd.Timedelta(days=1) - signup >= pd.Timedelta(hours=168)
        times = [steps[kind].get(user.user_id) for kind in steps]
        hours = None
        if all(time is not None for time in times):
            hours = (max(times) - signup).total_seconds() / 3600
        is_activated = hours is not None and hours < 168
        groups[(user.signed_up_at.date().replace(day=1), user.channel)].append((is_over, hours if is_activated else None))
    rows = case.rows("select * from marts.fct_activation")
    assert len(rows) == len(groups)
    for row in rows:
        own = groups[(row["cohort_month"], row["channel"])]
        hours = [hours for is_over, hours in own if is_over and hours is not None]
        eligible = sum(is_over for is_over, _ in own)
        assert (row["signups"], row["eligible_signups"], row["activated_signups"]) == (len(own), eligible, len(hours))
        assert row["activation_rate"] == (pytest.approx(len(hours) / eligible) if eligible else None)
        assert row["median_hours_to_activation"] == (pytest.approx(median(hours), rel=1e-9) if hours else None)


def test_conversions_are_payments_that_came(case, first_paid):
    expected = Counter()
    for user in case.raw["users"].itertuples():
        expected[user.signed_up_at.date()] += user.user_id in first_paid
    found = case.rows("select date_day, sum(converted_signups) as converted from marts.fct_signups group by 1")
    assert {row["date_day"]: row["converted"] for row in found} == expected
    paths = set(case.raw["marketing_touches"].user_id) & set(case.raw["users"].user_id)
    for row in case.rows("select attribution_model, sum(conversions) as conversions from advanced.attribution_comparison group by 1"):
        assert row["conversions"] == pytest.approx(len(paths & first_paid.keys()), rel=1e-9), row["attribution_model"]


def test_channel_performance(case, net, paid_periods, first_paid):
    revenue = Counter()
    for user, _, cents in net:
        revenue[user] += cents
    signups = case.raw["users"].set_index("user_id").signed_up_at
    cells = defaultdict(Counter)
    touches = case.raw["marketing_touches"].sort_values(["touched_at", "touch_id"])
    for user, path in touches.groupby("user_id"):
        if user not in signups.index:
            continue
        month = signups[user].date().replace(day=1)
        periods = paid_periods.get(user, [])
        mrr = periods[-1][2] if periods and periods[-1][1] is None else 0
        has_paid = user in first_paid
        last = len(path) - 1
        for place, touch in enumerate(path.itertuples()):
            cell = cells[(touch.channel, month)]
            cell["touches"] += 1
            cell["linear_customers"] += has_paid / len(path)
            cell["linear_revenue_cents"] += revenue[user] / len(path)
            position = 1 / len(path) if last < 2 else 0.4 if place in (0, last) else 0.2 / (last - 1)
            cell["position_signups"] += position
            cell["position_customers"] += has_paid * position
            cell["first_touch_signups"] += place == 0
            cell["last_touch_revenue_cents"] += revenue[user] * (place == last)
            if place == last:
                cell["signups"] += 1
                cell["customers"] += has_paid
                cell["mrr_cents"] += mrr
                cell["first_mrr_cents"] += periods[0][2] if has_paid and periods else 0
    for bill in case.raw["ad_spend"].itertuples():
        cell = cells[(bill.channel, bill.spend_date.replace(day=1))]
        cell["spend_cents"] += bill.cost_cents
        cell["clicks"] += bill.clicks
    rows = case.rows("select * from marts.fct_channel_performance")
    assert len(rows) == len(cells)
    total = case.raw["ad_spend"].groupby("channel").cost_cents.sum().to_dict()
    for row in case.rows("select distinct channel, spend_cents from advanced.attribution_comparison"):
        assert row["spend_cents"] == total.get(row["channel"], 0)
    for row in rows:
        cell = cells[(row["channel"], row["date_month"])]
        for name in ("spend_cents", "clicks", "touches", "signups", "customers", "mrr_cents", "first_mrr_cents"):
            assert row[name] == cell[name], (row["channel"], row["date_month"], name)
        by_rule = ("position_signups", "position_customers", "first_touch_signups", "last_touch_revenue_cents")
        for name in ("linear_customers", "linear_revenue_cents", *by_rule):
            assert row[name] == pytest.approx(cell[name], rel=1e-9, abs=1e-9)
        # The last signups of the month have had sixty days.
        next_month = (row["date_month"].replace(day=28) + timedelta(days=4)).replace(day=1)
        is_payment_window_over = (case.as_of.date() - next_month + timedelta(days=1)).days >= 60
        assert row["is_payment_window_over"] == is_payment_window_over
        cost = payback = None
        if is_payment_window_over and cell["customers"]:
            cost = pytest.approx(cell["spend_cents"] / cell["customers"])
            first_margin = cell["first_mrr_cents"] / cell["customers"] * 0.8
            payback = pytest.approx(cell["spend_cents"] / cell["customers"] / first_margin)
        assert row["cost_per_customer_cents"] == cost
        assert row["payback_months"] == payback
        roas = pytest.approx(cell["linear_revenue_cents"] / cell["spend_cents"]) if cell["spend_cents"] else None
        assert row["linear_roas"] == roas


def test_feature_adoption(case):
    events = case.raw["events"]
    weeks = events.event_at.dt.date.map(lambda day: day - timedelta(days=day.weekday()))
    frame = events.assign(week=weeks, day=events.event_at.dt.date)
    active = frame.groupby("week").user_id.nunique()
    used = frame[frame.feature.notna()]
    users = used.groupby(["week", "feature"]).user_id.nunique()
    uses = used.groupby(["week", "feature"]).size()
    signup = {row.user_id: row.signed_up_at.date() for row in case.raw["users"].itertuples()}
    first = used.groupby(["user_id", "feature"]).day.min()
    launched = first.groupby("feature").min()
    days = defaultdict(list)
    for (user, feature), day in first.items():
        available = max(signup[user], launched[feature])
        days[(day - timedelta(days=day.weekday()), feature)].append((day - available).days)
    rows = case.rows("select * from marts.fct_feature_adoption order by feature, date_week")
    assert len(rows) == len(active) * len(case.seeds["feature_details"])
    so_far = Counter()
    for row in rows:
        key = (row["date_week"], row["feature"])
        so_far[row["feature"]] += len(days[key])
        assert row["active_users"] == active[row["date_week"]]
        assert (row["users"], row["uses"]) == (users.get(key, 0), uses.get(key, 0)), key
        assert (row["new_adopters"], row["adopters_so_far"]) == (len(days[key]), so_far[row["feature"]])
        assert row["median_days_to_adopt"] == (median(days[key]) if days[key] else None)
        is_available = row["feature"] in launched and row["date_week"] + timedelta(days=6) >= launched[row["feature"]]
        assert row["adoption_rate"] == (row["users"] / row["active_users"] if is_available else None)


def test_everybody_has_the_company_of_the_raw_row(case):
    expected = {row.user_id: (row.account_id, row.account_name) for row in case.raw["users"].itertuples()}
    for model in ("staging.stg_users", "marts.dim_users"):
        rows = case.rows(f"select user_id, account_id, account_name from {model}")
        assert {row["user_id"]: (row["account_id"], row["account_name"]) for row in rows} == expected


def test_an_account_is_one_company_with_one_payer(case):
    users, paid = case.raw["users"], case.raw["subscriptions"]
    companies = users.assign(domain=users.email.str.partition("@")[2]).groupby("account_id")
    shared = companies[["account_name", "domain", "country", "industry", "company_size"]].nunique()
    assert (shared <= 1).all(axis=None)
    owners = companies.user_id.min()
    account_of = users.set_index("user_id").account_id
    assert (paid.user_id == paid.user_id.map(account_of).map(owners)).all()


def test_users_and_their_engagement(case, sessions, active_days, last_seen, net):
    as_of = case.as_of.date()
    revenue, last_paid = Counter(), {}
    for user, day, cents in net:
        revenue[user] += cents
        last_paid[user] = max(day, last_paid.get(user, day))
    recent = sessions[sessions.day > as_of - timedelta(days=28)].groupby("user_id")
    ago = {user: [(as_of - day).days for day in own] for user, own in active_days.items()}
    days = {user: sum(number < 28 for number in own) for user, own in ago.items()}
    before = {user: sum(28 <= number < 56 for number in own) for user, own in ago.items()}
    core, tickets, counts = recent.core.sum().to_dict(), recent.tickets.sum().to_dict(), recent.size().to_dict()
    types = case.seeds["event_type_details"].set_index("event_type").category
    categories = case.raw["events"].event_type.map(types)
    shares = categories.groupby(case.raw["events"].user_id).value_counts(normalize=True).to_dict()
    rows = {row["user_id"]: row for row in case.rows("select * from marts.dim_users")}
    for user in case.raw["users"].itertuples():
        row, key = rows[user.user_id], user.user_id
        inactive = (as_of - last_seen.get(key, user.signed_up_at.date())).days
        assert row["lifetime_revenue_cents"] == revenue[key]
        assert row["last_paid_date"] == last_paid.get(key)
        assert row["count_active_days_28d"] == days.get(key, 0)
        assert row["count_active_days_prior_28d"] == before.get(key, 0)
        assert (row["count_sessions_28d"], row["count_core_actions_28d"]) == (counts.get(key, 0), core.get(key, 0))
        assert row["count_support_tickets_28d"] == tickets.get(key, 0)
        score = 50 * min(days.get(key, 0) / 12, 1) + 30 * min(core.get(key, 0) / 40, 1) + 20 * max(1 - inactive / 28, 0)
        # A score that falls on a half may round either way by its last bit.
        assert row["engagement_score"] in {half_up(score), half_up(score - 1e-9), half_up(score + 1e-9)}
        engagement = row["engagement_score"]
        assert row["segment"] == (
            "power" if engagement >= 70 else "regular" if engagement >= 40 else "casual" if engagement >= 10 else "inactive"
        )
        for category in set(types):
            if row["count_events"]:
                assert row[f"{category}_share"] == pytest.approx(shares.get((key, category), 0), abs=1e-12)
