"""What rows of raw.subscriptions and raw.payments say, in plain Python: bills, months, stretches, terms, charges.

From docs/raw-tables.md; nothing here is from the models' SQL.
"""

from collections import defaultdict
from datetime import timedelta

import pandas as pd

# Rows that point at a charge, and which way their money goes.
REVERSALS = {"refunded": 1, "disputed": 1, "dispute_won": -1}


def months_of(interval, count):
    """Months from one bill to the next."""
    return 12 * count if interval == "year" else count


def half_up(cents, months):
    """A bill's cents over its months, rounded half up to the cent."""
    return (2 * int(cents) + months) // (2 * months)


def price(subscriptions):
    """Adds to a frame of periods what follows from its columns: the bill, its months, the amount of one month."""
    subscriptions["months"] = [months_of(*row) for row in zip(subscriptions.billing_interval, subscriptions.interval_count)]
    subscriptions["interval"] = subscriptions.months.map({1: "month", 3: "quarter", 12: "year"})
    subscriptions["bill_cents"] = subscriptions.quantity * subscriptions.unit_price_cents - subscriptions.discount_cents
    subscriptions["monthly_cents"] = [half_up(*row) for row in zip(subscriptions.bill_cents, subscriptions.months)]


def instant(value):
    """A time, or None."""
    return None if pd.isna(value) else value


def by_user(subscriptions, of="user_id"):
    """Periods that bring something, by user, in time's order."""
    found = defaultdict(list)
    for row in subscriptions[subscriptions.monthly_cents > 0].sort_values(["started_at", "period_id"]).itertuples():
        found[getattr(row, of)].append(row)
    return found


def runs_at(period, at):
    """Whether a period is in force at an instant: [started_at, ended_at)."""
    return period.started_at <= at and (pd.isna(period.ended_at) or at < period.ended_at)


def stretches(subscriptions):
    """{user: [(started, ended or None, cents of all that runs, the platform's period that brings most)]}."""
    found = {}
    for user, periods in by_user(subscriptions).items():
        edges = sorted({period.started_at for period in periods} | {period.ended_at for period in periods if not pd.isna(period.ended_at)})
        own = []
        for place, edge in enumerate(edges):
            held = [period for period in periods if runs_at(period, edge)]
            if held:
                platform = [period for period in held if period.product == "platform"] or held
                leading = max(platform, key=lambda period: period.monthly_cents)
                following = edges[place + 1] if place + 1 < len(edges) else None
                own.append((edge, following, sum(period.monthly_cents for period in held), leading))
        found[user] = own
    return found


class Run:
    """Paid periods of one subscription with one length of term, without a gap: terms are counted from its first day.

    An add-on starts on a month's anniversary of the stay and is billed on those that follow, so its terms are counted from the
    stay's first day: of a stay that began on a 31st, what is added on 28 February is billed again on 31 March.
    """

    def __init__(self, period, stay=None):
        self.first, self.months, self.periods = period.started_at, period.months, [period]
        self.anchor = (stay or self).first.normalize()
        self.passed = 12 * (self.first.year - self.anchor.year) + self.first.month - self.anchor.month

    @property
    def ended(self):
        return instant(self.periods[-1].ended_at)

    def runs_at(self, at):
        return self.first <= at and (self.ended is None or at < self.ended)

    def start_of_term(self, number):
        """The day on which a term begins: the last day of a month that lacks the day."""
        return (self.anchor + pd.DateOffset(months=self.passed + number * self.months)).date()

    def begins_on(self, day):
        """Whether a term begins on the day."""
        passed = 12 * (day.year - self.first.year) + day.month - self.first.month
        return passed >= 0 and passed % self.months == 0 and self.start_of_term(passed // self.months) == day

    def terms_to(self, day):
        """Days on which terms begin, up to a day and before the end."""
        number = 0
        while (start := self.start_of_term(number)) <= day and not (self.ended and start >= self.ended.date()):
            yield start
            number += 1


def runs(subscriptions):
    """All runs, and the one to which each period belongs, by period_id."""
    found, of, stays = [], {}, defaultdict(list)
    for product in ("platform", None):
        chosen = subscriptions[(subscriptions["product"] == "platform") == (product == "platform")]
        for periods in by_user(chosen, "subscription_id").values():
            run = None
            for period in periods:
                if run and run.ended == period.started_at and run.months == period.months:
                    run.periods.append(period)
                else:
                    run = Run(period, None if product else next(filter(lambda stay: stay.runs_at(period.started_at), stays[period.user_id]), None))
                    found.append(run)
                    stays[period.user_id].append(run)
                of[period.period_id] = run
    return found, of


class Contracts:
    """Periods of each subscription, by the instant at which they are in force."""

    def __init__(self, subscriptions):
        self.periods = defaultdict(list)
        for row in subscriptions.sort_values(["started_at", "period_id"]).itertuples():
            self.periods[row.subscription_id].append(row)

    def at(self, subscription, instant):
        """The period that a charge is of: the one in force when its service begins."""
        return next(period for period in self.periods[subscription] if runs_at(period, instant))

    def ended(self, subscription):
        """When a subscription ended; None while one of its periods runs."""
        ends = [instant(period.ended_at) for period in self.periods[subscription]]
        return None if None in ends else max(ends)


def attempts_of(payments):
    """Attempts alone, in time's order."""
    return payments[~payments.status.isin(REVERSALS)].sort_values(["attempted_at", "payment_id"])


def charges(payments):
    """Attempts of one subscription and service start; what is collected a second time is a charge of its own."""
    found, current = [], {}
    for row in attempts_of(payments).itertuples():
        key = row.subscription_id, row.service_starts_at
        if row.attempt_no == 1:
            current[key] = []
            found.append(current[key])
        current[key].append(row)
    return found


def gone_back(payments):
    """Cents of each charge that were refunded or that a dispute took for good."""
    lost = defaultdict(int)
    for row in payments[payments.status.isin(REVERSALS)].itertuples():
        lost[int(row.refund_of)] += REVERSALS[row.status] * row.amount_cents
    return lost


def days_to_pay(payments):
    """Whole days that the invoices of each subscription leave: the least over its first attempts, as outages only add to it."""
    least = {}
    for row in payments[~payments.status.isin(REVERSALS) & (payments.attempt_no == 1)].itertuples():
        days = (row.attempted_at.date() - row.service_starts_at.date()).days
        least[row.subscription_id] = min(days, least.get(row.subscription_id, days))
    return {subscription: timedelta(days=days) for subscription, days in least.items()}
