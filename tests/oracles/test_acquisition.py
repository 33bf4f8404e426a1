"""What customers cost, from raw bills and payments. test_random_scenarios.py asks the same of six more scenarios."""

import acquisition


def test_costs_of_customers(case):
    assert acquisition.check(case.folder, case.rows) > 100


def test_costs_of_customers_of_demo(demo):
    assert acquisition.check(demo.folder, demo.rows) > 100
