"""The requests by which compiler and MetricFlow are compared: every metric by everything it may be split by."""

import os

import oracle

EVERYTHING = bool(os.environ.get("METRICFLOW_ALL_REQUESTS"))
# What pages filter by.
DIMENSIONS = ["plan", "channel", "user__country", "user__company_size", "user__segment"]
PAIRS = [("plan", "user__country"), ("channel", "user__company_size")]
FILTERS = [("user__country", ["US", "DE"]), ("channel", ["paid_search", "content"])]
if EVERYTHING:
    # Names of each kind, and a dimension of each kind of rows.
    DIMENSIONS += [
        "user__current_plan", "user__channel", "channel__channel_group", "plan__tier", "customer_month__movement",
        "payment__method", "payment__dunning_outcome", "session__device", "event__category", "feature", "health__status",
        "campaign_day__utm_medium", "user__signup_date__quarter",
    ]  # fmt: skip
    PAIRS += [("user__segment", "user__country"), ("channel", "channel__channel_group")]
    FILTERS += [("plan", ["starter", "professional"])]
GRAINS = ("day", "week", "month", "quarter", "year")


class Declared:
    """What a metric is made of, by dbt's manifest."""

    def __init__(self, manifest=None):
        manifest = manifest or oracle.manifest()
        self.metrics = {metric["name"]: metric for metric in manifest["metrics"]}
        self.grains, self.measured = {}, {}
        for model in manifest["semantic_models"]:
            grains = {
                dimension["name"]: dimension["type_params"]["time_granularity"]
                for dimension in model["dimensions"]
                if dimension["type"] == "time"
            }
            for measure in model["measures"]:
                time = measure["agg_time_dimension"] or model["defaults"]["agg_time_dimension"]
                self.grains[measure["name"]] = grains[time]
                self.measured[measure["name"]] = measure

    def inputs(self, name):
        """The metric and all that it is made of, with whether each is moved in time."""
        params = self.metrics[name]["type_params"]
        yield self.metrics[name], False
        for one in [params["numerator"], params["denominator"], *(params["metrics"] or [])]:
            if one:
                for metric, moved in self.inputs(one["name"]):
                    yield metric, moved or bool(one["offset_window"])

    def measures(self, name):
        """Measures below a metric."""
        below = (metric["type_params"]["measure"] for metric, _ in self.inputs(name))
        return {measure["name"] for measure in below if measure}

    def aggregation(self, name):
        """How a simple metric's rows come together."""
        return self.measured[self.metrics[name]["type_params"]["measure"]["name"]]["agg"]

    def expression(self, name):
        """What is measured of each row."""
        return self.measured[self.metrics[name]["type_params"]["measure"]["name"]]["expr"]

    def base(self, name):
        """The finest grain."""
        return max((self.grains[measure] for measure in self.measures(name)), key=GRAINS.index)

    def is_moved(self, name):
        """Whether a period before is in it."""
        return any(moved for _, moved in self.inputs(name))

    def is_running(self, name):
        """Whether it is known of dates alone."""
        return self.is_moved(name) or any(metric["type"] == "cumulative" for metric, _ in self.inputs(name))

    def grains_of(self, name):
        """Grains by which both can tell it: MetricFlow moves by whole periods of the grain asked for."""
        base = self.base(name)
        if self.is_moved(name):
            return [base]
        return ["day", "week", "month", "quarter"] if base == "day" else ["month", "quarter", "year"]


def requests(name, declared):
    """Requests of one metric."""
    base = declared.base(name)
    # One that only dates know is split by date, too, and not for long: a day's rows are many.
    dated = {"grain": base, "from": "2025-01-01" if base == "month" else "2025-11-16", "to": "2025-12-31"}
    always = dated if declared.is_running(name) else {}
    yield {"metrics": [name], **always}
    for grain in declared.grains_of(name):
        yield {"metrics": [name], "grain": grain}
    yield {"metrics": [name], "grain": base, "from": "2025-03-01", "to": "2025-08-31"}
    for dimension in DIMENSIONS:
        # MetricFlow takes a metric's own date for the period, under whatever name.
        if not (always and dimension.startswith("user__signup_date")):
            yield {"metrics": [name], "dimensions": [dimension], **always}
    for pair in PAIRS:
        yield {"metrics": [name], "dimensions": list(pair), **always}
    for dimension, values in FILTERS:
        yield {"metrics": [name], "filters": [{"dimension": dimension, "values": values}], **always}
    filters = [{"dimension": "user__country", "values": ["US"]}]
    yield {"metrics": [name], "dimensions": ["channel"], "filters": filters, **always}
    yield {"metrics": [name], "dimensions": ["user__company_size"], **dated}
