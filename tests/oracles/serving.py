"""The page's own tables (src/results/rollups), built natively by DuckDB."""

import re
from pathlib import Path

import duckdb

ROLLUPS = Path(__file__).resolve().parents[2] / "src" / "results" / "rollups"


def names():
    """The rollups in the order in which they are built."""
    listed = re.search(r"rollups!\[(.*?)\]", (ROLLUPS / "mod.rs").read_text(), re.DOTALL)
    return re.findall(r'"(\w+)"', listed.group(1))


def over(database):
    """A connection in which every table of a dbt-built database is a view that can be replaced."""
    connection = duckdb.connect()
    # Its views name the catalogue, which is the file's name.
    connection.execute(f"attach '{database}' as metricflow (read_only)")
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = 'metricflow' and table_schema <> 'main'"
    ).fetchall()
    for schema in {schema for schema, _ in found} | {"rollups"}:
        connection.execute(f"create schema if not exists {schema}")
    for schema, table in found:
        connection.execute(f"create view {schema}.{table} as select * from metricflow.{schema}.{table}")
    return connection


def replace(connection, table, rows):
    """Puts rows (dictionaries) in the place of a table; columns not named are null."""
    schema, name = table.split(".")
    connection.execute(f"drop view {table}")
    connection.execute(f"create table {table} as select * from metricflow.{schema}.{name} limit 0")
    for row in rows:
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values())
        )


def build(connection, as_of, *wanted):
    """Builds the rollups named, in the page's order; all of them where none is named."""
    for name in names():
        if not wanted or name in wanted:
            rows = (ROLLUPS / f"{name}.sql").read_text().replace("{{ as_of }}", str(as_of)[:10])
            connection.execute(f"create or replace table rollups.{name} as\n{rows}")
    return connection
