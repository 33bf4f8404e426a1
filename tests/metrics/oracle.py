"""dbt's MetricFlow, in this process: each start of `mf` would cost seconds."""

import datetime as dt
import json
import os
import re
from functools import cache

import duckdb
import warehouse

ENTITIES = ("plan", "channel", "feature")


@cache
def engine():
    """MetricFlow over the copy of the data."""
    # It plans; the data are read below.
    os.environ["METRICFLOW_DUCKDB_PATH"] = ":memory:"
    os.chdir(warehouse.PROJECT)
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration

    configuration = CLIConfiguration()
    configuration.setup(warehouse.PROJECT, warehouse.PROJECT, configure_file_logging=False)
    return configuration.mf


def manifest():
    """What dbt made of the declarations."""
    return json.loads((warehouse.PROJECT / "target" / "semantic_manifest.json").read_text())


def item(name):
    """A dimension as MetricFlow's filters write it."""
    *path, last = name.split("__")
    if last not in ENTITIES:
        return f"{{{{ Dimension('{name}') }}}}"
    return f"{{{{ Entity('{last}', {path}) }}}}" if path else f"{{{{ Entity('{last}') }}}}"


def day(text):
    """A day as MetricFlow takes it."""
    return dt.datetime.fromisoformat(text) if text else None


@cache
def connection():
    """Where MetricFlow's statements run. `mf query` runs the same ones, and takes most of its time to guess at types."""
    return duckdb.connect(str(warehouse.DATABASE), read_only=True)


def with_open_end(sql):
    """A range that ends before the day after its last one.

    DuckDB 1.4.3 turns `date_trunc(…, date) <= day`, as MetricFlow writes a range, into a comparison that lets a day too
    many through (test_engine.py).
    """

    def rewritten(match):
        column, first, last = match.groups()
        after = dt.date.fromisoformat(last) + dt.timedelta(days=1)
        return f"({column} >= '{first}' AND {column} < '{after}')"

    return re.sub(r"(DATE_TRUNC\('\w+', [\w.]+\)|[\w.]+) BETWEEN '([-\d]+)' AND '([-\d]+)'", rewritten, sql)


def query(request):
    """The answer's rows, keys first, as the compiler returns them; an Exception where there is none."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    grain = request.get("grain")
    dimensions = request.get("dimensions", [])
    time = [f"metric_time__{grain}"] if grain else []
    where = [
        f"{item(one['dimension'])} in ({', '.join(repr(value) for value in one['values'])})"
        for one in request.get("filters", [])
    ]
    asked = MetricFlowQueryRequest.create(
        metric_names=request["metrics"],
        group_by_names=[*time, *dimensions] or None,
        where_constraints=where or None,
        time_constraint_start=day(request.get("from")),
        time_constraint_end=day(request.get("to")),
    )
    result = connection().execute(with_open_end(engine().explain(asked).sql_statement.sql))
    names = [column[0] for column in result.description]
    places = [names.index(name) for name in [*time, *dimensions, *request["metrics"]]]
    return [tuple(row[place] for place in places) for row in result.fetchall()]
