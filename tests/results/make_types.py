"""Writes every type of DuckDB as Arrow, with the engine's own text of each value as the oracle.

Run with the pinned Python environment: python tests/results/make_types.py
BIT and TIME WITH TIME ZONE are left out: in Arrow they look like BLOB and TIME, so the page has the
engine cast them (Dataset::query).
"""

import json
from pathlib import Path

import duckdb
import pyarrow as pa

HERE = Path(__file__).parent
AMBIGUOUS = "bit, time_tz"
CASES = [
    "{'it''s': 1}", "{'a b': 1, 'c': NULL}", "row(1, 'x')", "[row(1, 2)]", "map {1: 2}",
    "map {[1]: {'a': 1}}", "[true, NULL]", "[1.5::decimal(3,1)]", "[interval 1 day]", "[time '10:00']",
    "['ab''\\x00'::blob]", "['(a)'::blob]", "'a''b\"'::blob", "{'d': date '2020-01-01', 't': timestamp '2020-01-01'}",
    "[1e20, 1e-5, 1e15, 123456789012345680.0::double, 1e16, 0.0001, 0.00012345, 100000.0, -2.5e-7]::double[]",
    "[1e20, 1e-5, 16777216, 123456789, 0.1, 0.0001]::float[]", "[union_value(n := 'a b, c')]",
    "[interval '2 years 1 month -3 days']", "interval '-1 hour'", "interval '1 day -00:00:01.5'",
    "interval '-13 month'", "interval '25 hours'", "interval '1 month'", "{'a': {'b': NULL}}",
    "['[1]', '', 'null', ' x', 'x ', 'a\\b', 'it''s', 'é', 'a=b', '\"']", "map {'a=b': 'c', 'd': ''}",
    "timestamp_ns '2020-01-01 00:00:00.123456789'", "[timestamp_ns '2020-01-01 00:00:00.12']",
    "timestamp_ms '2020-01-01 00:00:00.120'", "timestamp '1969-12-31 23:59:59.5'", "time '10:00:00.5'",
    "date '0001-01-01'", "date '0000-01-01'", "date '-0001-03-01'", "date '10000-01-01'", "date '1900-02-28'",
    "date '2000-02-29'", "date 'infinity'", "date '-infinity'", "timestamp 'infinity'", "timestamptz '-infinity'",
    "timestamptz '2020-01-01 12:00:00+02'", "'nan'::double", "'inf'::float", "'-inf'::double", "-0.0::double",
    "-0.05::decimal(5,2)", "0.05::decimal(38,20)", "-5::decimal(5,0)", "123::bignum", "-123456789012345678901::bignum",
    "[12::bignum]", "0::bignum", "1e300::double", "5e-324::double", "uuid '123e4567-e89b-12d3-a456-426614174000'",
    "0.0044444444444444444::double", "9007199254740993::bigint", "'a'::enum ('a', 'b')", "['a'::enum ('a', 'b')]",
    "array[1, 2]::int[2]", "NULL", "[]", "{'l': [1, 2], 's': {'m': map {'k': [1.5::double]}}}",
    "[{'u': uuid '123e4567-e89b-12d3-a456-426614174000'}]", "[340282366920938463463374607431768211455::uhugeint]",
]


def write(name: str, raw: str, text: str, connection: duckdb.DuckDBPyConnection) -> dict[str, list[str | None]]:
    """One Arrow file, and each column's values as the engine writes them."""
    table = connection.sql(raw).to_arrow_table()
    with pa.ipc.new_file(HERE / f"{name}.arrow", table.schema) as file:
        file.write_table(table)
    rows = connection.sql(text).fetchall()
    return {field: [row[i] for row in rows] for i, field in enumerate(table.schema.names)}


def main() -> None:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    # The native engine's calendar extension rounds this far end; the tab's engine has none.
    far_end = "make_timestamp(epoch_us(timestamp_tz))::timestamp::varchar || '+00'"
    every = f"select * exclude ({AMBIGUOUS}) from test_all_types()"
    cases = ", ".join(f"{case} as c{i}" for i, case in enumerate(CASES))
    texts = ", ".join(f"cast({case} as varchar) as c{i}" for i, case in enumerate(CASES))
    oracle = {
        "all_types": write("all_types", every, f"select columns(*)::varchar from ({every})", connection),
        "cases": write("cases", f"select {cases}", f"select {texts}", connection),
    }
    rows = connection.execute(f"select {far_end} from test_all_types()").fetchall()
    oracle["all_types"]["timestamp_tz"] = [row[0] for row in rows]
    (HERE / "texts.json").write_text(json.dumps(oracle, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
