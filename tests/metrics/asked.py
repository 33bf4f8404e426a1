"""The requests by which compiler and MetricFlow are compared: every metric by everything it may be split by."""

import oracle

# What pages filter by, some of each kind of name, and a dimension of each kind of rows.
DIMENSIONS = (
    "plan", "channel", "user__country", "user__company_size", "user__segment", "user__current_plan", "user__channel",
    "channel__channel_group", "plan__tier", "customer_month__movement", "payment__method", "payment__dunning_outcome",
    "session__device", "event__category", "feature", "health__status", "campaign_day__utm_medium",
    "user__signup_date__quarter",
)  # fmt: skip
PAIRS = (("plan", "user__country"), ("channel", "user__company_size"), ("user__segment", "user__country"), ("channel", "channel__channel_group"))
FILTERS = (
    ("user__country", ["US", "DE"]), ("channel", ["paid_search", "content"]), ("plan", ["starter", "professional"]),
)  # fmt: skip
GRAINS = ("day", "week", "month", "quarter", "year")


class Declared:
    """What a metric is made of, by dbt's manifest."""

    def __init__(self):
        manifest = oracle.manifest()
        self.metrics = {metric["name"]: metric for metric in manifest["metrics"]}
        self.grains, self.balances = {}, set()
        for model in manifest["semantic_models"]:
            grains = {
                dimension["name"]: dimension["type_params"]["time_granularity"]
                for dimension in model["dimensions"]
                if dimension["type"] == "time"
            }
            for measure in model["measures"]:
                time = measure["agg_time_dimension"] or model["defaults"]["agg_time_dimension"]
                self.grains[measure["name"]] = grains[time]
                if measure["non_additive_dimension"]:
                    self.balances.add(measure["name"])

    def inputs(self, name):
        """The metric and all that it is made of, with whether each is moved in time."""
        params = self.metrics[name]["type_params"]
        below = [params["numerator"], params["denominator"], *(params["metrics"] or [])]
        yield self.metrics[name], False
        for one in below:
            if one:
                for metric, moved in self.inputs(one["name"]):
                    yield metric, moved or bool(one["offset_window"])

    def measures(self, name):
        """Measures below a metric."""
        return {
            metric["type_params"]["measure"]["name"]
            for metric, _ in self.inputs(name)
            if metric["type_params"]["measure"]
        }

    def base(self, name):
        """The finest grain."""
        return max((self.grains[measure] for measure in self.measures(name)), key=GRAINS.index)

    def is_running(self, name):
        """Whether it is known of dates alone."""
        return any(metric["type"] == "cumulative" for metric, _ in self.inputs(name)) or self.is_moved(name)

    def is_moved(self, name):
        """Whether a period before is in it."""
        return any(moved for _, moved in self.inputs(name))

    def is_balance(self, name):
        """Whether a date's value is taken."""
        return bool(self.measures(name) & self.balances)

    def grains_of(self, name):
        """Grains by which both can tell it: MetricFlow moves by whole periods of the grain asked for."""
        base = self.base(name)
        if self.is_moved(name):
            return [base]
        return ["day", "week", "month", "quarter"] if base == "day" else ["month", "quarter", "year"]


def requests(name, declared):
    """Requests of one metric."""
    base = declared.base(name)
    # Dates alone know it, so it is split by date: of a year, or a day's would be many.
    grain = {"grain": base, "from": "2025-01-01" if base == "month" else "2025-10-01", "to": "2025-12-31"}
    always = grain if declared.is_running(name) else {}
    yield {"metrics": [name], **always}
    for grain in declared.grains_of(name):
        yield {"metrics": [name], "grain": grain}
    yield {"metrics": [name], "grain": base, "from": "2025-03-01", "to": "2025-08-31"}
    for dimension in DIMENSIONS:
        yield {"metrics": [name], "dimensions": [dimension], **always}
    for pair in PAIRS:
        yield {"metrics": [name], "dimensions": list(pair), **always}
    for dimension, values in FILTERS:
        yield {"metrics": [name], "filters": [{"dimension": dimension, "values": values}], **always}
    filters = [{"dimension": "user__country", "values": ["US"]}]
    yield {"metrics": [name], "dimensions": ["channel"], "filters": filters, **always}
    yield {"metrics": [name], "dimensions": ["user__company_size"], "grain": declared.base(name), "from": "2025-06-01", "to": "2025-12-31"}
