"""Runs the tab's compiled models in native DuckDB, one thread, and prints milliseconds by model.

usage: native_models.py DIR   (DIR/raw/*.parquet from `generate`, DIR/models.json from the tab)
"""

import json
import pathlib
import sys
import time

import duckdb

root = pathlib.Path(sys.argv[1])
models = json.loads((root / "models.json").read_text())
connection = duckdb.connect(":memory:")
connection.execute("set threads = 1")
# As in the tab: a compressed in-memory database.
connection.execute("attach ':memory:' as metricflow (compress)")
connection.execute("use metricflow")
connection.execute("create schema raw")
for path in sorted((root / "raw").glob("*.parquet")):
    connection.execute(f"create table raw.{path.stem} as select * from read_parquet('{path}')")
connection.execute("checkpoint")

times = {}
for model in models:
    for statement in model["statements"]:
        began = time.perf_counter()
        connection.execute(statement)
        times[model["name"]] = times.get(model["name"], 0.0) + (time.perf_counter() - began) * 1000
print(json.dumps(times))
