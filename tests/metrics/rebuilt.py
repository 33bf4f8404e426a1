"""What MetricFlow's own figures of single dates come to, where it leaves out dates without rows.

MetricFlow knows a cumulative metric only of dates on which a row is in the window. It averages over the others, takes
the last of the others for a period, and divides by and subtracts nothing. It also filters a metric that is moved in time
only after it has been computed for each value of the filter, and keeps one of them. Here a missing date counts 0, as
`fill_nulls_with` says, and everything that is made of cumulative metrics is made of those.
"""

import datetime as dt
from functools import cache

import oracle


@cache
def days():
    """Every day there is."""
    found = oracle.connection().execute("select date_day from semantic.time_spine order by 1").fetchall()
    return [row[0] for row in found]


def start(day, grain):
    """The first day of a day's period."""
    if grain == "week":
        return day - dt.timedelta(days=day.weekday())
    if grain == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[grain]


def moved(date, window):
    """So much earlier."""
    if window["granularity"] == "month":
        months = date.year * 12 + date.month - 1 - window["count"]
        return dt.date(months // 12, months % 12 + 1, 1)
    return date - dt.timedelta(days=window["count"] * {"day": 1, "week": 7}[window["granularity"]])


class Rebuilt:
    """One request's answer, put together from cumulative and simple metrics."""

    def __init__(self, declared, request):
        self.declared = declared
        self.request = request
        self.base = declared.base(request["metrics"][0])
        self.dates = sorted({start(day, self.base) for day in days()})

    def rows(self):
        """Rows as oracle.query returns them."""
        name, first, last = self.request["metrics"][0], self.request.get("from"), self.request.get("to")
        in_range = [
            date
            for date in self.dates
            if (not first or date >= start(dt.date.fromisoformat(first), self.base))
            and (not last or date <= dt.date.fromisoformat(last))
        ]
        periods = {}
        for date in in_range:
            periods.setdefault(start(date, self.request["grain"]), []).append(date)
        values, groups = self.metric(name)
        cells = [(period, dates, group) for period, dates in periods.items() for group in sorted(groups, key=str)]
        return [(period, *group, value) for (period, _, group), value in zip(cells, values(cells), strict=True)]

    def ask(self, name, grain):
        """MetricFlow's figures by date and group, from a period before the range on."""
        request = {**self.request, "metrics": [name], "grain": grain}
        if self.declared.is_moved(self.request["metrics"][0]):
            request.pop("from", None)
        rows = oracle.query(request)
        found = {}
        for row in rows:
            period, *group, value = row
            if period is not None:
                found[period if not isinstance(period, dt.datetime) else period.date(), tuple(group)] = value
        return found, {group for _, group in found}

    def metric(self, name):
        """A function of cells (a period, its dates, a group) to their values; and the groups there are."""
        metric = self.declared.metrics[name]
        params = metric["type_params"]
        if metric["type"] == "cumulative":
            found, groups = self.ask(name, self.base)
            is_mean = params["cumulative_type_params"]["period_agg"] == "average"

            def of_period(dates, group):
                values = [found.get((date, group)) or 0 for date in dates]
                return sum(values) / len(values) if is_mean else values[-1]

            return lambda cells: [of_period(dates, group) for _, dates, group in cells], groups
        if metric["type"] == "simple":
            found, groups = self.ask(name, self.request["grain"])
            return lambda cells: [found.get((period, group)) or 0 for period, _, group in cells], groups
        inputs = params["metrics"] or [params["numerator"], params["denominator"]]
        parts = [self.input(one) for one in inputs]
        expression = params["expr"] or "cast({} as double) / nullif({}, 0)".format(*(one["name"] for one in inputs))
        columns = ", ".join(f"unnest(?::double[]) as {one['alias'] or one['name']}" for one in inputs)

        def evaluated(cells):
            values = [value(cells) for value, _ in parts]
            rows = oracle.connection().execute(f"select {expression} from (select {columns})", values).fetchall()
            return [row[0] for row in rows]

        return evaluated, set().union(*(groups for _, groups in parts))

    def input(self, one):
        """The same of an input, which may be moved in time; then a period is a date."""
        value, groups = self.metric(one["name"])
        window = one["offset_window"]
        if not window:
            return value, groups
        return lambda cells: value([(moved(period, window), [moved(period, window)], group) for period, _, group in cells]), groups
