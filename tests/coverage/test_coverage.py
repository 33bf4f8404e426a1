"""Do stated 95% intervals hold the planted value 95 times in a hundred?

Two hundred small companies that differ in their seed alone, each modelled by the project's own SQL. All
other intervals are measured by `measure.py`, which takes longer.
"""

import os
import shutil
import subprocess
import sys
from multiprocessing import Pool
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import intervals  # noqa: E402
from replay import REPOSITORY, Replay  # noqa: E402

SEEDS = int(os.environ.get("COVERAGE_SEEDS", 200))
CHURN = 0.05
# Many who pay, few events; no yearly or quarterly plans, no returns and no effect of tenure, so that the planted
# survival curve is (1 - churn) ^ months.
SCENARIO = (
    "users=1200&months=30&events=12&conv_opt_in=60&convert_days=5&churn=5&annual=0&quarterly=0&tenure=0&reactivation=0&involuntary=0"
)
# What the statements below read.
MODELS = ["fct_experiment_results", "subscription_survival", "fct_payments", "fct_signups", "stg_sessions", "stg_marketing_touches"]
STATEMENTS = ("rates", "amounts", "experiment")
# Rows of the Truth page whose planted value the estimate is free of bias for in this scenario.
NAMES = {
    "Monthly churn of customers billed by the month",
    "Activation rate, untreated",
    "Expansion in a month",
    "Contraction in a month",
    "Charges whose first attempt fails",
    "Failed charges that a retry recovers",
    "Failures that are expired cards",
    "Collected charges that are refunded",
    "Signups from email",
    "Signup growth in a month",
    "Median days to the first paid plan",
    "Treatment less control, activation rate",
    "Relative lift of the treatment",
}
SURVIVAL = {f"Kaplan-Meier, {month} months": month for month in (3, 6, 12)}


def generator():
    """Path of the generator, built when it is not."""
    given = os.environ.get("COVERAGE_GENERATE")
    if given:
        return given
    subprocess.run(["cargo", "build", "--quiet", "--bin", "generate"], cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "debug" / "generate"


def intervals_of(connection):
    """Name, lower end, upper end and planted value of each interval."""
    by_month = {row.name: row for row in intervals.survival(connection)}
    for name, month in SURVIVAL.items():
        row = by_month[f"all, month {month}"]
        yield name, row.lower, row.upper, (1 - CHURN) ** month
    for row in intervals.truth(connection, STATEMENTS):
        if row.name in NAMES:
            yield row.name, row.lower, row.upper, row.truth


def company(work):
    """What each interval of one company held."""
    seed, folder, generate = work
    data = folder / str(seed)
    subprocess.run([generate, f"{SCENARIO}&seed={seed}", "--threads", "1", "--out", data], check=True, stdout=subprocess.DEVNULL)
    with Replay(REPOSITORY / "target" / "parity" / "tiny").run(data, MODELS) as connection:
        found = [(name, lower <= planted <= upper) for name, lower, upper, planted in intervals_of(connection)]
    shutil.rmtree(data)
    return found


@pytest.fixture(scope="module")
def hits(tmp_path_factory):
    """How often each interval held what was planted."""
    generate, folder = generator(), tmp_path_factory.mktemp("coverage")
    hits = {}
    with Pool(min(2, os.cpu_count())) as pool:
        for found in pool.imap(company, [(seed, folder, generate) for seed in range(1, SEEDS + 1)]):
            for name, held in found:
                hits.setdefault(name, []).append(held)
    return hits


@pytest.mark.parametrize("name", [*SURVIVAL, *sorted(NAMES)])
def test_intervals_hold_what_they_promise(hits, name):
    share = sum(hits[name]) / len(hits[name])
    print(f"{name}: {share:.1%} of {len(hits[name])}")
    assert len(hits[name]) == SEEDS
    assert 0.91 <= share <= 0.98, f"{name}: {share:.1%}"
