"""Fixtures: one Tiny data set, built once by dbt.

METRICFLOW_DATA names a folder that `generate` wrote; without it, the generator is run.
"""

import json
import os
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from build_parity import build

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Folder with raw/*.parquet and scenario.json."""
    if given := os.environ.get("METRICFLOW_DATA"):
        return Path(given).resolve()
    folder = tmp_path_factory.mktemp("tiny")
    subprocess.run(
        ["cargo", "run", "--quiet", "--bin", "generate", "--", "preset=tiny", "--out", str(folder)],
        cwd=REPOSITORY,
        check=True,
    )
    return folder


@pytest.fixture(scope="session")
def as_of(data):
    return pd.Timestamp(json.loads((data / "scenario.json").read_text())["as_of"])


@pytest.fixture(scope="session")
def raw(data):
    """Raw tables as data frames, by name; truth is not among them."""
    return {path.stem: pd.read_parquet(path) for path in sorted((data / "raw").glob("*.parquet"))}


@pytest.fixture(scope="session")
def database(data, tmp_path_factory):
    path, _ = build(data, tmp_path_factory.mktemp("dbt") / "metricflow.duckdb")
    return path


@pytest.fixture(scope="session")
def modelled(database):
    """Function from a query to its rows as dictionaries."""
    connection = duckdb.connect(str(database), read_only=True)

    def rows(query):
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    return rows
