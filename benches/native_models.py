"""Runs the tab's compiled models in native DuckDB, one thread, and prints milliseconds by model.

usage: native_models.py DIR [--processor]   (DIR/raw/*.parquet from `generate`, DIR/models.json from the tab)

With --processor they are milliseconds of processor time, which other work on the machine hardly changes.
"""

import json
import pathlib
import sys
import time

import duckdb

clock = time.process_time if "--processor" in sys.argv else time.perf_counter
root = pathlib.Path(sys.argv[1])
models = json.loads((root / "models.json").read_text())
connection = duckdb.connect(":memory:")
connection.execute("set threads = 1")
# As in the tab: a compressed in-memory database.
connection.execute("attach ':memory:' as metricflow (compress)")
connection.execute("use metricflow")
connection.execute("create schema raw")
for path in sorted((root / "raw").glob("*.parquet")):
    # Large tables are folders of parts.
    files = path / "*.parquet" if path.is_dir() else path
    connection.execute(f"create table raw.{path.stem} as select * from read_parquet('{files}')")
connection.execute("checkpoint")

connection.execute("create schema seeds")
for path in sorted((pathlib.Path(__file__).parents[1] / "sql" / "seeds").glob("*.csv")):
    connection.execute(f"create table seeds.{path.stem} as select * from read_csv('{path}')")
for schema in sorted({model["layer"] for model in models}):
    connection.execute(f"create schema {schema}")

times = {}
for model in models:
    # A model without a count of rows is a view.
    kind = "view" if model["rows"] is None else "table"
    began = clock()
    connection.execute(f"create {kind} {model['layer']}.{model['name']} as {model['compiled_sql']}")
    # The tab compresses large tables at once, so that its memory stays low.
    if (model["rows"] or 0) >= 400_000:
        connection.execute("checkpoint")
    times[model["name"]] = (clock() - began) * 1000
print(json.dumps(times))
