"""What customers cost, in plain Python from a folder's raw rows: CAC, cost per customer, payback, ROAS.

Bills of campaigns are summed, first payments are looked up, and credit is shared out by each rule's definition.
test_random_scenarios.py asks `check` of six more scenarios.
"""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

MARGIN = 0.8
DAYS_TO_CONVERT = 60
HALF_LIFE_DAYS = 7
# Rows that point at a charge, and which way their money goes.
REVERSALS = {"refunded": 1, "disputed": 1, "dispute_won": -1}
RULES = ("first_touch", "last_touch", "linear", "position", "time_decay")


class Rows:
    """The raw rows of a folder that `generate` wrote, as dictionaries, and what the sums below share."""

    def __init__(self, folder):
        self.as_of = date.fromisoformat(json.loads((folder / "scenario.json").read_text())["as_of"])
        users = self.table(folder, "users")
        self.users = {user["user_id"]: user for user in users}
        self.bills = self.table(folder, "ad_spend")
        paths = defaultdict(list)
        for touch in self.table(folder, "marketing_touches"):
            paths[touch["user_id"]].append(touch)
        self.paths = {user: sorted(path, key=lambda one: (one["touched_at"], one["touch_id"])) for user, path in paths.items()}
        self.first_paid, self.revenue = {}, Counter()
        payments = self.table(folder, "payments")
        whose = {payment["payment_id"]: payment["user_id"] for payment in payments}
        for payment in payments:
            if payment["status"] == "succeeded":
                user, at = payment["user_id"], payment["attempted_at"]
                self.first_paid[user] = min(at, self.first_paid.get(user, at))
                self.revenue[user] += payment["amount_cents"]
            elif payment["status"] in REVERSALS:
                self.revenue[whose[payment["refund_of"]]] -= REVERSALS[payment["status"]] * payment["amount_cents"]
        self.first_price = first_prices(self.table(folder, "subscriptions"))

    @staticmethod
    def table(folder, name):
        path = Path(folder) / "raw" / f"{name}.parquet"
        return dictionaries(duckdb.execute(f"select * from read_parquet('{path}')"))


def first_prices(periods):
    """What each customer's first paid periods bring in a month, rounded half up to the cent."""
    found, first = Counter(), {}
    for period in sorted(periods, key=lambda one: one["started_at"]):
        bill = period["quantity"] * period["unit_price_cents"] - period["discount_cents"]
        if bill > 0 and period["started_at"] == first.setdefault(period["user_id"], period["started_at"]):
            months = 12 if period["billing_interval"] == "year" else period["interval_count"]
            found[period["user_id"]] += (2 * bill + months) // (2 * months)
    return found


def first_of_month(at):
    return date(at.year, at.month, 1)


def whole_seconds(at):
    return at.replace(microsecond=0)


def weights(path, signed_up_at):
    """What each rule gives each touch of a path, in time's order."""
    size = len(path)
    ages = [(whole_seconds(signed_up_at) - whole_seconds(touch["touched_at"])).total_seconds() / 86400 for touch in path]
    decays = [0.5 ** (age / HALF_LIFE_DAYS) for age in ages]
    for place in range(size):
        ends = place in (0, size - 1)
        yield {
            "first_touch": float(place == 0),
            "last_touch": float(place == size - 1),
            "linear": 1 / size,
            "position": 1 / size if size <= 2 else 0.4 if ends else 0.2 / (size - 2),
            "time_decay": decays[place] / sum(decays),
        }


def acquisition_costs(rows):
    """{(segment, month): (spend or None, first payers, CAC or None)}; a segment is `all` or a channel."""
    spend, payers = Counter(), Counter()
    for bill in rows.bills:
        for segment in ("all", bill["channel"]):
            spend[segment, first_of_month(bill["spend_date"])] += bill["cost_cents"]
    for user, at in rows.first_paid.items():
        for segment in ("all", rows.users[user]["channel"]):
            payers[segment, first_of_month(at)] += 1
    return {
        key: (spend.get(key), payers[key], spend[key] / payers[key] if key in spend and payers[key] else None)
        for key in spend.keys() | payers.keys()
    }


def channel_months(rows):
    """{(channel, month): sums} of bills and of what the month's signups brought."""
    cells = defaultdict(Counter)
    for bill in rows.bills:
        cell = cells[bill["channel"], first_of_month(bill["spend_date"])]
        cell["spend"] += bill["cost_cents"]
        cell["clicks"] += bill["clicks"]
    for user, path in rows.paths.items():
        signed_up_at = rows.users[user]["signed_up_at"]
        has_paid = user in rows.first_paid
        for place, (touch, given) in enumerate(zip(path, weights(path, signed_up_at))):
            cell = cells[touch["channel"], first_of_month(signed_up_at)]
            if place == len(path) - 1:
                cell["signups"] += 1
                cell["customers"] += has_paid
                cell["first_mrr"] += rows.first_price.get(user, 0) * has_paid
            for rule, weight in given.items():
                cell[rule, "signups"] += weight
                cell[rule, "customers"] += weight * has_paid
                cell[rule, "revenue"] += weight * rows.revenue[user]
    return cells


def over(part, whole):
    """A quotient as it should be found; None without a whole."""
    return pytest.approx(part / whole, rel=1e-6) if whole else None


def dictionaries(cursor):
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def check(folder, read):
    """Every table that says what customers cost, against the raw rows; `read` runs a query over the models.

    Returns how many figures were compared.
    """
    rows, compared = Rows(folder), 0
    costs = acquisition_costs(rows)
    found = read("select * from intermediate.int_acquisition_costs")
    assert {(row["segment_value"], row["date_month"]) for row in found} == costs.keys()
    assert len(found) == len(costs)
    for row in found:
        key = row["segment_value"], row["date_month"]
        spend, payers, cac = costs[key]
        assert row["segment_type"] == ("all" if key[0] == "all" else "channel")
        assert (row["spend_cents"], row["first_payers"]) == (spend, payers), key
        assert row["cac_cents"] == (None if cac is None else pytest.approx(cac, rel=1e-9)), key
        compared += cac is not None
    # Retention shows the same figure beside a month and beside a cohort.
    for row in read("select * from advanced.revenue_retention"):
        month = row["date_month"] if row["cohort_month"] is None else row["cohort_month"]
        cac = costs.get((row["segment_value"], month), (None, 0, None))[2] if row["segment_type"] in ("all", "channel") else None
        assert row["cac_cents"] == (None if cac is None else pytest.approx(cac, rel=1e-9)), row

    cells = channel_months(rows)
    found = read("select * from marts.fct_channel_performance")
    assert {(row["channel"], row["date_month"]) for row in found} == cells.keys()
    assert len(found) == len(cells)
    for row in found:
        key = row["channel"], row["date_month"]
        cell = cells[key]
        assert (row["spend_cents"], row["clicks"]) == (cell["spend"], cell["clicks"]), key
        following = (key[1].replace(day=28) + timedelta(days=4)).replace(day=1)
        is_judged = (rows.as_of - (following - timedelta(days=1))).days >= DAYS_TO_CONVERT
        assert row["cost_per_signup_cents"] == over(cell["spend"], cell["signups"]), key
        assert row["cost_per_customer_cents"] == (over(cell["spend"], cell["customers"]) if is_judged else None), key
        assert row["payback_months"] == (over(cell["spend"], MARGIN * cell["first_mrr"]) if is_judged else None), key
        for rule in RULES:
            for what, column in {"signups": "signups", "customers": "customers", "revenue": "revenue_cents"}.items():
                assert row[f"{rule}_{column}"] == pytest.approx(cell[rule, what], rel=1e-6, abs=1e-6), (key, rule, what)
            cost = over(cell["spend"], cell[rule, "customers"]) if is_judged else None
            assert row[f"{rule}_cost_per_customer_cents"] == cost, (key, rule)
            assert row[f"{rule}_roas"] == over(cell[rule, "revenue"], cell["spend"]), (key, rule)
            compared += cost is not None

    spend, conversions = Counter(), Counter()
    for (channel, _), cell in cells.items():
        spend[channel] += cell["spend"]
        for rule in RULES:
            conversions[channel, rule] += cell[rule, "customers"]
    for row in read("select * from advanced.attribution_comparison"):
        channel, rule = row["channel"], row["attribution_model"]
        assert row["spend_cents"] == spend[channel], channel
        # How Markov and Shapley share out is held by test_attribution; a cost is theirs, too.
        credit = conversions[channel, rule] if rule in RULES else row["conversions"]
        assert row["cost_per_conversion_cents"] == over(spend[channel], credit), (channel, rule)
    return compared


def test_costs_of_customers(case):
    assert check(case.folder, case.rows) > 100


def test_costs_of_customers_of_demo(demo):
    assert check(demo.folder, demo.rows) > 100
