"""Fixtures: the scenarios of target/parity, each as its raw rows and as the tables dbt built."""

import functools
import json
import os
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import contract
import duckdb
import pandas as pd
import pytest

PARITY = Path(__file__).resolve().parents[2] / "target" / "parity"
Case = namedtuple("Case", "name folder raw seeds truth as_of rows")


@functools.cache
def raw_rows(folder):
    """The raw tables, read once however many databases are looked at."""
    return {path.stem: pd.read_parquet(path) for path in sorted((folder / "raw").glob("*.parquet"))}


def load(name):
    folder = PARITY / name
    assert (folder / "metricflow.duckdb").exists(), "run `make parity-data` first"
    as_of = pd.Timestamp(json.loads((folder / "scenario.json").read_text())["as_of"])
    end = as_of + timedelta(days=1)
    raw = {table: frame.copy() for table, frame in raw_rows(folder).items()}
    for frame in raw.values():
        for column in frame.select_dtypes(["category", "object", "string"]):
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    # What lies after the last day has not happened, and what ends after it has not ended.
    subscriptions = raw["subscriptions"]
    subscriptions.loc[subscriptions.ended_at >= end, "ended_at"] = pd.NaT
    contract.price(subscriptions)
    # The mutants' runner puts another database in its place.
    database = os.environ.get("METRICFLOW_DATABASE", folder / "metricflow.duckdb")
    connection = duckdb.connect(str(database), read_only=True)

    def rows(query):
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    seeds = {path.stem: pd.read_csv(path) for path in (PARITY.parents[1] / "sql" / "seeds").glob("*.csv")}
    truth = {path.stem: pd.read_parquet(path) for path in sorted((folder / "truth").glob("*.parquet"))}
    return Case(name, folder, raw, seeds, truth, as_of, rows)


@pytest.fixture(scope="session", params=os.environ.get("METRICFLOW_CASES", "tiny odd").split())
def case(request):
    """A small scenario, and one with another trial, twelve months and high churn; METRICFLOW_CASES names others."""
    return load(request.param)


@pytest.fixture(scope="session")
def demo():
    """The scenario that opens by default."""
    return load("demo")


@pytest.fixture(scope="session")
def core_actions(case):
    types = case.seeds["event_type_details"]
    return set(types[types.is_core_action].event_type)


@pytest.fixture(scope="session")
def active_days(case):
    """Each user's days with an event."""
    days = {}
    for user, day in set(zip(case.raw["events"].user_id, case.raw["events"].event_at.dt.date)):
        days.setdefault(user, set()).add(day)
    return days


@pytest.fixture(scope="session")
def paid_periods(case):
    """Each user's stretches in which what they pay for does not change, as (started, ended or None, cents, row).

    Cents are those of all running subscriptions; the row is the platform's period, which says plan, seats and interval.
    """
    return contract.stretches(case.raw["subscriptions"])


@pytest.fixture(scope="session")
def first_paid(case):
    """When each user's first payment was collected; who never paid a cent is not in it."""
    collected = case.raw["payments"][case.raw["payments"].status == "succeeded"]
    return collected.groupby("user_id").attempted_at.min().to_dict()


@pytest.fixture(scope="session")
def spells(paid_periods):
    """Runs of paid periods without a gap: (user, first plan, started, ended or None)."""
    found = []
    for user, periods in paid_periods.items():
        current = None
        for started, ended, _, row in periods:
            if current and current[3] == started:
                current[3] = ended
            else:
                current = [user, row.plan, started, ended]
                found.append(current)
    return found
