"""What both sides of the comparison read: a copy of Tiny with the views that metrics need, and dbt's manifests."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "sql"
DATA = Path(os.environ.get("METRICFLOW_DATA", ROOT / "target" / "parity" / "tiny")).resolve()
# Views name their catalogue, which is the file's name.
FOLDER = ROOT / "target" / "metrics"
DATABASE = FOLDER / "metricflow.duckdb"


def variables():
    """dbt's vars for the data."""
    as_of = json.loads((DATA / "scenario.json").read_text())["as_of"]
    return {"as_of": as_of, "raw_path": str(DATA / "raw")}


def dbt(*arguments):
    """Runs dbt over the copy; MetricFlow reads what it leaves in sql/target."""
    command = [
        str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments,
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--vars", json.dumps(variables()),
    ]  # fmt: skip
    environment = {**os.environ, "METRICFLOW_DUCKDB_PATH": str(DATABASE)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def prepare():
    """Copies the database and builds the views that only metrics read."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "metricflow.duckdb", DATABASE)
    dbt("run", "--select", "path:dbt_only")
    dbt("parse")


def relations():
    """Where dbt puts each model and seed."""
    nodes = json.loads((PROJECT / "target" / "manifest.json").read_text())["nodes"].values()
    return {
        node["name"]: f"{node['schema']}.{node['alias']}"
        for node in nodes
        if node["resource_type"] in ("model", "seed")
    }


def files():
    """The YAML that declares metrics, as the crate is given it."""
    paths = [*PROJECT.glob("models/**/*__metrics.yml"), *PROJECT.glob("dbt_only/*.yml")]
    return {path.relative_to(PROJECT).as_posix(): path.read_text() for path in sorted(paths)}
