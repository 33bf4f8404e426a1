"""Every declared panel on Tiny's tables: its sentence, its chart, its tooltips, and the rows behind its marks."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
DATA = ROOT / "target" / "parity" / "tiny"
SNAPSHOTS = Path(__file__).parent / "snapshots"

CASES = {
    "everyone": "",
    "some": "range=all&country=US",
    "compared": "compare=previous",
    # No company of that size is in that country's segment of power users on the enterprise plan by e-mail.
    "nobody": "plan=enterprise&channel=email&country=JP&size=1-10&segment=power",
}

# What panels read of models beside their own rows, as it is before the models are trained.
BEFORE_TRAINING = """
create schema ml;
create table ml.revenue_anomalies (date date, score double, is_anomaly boolean);
create table ml.user_forecast (date date, actual double, yhat double, lower double, upper double);
"""

# The first and the newest marks say it for all; a chart of days has hundreds.
MOST_MARKS = 12


def examples():
    command = ["cargo", "build", "--quiet", "--example", "panels"]
    subprocess.run(command, cwd=ROOT, check=True)
    return TARGET / "debug" / "examples" / "panels"


class Panels:
    """The program that knows the panels, and the database that they ask."""

    def __init__(self, folder):
        self.folder = folder
        self.program = subprocess.Popen([examples()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        database = folder / "metricflow.duckdb"
        shutil.copy(DATA / "metricflow.duckdb", database)
        self.connection = duckdb.connect(str(database))
        self.connection.execute(BEFORE_TRAINING)
        first = "select min(signup_date) from marts.dim_users"
        self.history = {
            "from": str(self.connection.execute(first).fetchone()[0].replace(day=1)),
            "to": json.loads((DATA / "scenario.json").read_text())["as_of"],
        }

    def order(self, **order):
        self.program.stdin.write(json.dumps({**self.history, **order}) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def rows(self, sql, name):
        path = self.folder / f"{name}.arrow"
        table = self.connection.execute(sql).fetch_arrow_table()
        with pa.ipc.new_stream(str(path), table.schema) as writer:
            writer.write_table(table)
        return str(path)

    def shown(self, panel, query):
        asked = self.order(do="ask", panel=panel, query=query)
        rows = self.rows(asked["sql"], "rows")
        before = self.rows(asked["before"], "before") if asked["before"] else None
        return self.order(do="show", panel=panel, query=query, rows=rows, before=before)


@pytest.fixture(scope="session")
def panels(tmp_path_factory):
    return Panels(tmp_path_factory.mktemp("panels"))


def listed():
    """The panels whose rows the models alone give."""
    program = examples()
    listed = subprocess.run([program], input='{"do": "list"}\n', capture_output=True, text=True, check=True)
    return [panel["id"] for panel in json.loads(listed.stdout) if not panel["is_learned"]]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("panel", listed())
def test_panel(panels, panel, case):
    shown = panels.shown(panel, CASES[case])
    marks = shown.pop("marks")
    with_rows = [mark for mark in marks if mark["sql"] is not None]
    for mark in with_rows[:MOST_MARKS] + with_rows[-MOST_MARKS:]:
        total = f"sum({mark['column']})" if mark["column"] else "count(*)"
        behind = f"select coalesce({total}, 0) from ({mark['sql']}) as rows_behind"
        value = panels.connection.execute(behind).fetchone()[0]
        assert abs(float(value) - mark["value"]) <= 0.5, f"{panel}, {mark['label']}: {value} rows behind {mark['value']}"
    shown["marks"] = [f"{mark['key']}: {mark['label']}" for mark in marks]
    path = SNAPSHOTS / f"{panel}.{case}.json"
    text = json.dumps(shown, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("METRICFLOW_UPDATE"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"{path.name} is missing: METRICFLOW_UPDATE=1 make panels"
    assert json.loads(path.read_text()) == json.loads(text), panel


def test_nobody_is_nobody(panels):
    """The case of empty panels is what it says."""
    shown = panels.shown("signups", CASES["nobody"])
    assert shown["answer"].endswith("No one signed up in this range."), shown["answer"]
