"""A second charge is no fault once it was refunded whole, and one whenever it was not; a price that was too high likewise."""

import pytest
from injected import SCENARIO, Rows, ancestors

TWICE = "assert_no_bill_is_charged_twice"
PRICE = "assert_charges_fit_their_price"
MISSING = "assert_every_bill_is_charged"

CHARGES = "intermediate.int_revenue_normalized"
# A monthly charge that stays, in the middle of the history.
ONE = f"""
    select payment_id from {CHARGES}
    where status = 'succeeded' and attempt_no = 1 and net_cents = gross_cents and billing_months = 1 and product = 'platform'
        and is_whole_term and gross_cents = bill_cents and attempted_date between date '2025-03-01' and date '2025-05-01'
        and (subscription_id, service_ends_at) in (select (subscription_id, service_starts_at) from {CHARGES})
    order by payment_id limit 1
"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    rows = Rows(SCENARIO, tmp_path_factory.mktemp("second_charges"))
    rows.build(ancestors([TWICE, PRICE, MISSING]))
    return rows


@pytest.fixture
def change(clean):
    """Runs statements on the charges, says how often the three tests fail, and takes the changes back."""

    def changed(*statements):
        clean.connection.execute("begin")
        for statement in statements:
            clean.connection.execute(statement)
        failures = [clean.failures(name) for name in (TWICE, PRICE, MISSING)]
        clean.connection.execute("rollback")
        return failures

    return changed


def again(hours, refunded):
    """The charge once more, for the same service, so many hours later, and so much of it refunded."""
    return f"""
        insert into {CHARGES} by name
        select * replace (
            payment_id + {hours}000000000 as payment_id,
            payment_id + {hours}000000000 as charge_id,
            (select max(others.charge_number) + 1 from {CHARGES} as others
                where others.subscription_id = charges.subscription_id and others.service_starts_at = charges.service_starts_at) as charge_number,
            attempted_at + interval {hours} hour as attempted_at,
            cast(attempted_at + interval {hours} hour as date) as attempted_date,
            cast({refunded} * gross_cents as bigint) as refunded_cents,
            cast((1 - {refunded}) * gross_cents as bigint) as net_cents
        )
        from {CHARGES} as charges where payment_id = ({ONE})
    """


def update(columns):
    return f"update {CHARGES} set {columns} where payment_id = ({ONE})"


def test_nothing_fails_as_generated(clean, change):
    assert clean.connection.execute(f"select count(*) from ({ONE})").fetchone() == (1,)
    doubled = f"select count(*) from {CHARGES} where status = 'succeeded' and refunded_cents = gross_cents"
    assert clean.connection.execute(doubled).fetchone()[0] > 0
    assert change() == [0, 0, 0]


def test_a_second_charge_must_be_refunded_whole(change):
    assert change(again(3, 1)) == [0, 0, 0]
    assert change(again(3, 0)) == [1, 0, 0]
    assert change(again(3, 0.5)) == [1, 0, 0], "a part is not enough"
    assert change(again(30, 1)) == [1, 0, 0], "no accident of one run"
    assert change(again(2, 1), again(3, 0)) == [1, 0, 0], "a third stays"


def test_a_second_charge_stands_for_no_bill(change):
    gone = f"""
        delete from {CHARGES} where (subscription_id, service_starts_at) = (
            select (subscription_id, service_ends_at) from {CHARGES} where payment_id = ({ONE}))
    """
    without = change(gone)
    assert without[2] == 1
    assert change(gone, again(3, 1)) == without


def test_no_more_than_the_price_is_kept(change):
    assert change(update("amount_cents = 4 * amount_cents, gross_cents = 4 * gross_cents")) == [0, 1, 0]
    assert change(update("refunded_cents = 3 * gross_cents, amount_cents = 4 * amount_cents, gross_cents = 4 * gross_cents")) == [0, 0, 0]
    assert change(update("refunded_cents = 3 * gross_cents - 1, amount_cents = 4 * amount_cents, gross_cents = 4 * gross_cents")) == [0, 1, 0]
    assert change(update("amount_cents = amount_cents / 4, gross_cents = gross_cents / 4")) == [0, 0, 0], "too little is kept as it is"
    # What failed was never collected; a slip of the currency's unit is found all the same.
    assert change(update("status = 'failed', gross_cents = 0, amount_cents = 10 * amount_cents")) == [0, 0, 0]
    assert change(update("status = 'failed', gross_cents = 0, amount_cents = 100 * amount_cents")) == [0, 1, 0]
