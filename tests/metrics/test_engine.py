"""Faults of the engine that statements are written around; when a test fails, the way around can go."""

import duckdb


def test_date_trunc_lets_a_day_too_many_through():
    days = duckdb.connect().execute("create table days as select unnest(generate_series(date '2025-01-01', date '2025-12-31', interval 1 day))::date as day")
    kept = "select count(*) from days where date_trunc('month', day) {} date '2025-08-31'"
    assert days.execute(kept.format("<=")).fetchone() == (244,), "243 days: the fault of 1.4.3 is gone"
    # Exclusive ends are right.
    assert days.execute("select count(*) from days where date_trunc('month', day) < date '2025-09-01'").fetchone() == (243,)
