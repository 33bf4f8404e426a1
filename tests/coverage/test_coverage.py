"""Do stated 95% intervals hold the planted value 95 times in a hundred?

Two hundred small companies that differ in their seed alone, each modelled by the project's own SQL.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from replay import REPOSITORY, Replay  # noqa: E402

SEEDS = int(os.environ.get("COVERAGE_SEEDS", 200))
CHURN = 0.05
# Many who pay, few events; no yearly plans, no returns and no effect of tenure, so that the planted
# survival curve is (1 - churn) ^ months.
SCENARIO = (
    "users=1200&months=30&events=12&conv_opt_in=60&convert_days=5&churn=5&annual=0&tenure=0&reactivation=0&involuntary=0"
)
MODELS = ["fct_experiment_results", "subscription_survival"]
TRUTH = REPOSITORY / "src" / "workbench" / "truth" / "sql"

SURVIVAL = "select survival_lower, survival_upper from advanced.subscription_survival where plan = 'all' and month_number = {}"
EXPERIMENT = """
select difference_lower, difference_upper, experiment.treatment_rate - experiment.control_rate
from marts.fct_experiment_results cross join truth.experiment as experiment
where variant = 'treatment' and segment_type = 'all'
"""
# Shares of rates.sql, with Wilson's intervals.
RATES = {
    "churn": "monthly churn",
    "activation": "activation, untreated",
    "failure": "first attempts that fail",
    "recovery": "failures that a retry recovers",
    "refund": "charges that are refunded",
    "mix_email": "signups from e-mail",
}
RATE = f"""
select key, lower, upper, planted from ({(TRUTH / "rates.sql").read_text()}) where key in {tuple(RATES)}
"""


def generator():
    """Path of the generator, built when it is not."""
    subprocess.run(["cargo", "build", "--quiet", "--bin", "generate"], cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / "debug" / "generate"


def intervals_of(connection):
    """Name, lower end, upper end and planted value of each interval."""
    for month in (3, 6, 12):
        lower, upper = connection.execute(SURVIVAL.format(month)).fetchone()
        yield f"Kaplan-Meier, {month} months", lower, upper, (1 - CHURN) ** month
    yield "experiment, difference", *connection.execute(EXPERIMENT).fetchone()
    for key, *interval in connection.execute(RATE).fetchall():
        yield RATES[key], *interval


@pytest.fixture(scope="module")
def hits(tmp_path_factory):
    """How often each interval held what was planted."""
    generate, replay = generator(), Replay(REPOSITORY / "target" / "parity" / "tiny")
    # Everything `rates.sql` reads, since it is one statement.
    models = [*MODELS, "fct_payments"]
    folder = tmp_path_factory.mktemp("coverage")
    hits = {}
    for seed in range(1, SEEDS + 1):
        data = folder / str(seed)
        subprocess.run([generate, f"{SCENARIO}&seed={seed}", "--out", data], check=True, stdout=subprocess.DEVNULL)
        with replay.run(data, models) as connection:
            for name, lower, upper, planted in intervals_of(connection):
                hits.setdefault(name, []).append(lower <= planted <= upper)
        shutil.rmtree(data)
    return hits


@pytest.mark.parametrize(
    "name",
    ["Kaplan-Meier, 3 months", "Kaplan-Meier, 6 months", "Kaplan-Meier, 12 months", "experiment, difference", *RATES.values()],
)
def test_intervals_hold_what_they_promise(hits, name):
    share = sum(hits[name]) / len(hits[name])
    print(f"{name}: {share:.1%} of {len(hits[name])}")
    assert len(hits[name]) == SEEDS
    assert 0.91 <= share <= 0.98, f"{name}: {share:.1%}"
