"""Runs dbt's compiled models, data tests and unit tests straight in DuckDB, over a copy of target/parity/tiny."""

import csv
import io
import json
import shutil
from pathlib import Path

import duckdb
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
TINY = REPOSITORY / "target" / "parity" / "tiny"


class Project:
    """The compiled project over one database; mutants are tried in transactions that are rolled back."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        # The catalogue takes the file's name, which dbt compiled into every relation.
        database = folder / "metricflow.duckdb"
        shutil.copy(TINY / "metricflow.duckdb", database)
        manifest = json.loads((TINY / "dbt_target" / "manifest.json").read_text())
        nodes = manifest["nodes"]
        self.as_of = json.loads((TINY / "scenario.json").read_text())["as_of"]
        # What only metrics need under dbt (sql/dbt_only) has tests of its own, in tests/metrics.
        self.models = {
            key: node for key, node in nodes.items() if node["resource_type"] == "model" and node["original_file_path"].startswith("models/")
        }
        self.tests = {key: node for key, node in nodes.items() if node["resource_type"] == "test"}
        self.relations = {node["name"]: node["relation_name"] for node in nodes.values() if node["resource_type"] in ("model", "seed")}
        self.keys = {node["name"]: key for key, node in self.models.items()}
        self.order = []
        for key in self.models:
            self._visit(key)
        # What dbt leaves in the manifest beside the YAML is the text itself.
        self.unit_tests = yaml.safe_load((REPOSITORY / "sql" / "models" / "_unit_tests.yml").read_text())["unit_tests"]
        self.connection = duckdb.connect(str(database))
        self.connection.execute("set threads = 1")

    def _visit(self, key):
        if key in self.order or key not in self.models:
            return
        for parent in self.models[key]["depends_on"]["nodes"]:
            self._visit(parent)
        self.order.append(key)

    def sql(self, name):
        """A model's compiled SQL."""
        return self.models[self.keys[name]]["compiled_code"]

    def downstream(self, name):
        """The model and all that reads it, parents first."""
        changed = [self.keys[name]]
        for key in self.order:
            if key not in changed and set(self.models[key]["depends_on"]["nodes"]) & set(changed):
                changed.append(key)
        return [key for key in self.order if key in changed]

    def create(self, key, sql):
        node = self.models[key]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        self.connection.execute(f"create or replace {kind} {node['relation_name']} as {sql}")

    def failing(self, name, sql):
        """Names of the tests that fail with the model's SQL replaced; an error counts as one."""
        changed = self.downstream(name)
        found = self.failing_unit_tests(name, sql)
        self.connection.execute("begin")
        try:
            for key in changed:
                self.create(key, sql if key == self.keys[name] else self.models[key]["compiled_code"])
            for node in self.tests.values():
                if not set(node["depends_on"]["nodes"]) & set(changed):
                    continue
                # As dbt does, with the rows counted.
                if self.connection.execute(f"select count(*) from ({node['compiled_code']})").fetchone()[0]:
                    found.append(node["name"])
        except duckdb.Error as error:
            found.append(f"error: {str(error).splitlines()[0]}")
        finally:
            self.connection.execute("rollback")
        return found

    def is_same(self, name, sql):
        """Whether the mutant and everything built on it come out as before."""
        changed = self.downstream(name)
        tables = [self.models[key]["relation_name"] for key in changed]
        self.connection.execute(f"attach if not exists '{TINY / 'metricflow.duckdb'}' as original (read_only)")
        self.connection.execute("begin")
        try:
            for key in changed:
                self.create(key, sql if key == self.keys[name] else self.models[key]["compiled_code"])
            for table in tables:
                other = table.replace('"metricflow"', "original")
                for one, two in ((table, other), (other, table)):
                    if self.connection.execute(f"select 1 from (select * from {one} except all select * from {two})").fetchone():
                        return False
            return True
        except duckdb.Error:
            return False
        finally:
            self.connection.execute("rollback")

    def write(self, name, sql, database):
        """A copy of the database, built with the mutant."""
        shutil.copy(TINY / "metricflow.duckdb", database)
        with duckdb.connect(str(database)) as connection:
            mine, self.connection = self.connection, connection
            try:
                for key in self.downstream(name):
                    self.create(key, sql if key == self.keys[name] else self.models[key]["compiled_code"])
            finally:
                self.connection = mine

    def failing_unit_tests(self, name, sql):
        """Names of the model's unit tests whose rows come out otherwise."""
        found = []
        for test in self.unit_tests:
            if test["model"] != name:
                continue
            text = sql.replace(self.as_of, test.get("overrides", {}).get("vars", {}).get("as_of", self.as_of))
            for number, given in enumerate(test["given"]):
                relation = self._relation(given["input"])
                self._fixture(f"given_{number}", relation, given["rows"])
                text = text.replace(relation, f"given_{number}")
            try:
                self.connection.execute(f"create or replace temp table actual as {text}")
                rows = self._fixture("expected", "actual", test["expect"]["rows"])
                columns = ", ".join(rows)
                both = [f"select {columns} from {one} except all select {columns} from {other}"
                        for one, other in (("actual", "expected"), ("expected", "actual"))]  # fmt: skip
                different = sum(len(self.connection.execute(query).fetchall()) for query in both)
            except duckdb.Error:
                different = 1
            if different:
                found.append(f"unit test {test['name']}")
        return found

    def _relation(self, text):
        name = text.split("'")[-2]
        if text.startswith("source"):
            return f'"metricflow"."raw"."{name}"'
        return self.relations[name]

    def _fixture(self, name, like, rows):
        """A temporary table of CSV rows with the columns and types of a relation; returns the columns given."""
        records = list(csv.DictReader(io.StringIO(rows), skipinitialspace=True))
        types = {row[0]: row[1] for row in self.connection.execute(f"describe {like}").fetchall()}
        given = list(records[0])
        selects = []
        for record in records:
            values = ", ".join(
                f"cast({'null' if record.get(column, '') in ('', None) else repr(record[column])} as {kind}) as {column}"
                for column, kind in types.items()
            )
            selects.append(f"select {values}")
        self.connection.execute(f"create or replace temp table {name} as {' union all '.join(selects)}")
        return given
