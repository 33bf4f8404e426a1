"""MetricFlow's own checks of what is declared, on the data."""

import os
import subprocess
import sys
from pathlib import Path

import warehouse


def test_configurations_are_valid():
    program = Path(sys.executable).with_name("mf")
    environment = {**os.environ, "METRICFLOW_DUCKDB_PATH": str(warehouse.DATABASE), "DBT_PROFILES_DIR": str(warehouse.PROJECT)}
    done = subprocess.run([program, "validate-configs"], cwd=warehouse.PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Successfully validated metrics against data warehouse (ERRORS: 0" in done.stdout


def test_the_command_gives_what_the_statements_give():
    """One figure by `mf query` itself: the others are asked of the same program without its command line."""
    import oracle

    file = warehouse.FOLDER / "mrr.csv"
    program = Path(sys.executable).with_name("mf")
    environment = {**os.environ, "METRICFLOW_DUCKDB_PATH": str(warehouse.DATABASE), "DBT_PROFILES_DIR": str(warehouse.PROJECT)}
    command = [program, "query", "--metrics", "mrr,quick_ratio", "--group-by", "metric_time__year", "--csv", file]
    done = subprocess.run(command, cwd=warehouse.PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    rows = [line.split(",") for line in file.read_text().splitlines()[1:]]
    asked = oracle.query({"metrics": ["mrr", "quick_ratio"], "grain": "year"})
    found = sorted((str(year)[:10], float(mrr), float(ratio or "nan")) for year, mrr, ratio in asked)
    written = sorted((year[:10], float(mrr), float(ratio or "nan")) for year, mrr, ratio in rows)
    assert [row[:2] for row in written] == [row[:2] for row in found]
    assert all(abs(left[2] - right[2]) < 1e-9 for left, right in zip(written, found, strict=True) if left[2] == left[2])
