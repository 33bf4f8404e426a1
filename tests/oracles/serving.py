"""The serving layer over other rows than a scenario's: a dbt-built database whose tables can be replaced."""

import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "coverage"))

from replay import Replay  # noqa: E402


def over(folder):
    """A connection in which every table that dbt built below `folder` is a view."""
    connection = duckdb.connect()
    # Its views name the catalogue, which is the file's name.
    connection.execute(f"attach '{folder / 'metricflow.duckdb'}' as metricflow (read_only)")
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = 'metricflow' and table_schema <> 'main'"
    ).fetchall()
    for schema in {schema for schema, _ in found}:
        connection.execute(f"create schema if not exists {schema}")
    for schema, table in found:
        connection.execute(f"create view {schema}.{table} as select * from metricflow.{schema}.{table}")
    return connection


def put(connection, table, select):
    """Puts what a statement selects in the place of a table."""
    schema, name = table.split(".")
    kind = connection.execute(
        "select table_type from information_schema.tables where table_catalog = 'memory' and (table_schema, table_name) = (?, ?)",
        [schema, name],
    ).fetchone()
    if kind == ("VIEW",):
        connection.execute(f"drop view {table}")
    connection.execute(f"create or replace table {table} as {select}")


def replace(connection, table, rows):
    """Puts rows (dictionaries) in the place of a table; columns not named are null."""
    put(connection, table, f"select * from metricflow.{table} limit 0")
    for row in rows:
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values())
        )


def build(connection, case, *wanted, as_of=None):
    """Builds the models named, in the order in which they read each other; by default as of the scenario's last day."""
    replay = Replay(case.folder)
    last_day = str(case.as_of.date())
    for key in replay.needed(wanted):
        node = replay.nodes[key]
        if node["resource_type"] == "model" and node["name"] in wanted:
            sql = replay.sql(node).replace('"metricflow".', "").replace(last_day, as_of or last_day)
            put(connection, f"{node['schema']}.{node['name']}", sql)
    return connection
