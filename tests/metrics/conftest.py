"""Data and declarations, prepared once."""

import logging
import shutil

import compiler
import duckdb
import pytest
import warehouse
from asked import Declared, requests

logging.disable(logging.ERROR)


def pytest_configure():
    """Builds before tests are collected: each metric is a test."""
    warehouse.prepare()


@pytest.fixture(scope="session")
def declared():
    """What metrics are made of."""
    return Declared()


@pytest.fixture(scope="session")
def statements(declared):
    """All requests of each metric with the compiler's answer, compiled in one go."""
    asked = [request for name in declared.metrics for request in requests(name, declared)]
    found = {}
    for request, answer in zip(asked, compiler.statements(asked), strict=True):
        found.setdefault(request["metrics"][0], []).append((request, answer))
    return found


@pytest.fixture(scope="session")
def database():
    """A copy of its own: MetricFlow's side reads the other one with another setting."""
    path = warehouse.FOLDER / "ours" / "metricflow.duckdb"
    path.parent.mkdir(exist_ok=True)
    shutil.copy(warehouse.DATABASE, path)
    return duckdb.connect(str(path), read_only=True)
