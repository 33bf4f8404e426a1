"""Metrics are what models, marts and the serving layer hold already."""

import json

import compiler
import warehouse
from asked import Declared
from compare import differences, is_equal

SEGMENTS = {"plan": "plan", "channel": "channel", "user__country": "country", "user__company_size": "company_size"}


def revenue_retention(column, segment=None):
    """A column of the model for everybody, or by segment."""
    kind = SEGMENTS.get(segment, "all")
    value = ", segment_value" if segment else ""
    return f"select date_month{value}, {column} from advanced.revenue_retention where cohort = 'all' and segment_type = '{kind}'"


def daily(table, column):
    """A column by day."""
    return f"select date_day, {column} from {table}"


# Metric, grain, dimension, and the same from a model.
KNOWN = [
    *(
        (metric, "month", segment, revenue_retention(column, segment))
        for metric, column in [
            ("nrr", "nrr"), ("grr", "grr"), ("quick_ratio", "quick_ratio"), ("ltv", "ltv_cents"),
            ("quick_ratio_without_reactivation", "quick_ratio_without_reactivation"),
        ]
        for segment in [None, *SEGMENTS]
    ),
    ("cac", "month", None, revenue_retention("cac_cents")),
    ("cac", "month", "channel", revenue_retention("cac_cents", "channel")),
    ("ltv_to_cac", "month", None, revenue_retention("ltv_to_cac")),
    ("ltv_to_cac", "month", "channel", revenue_retention("ltv_to_cac", "channel")),
    ("arpu", "month", "plan", "select date_month, plan, arpu_cents from marts.fct_mrr"),
    ("arr", "month", "plan", "select date_month, plan, arr_cents from marts.fct_mrr"),
    *((metric, "day", None, daily("marts.fct_daily_active_users", metric)) for metric in ("dau", "wau", "mau")),
    ("core_dau", "day", None, daily("marts.fct_daily_active_users", "core_dau")),
    ("dau_to_mau", "day", None, daily("marts.fct_daily_active_users", "stickiness")),
    *(
        (metric, "day", None, daily("advanced.north_star_metrics", column))
        for metric, column in [
            ("weekly_active_customers", "weekly_active_customers"), ("subscribers", "paying_customers"),
            ("customer_activity_rate", "customer_activity_rate"), ("new_subscribers_28d", "new_customers_28d"),
            ("returned_subscribers_28d", "reactivated_customers_28d"), ("signups_28d", "signups_28d"),
            ("subscribers_left_28d", "churned_customers_28d"), ("subscriber_churn_rate_28d", "churn_rate_28d"),
            ("new_customers_per_signup_28d", "new_customers_per_signup_28d"),
        ]
    ),
    ("activation_rate", "month", "channel", "select cohort_month, channel, activation_rate from marts.fct_activation"),
    ("payback_months", "month", "channel", "select date_month, channel, payback_months from marts.fct_channel_performance"),
    ("cost_per_customer", "month", "channel", "select date_month, channel, cost_per_customer_cents from marts.fct_channel_performance"),
]  # fmt: skip


def test_models_agree(database):
    requests = [{"metrics": [name], "grain": grain, "dimensions": [by] if by else []} for name, grain, by, _ in KNOWN]
    for request, answer, (*_, sql) in zip(requests, compiler.statements(requests), KNOWN, strict=True):
        ours = {row[:-1]: row[-1] for row in database.execute(answer["sql"]).fetchall()}
        for *group, value in database.execute(sql).fetchall():
            found = ours.get(tuple(group))
            # Where nothing happened a model has a null or a nought, as its joins fall out.
            assert is_equal(found, value) or not (found or value), f"{request} {group}: {found}, model {value}"


def sided(name, declared, model):
    """Requests that a mart or the serving layer may answer."""
    base = declared.base(name)
    filters = list(model["config"]["meta"]["filters"].values())
    grain = base if base == "month" else "month"
    yield {"metrics": [name], "grain": grain}
    yield {"metrics": [name], "grain": base, "from": "2025-03-01", "to": "2025-08-31"}
    for dimension in filters:
        yield {"metrics": [name], "dimensions": [dimension], "grain": grain}
        yield {"metrics": [name], "grain": "quarter", "filters": [{"dimension": dimension, "values": ["starter", "paid_search", "US", "11-50", "casual"]}]}
    if len(filters) > 2:
        yield {"metrics": [name], "dimensions": filters[:2], "grain": grain}


def test_marts_and_the_serving_layer_agree(database):
    declared = Declared()
    manifest = json.loads((warehouse.PROJECT / "target" / "semantic_manifest.json").read_text())
    models = {measure["name"]: model for model in manifest["semantic_models"] for measure in model["measures"]}
    requests = []
    for name in declared.metrics:
        measured_on = {models[measure]["name"]: models[measure] for measure in declared.measures(name)}
        # Others are made of these.
        if declared.metrics[name]["type"] in ("simple", "cumulative"):
            requests += sided(name, declared, *measured_on.values())
    plain = compiler.statements(requests)
    compared = {}
    for tables in ("marts", "page"):
        for request, right, other in zip(requests, plain, compiler.statements(requests, tables), strict=True):
            assert ("error" in right) == ("error" in other), f"{request}: {right} {other}"
            if "error" in right or right == other:
                continue
            compared[tables] = compared.get(tables, 0) + 1
            ours, theirs = (database.execute(answer["sql"]).fetchall() for answer in (other, right))
            found = differences(ours, theirs, request)
            assert not found, f"{tables} {request}\n" + "\n".join(found[:10]) + f"\n{other['sql']}"
    print(compared)
    assert compared["marts"] >= 20 and compared["page"] >= 100


def test_rows_behind_a_figure_are_as_many(database):
    """A count is the number of its rows; a sum of money is nought without rows, and has rows otherwise."""
    declared = Declared()
    requests = []
    for name, metric in declared.metrics.items():
        if metric["type"] == "simple" and metric["config"]["meta"]["format"] in ("count", "cents"):
            requests.append({"metrics": [name]})
            requests.append({"metrics": [name], "to": "2025-06-30", "filters": [{"dimension": "channel", "values": ["paid_search"]}]})
    for request, answer, rows in zip(requests, compiler.statements(requests), compiler.statements(requests, rows=True), strict=True):
        assert ("error" in answer) == ("error" in rows), f"{request}: {answer} {rows}"
        if "error" in answer:
            continue
        value = database.execute(answer["sql"]).fetchone()[0] or 0
        count = database.execute(f"select count(*) from ({rows['sql']})").fetchone()[0]
        aggregation = declared.aggregation(request["metrics"][0])
        expression = declared.expression(request["metrics"][0])
        if aggregation in ("count", "sum_boolean") or expression.startswith("case") and "then 1 else 0" in expression:
            assert count == value, f"{request}: {count} rows, {value}\n{rows['sql']}"
        else:
            assert (count > 0) == (value != 0) or aggregation == "sum", f"{request}: {count} rows, {value}"
