"""The tab's tables, written by playwright/specs/parity.spec.ts, are those that dbt built."""

import json
from pathlib import Path

import pytest
from compare import compare

PARITY = Path(__file__).resolve().parents[2] / "target" / "parity"
NAMES = [name for name in json.loads((Path(__file__).parent / "scenarios.json").read_text()) if name != "demo"]


@pytest.mark.parametrize("name", NAMES)
def test_every_modelled_table_is_equal(name):
    tab = PARITY / name / "tab"
    assert tab.is_dir(), "run `make browser` first: it writes the tab's tables"
    found, tables, rows = compare(tab, PARITY / name / "metricflow.duckdb")
    assert found == []
    assert tables >= 17 and rows > 1000
