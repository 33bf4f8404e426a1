"""The comparison tool finds what it should and nothing else."""

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
import pytest
from compare import compare


def native(tmp_path):
    path = tmp_path / "native.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.example as select * from (values "
        "(1::bigint, 'a', date '2025-01-01', timestamp '2025-01-01 10:00:00.5', 0.1::double, true), "
        "(2, null, null, null, null, false)) as t (id, name, on_day, seen_at, share, is_new)"
    )
    connection.close()
    return path


def table(**changed):
    columns = {
        "id": pa.array([2, 1], pa.decimal128(38, 0)),
        "name": pa.array([None, "a"]).dictionary_encode(),
        "on_day": pa.array([None, "2025-01-01"]),
        "seen_at": pa.array([None, "2025-01-01T10:00:00.500000Z"]),
        "share": pa.array([None, 0.1 + 1e-13]),
        "is_new": pa.array([False, True]),
    }
    return pa.table(columns | changed)


def write(tmp_path, rows):
    folder = tmp_path / "tab"
    folder.mkdir()
    with pa.ipc.new_file(folder / "marts.example.arrow", rows.schema) as writer:
        writer.write_table(rows)
    return folder


def test_equal_tables_in_another_order_and_encoding(tmp_path):
    assert compare(write(tmp_path, table()), native(tmp_path)) == ([], 1, 2)


def test_a_changed_value_is_named(tmp_path):
    found, _, _ = compare(write(tmp_path, table(share=pa.array([None, 0.2]))), native(tmp_path))
    assert found == ["marts.example.share, sorted row 0: 0.2 in the tab, 0.1 by dbt"]


def test_null_is_not_zero(tmp_path):
    found, _, _ = compare(write(tmp_path, table(share=pa.array([0.0, 0.1]))), native(tmp_path))
    assert found == ["marts.example.share, sorted row 1: 0.0 in the tab, None by dbt"]


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.1, 0.1 + 1e-9])
def test_doubles_that_are_not_near_differ(tmp_path, share):
    found, _, _ = compare(write(tmp_path, table(share=pa.array([None, share]))), native(tmp_path))
    assert found == [f"marts.example.share, sorted row 0: {share!r} in the tab, 0.1 by dbt"]


def test_many_differences_are_cut(tmp_path):
    path = native(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create or replace table marts.example as select cast(range as bigint) as id from range(1000)")
    found, _, rows = compare(write(tmp_path, pa.table({"id": pa.array(range(1, 1001), pa.int64())})), path)
    assert len(found) == 5 and rows == 1000


def test_a_missing_row_is_named(tmp_path):
    found, _, _ = compare(write(tmp_path, table().slice(1)), native(tmp_path))
    assert found == ["marts.example: 1 rows in the tab, 2 by dbt"]


def test_a_missing_table_is_named(tmp_path):
    folder = tmp_path / "tab"
    folder.mkdir()
    found, _, _ = compare(folder, native(tmp_path))
    assert found == [f"marts.example: no file in {folder}"]
