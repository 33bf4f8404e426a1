"""dbt on Spark: every model and test passes, and every table is the one dbt built on DuckDB."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "parity"))

from compare import compare  # noqa: E402

TINY = REPOSITORY / "target" / "parity" / "tiny"
OUT = REPOSITORY / "target" / "engines" / "tiny"


@pytest.fixture(scope="module")
def spark():
    """What build_spark.py prints for Tiny."""
    assert (TINY / "metricflow.duckdb").exists(), "run `make parity-data` first"
    command = [sys.executable, Path(__file__).with_name("build_spark.py"), TINY, OUT]
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout + process.stderr[-4000:]
    print(process.stdout)
    return process.stdout


def test_every_model_and_test_passes(spark):
    line = next(line for line in spark.splitlines() if line.startswith("Done. "))
    counts = dict(part.split("=") for part in line.split() if "=" in part)
    assert counts["ERROR"] == counts["WARN"] == counts["SKIP"] == "0", line
    assert int(counts["PASS"]) >= 62 + 700


def test_every_table_is_equal_to_that_of_duckdb(spark):
    found, tables, rows = compare(OUT, TINY / "metricflow.duckdb", where="on Spark")
    assert found == []
    assert tables == 62
    with duckdb.connect(str(TINY / "metricflow.duckdb"), read_only=True) as connection:
        assert rows > connection.execute("select count(*) from staging.stg_events").fetchone()[0]
