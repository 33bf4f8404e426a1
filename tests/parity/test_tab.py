"""What the tab came to, written by playwright/specs/parity.spec.ts, is what dbt came to."""

import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from compare import SCHEMAS, compare
from prepare import is_defective

PARITY = Path(__file__).resolve().parents[2] / "target" / "parity"
SCENARIOS = json.loads((Path(__file__).parent / "scenarios.json").read_text())
# dbt's words for what became of a test, in the tab's.
STATES = {"pass": "passed", "warn": "warned", "fail": "failed", "error": "errored", "skipped": "skipped"}


@pytest.fixture(params=SCENARIOS)
def name(request):
    return request.param


@pytest.fixture
def tab(name):
    folder = PARITY / name / "tab"
    assert folder.is_dir(), "run `make browser` first: it writes the tab's tables"
    return folder


def test_every_modelled_table_is_equal(name, tab):
    database = PARITY / name / "metricflow.duckdb"
    found, tables, rows = compare(tab, database)
    assert found == []
    assert tables == 62
    with duckdb.connect(str(database), read_only=True) as connection:
        assert rows > 2 * connection.execute("select count(*) from staging.stg_events").fetchone()[0] > 0


def verdicts_of_dbt(name):
    """Each data test's state and the rows it returned."""
    folder = PARITY / name / "dbt_target"
    nodes = json.loads((folder / "manifest.json").read_text())["nodes"]
    results = json.loads((folder / "run_results.json").read_text())["results"]
    return {
        nodes[result["unique_id"]]["name"]: (STATES[result["status"]], result["failures"])
        for result in results
        if result["unique_id"].startswith("test.")
    }


def test_every_verdict_is_equal(name, tab):
    ours = {test["name"]: (test["state"], test["failures"]) for test in json.loads((tab / "tests.json").read_text())}
    theirs = verdicts_of_dbt(name)
    different = {test: (ours.get(test), theirs.get(test)) for test in ours | theirs if ours.get(test) != theirs.get(test)}
    assert different == {}
    assert len(ours) >= 600
    counts = Counter(state for state, _ in ours.values())
    if is_defective(SCENARIOS[name]):
        assert counts["failed"] >= 50 and counts["passed"] >= 200, counts
    else:
        assert counts == {"passed": len(ours)}
