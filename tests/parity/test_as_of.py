"""dbt names an `as_of` that does not fit the data, before it builds anything."""

import json
import shutil

import pandas as pd
import pytest
from build_parity import dbt


def day(timestamp, days=0):
    return (timestamp + pd.Timedelta(days=days)).date().isoformat()


@pytest.fixture(scope="module")
def copied(data, tmp_path_factory):
    """The rows, with a scenario.json that a test may remove."""
    folder = tmp_path_factory.mktemp("as_of")
    shutil.copytree(data / "raw", folder / "raw")
    shutil.copy(data / "scenario.json", folder)
    return folder


def run(folder, as_of):
    process = dbt("run", folder, folder / "metricflow.duckdb", "--select", "stg_users", as_of=as_of)
    return process.returncode, process.stdout


def test_a_later_day_is_refused(copied, as_of):
    last = day(as_of)
    status, text = run(copied, day(as_of, 1))
    assert status != 0
    assert f"as_of is {day(as_of, 1)}, but the data in" in text
    assert f"end on {last}, by the scenario.json beside them" in text
    assert f'as_of: "{last}"' in text
    assert "stg_users" not in text, "nothing was built"


def test_the_last_day_passes_without_a_word(copied, as_of):
    status, text = run(copied, day(as_of))
    assert status == 0, text
    assert "as_of is" not in text


def test_an_earlier_day_is_named_and_built(copied, as_of):
    status, text = run(copied, day(as_of, -90))
    assert status == 0, text
    assert f"Models show what was known on {day(as_of, -90)}" in " ".join(text.split())


@pytest.mark.parametrize("given", ["yesterday", "2025-13-01", "2025-02-3"])
def test_what_is_no_day_is_refused(copied, given):
    status, text = run(copied, given)
    assert status != 0
    assert f"as_of is '{given}', which is not a day" in text


def test_rows_tell_where_no_report_stands(copied, raw):
    report = copied / "scenario.json"
    content = json.loads(report.read_text())
    report.unlink()
    last = raw["sessions"].started_at.max()
    try:
        for days, expected in ((32, "by their last session"), (31, None), (0, None)):
            status, text = run(copied, day(last, days))
            assert (status == 0) == (expected is None), text
            assert (expected or "Completed successfully") in text
    finally:
        report.write_text(json.dumps(content))
