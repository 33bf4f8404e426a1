"""What an insider would look at first, measured on raw rows alone: lapsed trials, lost bills, recovery by reason, companies, accidents, refunds, time, spend, contracts.

    python measure.py LABEL=FOLDER … [--items 1] [--write docs/believable.md]
    python measure.py before=OLD-9001 before=OLD-9002 after=NEW-9001 after=NEW-9002 --items 10

Rows of before the contract of billing (item 10) have one subscription a customer, periods of one amount a month and charges without a service; they are read, too.
Items 1 to 8 look at subscriptions to the platform and their bills, item 9's amounts are of everything that a customer pays for.
Each folder is a data set of `generate`; a label that is given to several folders pools them. Shares come with Wilson's 95 %
interval, shares of events and means with a bootstrap over users, since a user's events come together.
"""

import argparse
import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import duckdb
import numpy as np

TRIAL = "interval 14 day"
DUNNING = "interval 15 day"
CODES = ["expired_card", "card_declined", "insufficient_funds", "processing_error", "fraud_suspected", "transfer_overdue"]

# Where anybody may have a mailbox: RFC 2606's names, and what decision 0126 calls private.
PRIVATE_DOMAINS = ["example.com", "example.net", "example.org", *(f"{word}.example" for word in ("mail", "inbox", "post", "webmail", "letters"))]


class Share:
    """Hits among trials."""

    def __init__(self, hits=0, total=0):
        self.hits, self.total = hits, total

    def __add__(self, other):
        return Share(self.hits + other.hits, self.total + other.total)

    def value(self):
        return self.hits / self.total if self.total else float("nan")

    def interval(self):
        n, z = self.total, 1.96
        if not n:
            return (float("nan"), float("nan"))
        p, middle = self.value(), 1 + z * z / n
        half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (max(0.0, (p + z * z / (2 * n) - half) / middle), (p + z * z / (2 * n) + half) / middle)

    def __str__(self):
        if not self.total:
            return "none"
        low, high = self.interval()
        return f"{self.value():.1%} ({low:.1%} to {high:.1%}; {self.hits:,} of {self.total:,})"


class Weighted:
    """A share of users' sums: parts and wholes by user."""

    def __init__(self, parts, wholes):
        self.parts, self.wholes = np.asarray(parts, float), np.asarray(wholes, float)

    def __add__(self, other):
        return Weighted(np.concatenate([self.parts, other.parts]), np.concatenate([self.wholes, other.wholes]))

    def __str__(self):
        draw = np.random.default_rng(1)
        ratios = []
        for _ in range(400):
            weights = draw.poisson(1.0, len(self.parts))
            ratios.append((weights * self.parts).sum() / max((weights * self.wholes).sum(), 1e-12))
        low, high = np.quantile(ratios, [0.025, 0.975])
        return f"{self.parts.sum() / max(self.wholes.sum(), 1e-12):.1%} ({low:.1%} to {high:.1%})"


class Dollars(Weighted):
    """Dollars for each of some people, by month: a bootstrap over months."""

    def __add__(self, other):
        return Dollars(np.concatenate([self.parts, other.parts]), np.concatenate([self.wholes, other.wholes]))

    def __str__(self):
        draw = np.random.default_rng(1)
        weights = draw.poisson(1.0, (400, len(self.parts)))
        low, high = np.quantile((weights @ self.parts) / (weights @ self.wholes), [0.025, 0.975])
        return f"${self.parts.sum() / self.wholes.sum():,.2f} ({low:,.2f} to {high:,.2f})"


class Mean:
    """A mean of a few values, with Student's interval."""

    def __init__(self, values):
        self.values = list(values)

    def __add__(self, other):
        return Mean(self.values + other.values)

    def __str__(self):
        # Student's 97.5 % quantile, by Hill's first terms: within .01 from 5 degrees of freedom on.
        n, z = len(self.values), 1.959964
        if n < 6:
            return f"{np.mean(self.values):.2f} ({n} values)"
        t = z + (z**3 + z) / (4 * (n - 1)) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * (n - 1) ** 2)
        half = t * np.std(self.values, ddof=1) / np.sqrt(n)
        return f"{np.mean(self.values):.2f} ({np.mean(self.values) - half:.2f} to {np.mean(self.values) + half:.2f})"


class Median:
    """The median of users' values, by a table of users and tenths of a second; a bootstrap over users."""

    def __init__(self, table):
        self.table = table

    def __add__(self, other):
        return Median(np.concatenate([self.table, other.table]))

    def of(self, weights):
        counts = weights @ self.table
        below = np.cumsum(counts)
        cell = int(np.searchsorted(below, below[-1] / 2))
        return (cell + 1 - (below[cell] - below[-1] / 2) / max(counts[cell], 1e-12)) / 10

    def __str__(self):
        draw = np.random.default_rng(1)
        users = len(self.table)
        medians = [self.of(draw.poisson(1.0, users).astype(np.float32)) for _ in range(200)]
        low, high = np.quantile(medians, [0.025, 0.975])
        return f"{self.of(np.ones(users, np.float32)):.1f} s ({low:.1f} to {high:.1f})"


class Quantile:
    """A quantile of customers' values: a bootstrap over customers."""

    def __init__(self, values, part=0.5, text="{:,.0f}"):
        self.values, self.part, self.text = np.asarray(values, float), part, text

    def __add__(self, other):
        return Quantile(np.concatenate([self.values, other.values]), self.part, self.text)

    def __str__(self):
        if not len(self.values):
            return "none"
        draw = np.random.default_rng(1)
        again = [np.quantile(draw.choice(self.values, len(self.values)), self.part) for _ in range(400)]
        low, high = (self.text.format(value) for value in np.quantile(again, [0.025, 0.975]))
        return f"{self.text.format(np.quantile(self.values, self.part))} ({low} to {high})"


class Count:
    """A plain number: counts add up, maxima (`how=max`) do not."""

    def __init__(self, number, how=sum):
        self.number, self.how = number or 0, how

    def __add__(self, other):
        return Count(self.how([self.number, other.number]), self.how)

    def __str__(self):
        return f"{self.number:,}"


# Raw rows as the questions below read them, by the contract of before item 10 and by that of now. `subscriptions` are periods of the
# platform, `held` those of everything; a period says what it brings in a month and asks for in a bill. `payments` are the platform's, `paid_for`
# all; each says of which period it is, and when its service begins: rows of before do not say, and it stands for the time of the attempt.
BEFORE_CONTRACTS = """
    create view held as
        select subscription_id as period_id, *, user_id as contract_id, 'platform' as product, seats as quantity,
            case when billing_interval = 'year' then 12 else 1 end as months,
            monthly_amount_cents * case when billing_interval = 'year' then 12 else 1 end as bill_cents,
            cast(null as bigint) as discount_cents, cast(null as bigint) as list_cents,
            cast(null as boolean) as cancel_at_period_end, cast(null as timestamp) as canceled_at
        from raw_subscriptions;
    create view paid_for as
        select *, user_id as contract_id, subscription_id as period_id, attempted_at as service_at, cast(null as timestamp) as told_at,
            'platform' as product from raw_payments;
    create table terms as select distinct user_id as contract_id, interval 0 day as days_to_pay from raw_payments;
"""
CONTRACTS = """
    create table held as
        select * replace (period_id as subscription_id, cast(case when interval_count = 3 then 'quarter' else billing_interval end as varchar) as billing_interval),
            subscription_id as contract_id, quantity as seats, months,
            (2 * bill_cents + months) // (2 * months) as monthly_amount_cents, bill_cents, quantity * unit_price_cents as list_cents
        from (
            select *, case when billing_interval = 'year' then 12 else interval_count end as months,
                quantity * unit_price_cents - discount_cents as bill_cents
            from raw_subscriptions);
    -- What goes back is of the period of its charge.
    create table paid_for as
        select payments.* replace (held.period_id as subscription_id), payments.subscription_id as contract_id, held.period_id, held.product,
            coalesce(payments.service_starts_at, charges.service_starts_at) as service_at,
            payments.service_starts_at as told_at
        from raw_payments as payments
        left join raw_payments as charges on payments.refund_of = charges.payment_id
        left join held on payments.subscription_id = held.contract_id
            and coalesce(payments.service_starts_at, charges.service_starts_at) >= held.started_at
            and coalesce(payments.service_starts_at, charges.service_starts_at) < coalesce(held.ended_at, timestamp 'infinity');
    -- What an invoice leaves to pay: the least, since an outage only adds to it.
    create table terms as
        select contract_id, min(date_trunc('minute', attempted_at) - date_trunc('minute', service_at)) as days_to_pay
        from paid_for where attempt_no = 1 and status in ('succeeded', 'failed') group by 1;
"""


def connect(folder):
    """The raw tables of a folder as views, and what the questions below share."""
    db = duckdb.connect()
    for table in ("users", "sessions", "events", "subscriptions", "payments", "marketing_touches", "ad_spend"):
        path = folder / "raw" / f"{table}.parquet"
        # Data of before this item have no bills of campaigns.
        if path.exists():
            files = f"{path}/*.parquet" if path.is_dir() else path
            name = f"raw_{table}" if table in ("subscriptions", "payments") else table
            db.execute(f"create view {name} as from read_parquet('{files}')")
    columns = {column for column, *_ in db.execute("describe raw_subscriptions").fetchall()}
    db.execute(CONTRACTS if "interval_count" in columns else BEFORE_CONTRACTS)
    db.execute(
        """
        create view subscriptions as select held.*, coalesce(days_to_pay, interval 0 day) as days_to_pay
            from held left join terms using (contract_id) where product = 'platform';
        create view payments as from paid_for where product = 'platform';
        """
    )
    scenario = json.loads((folder / "scenario.json").read_text())
    end = date.fromisoformat(scenario["as_of"]) + timedelta(days=1)
    db.execute(f"create macro history_end() as timestamp '{end}'")
    preset = dict(parse_qsl(scenario["query"])).get("preset", "demo")
    db.execute(f"create macro preset() as '{preset}'")
    db.execute(
        f"""
        create table payers as
            select user_id, min(started_at) as first_at from subscriptions where monthly_amount_cents > 0 group by 1;
        create table lapsed as
            select user_id, signed_up_at + {TRIAL} as lapsed_at, cast(trial_type as varchar) as trial_type from users
            where trial_type <> 'freemium' and user_id not in (select user_id from payers) and signed_up_at + {TRIAL} < history_end();
        -- A bill is a charge with its retries: attempts of a period and an amount, in a row.
        create table attempts as
            select *, sum(cast(attempt_no = 1 as int)) over (partition by user_id order by service_at, payment_id) as bill_no
            from payments where status in ('succeeded', 'failed');
        create table bills as
            select user_id, bill_no, any_value(subscription_id) as subscription_id, min(attempted_at) as billed_at,
                max(attempted_at) as last_at, count(*) as attempts, bool_or(status = 'succeeded') as is_paid,
                min(attempted_at) filter (status = 'succeeded') as paid_at,
                max(cast(method as varchar)) as method, min_by(cast(failure_code as varchar), attempt_no) as code
            from attempts group by 1, 2;
        create table lost as
            select * from bills where not is_paid and attempts >= 4;
        """
    )
    return db


def one(db, query):
    return db.execute(query).fetchone()


def lapsed_trials(db):
    """Item 1."""
    for trial in ("opt_in", "opt_out"):
        for days in (30, 365):
            hits, total = one(
                db,
                f"""select count(*) filter (where last_at > lapsed_at + interval {days} day), count(*)
                from (select user_id, lapsed_at, max(started_at) as last_at from lapsed left join sessions using (user_id)
                where trial_type = '{trial}' and lapsed_at + interval {days} day < history_end() group by 1, 2)""",
            )
            yield f"{trial}, never paid, trial over for more than {days} days: back after {days} days", Share(hits, total)
    visits = db.execute(
        """select count(started_at) filter (where started_at >= lapsed_at), count(*) from
        (select user_id, lapsed_at, started_at from lapsed left join sessions using (user_id)
         where lapsed_at < history_end() - interval 30 day)
        group by user_id"""
    ).fetchall()
    yield "lapsed, more than two visits after the trial's end", Share(sum(v > 2 for v, _ in visits), len(visits))
    hits, total = one(
        db,
        """select count(*) filter (where is_lapsed), count(*) from
        (select user_id, bool_and(lapsed_at is not null and started_at >= lapsed_at) as is_lapsed
         from sessions left join lapsed using (user_id) where started_at >= history_end() - interval 31 day group by 1)""",
    )
    yield "users of the last 31 days: only after a lapsed trial", Share(hits, total)
    rows = db.execute(
        """select coalesce(sum(cast(event_at >= lapsed_at as int)), 0), count(*),
            coalesce(sum(cast(event_at >= lapsed_at and event_type = 'api_call' as int)), 0),
            coalesce(sum(cast(event_type = 'api_call' as int)), 0)
        from events left join lapsed using (user_id) group by user_id"""
    ).fetchnumpy()
    parts, wholes, api_parts, api = rows.values()
    yield "events after the trial's end, never paid", Weighted(parts, wholes)
    yield "API calls after the trial's end, never paid", Weighted(api_parts, api)
    # Whoever was invited to a company that has paid or tried is not on the free plan.
    columns = {column for column, *_ in db.execute("describe users").fetchall()}
    account = "account_id" if "account_id" in columns else "user_id"
    free = db.execute(
        f"""select sum(cast(event_type in ('api_call', 'export_data') as int)), count(*) from events
        join (select user_id, trial_type, {account} as account from users) using (user_id)
        left join (select {account} as account, min(started_at) as first_at from subscriptions join users using (user_id) group by 1)
            using (account)
        where trial_type = 'freemium' and (first_at is null or event_at < first_at) group by user_id"""
    ).fetchnumpy()
    yield "events on the free plan that are API calls or exports", Weighted(*free.values())


def dunning(db):
    """Item 2: only bills whose schedule is over."""
    yield "bills lost after four attempts", Count(one(db, "select count(*) from lost")[0])
    hits, total, longest = one(
        db,
        """select count(*) filter (where days > 0), count(*), max(days) from
        (select l.user_id, l.bill_no,
            coalesce(max(date_diff('day', l.last_at, coalesce(s.ended_at, history_end())))
                filter (where s.started_at <= l.billed_at and coalesce(s.ended_at, history_end()) > l.billed_at + interval 16 day), 0) as days
         from lost l join subscriptions s using (user_id)
         where monthly_amount_cents > 0 and l.billed_at + interval 17 day < history_end()
         group by 1, 2)""",
    )
    yield "lost bills whose period runs on", Share(hits, total)
    yield "longest such period, in days", Count(longest, max)
    yield "most lost bills of one user", Count(one(db, "select max(n) from (select count(*) as n from lost group by user_id)")[0], max)
    hits, total = one(
        db,
        """select count(*) filter (where paid = 0), count(*) from
        (select e.user_id, e.ended_at,
            (select count(*) from payments p where p.user_id = e.user_id and p.status = 'succeeded' and p.attempted_at <= e.ended_at) as paid
         from subscriptions e where churn_reason = 'voluntary')""",
    )
    yield "voluntary leavers without one collected charge", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where exists
            (select 1 from lost l where l.user_id = e.user_id and l.last_at between e.ended_at - interval 1 day and e.ended_at)), count(*)
        from subscriptions e where churn_reason = 'involuntary'""",
    )
    yield "involuntary losses that end with a lost bill's schedule", Share(hits, total)
    hits, total = one(
        db, "select count(*) filter (where churn_reason = 'involuntary'), count(*) from subscriptions where churn_reason is not null"
    )
    yield "involuntary share of churn", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where exists (select 1 from subscriptions r where r.user_id = e.user_id
            and r.change_type = 'reactivation' and r.started_at > e.ended_at)), count(*)
        from subscriptions e where churn_reason = 'involuntary' and ended_at < history_end() - interval 180 day""",
    )
    yield "involuntary losses that come back, half a year on", Share(hits, total)


def recovery(db):
    """Item 3: first attempts that failed and had time for every retry, which come whole days after the first attempt."""
    by_retry = "is_paid and (epoch_us(paid_at) - epoch_us(billed_at)) % 86400000000 = 0"
    for words, hit in (("collected by a retry", by_retry), ("paid in the end", "is_paid")):
        for code in [*CODES, "all"]:
            which = "code is not null" if code == "all" else f"code = '{code}'"
            hits, total = one(
                db, f"select count(*) filter (where {hit}), count(*) from bills where {which} and billed_at + interval 16 day < history_end()"
            )
            yield f"{words}: {code}", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where failure_code in ('card_declined', 'expired_card')), count(*)
        from payments where status = 'failed' and method not in ('card', 'wallet')""",
    )
    yield "failed transfers with a card's code", Share(hits, total)
    for size in ("1-10", "1001+"):
        hits, total = one(
            db,
            f"""select count(*) filter (where method not in ('card', 'wallet')), count(*) from
            (select user_id, min(cast(method as varchar)) as method from payments group by 1) join users using (user_id)
            where company_size = '{size}'""",
        )
        yield f"customers of size {size} who pay by transfer", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where code is not null), count(*) from bills join users using (user_id)
        where company_size = '1001+' and method not in ('card', 'wallet')""",
    )
    yield "transfers of customers of size 1001+ that come late", Share(hits, total)


def accounts(db):
    """Item 4: an account is what the rows call one, and where they do not, everybody with one domain that is no private mailbox."""
    columns = {column for column, *_ in db.execute("describe users").fetchall()}
    account = "cast(account_id as varchar)" if "account_id" in columns else "coalesce(company_domain, cast(user_id as varchar))"
    name = "account_name" if "account_name" in columns else "company_domain"
    private = ", ".join(f"'{domain}'" for domain in PRIVATE_DOMAINS)
    db.execute(
        f"""
        create table people as
            select *, {account} as account, {name} as company_name
            from (select *, nullif(domain, case when domain in ({private}) then domain end) as company_domain
                from (select *, split_part(email, '@', 1) as mailbox, split_part(email, '@', 2) as domain from users));
        create table companies as
            select company_domain, count(*) as people, count(distinct country) as countries, count(distinct industry) as industries,
                count(distinct company_size) as sizes, count(distinct account) as accounts
            from people where company_domain is not null group by 1;
        """
    )
    yield "most people at one company's domain", Count(one(db, "select max(people) from companies")[0], max)
    for words, column in (("industries", "industries"), ("sizes", "sizes"), ("countries", "countries")):
        hits, total = one(db, f"select count(*) filter (where {column} > 1), count(*) from companies where people > 1")
        yield f"domains of two people or more: several {words}", Share(hits, total)
    yield "most industries at one domain", Count(one(db, "select max(industries) from companies")[0], max)
    hits, total = one(db, "select count(*) filter (where ends_with(mailbox, cast(user_id as varchar))), count(*) from people")
    yield "addresses whose mailbox ends in the user's id", Share(hits, total)
    hits, total = one(db, "select count(*) filter (where regexp_matches(mailbox, '[0-9]')), count(*) from people")
    yield "addresses with a number", Share(hits, total)
    for size in ("1-10", "51-200"):
        hits, total = one(db, f"select count(*) filter (where company_domain is null), count(*) from people where company_size = '{size}'")
        yield f"people of companies of size {size} with a private mailbox", Share(hits, total)
    hits, total = one(
        db,
        f"""select count(*) filter (where regexp_matches(full_name, 'a [^ ]+$') = regexp_matches(full_name, '[sc]ki$')), count(*)
        from people where country = 'PL' and regexp_matches(full_name, '[sc]k[ia]$')""",
    )
    yield "Poles in -ski or -ska whose given name is of the other gender", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where last_name in (select last_name from named where country = 'DE')), count(*)
        from named where country = 'NL'""".replace("named", "(select country, regexp_extract(full_name, '^[^ ]+ (.*)$', 1) as last_name from people)"),
    )
    yield "people in the Netherlands with a family name that Germans in the data have", Share(hits, total)
    hits, total = one(db, "select coalesce(sum(n) filter (where n > 1), 0), sum(n) from (select count(*) as n from people group by account)")
    yield "people with a colleague in the product", Share(int(hits), int(total))
    hits, total = one(
        db,
        """select count(*) filter (where payers > 1), count(*)
        from (select account, count(distinct user_id) as payers from payers join people using (user_id) group by 1)""",
    )
    yield "paying companies with several subscriptions", Share(hits, total)
    seats = db.execute(
        """select people, seats from (select account, sum(seats) as seats from
            (select user_id, seats from subscriptions where monthly_amount_cents > 0 and ended_at is null) join people using (user_id) group by 1)
        join (select account, count(*) as people from people group by 1) using (account)"""
    ).fetchnumpy()
    colleagues = db.execute(
        """with plans as (
            select account, started_at, coalesce(ended_at, history_end()) as ended_at from subscriptions join people using (user_id)
            where monthly_amount_cents > 0 and plan <> 'starter')
        select sum(cast(event_type in ('api_call', 'export_data') as int)), count(*) from events join people using (user_id)
        where user_id not in (select user_id from subscriptions) and exists
            (select 1 from plans where plans.account = people.account and event_at >= plans.started_at and event_at < plans.ended_at)
        group by user_id"""
    ).fetchnumpy()
    yield "events of colleagues while the company pays for API and exports that are either", Weighted(*colleagues.values())
    yield "seats paid for at the end that somebody has", Weighted(np.minimum(seats["people"], seats["seats"]), seats["seats"])


def stays(db):
    """Makes `stays`: from a first bill to a loss. A term is over on the day of the month, or year, on which the stay began."""
    db.execute(
        f"""
        create table stays as
            with rows as (
                select *, sum(cast(change_type in ('new', 'reactivation') as int)) over (partition by user_id order by started_at) as stay
                from subscriptions where monthly_amount_cents > 0),
            found as (
                select user_id, stay, min(started_at) as started_at, any_value(cast(billing_interval as varchar)) as billing_interval, any_value(months) as term_months,
                    max(cast(churn_reason as varchar)) as reason,
                    -- Whoever is lost over a bill decided when it was made.
                    case max(cast(churn_reason as varchar)) when 'involuntary' then max(ended_at - days_to_pay) - {DUNNING} when 'voluntary' then max(ended_at) end as left_at
                from rows group by 1, 2)
            select *, billing_interval = 'month' or left_at is null
                or left_at = started_at + to_months(cast(term_months * round(epoch(left_at - started_at) / 86400 / 30.4375 / term_months) as int)) as is_at_renewal
            from found;
        """
    )


BEFORE_RENEWAL = "billed by the year: leave before a renewal"


def before_renewal(db):
    """Of all losses of customers who are billed by the year."""
    hits, total = one(
        db, "select count(*) filter (where not is_at_renewal), count(*) from stays where billing_interval = 'year' and left_at is not null"
    )
    return Share(hits, total)


def reversals(db):
    """Item 6: charges that had the time to be refunded or disputed; a run of paid periods ends where nothing follows at once."""
    stays(db)
    db.execute(
        """
        create table charges as
            select p.payment_id, p.user_id, p.attempted_at, p.service_at, p.amount_cents, p.method, s.months, s.billing_interval = 'year' as is_yearly, r.left_at,
                row_number() over (partition by p.user_id order by p.attempted_at, p.payment_id) as charge_no
            from payments p join subscriptions s using (subscription_id)
            join (select subscription_id, min(case when next_at is distinct from ended_at then coalesce(ended_at, history_end()) end)
                    over (partition by user_id order by started_at rows between current row and unbounded following) as left_at
                from (select *, lead(started_at) over (partition by user_id order by started_at) as next_at from subscriptions)) r
                using (subscription_id)
            where p.status = 'succeeded';
        create table refunds as
            select c.*, r.attempted_at as refunded_at, r.amount_cents as refund_cents, r.amount_cents / c.amount_cents as part
            from payments r join charges c on r.refund_of = c.payment_id where r.status = 'refunded';
        create table disputes as
            select c.*, r.attempted_at as disputed_at, r.amount_cents as dispute_cents,
                exists (select 1 from payments w where w.refund_of = c.payment_id and cast(w.status as varchar) = 'dispute_won') as is_won
            from payments r join charges c on r.refund_of = c.payment_id where cast(r.status as varchar) = 'disputed';
        """
    )
    # The unused days of a year may be paid back until its end.
    settled = "attempted_at < history_end() - interval 1 day * (case months when 12 then 366 when 3 then 93 else 31 end)"
    hits, total = one(
        db, f"select count(*) filter (where payment_id in (select payment_id from refunds)), count(*) from charges where {settled}"
    )
    yield "collected charges that are refunded", Share(hits, total)
    for words, which in (("all of the charge", "part = 1"), ("exactly half of it", "abs(2 * refund_cents - amount_cents) <= 1"), ("a round number of dollars", "part < 1 and refund_cents % 500 = 0")):
        hits, total = one(db, f"select count(*) filter (where {which}), count(*) from refunds")
        yield f"refunds that are {words}", Share(hits, total)
    yield "different parts of a charge, in whole percent", Count(one(db, "select count(distinct cast(round(100 * part) as int)) from refunds")[0], max)
    hits, total = one(
        db,
        """select count(*) filter (where left_at > attempted_at + interval 40 day), count(*) from refunds
        where part = 1 and months = 1 and attempted_at < history_end() - interval 41 day""",
    )
    yield "monthly charges refunded whole whose customer pays on", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where left_at > attempted_at + interval 366 day), count(*) from refunds
        where part = 1 and is_yearly and attempted_at < history_end() - interval 367 day""",
    )
    yield "yearly charges refunded whole whose customer stays for the year", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where exists (select 1 from refunds r where r.user_id = e.user_id
            and r.refunded_at between e.left_at - interval 1 day and e.left_at + interval 1 day)), count(*)
        from stays e where not is_at_renewal""",
    )
    yield BEFORE_RENEWAL, before_renewal(db)
    yield "customers who leave in mid-year and get money back as they do", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where abs(refund_cents - amount_cents * unused / days) <= 1), count(*) from
        (select *, date_diff('day', cast(refunded_at as date), cast(service_at as date) + interval 12 month) as unused,
            date_diff('day', cast(service_at as date), cast(service_at as date) + interval 12 month) as days
         from refunds where is_yearly and part < 1 and abs(date_diff('minute', refunded_at, left_at)) < 60)""",
    )
    yield "refunds of those who leave later than two weeks into a year that are its unused days", Share(hits, total)
    old = "attempted_at < history_end() - interval 91 day"
    found = "payment_id in (select payment_id from disputes)"
    for words, which in (
        ("card charges", "method = 'card'"),
        ("first card charges of companies up to 50", "method = 'card' and charge_no = 1 and company_size in ('1-10', '11-50')"),
        ("other card charges", "method = 'card' and not (charge_no = 1 and company_size in ('1-10', '11-50'))"),
        ("charges by transfer or wallet", "method <> 'card'"),
    ):
        hits, total = one(db, f"select count(*) filter (where {found}), count(*) from charges join users using (user_id) where {which} and {old}")
        yield f"{words} that are disputed", Share(hits, total)
    hits, total = one(db, "select count(*) filter (where is_won), count(*) from disputes where disputed_at < history_end() - interval 76 day")
    yield "disputes that the company wins", Share(hits, total)


def accidents(db):
    """Item 5: charges off their price, charges collected twice, days on which most attempts fail or none is made.

    A bill has an agreed price where its service begins whole terms after the first day of a run of paid periods: more seats in mid-year
    are charged for the rest of the year. It falls due then, or when the days have passed that an invoice leaves to pay.
    """
    db.execute(
        """
        create table runs as
            with periods as (
                select *, coalesce(lag(ended_at) over (partition by user_id order by started_at) is distinct from started_at
                    or lag(monthly_amount_cents) over (partition by user_id order by started_at) = 0, true) as begins
                from subscriptions),
            numbered as (select *, sum(cast(begins as int)) over (partition by user_id order by started_at) as run_no from periods
                where monthly_amount_cents > 0)
            select subscription_id, min(started_at) over (partition by user_id, run_no) as run_at, bill_cents as agreed_cents, months, days_to_pay
            from numbered;
        create table firsts as
            select p.*, r.agreed_cents, r.months,
                cast(run_at + to_months(cast(date_sub('month', run_at, service_at) as int)) + days_to_pay as timestamp) as due_at,
                lag(attempted_at) over (partition by subscription_id order by attempted_at, payment_id) as last_at
            from attempts p join runs r using (subscription_id)
            where p.attempt_no = 1 and date_sub('month', run_at, service_at) % r.months = 0;
        create table given_back as
            select refund_of as payment_id, sum(amount_cents) as cents, max(attempted_at) as at from payments where status = 'refunded' group by 1;
        create table settled as
            select p.payment_id, p.attempted_at, p.amount_cents, f.agreed_cents, coalesce(g.cents, 0) as back_cents
            from attempts p join firsts f using (user_id, bill_no) left join given_back g on g.payment_id = p.payment_id
            where p.status = 'succeeded';
        """
    )
    total, above, below, back, most = one(
        db,
        """select count(*), count(*) filter (where amount_cents > agreed_cents + 1), count(*) filter (where amount_cents < agreed_cents - 1),
            count(*) filter (where amount_cents > agreed_cents + 1 and exists (select 1 from payments r where r.refund_of = settled.payment_id
                and r.status = 'refunded' and r.amount_cents = settled.amount_cents - agreed_cents
                and r.attempted_at < settled.attempted_at + interval 17 day)),
            max((amount_cents - back_cents) / agreed_cents) from settled""",
    )
    yield "collected bills charged above their price", Share(above, total)
    yield "of them, refunded by the difference within 17 days", Share(back, above)
    yield "most that is kept of a bill, times its price", Count(round(most, 2), max)
    yield "collected bills charged below their price", Share(below, total)
    hits, total = one(
        db,
        """select count(*) filter (where off = bills), count(*) from (
            select count(*) as bills, count(*) filter (where abs(amount_cents - agreed_cents) > 1) as off
            from firsts group by cast(attempted_at as date) having bills >= 5)""",
    )
    yield "days with 5 bills or more of which none has its price", Share(hits, total)
    again = "last_at > attempted_at - interval 1 day"
    hits, total = one(db, f"select count(*) filter (where {again}), count(*) from firsts where status = 'succeeded'")
    yield "first attempts collected within a day of another of the subscription", Share(hits, total)
    hits, total = one(
        db,
        f"""select count(*) filter (where g.cents = f.amount_cents and g.at < f.attempted_at + interval 9 day), count(*)
        from firsts f left join given_back g using (payment_id) where f.status = 'succeeded' and {again}""",
    )
    yield "of them, refunded whole within 9 days", Share(hits, total)
    hits, total = one(
        db,
        """select count(*) filter (where 2 * failed > bills), count(*) from (
            select count(*) as bills, count(*) filter (where status = 'failed') as failed
            from firsts group by cast(attempted_at as date) having bills >= 10)""",
    )
    yield "days with 10 bills or more on which most first attempts fail", Share(hits, total)
    hits, total = one(db, "select count(*) filter (where attempted_at > due_at + interval 1 minute), count(*) from firsts where not coalesce(last_at > attempted_at - interval 1 day, false)")
    yield "bills first attempted later than they fall due", Share(hits, total)


def time(db):
    """Item 7: losses by tenure, signups by month, pauses between events."""
    stays(db)
    db.execute(
        """
        create table tenures as
            select *, case when left_at is null then floor(epoch(history_end() - started_at) / 86400 / 30.436875 - 0.02)
                else round(epoch(left_at - started_at) / 86400 / 30.436875) end as months from stays;
        """
    )
    for words, first, last in (("1", 1, 1), ("2 and 3", 2, 3), ("4 to 6", 4, 6), ("7 to 12", 7, 12), ("13 to 24", 13, 24), ("all", 1, 99)):
        hits, total = one(
            db,
            f"""select count(*) filter (where left_at is not null and months between {first} and {last}),
                cast(sum(greatest(least(months, {last}) - {first} + 1, 0)) as bigint)
            from tenures where billing_interval = 'month'""",
        )
        yield f"billed by the month: leave in a month, months of tenure: {words}", Share(hits, total)
    yield BEFORE_RENEWAL, before_renewal(db)
    rows = db.execute(
        """select date_trunc('month', signed_up_at) as month, count(*) / day(last_day(any_value(signed_up_at))) as signups
        from users group by 1 order by 1"""
    ).fetchall()
    daily = np.array([signups for _, signups in rows])
    # Beside the twelve months around it, with half of the outer ones: growth falls out.
    around = np.convolve(daily, np.array([0.5] + [1.0] * 11 + [0.5]) / 12, "valid")
    ratios = [(month.month, signups / usual) for (month, signups), usual in zip(rows[6:-6], around)]
    yield "signups a day in December, usual month = 1", Mean(ratio for month, ratio in ratios if month == 12)
    yield "signups a day in October and November", Mean(ratio for month, ratio in ratios if month in (10, 11))
    yield "signups a day in February", Mean(ratio for month, ratio in ratios if month == 2)
    db.execute(
        """create table pauses as select user_id, pause from
            (select user_id, session_id, epoch_us(event_at) - lag(epoch_us(event_at)) over (partition by session_id order by event_id) as pause from events)
            where pause is not null"""
    )
    cells = db.execute(
        "select user_id, least(pause // 100000, 599) as cell, count(*) as n from pauses group by 1, 2 order by 1, 2"
    ).fetchnumpy()
    _, place = np.unique(cells["user_id"], return_inverse=True)
    users = np.zeros((place.max() + 1, 600), np.float32)
    users[place, cells["cell"].astype(int)] = cells["n"]
    yield "median pause between two events of a session", Median(users)
    hits, total = one(db, "select count(*) filter (where pause % 1000000 = 0), count(*) from pauses")
    yield "pauses of whole seconds", Share(hits, total)
    medians = db.execute("select median(pause) / 1e6 from pauses group by user_id having count(*) >= 300").fetchnumpy()
    medians = next(iter(medians.values()))
    yield "users with 300 pauses: median within a tenth of 20 s", Share(int((abs(medians - 20) < 2).sum()), len(medians))


def spend(db):
    """Item 8. Where campaigns send no bill, what touches cost is all there is."""
    has_bills = one(db, "select count(*) from duckdb_views() where view_name = 'ad_spend'")[0]
    bills = (
        "select spend_date as day, cast(channel as varchar) as channel, clicks, cost_cents from ad_spend"
        if has_bills
        else "select cast(touched_at as date), cast(channel as varchar), 1, cost_cents from marketing_touches where cost_cents > 0"
    )
    db.execute(
        f"""
        create table bills_of_channels(day, channel, clicks, cost_cents) as {bills};
        create table clicks as
            select cast(channel as varchar) as channel, cost_cents from marketing_touches
            where campaign <> 'none' and touch_type <> 'impression';
        create table people as
            select cast(channel as varchar) as channel, signed_up_at,
                cast(user_id in (select user_id from payments where status = 'succeeded') as int) as has_paid from users;
        """
    )
    for channel in ("paid_search", "paid_social", "email"):
        prices = db.execute(f"select cost_cents / 100 from clicks where channel = '{channel}'").fetchnumpy()["(cost_cents / 100)"]
        yield f"dollars on the row of a click: {channel}", Mean(prices)
        yield f"the dearest: {channel}", Count(float(prices.max()), max)
    own, everyone = one(db, "select (select count(*) from clicks), (select sum(clicks) from bills_of_channels)")
    yield "clicks paid for that are of people who sign up", Share(own, int(everyone))
    days, all_days = one(
        db,
        """select count(distinct day) filter (where channel = 'partner'), date_diff('day', min(u.first_at), history_end())
        from bills_of_channels, (select date_trunc('day', min(signed_up_at)) as first_at from users) u where day >= first_at group by all""",
    )
    yield "days of the history on which partners cost something", Share(days, all_days)
    # A month's bills beside its signups, and those of them who have paid.
    months = db.execute(
        """
        with bills as (select channel, date_trunc('month', day) as month, sum(cost_cents) / 100 as dollars from bills_of_channels group by all),
        people as (select channel, date_trunc('month', signed_up_at) as month, count(*) as signups, sum(has_paid) as customers from people group by all)
        select channel, coalesce(dollars, 0) as dollars, coalesce(signups, 0) as signups, coalesce(customers, 0) as customers
        from bills full join people using (channel, month) order by channel, month
        """
    ).fetchnumpy()
    for channel in ("content", "email", "paid_search", "paid_social", "partner", "referral", "all"):
        meant = months["channel"] == channel if channel != "all" else np.full(len(months["channel"]), True)
        for what in ("signups", "customers"):
            yield f"spend for each of the {what}: {channel}", Dollars(months["dollars"][meant], months[what][meant])


def presets(db):
    """Item 9. A customer is who pays; what somebody pays counts as of an instant, as in decision 0023."""
    preset = one(db, "select preset()")[0]
    db.execute(
        """
        create table paid as select * from subscriptions where monthly_amount_cents > 0;
        -- Everything that a customer pays for, add-ons, too.
        create table year_ago as
            select user_id, cast(sum(monthly_amount_cents) as bigint) as cents from held
            where monthly_amount_cents > 0 and started_at < history_end() - interval 1 year
                and coalesce(ended_at, history_end()) >= history_end() - interval 1 year
            group by 1;
        create table now_paying as
            select user_id, cast(sum(monthly_amount_cents) as bigint) as cents, max(seats) filter (product = 'platform') as seats
            from held where monthly_amount_cents > 0 and ended_at is null group by 1;
        create table pays_by as
            select user_id, max(cast(method as varchar)) as method from payments group by 1;
        """
    )
    base = db.execute(
        """select year_ago.cents as before, coalesce(now_paying.cents, 0) as after
        from year_ago left join now_paying using (user_id) order by user_id"""
    ).fetchnumpy()
    before, after = base["before"], base["after"]

    def name(what):
        return f"{preset}: {what}"

    yield name("NRR of the last 12 months"), Weighted(after, before)
    yield name("GRR of the last 12 months"), Weighted(np.minimum(after, before), before)
    yield name("customers of a year before who still pay"), Share(int((after > 0).sum()), len(after))
    now = db.execute("select cents * 12 / 100 as dollars, seats from now_paying order by user_id").fetchnumpy()
    yield name("ACV, median"), Quantile(now["dollars"], 0.5, "${:,.0f}")
    yield name("ACV, 90% of customers below"), Quantile(now["dollars"], 0.9, "${:,.0f}")
    large = now["dollars"] >= 10_000
    yield name("customers with an ACV of $10,000 or more"), Share(int(large.sum()), len(large))
    yield name("MRR from them"), Weighted(now["dollars"] * large, now["dollars"])
    yield name("seats, median"), Quantile(now["seats"], 0.5)
    yield name("seats, 90% of customers below"), Quantile(now["seats"], 0.9)
    yield (
        name("new customers billed by the year"),
        Share(*one(db, "select count(*) filter (billing_interval = 'year'), count(*) from paid where change_type = 'new'")),
    )
    yield (
        name("customers who pay by transfer"),
        Share(*one(db, "select count(*) filter (method = 'bank_transfer'), count(*) from now_paying join pays_by using (user_id)")),
    )
    money = db.execute(
        """select user_id, sum(amount_cents) as cents, sum(amount_cents) filter (cast(method as varchar) = 'bank_transfer') as by_transfer
        from paid_for where status = 'succeeded' group by 1 order by 1"""
    ).fetchnumpy()
    yield name("money collected by transfer"), Weighted(np.ma.filled(money["by_transfer"], 0), money["cents"])
    bills = "from bills where method = 'bank_transfer' and billed_at < history_end() - interval 60 day"
    yield name("transfers that come after the bill's day"), Share(*one(db, f"select count(*) filter (attempts > 1 or paid_at > billed_at), count(*) {bills}"))
    churn = """
        with stays as (
            select user_id, billing_interval, churn_reason, started_at, coalesce(ended_at, history_end()) as ended_at,
                sum(cast(change_type in ('new', 'reactivation') as int)) over (partition by user_id order by started_at, subscription_id) as stay
            from paid
        )
        select sum(cast(churn_reason is not null as int)), cast(sum(date_diff('second', started_at, ended_at)) / (30.436875 * 86400) as bigint) from stays
    """
    yield name("customers lost in a month"), Share(*one(db, churn))
    yield name("billed by the month: lost in a month"), Share(*one(db, churn + " where billing_interval = 'month'"))
    for trial in ("freemium", "opt_in", "opt_out"):
        yield (
            name(f"{trial} signups of half a year ago or earlier who pay"),
            Share(
                *one(
                    db,
                    f"""select count(*) filter (user_id in (select user_id from paid)), count(*) from users
                    where trial_type = '{trial}' and signed_up_at < history_end() - interval 6 month""",
                )
            ),
        )


def contracts(db):
    """Item 10. A stay is a subscription to the platform from its first bill on; rows of before say nothing of discounts, services or notice."""
    db.execute(
        """
        create table paying_now as select user_id, count(*) as subscriptions, bool_or(cancel_at_period_end) as has_said from held
            where monthly_amount_cents > 0 and ended_at is null group by 1;
        create table contracts as
            with rows as (
                select *, sum(cast(change_type in ('new', 'reactivation') as int)) over (partition by user_id order by started_at) as stay
                from subscriptions where monthly_amount_cents > 0)
            select user_id, stay, min(started_at) as started_at, max(coalesce(ended_at, history_end())) as ended_at, arg_min(months, started_at) as months,
                bool_or(plan in ('professional', 'enterprise')) as has_large_plan, arg_min(change_type, started_at) as began_as,
                arg_min(discount_cents, started_at) as discount_cents, arg_min(discount_cents / list_cents, started_at) as discount
            from rows group by 1, 2;
        create table extras as
            select user_id, started_at, coalesce(ended_at, history_end()) as ended_at, churn_reason, monthly_amount_cents as cents from held where product <> 'platform';
        create table extra_of as
            select contracts.user_id, stay, contracts.started_at, min(extras.started_at) as taken_at, count(*) as times from contracts
            join extras on contracts.user_id = extras.user_id and extras.started_at >= contracts.started_at and extras.started_at < contracts.ended_at
            group by 1, 2, 3;
        -- What was collected of a bill for the first time, beside the day on which its service began.
        create table paid_bills as
            select held.billing_interval, held.product, paid_for.contract_id, paid_for.service_at, any_value(told_at) as told_at,
                max(cast(method as varchar)) as method, min(attempted_at) as billed_at, min(attempted_at) filter (paid_for.status = 'succeeded') as paid_at
            from paid_for join held on paid_for.period_id = held.period_id where paid_for.status in ('succeeded', 'failed') group by 1, 2, 3, 4;
        """
    )
    for words, months in (("month", 1), ("quarter", 3), ("year", 12)):
        yield f"new customers billed by the {words}", Share(*one(db, f"select count(*) filter (months = {months}), count(*) from contracts where began_as = 'new'"))
    yield (
        "new customers not billed by the year who are billed by the quarter",
        Share(*one(db, "select count(*) filter (months = 3), count(*) from contracts where began_as = 'new' and months < 12")),
    )
    yield "new contracts with a discount", Share(*one(db, "select count(*) filter (discount_cents > 0), count(discount_cents) from contracts"))
    for percent in (10, 15, 20, 25):
        hits, total = one(db, f"select count(*) filter (abs(discount - {percent / 100}) < 0.005), count(*) from contracts where discount_cents > 0")
        yield f"of them, {percent}% off", Share(hits, total)
    yield (
        "stays on Professional or Enterprise that take an add-on",
        Share(*one(db, "select count(*) filter ((user_id, stay) in (select (user_id, stay) from extra_of)), count(*) from contracts where has_large_plan")),
    )
    yield (
        "of those that have lasted for a year",
        Share(
            *one(
                db,
                """select count(*) filter ((user_id, stay) in (select (user_id, stay) from extra_of)), count(*) from contracts
                where has_large_plan and ended_at >= started_at + interval 1 year""",
            )
        ),
    )
    yield "add-ons on another plan", Share(*one(db, "select count(*) filter (not has_large_plan), count(*) from extra_of join contracts using (user_id, stay)"))
    days = db.execute("select date_diff('day', started_at, taken_at) as days from extra_of order by user_id, stay").fetchnumpy()["days"]
    yield from quartiles("days from the start of a stay to its add-on", days)
    dollars = db.execute("select cents / 100 as dollars from extras order by user_id, started_at").fetchnumpy()["dollars"]
    yield from quartiles("dollars of an add-on in a month", dollars, "{:,.0f}")
    hits, months = one(
        db,
        """select count(*) filter (churn_reason = 'voluntary' and not exists (
                select 1 from contracts where contracts.user_id = extras.user_id and contracts.ended_at = extras.ended_at)),
            cast(sum(date_diff('second', started_at, ended_at)) / (30.436875 * 86400) as bigint) from extras""",
    )
    yield "add-ons dropped in a month while the stay goes on", Share(hits, months or 0)
    made = "from paid_bills where billed_at < history_end() - interval 60 day"
    for words, which in (("all bills", "true"), ("bills by transfer", "method = 'bank_transfer'"), ("yearly bills by transfer", "method = 'bank_transfer' and billing_interval = 'year'")):
        hits, total = one(db, f"select count(*) filter (paid_at >= told_at + interval 1 day), count(paid_at - told_at) {made} and {which}")
        yield f"{words} that are paid a day or more after service begins", Share(hits, total)
    for words, which in (("a yearly transfer is due", "billed_at"), ("a yearly transfer is paid", "paid_at")):
        days = db.execute(
            f"""select epoch({which} - told_at) / 86400 as days {made} and method = 'bank_transfer' and billing_interval = 'year' and paid_at is not null and told_at is not null
            order by contract_id, service_at"""
        ).fetchnumpy()["days"]
        yield from quartiles(f"days from service to the day on which {words}", days, "{:.1f}")
    yield "customers who have said that they leave", Share(*one(db, "select count(*) filter (has_said), count(has_said) from paying_now"))
    left = "from subscriptions where churn_reason = 'voluntary' and cancel_at_period_end is not null"
    yield "who left by choice and had said so before", Share(*one(db, f"select count(*) filter (cancel_at_period_end), count(*) {left}"))
    days = db.execute(f"select epoch(ended_at - canceled_at) / 86400 as days {left} and cancel_at_period_end order by user_id, started_at").fetchnumpy()["days"]
    yield from quartiles("days from saying so to the end", days, "{:.1f}")
    yield "customers with several subscriptions at the end", Share(*one(db, "select count(*) filter (subscriptions > 1), count(*) from paying_now"))
    yield (
        "customers who ever had several at once",
        Share(*one(db, "select count(distinct user_id) filter (user_id in (select user_id from extra_of)), count(distinct user_id) from contracts")),
    )
    hits, total = one(
        db,
        """select count(*) filter (not exists (select 1 from contracts where contracts.user_id = extras.user_id
            and contracts.started_at <= extras.started_at and contracts.ended_at >= extras.ended_at)), count(*) from extras""",
    )
    yield "add-ons that run without the platform", Share(hits, total)


def quartiles(name, values, text="{:,.0f}"):
    """The median and the quartiles, each with its interval."""
    for part, words in ((0.5, "median"), (0.25, "lower quartile"), (0.75, "upper quartile")):
        yield f"{name}, {words}", Quantile(values, part, text)


# What is published of companies of a preset's kind; sources by number in docs/public-benchmarks.md.
PUBLISHED = {
    "enterprise: NRR of the last 12 months": "107% at $100–250k, 110% above (S1, S2); issue: 110–120%",
    "enterprise: GRR of the last 12 months": "92–93% (S1)",
    "enterprise: customers of a year before who still pay": "89–90% (S53)",
    "enterprise: ACV, median": "five and six figures (issue); mixed SaaS $21–28k (S54, S64)",
    "enterprise: seats, median": "tens (issue); no benchmark found",
    "enterprise: new customers billed by the year": "“almost always” (S15, a rule)",
    "enterprise: transfers that come after the bill's day": "57%, IT 59% (S58)",
    "enterprise: customers lost in a month": "good 1–2%, great below 0.5% (S11)",
    "enterprise: opt_in signups of half a year ago or earlier who pay": "18.6% (S57)",
    "smb: NRR of the last 12 months": "80–95% (S5, a rule); best of the very cheap 82% (S3); median of ACV below $12k 100% (S1)",
    "smb: GRR of the last 12 months": "80% good (S6, a rule); median of ACV below $25k 90% (S1); issue: 75–90%",
    "smb: customers of a year before who still pay": "best 75% (ARPA below $25) to 92% (S3)",
    "smb: ACV, median": "$600–3,000 (S13, ARPA × 12)",
    "smb: seats, median": "mostly 5 or fewer (S16, one firm)",
    "smb: new customers billed by the year": "20–30% (S14, S15)",
    "smb: customers lost in a month": "4.0% (S8), 3.3–5.6% (S9, S10), good 2.5–5% (S11)",
    "smb: opt_in signups of half a year ago or earlier who pay": "below 6% (S13) to 25.5% (S20)",
    "smb: opt_out signups of half a year ago or earlier who pay": "30% (S13) to 48.8% (S19)",
    "plg: NRR of the last 12 months": "108% (2023) to 120% (2022), listed firms (S34); issue: above 100%",
    "plg: GRR of the last 12 months": "none found",
    "plg: ACV, median": "mean $4,550 (S48, one firm)",
    "plg: MRR from them": "40% from ACV above $100k (S38, one firm)",
    "plg: seats, median": "mean 34 (S47, one firm)",
    "plg: freemium signups of half a year ago or earlier who pay": "median 8% (S13), 3.7% (S36); issue: 3–8%",
}

ITEMS = {
    1: ("Lapsed trials stop", lapsed_trials),
    2: ("Dunning has consequences", dunning),
    3: ("Recovery depends on why it failed", recovery),
    4: ("People belong to companies", accounts),
    5: ("Anomalies look like accidents", accidents),
    6: ("Refunds in parts, and disputes", reversals),
    7: ("Time passes as it does", time),
    8: ("Spend is dated by campaign", spend),
    9: ("Presets", presets),
    10: ("Contracts as they are billed", contracts),
}


def table(folders, questions):
    """Rows of `questions`, a column a label; folders of one label are pooled."""
    columns = defaultdict(dict)
    for label, folder in folders:
        with connect(folder) as db:
            for name, value in questions(db):
                known = columns[label].get(name)
                columns[label][name] = value if known is None else known + value
    labels = list(columns)
    names = list(columns[labels[0]])
    published = ["published"] if any(name in PUBLISHED for name in names) else []
    yield "| measured | " + " | ".join(labels + published) + " |"
    yield "| --- |" + " --- |" * len(labels + published)
    for name in names:
        cells = [str(columns[label][name]) for label in labels] + [PUBLISHED.get(name, "") for _ in published]
        yield f"| {name} | " + " | ".join(cells) + " |"


def replace_table(page, item, lines):
    """The page with another table in the section of an item; what is said beside it stays."""
    heading, following = f"## {item}. {ITEMS[item][0]}", "\n## "
    before, found, after = page.partition(heading)
    assert found, f"no section “{heading}”"
    section, *rest = after.split(following)
    words = "\n".join(line for line in section.splitlines() if not line.startswith("|")).strip()
    parts = [part for part in (words, "\n".join(lines)) if part]
    section = "".join(f"\n\n{part}" for part in parts) + "\n"
    return before + heading + following.join([section, *rest])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="LABEL=FOLDER")
    parser.add_argument("--items", nargs="*", type=int, default=list(ITEMS), help="items of issue 15")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the tables of this page instead of printing them")
    asked = parser.parse_args()
    folders = [(label, Path(folder)) for label, _, folder in (argument.partition("=") for argument in asked.folders)]
    for item in asked.items:
        title, questions = ITEMS[item]
        lines = list(table(folders, questions))
        if asked.write:
            asked.write.write_text(replace_table(asked.write.read_text(), item, lines))
        else:
            print(f"## {item}. {title}", "", *lines, "", sep="\n")


if __name__ == "__main__":
    main()
