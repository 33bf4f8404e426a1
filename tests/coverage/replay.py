"""Runs chosen models of the dbt project in one process, from SQL that dbt compiled before.

dbt takes seconds to start; a test over hundreds of data sets can't wait for it. The SQL is the same:
it is read from the manifest of a data set that `tests/parity/prepare.py` built with the same last day.
"""

import json
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parents[2]
DATABASE = "metricflow"


class Replay:
    """The project's compiled SQL, in an order in which it can run."""

    def __init__(self, built):
        manifest = json.loads((Path(built) / "dbt_target" / "manifest.json").read_text())
        nodes = {**manifest["nodes"], **manifest["sources"]}
        self.nodes = {key: node for key, node in nodes.items() if node["resource_type"] in ("model", "seed", "source")}
        self.compiled = Path(built) / "dbt_target" / "compiled" / "metricflow"

    def models(self):
        """Names of all models."""
        return [node["name"] for node in self.nodes.values() if node["resource_type"] == "model"]

    def needed(self, models):
        """The models and everything they read, parents first."""
        order = []

        def visit(key):
            if key in order or key not in self.nodes:
                return
            for parent in self.nodes[key].get("depends_on", {}).get("nodes", []):
                visit(parent)
            order.append(key)

        for name in models:
            visit(f"model.metricflow.{name}")
        return order

    def sql(self, node):
        """A model's statement."""
        return (self.compiled / node["original_file_path"]).read_text()

    def run(self, data, models, *, file=None):
        """A connection that holds `models` of the data set in folder `data`, and its truth.

        With `file` they are kept there as tables, which outlive the data set.
        """
        connection = duckdb.connect()
        connection.execute(f"attach '{file or ':memory:'}' as {DATABASE}; use {DATABASE}; set threads = 1")
        for schema in ("raw", "truth", "seeds", "staging", "intermediate", "marts", "advanced", "serving", "semantic"):
            connection.execute(f"create schema {schema}")
        for schema in ("raw", "truth"):
            kind = "table" if file and schema == "truth" else "view"
            for path in sorted((Path(data) / schema).glob("*.parquet")):
                connection.execute(f"create {kind} {schema}.{path.stem} as from read_parquet('{path}')")
        for key in self.needed(models):
            node = self.nodes[key]
            if node["resource_type"] == "seed":
                path = REPOSITORY / "sql" / node["original_file_path"]
                connection.execute(f"create table {node['relation_name']} as from read_csv('{path}')")
            elif node["resource_type"] == "model":
                sql = self.sql(node)
                kind = "view" if node["config"]["materialized"] == "view" and not file else "table"
                connection.execute(f"create {kind} {node['relation_name']} as {sql}")
        return connection
