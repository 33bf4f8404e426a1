"""Prints whole lives of users drawn at random, as time lines to be read.

    generate "preset=demo&seed=9001" --out DIR
    python tests/believable/lives.py DIR [--users 20] [--draw 1]

Everything stands in raw rows: touches, the signup, colleagues, periods, bills and what became of them, refunds, and how
much the product was used in each month.
"""

import argparse
import random
from pathlib import Path

import duckdb

TABLES = ["users", "sessions", "events", "subscriptions", "payments", "marketing_touches"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--draw", type=int, default=1, help="which draw")
    return parser.parse_args()


def connect(data):
    """The raw tables of a data set, each a file or a folder of files."""
    connection = duckdb.connect()
    for table in TABLES:
        path = data / "raw" / f"{table}.parquet"
        files = f"{path}/*.parquet" if path.is_dir() else path
        connection.execute(f"create view {table} as from read_parquet('{files}')")
    return connection


def rows(connection, query, user):
    result = connection.execute(query, [user])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def dollars(cents):
    return f"${cents / 100:,.2f}"


def touches(connection, user):
    query = "from marketing_touches where user_id = ? order by touched_at"
    for touch in rows(connection, query, user):
        cost = f", {dollars(touch['cost_cents'])}" if touch["cost_cents"] else ""
        yield touch["touched_at"], f"{touch['touch_type']} on {touch['channel']} ({touch['campaign']}{cost})"


def periods(connection, user):
    query = "from subscriptions where user_id = ? order by started_at, period_id"
    for period in rows(connection, query, user):
        name = period["plan"] or period["product"]
        every = f"{period['interval_count']} {period['billing_interval']}s" if period["interval_count"] > 1 else period["billing_interval"]
        price = f"{period['quantity']} × {dollars(period['unit_price_cents'])} a {every}"
        if period["discount_cents"]:
            price += f" less {dollars(period['discount_cents'])}"
        text = f"{period['change_type']}: {name}, {price} (subscription {period['subscription_id']})"
        yield period["started_at"], text
        if period["canceled_at"]:
            yield period["canceled_at"], f"says that they leave {name}"
        if period["ended_at"] and period["status"] == "canceled":
            yield period["ended_at"], f"{name} ends: {period['churn_reason'] or 'trial over'}"


def payments(connection, user):
    query = "from payments where user_id = ? order by attempted_at, payment_id"
    for payment in rows(connection, query, user):
        text = f"{payment['status']} {dollars(payment['amount_cents'])} by {payment['method']}"
        if payment["failure_code"]:
            text += f" ({payment['failure_code']}, attempt {payment['attempt_no']})"
        elif payment["attempt_no"] > 1:
            text += f" at attempt {payment['attempt_no']}"
        if payment["service_starts_at"]:
            text += f" for {payment['service_starts_at']:%d %b %Y} to {payment['service_ends_at']:%d %b %Y}"
        yield payment["attempted_at"], text


def colleagues(connection, user):
    query = """
        select others.full_name, others.signed_up_at from users
        inner join users as others using (account_id)
        where users.user_id = ? and others.user_id <> users.user_id
        order by others.signed_up_at
    """
    for other in rows(connection, query, user):
        yield other["signed_up_at"], f"colleague {other['full_name']} signs up"


def use(connection, user):
    """A line for each month: on how many days, in how many sessions, and what was done most."""
    query = """
        select
            date_trunc('month', event_at) as month,
            count(distinct cast(event_at as date)) as days,
            count(distinct session_id) as sessions,
            count(*) as events,
            mode(event_type) filter (where event_type <> 'page_view') as most
        from events where user_id = ? group by 1 order by 1
    """
    for month in rows(connection, query, user):
        text = f"in {month['month']:%B}: {month['events']} events in {month['sessions']} sessions on {month['days']} days"
        yield month["month"].replace(day=28), text + (f", mostly {month['most']}" if month["most"] else "")


def main():
    chosen = arguments()
    connection = connect(chosen.data)
    count = connection.execute("select count(*) from users").fetchone()[0]
    for user in sorted(random.Random(chosen.draw).sample(range(1, count + 1), chosen.users)):
        [person] = rows(connection, "from users where user_id = ?", user)
        size = f"{person['industry']}, {person['company_size']} people, {person['country']}"
        print(f"\n== {user}: {person['full_name']} <{person['email']}> of {person['account_name']} ({size})")
        offer = f"{person['trial_type']}, {person['initial_plan']}, by {person['channel']}"
        line = [(person["signed_up_at"], f"signs up ({offer})")]
        for part in (touches, periods, payments, colleagues, use):
            line += part(connection, user)
        for instant, text in sorted(line, key=lambda entry: entry[0]):
            print(f"  {instant:%Y-%m-%d %H:%M}  {text}")


if __name__ == "__main__":
    main()
