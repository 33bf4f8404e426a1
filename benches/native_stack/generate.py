"""Tables of the sizes and columns of a scenario's raw tables, drawn and written by NumPy and Arrow.

usage: generate.py DIR OUT

DIR holds what `generate` wrote: its row counts and value lists are taken, its rows are not. Every column is drawn
by vectorised NumPy calls and written as Parquet, which is what a data engineer would time. No draw depends on another, so
this does less than the tab's generator: no hazard, no dunning, no sessions of events. That is to its favour.
"""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

source, out = map(Path, sys.argv[1:3])
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(42)


def drawn(path, name, kind, rows):
    """A column of the kind that the table has."""
    if name.endswith("_id") and name == f"{path.stem.split('.')[0].rstrip('s')}_id":
        return pa.array(np.arange(1, rows + 1))
    if pa.types.is_timestamp(kind):
        seconds = random.integers(1_640_995_200, 1_767_225_600, rows)
        return pa.array(seconds * 1_000_000, pa.int64()).cast(kind)
    if pa.types.is_date(kind):
        return pa.array(random.integers(18_993, 20_453, rows).astype(np.int32)).cast(kind)
    if pa.types.is_boolean(kind):
        return pa.array(random.random(rows) < 0.5)
    if pa.types.is_integer(kind):
        return pa.array(np.floor(random.lognormal(6, 1.5, rows)).astype(np.int64) + 1).cast(kind)
    if pa.types.is_floating(kind):
        return pa.array(random.normal(size=rows))
    values = duckdb.sql(f"select distinct {name} from read_parquet('{files(path)}') where {name} is not null limit 5000").fetchnumpy()[name]
    values = pa.array([str(value) for value in values] or ["none"])
    weights = random.dirichlet(np.full(len(values), 0.7))
    picked = random.choice(len(values), rows, p=weights).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(picked), values)


def files(path):
    """A table is one file, or a folder of them."""
    return path / "*.parquet" if path.is_dir() else path


for path in sorted((source / "raw").iterdir()):
    first = next(path.glob("*.parquet")) if path.is_dir() else path
    schema = pq.read_schema(first)
    rows = duckdb.sql(f"select count(*) from read_parquet('{files(path)}')").fetchone()[0]
    columns = {field.name: drawn(path, field.name, field.type, rows) for field in schema}
    pq.write_table(pa.table(columns), out / f"{path.stem}.parquet")
    print(f"{path.stem}: {rows} rows", file=sys.stderr)
