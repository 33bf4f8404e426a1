"""A fixed sample of the mutants, each caught by a test of its name; `make mutants` tries them all."""

from pathlib import Path

import pytest
from engine import TINY, Project
from mutate import read, sql_of
from rules import LEAKS

HERE = Path(__file__).resolve().parent
LEAK_TEST = "assert_features_know_no_future"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    assert (TINY / "metricflow.duckdb").exists(), "run `make parity-data` first"
    return Project(tmp_path_factory.mktemp("mutants"))


def sample():
    """The leaks, and each fifth mutant that a data or unit test caught."""
    outcomes = {row["id"]: row for row in read(HERE / "results.tsv")}
    mutants = [one for one in read(HERE / "mutants.tsv") if outcomes[one["id"]]["outcome"] in ("data", "unit")]
    leaks = [one for one in mutants if one["rule"] == "leak"]
    others = [one for one in mutants if one["rule"] != "leak"]
    return leaks + others[:: max(len(others) // 12, 1)]


@pytest.mark.parametrize("mutant", sample(), ids=lambda one: f"{one['id']} {one['model']} {one['rule']}")
def test_the_mutant_is_caught(project, mutant):
    found = project.failing(mutant["model"], sql_of(project, mutant))
    assert found
    if mutant["rule"] == "leak":
        assert LEAK_TEST in found


def test_every_leak_is_in_the_sample():
    assert len([one for one in sample() if one["rule"] == "leak"]) == len(LEAKS)


def test_the_models_themselves_pass(project):
    for name in project.keys:
        assert project.failing_unit_tests(name, project.sql(name)) == []
    assert project.failing("stg_users", project.sql("stg_users")) == []
