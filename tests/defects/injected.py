"""Plants defects one at a time and sees which data tests catch them.

    python injected.py          plants every kind, writes docs/defects.md, fails when one is caught by nothing

The project is compiled once by dbt; models and tests are then run straight in DuckDB, over rows that
`generate` wrote with one defect switched on. kinds.json names, for each kind, how much of it is planted
and the tests that must catch it.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PROJECT = REPOSITORY / "sql"
COMPILED = REPOSITORY / "target" / "defects"
# Enough people that a day without anybody is a fault, not chance.
SCENARIO = "users=2000&events=100&months=24&seed=3"
AS_OF = "2025-12-31"
KINDS = json.loads((HERE / "kinds.json").read_text())


@cache
def generator():
    """Path of the generator, built when it is not; METRICFLOW_GENERATE names another one."""
    if given := os.environ.get("METRICFLOW_GENERATE"):
        return Path(given)
    subprocess.run(["cargo", "build", "--quiet", "--bin", "generate"], cwd=REPOSITORY, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "debug" / "generate"


@cache
def project():
    """The nodes of the compiled project, by unique id; compiled anew when the project has changed."""
    digest = hashlib.sha256()
    for path in sorted(PROJECT.rglob("*")):
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and "target" not in path.parts:
            digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    stamp = COMPILED / "stamp"
    manifest = COMPILED / "dbt" / "manifest.json"
    if not (stamp.exists() and stamp.read_text() == digest.hexdigest() and manifest.exists()):
        COMPILED.mkdir(parents=True, exist_ok=True)
        process = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                "--no-use-colors",
                "compile",
                "--project-dir", str(PROJECT),
                "--profiles-dir", str(PROJECT),
                "--target", "duckdb",
                "--target-path", str(manifest.parent),
                "--log-path", str(COMPILED / "logs"),
                "--vars", json.dumps({"as_of": AS_OF, "raw_path": ""}),
            ],
            env={**os.environ, "METRICFLOW_DUCKDB_PATH": str(COMPILED / "metricflow.duckdb")},
            capture_output=True,
            text=True,
        )
        if process.returncode:
            raise RuntimeError(process.stdout[-4000:] + process.stderr)
        stamp.write_text(digest.hexdigest())
    return json.loads(manifest.read_text())["nodes"]


@cache
def tests():
    """Compiled data tests by name."""
    return {
        node["name"]: node
        for node in project().values()
        if node["resource_type"] == "test"
    }


def ancestors(names):
    """Unique ids of the models that these tests read, directly or not; parents first."""
    nodes, found = project(), []

    def visit(unique_id):
        node = nodes.get(unique_id)
        if node is None or unique_id in found:
            return
        for parent in node["depends_on"].get("nodes", []):
            visit(parent)
        if node["resource_type"] == "model":
            found.append(unique_id)

    for name in names:
        visit(tests()[name]["unique_id"])
    return found


class Rows:
    """Raw rows of one scenario in DuckDB, with the models that are asked for."""

    def __init__(self, query, folder):
        folder = Path(folder)
        subprocess.run([generator(), query, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        self.connection = duckdb.connect()
        run = self.connection.execute
        run("set threads = 1")
        # The name that the compiled SQL puts before every schema.
        run("attach ':memory:' as metricflow")
        run("use metricflow")
        run("create schema raw")
        project()  # compiles it where it has not been
        for source in json.loads((COMPILED / "dbt" / "manifest.json").read_text())["sources"].values():
            path = folder / "raw" / source["identifier"]
            files = f"{path}/*.parquet" if path.is_dir() else f"{path}.parquet"
            run(f"create table raw.{source['identifier']} as select * from read_parquet('{files}')")
        run("create schema seeds")
        for path in sorted((PROJECT / "seeds").glob("*.csv")):
            run(f"create table seeds.{path.stem} as select * from read_csv('{path}')")
        for layer in ("staging", "intermediate", "marts", "advanced", "serving"):
            run(f"create schema {layer}")
        defects = folder / "truth" / "defects"
        files = f"{defects}/*.parquet" if defects.is_dir() else f"{defects}.parquet"
        self.planted = run(
            f"select table_name, sum(rows)::bigint from read_parquet('{files}') group by 1 order by 1"
        ).fetchall()

    def build(self, models):
        for unique_id in models:
            node = project()[unique_id]
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            self.connection.execute(
                f"create {kind} {node['schema']}.{node['name']} as {node['compiled_code']}"
            )

    def failures(self, name):
        """Rows that a data test returns; dbt calls it failed when there are any."""
        sql = tests()[name]["compiled_code"]
        return self.connection.execute(f"select count(*) from ({sql}\n) as failing").fetchone()[0]


def scenario(kind):
    return f"{SCENARIO}&{kind}={KINDS[kind]['size']}"


def caught(query):
    """What was planted, and the tests that return rows, with how many."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Rows(query, folder)
        rows.build(ancestors(tests()))
        failing = {name: rows.failures(name) for name in sorted(tests())}
        return rows.planted, {name: count for name, count in failing.items() if count}


def main():
    _, clean = caught(SCENARIO)
    if clean:
        sys.exit(f"tests that fail without any defect: {clean}")
    labels = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([generator(), SCENARIO, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        path = Path(folder) / "truth" / "parameters"
        files = f"{path}/*.parquet" if path.is_dir() else f"{path}.parquet"
        labels = dict(duckdb.sql(f"select key, label from read_parquet('{files}')").fetchall())
    lines, details, missed = [], [], []
    for kind, entry in KINDS.items():
        planted, failing = caught(scenario(kind))
        named = [name for name in entry["tests"] if name in failing]
        if not named or len(named) < len(entry["tests"]):
            missed.append(kind)
        where = ", ".join(f"{rows:,} in {table}" for table, rows in planted)
        by = "<br>".join(f"`{name}`" for name in entry["tests"])
        lines.append(f"| `{kind}={entry['size']}` | {labels[kind]} | {where} | {by} | {len(failing)} |")
        details.append(f"\n### {labels[kind]}\n")
        details += [f"- `{name}` ({count:,})" for name, count in sorted(failing.items(), key=lambda item: (-item[1], item[0]))]
        print(f"{kind}: {len(failing)} tests {named or list(failing)[:6]}", flush=True)
    text = (
        "# Defects, and the tests that catch them\n\n"
        f"Written by `make defects`: each kind is planted alone in `{SCENARIO}`, all models are built, and all\n"
        f"{len(tests())} data tests run. Without a defect none of them fails. The named tests are the ones that `make test` holds\n"
        "each kind to; add a kind's key and size to any link to see it in the tab.\n\n"
        "| in the link | kind | rows planted | must be caught by | tests that fail |\n"
        "| --- | --- | --- | --- | ---: |\n" + "\n".join(lines)
        + "\n\n## Every test that fails, by kind\n\nWith the rows that each one returns.\n"
        + "\n".join(details) + "\n"
    )
    (REPOSITORY / "docs" / "defects.md").write_text(text)
    if missed:
        sys.exit(f"not caught by their named tests: {', '.join(missed)}")


if __name__ == "__main__":
    main()
