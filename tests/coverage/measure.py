"""Measures the coverage of every interval that a page shows, and writes docs/coverage.md.

    python measure.py [SEEDS]

Each seed is a company of its own, generated, modelled and learned from as on the page. Its tables are kept
in target/coverage/SEED.duckdb and what was learned in target/coverage/SEED, so that a change to one interval
is measured again in a minute; `make coverage-table` begins with an empty folder.
"""

import json
import math
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import date
from multiprocessing import Pool
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import intervals  # noqa: E402
from replay import DATABASE, REPOSITORY, Replay  # noqa: E402

# The defaults, with fewer users and a shorter history.
SCENARIO = "users=2000&months=30"
KEPT = REPOSITORY / "target" / "coverage"
# Companies on whose customers each churn model is judged.
OTHERS = range(1001, 1041)
TABLE = REPOSITORY / "docs" / "coverage.md"


def built(kind, name):
    """Path of a program of ours, built when it is not."""
    given = os.environ.get(f"COVERAGE_{name.upper()}")
    if given:
        return given
    subprocess.run(["cargo", "build", "--quiet", f"--{kind}", name], cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "debug" / ("examples" if kind == "example" else "") / name


def modelled(seed, generate, replay):
    """The file with a company's models."""
    file = KEPT / f"{seed}.duckdb"
    if not file.exists():
        data, begun = KEPT / f"raw-{seed}", KEPT / f"{seed}.begun"
        begun.unlink(missing_ok=True)
        subprocess.run([generate, f"{SCENARIO}&seed={seed}", "--threads", "1", "--out", data], check=True, stdout=subprocess.DEVNULL)
        replay.run(data, replay.models(), file=begun).close()
        shutil.rmtree(data)
        begun.rename(file)
    return file


def write(table, file):
    with ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def inputs(learn):
    """What the learners read: statements by name."""
    return json.loads(subprocess.run([learn, "--inputs"], check=True, capture_output=True, text=True).stdout)


def opened(seed, generate, replay):
    """A connection to a company's models."""
    file = modelled(seed, generate, replay)
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as {DATABASE} (read_only); use {DATABASE}; set threads = 1")
    return connection


# The snapshots that a hold-out is of: the last four whose label is known.
SCORED = """
    select * from ({features}) as features
    where snapshot_date in (select distinct snapshot_date from ({features}) where has_churned_in_90d is not null order by 1 desc limit 4)
"""


def features(work):
    """What the churn model reads of another company's customers."""
    seed, generate, learn = work
    statement = SCORED.format(features=inputs(learn)["churn_features"])
    with opened(seed, generate, Replay(REPOSITORY / "target" / "parity" / "tiny")) as connection:
        return connection.execute(statement).fetch_arrow_table()


def learned(seed, connection, learn):
    """The folder with what the learners say of a company."""
    folder = KEPT / str(seed)
    if not (folder / "cards.json").exists():
        folder.mkdir(exist_ok=True)
        statements = inputs(learn)
        for name, sql in statements.items():
            if name != "churn_leaks":
                write(connection.execute(sql).fetch_arrow_table(), folder / f"{name}.arrow")
        fitted = subprocess.run(
            [learn, folder, f"{SCENARIO}&seed={seed}", f"--elsewhere={KEPT / 'others.arrow'}"], check=True, capture_output=True, text=True
        )
        for name in statements:
            (folder / f"{name}.arrow").unlink(missing_ok=True)
        (folder / "cards.json").write_text("[" + ",".join(fitted.stdout.splitlines()) + "]")
    return folder


def company(work):
    """Every interval of one company."""
    seed, generate, learn = work
    with opened(seed, generate, Replay(REPOSITORY / "target" / "parity" / "tiny")) as connection:
        folder = learned(seed, connection, learn)
        tables = {path.stem: ipc.open_file(path).read_all() for path in folder.glob("*.arrow")}
        elsewhere = tables.pop("churn_elsewhere", None)
        connection.execute("attach ':memory:' as ml")
        for name, table in tables.items():
            connection.register("read", table)
            connection.execute(f"create table ml.{name} as from read")
        return list(intervals.all_of(connection, json.loads((folder / "cards.json").read_text()), elsewhere))


def coverage(hits):
    """Share of seeds, and its own Wilson interval."""
    share = sum(hits) / len(hits)
    return share, *intervals.wilson(sum(hits), len(hits))


class Kind:
    """One interval, of every company."""

    def __init__(self, found):
        self.panel, self.name, self.method = found[0].panel, found[0].name, found[0].method
        self.promised = found[0].promised
        self.estimates = np.array([row.estimate for row in found], float)
        if found[0].whole is None:
            population = self.estimates.mean()
        else:
            population = sum(row.part for row in found) / sum(row.whole for row in found)
        self.planted = None if found[0].truth is None else np.array([row.truth for row in found], float)
        self.rows = np.mean([row.whole for row in found]) if found[0].whole is not None else None

        def held(value):
            values = np.broadcast_to(value, len(found))
            return [row.lower - 1e-9 <= truth <= row.upper + 1e-9 for row, truth in zip(found, values)]

        self.of_population = [] if self.promised != 0.95 else held(population)
        self.of_planted = None if self.planted is None else held(self.planted)
        self.population = population
        self.bias = None if self.planted is None else float((self.estimates - self.planted).mean())
        self.spread = float(self.estimates.std())


def percent(value):
    return f"{100 * value:.1f}"


def measured(hits):
    share, lower, upper = coverage(hits)
    return f"{percent(share)} ({percent(lower)}–{percent(upper)})"


def number(value):
    if value is None or math.isnan(value):
        return ""
    digits = 4 if abs(value) < 1 else 3 if abs(value) < 10 else 1
    return f"{value:.{digits}f}".replace("-", "−")


def verdict(hits, promised=0.95):
    """In words: whether 93 to 97 % are kept, or may be within the error of the measurement."""
    share, lower, upper = coverage(hits)
    low, high = promised - 0.02, promised + 0.02
    if low <= round(share, 3) <= high:
        return "yes"
    return "within the error" if lower <= high and upper >= low else "**no**"


def planted_table(kinds):
    yield "| page and panel | interval | method | coverage of the planted value | 93 to 97 % | coverage of the population's value | bias | spread of the estimate |"
    yield "| --- | --- | --- | ---: | --- | ---: | ---: | ---: |"
    for kind in kinds:
        yield (
            f"| {kind.panel} | {kind.name} | {kind.method} | {measured(kind.of_planted)} | {verdict(kind.of_planted)} | {measured(kind.of_population)} "
            f"| {number(kind.bias)} | {number(kind.spread)} |"
        )


def panel_table(panels):
    yield "| page and panel | intervals | people behind one | method | coverage of the population's value | 93 to 97 % | lowest and highest of one interval | outside, beyond the error |"
    yield "| --- | ---: | ---: | --- | ---: | --- | ---: | ---: |"
    for panel, kinds in panels.items():
        by_seed = np.array([np.mean(hits) for hits in zip(*(kind.of_population for kind in kinds if len(kind.of_population) == most(kinds)))])
        mean = np.mean([np.mean(kind.of_population) for kind in kinds])
        reach = 1.96 * by_seed.std(ddof=1) / math.sqrt(len(by_seed))
        shares = [np.mean(kind.of_population) for kind in kinds]
        rows = [kind.rows for kind in kinds if kind.rows is not None]
        behind = f"{min(rows):,.0f} to {max(rows):,.0f}" if rows else ""
        keeps = "yes" if 0.93 <= round(mean, 3) <= 0.97 else "within the error" if mean - reach <= 0.97 and mean + reach >= 0.93 else "**no**"
        outside = [kind for kind in kinds if verdict(kind.of_population) == "**no**"]
        yield (
            f"| {panel} | {len(kinds)} | {behind} | {kinds[0].method} | {percent(mean)} ({percent(mean - reach)}–{percent(mean + reach)}) | {keeps} "
            f"| {percent(min(shares))} and {percent(max(shares))} | {len(outside)} |"
        )


def most(kinds):
    return max(len(kind.of_population) for kind in kinds)


def single_table(panels):
    yield "| panel | interval | people | value | coverage |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for panel, kinds in panels.items():
        for kind in kinds:
            if verdict(kind.of_population) == "**no**":
                rows = f"{kind.rows:,.0f}" if kind.rows is not None else ""
                yield f"| {panel} | {kind.name} | {rows} | {number(kind.population)} | {measured(kind.of_population)} |"


def document(companies):
    """The text of docs/coverage.md."""
    found = defaultdict(list)
    for rows in companies:
        for row in rows:
            found[row.panel, row.name].append(row)
    kinds = [Kind(rows) for rows in found.values() if len(rows) >= len(companies) / 2]
    planted = [kind for kind in kinds if kind.planted is not None and kind.promised == 0.95]
    bands = [kind for kind in kinds if kind.promised != 0.95]
    panels = defaultdict(list)
    for kind in kinds:
        # What everybody does, or nobody, has no chance in it, and is always held.
        if kind.planted is None and kind.promised == 0.95 and (kind.rows is None or 0 < kind.population < 1):
            panels[kind.panel].append(kind)
    text = (HERE / "coverage.md").read_text()
    parts = {
        "companies": str(len(companies)),
        "scenario": SCENARIO,
        "date": str(date.today()),
        "planted": "\n".join(planted_table(planted)),
        "panels": "\n".join(panel_table(panels)),
        "singles": "\n".join(single_table(panels)),
        "bands": "\n".join(intervals.band_table(bands)),
        "count": str(len(kinds)),
        "state": os.environ.get("COVERAGE_NOTE", "All 200 companies are of one build."),
        "reasons": (HERE / "reasons.md").read_text().strip(),
    }
    for key, value in parts.items():
        text = text.replace("{{ " + key + " }}", value)
    return text


def main(seeds="200"):
    KEPT.mkdir(parents=True, exist_ok=True)
    generate, learn = built("bin", "generate"), built("example", "learn")
    with Pool(int(os.environ.get("COVERAGE_JOBS", os.cpu_count()))) as pool:
        if not (KEPT / "others.arrow").exists():
            others = pool.map(features, [(seed, generate, learn) for seed in OTHERS])
            write(pa.concat_tables([table.cast(others[0].schema) for table in others]), KEPT / "others.arrow")
        companies = []
        for rows in pool.imap(company, [(seed, generate, learn) for seed in range(1, int(seeds) + 1)]):
            companies.append(rows)
            if len(companies) % 20 == 0:
                print(f"{len(companies)} companies", file=sys.stderr, flush=True)
    TABLE.write_text(document(companies))


if __name__ == "__main__":
    main(*sys.argv[1:])
