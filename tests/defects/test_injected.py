"""Each kind of planted defect is caught by the tests that are named for it, and they pass without it."""

import duckdb
import pytest
from injected import KINDS, SCENARIO, Rows, ancestors, scenario


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    rows = Rows(SCENARIO, tmp_path_factory.mktemp("clean"))
    rows.build(ancestors([name for entry in KINDS.values() for name in entry["tests"]]))
    return rows


def test_every_defect_of_the_generator_is_here(clean, tmp_path):
    Rows(SCENARIO, tmp_path)
    path = tmp_path / "truth" / "parameters"
    files = f"{path}/*.parquet" if path.is_dir() else f"{path}.parquet"
    keys = duckdb.sql(f"select key from read_parquet('{files}') where starts_with(key, 'defect_')").fetchall()
    assert {key for (key,) in keys} == set(KINDS)
    assert clean.planted == []


@pytest.mark.parametrize("kind", KINDS)
def test_defect_is_caught(kind, clean, tmp_path):
    named = KINDS[kind]["tests"]
    assert named, "every kind has a test of its own"
    rows = Rows(scenario(kind), tmp_path)
    assert sum(count for _, count in rows.planted) > 0
    rows.build(ancestors(named))
    for name in named:
        assert clean.failures(name) == 0, f"{name} fails without a defect"
        assert rows.failures(name) > 0, f"{name} does not see {kind}"
