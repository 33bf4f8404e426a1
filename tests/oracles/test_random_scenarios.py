"""`dbt build` is green on scenarios drawn at random over all parameters, with no defect planted, and customers cost what
raw rows say (test_acquisition.py).

    METRICFLOW_SEEDS=1-30 pytest tests/oracles/test_random_scenarios.py

Six by default. A scenario is the same for a seed, so a failure can be built again; its link is in the message.
"""

import os
import random
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import test_acquisition as acquisition

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "parity"))

from build_parity import build  # noqa: E402
from prepare import generator  # noqa: E402

FIRST, _, LAST = os.environ.get("METRICFLOW_SEEDS", "1-6").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)

# Small enough for a build in half a minute; the other ranges are the declared ones.
SMALL = {"users": (100, 600), "events": (5, 60)}


def parameters():
    """Every parameter that plants no defect, as (key, decimals, least, most) or (key, options)."""
    text = (REPOSITORY / "crates" / "parameters" / "src" / "declaration.rs").read_text()
    # The end date has days of its own, and the seed is the case's.
    pattern = r'^    \w+, "(\w+)", (\w+), "[^"]*", \w+, (?:(whole|tenths|hundredths)\(([-\d_]+), ([-\d_]+)\)|Kind::Choice\((\w+)\))'
    for key, group, kind, least, most, choice in re.findall(pattern, text, re.MULTILINE):
        if group == "Defects":
            continue
        if choice:
            options = re.search(rf"{choice}: &\[.*?= &\[(.*?)\];", text, re.DOTALL).group(1)
            yield key, re.findall(r'\("(\w+)",', options)
        else:
            decimals = ["whole", "tenths", "hundredths"].index(kind)
            yield key, decimals, int(least.replace("_", "")), int(most.replace("_", ""))


def last_day(draw, seed):
    """Days in the middle of a month, at its end, at its beginning, and 29 February, in turn."""
    first = date(draw.randrange(2021, 2034), draw.randrange(1, 13), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return [
        first + timedelta(days=draw.randrange(9, 20)),
        following - timedelta(days=1),
        date(draw.choice([2024, 2028, 2032]), 2, 29),
        first + timedelta(days=draw.randrange(0, 27)),
    ][seed % 4]


def scenario(seed):
    """A scenario as its link: each parameter at random, one in five at an end of its range, a quarter left alone."""
    draw = random.Random(seed)
    chosen = [f"seed={seed}", f"as_of={last_day(draw, seed)}"]
    for key, *kind in parameters():
        how = draw.random()
        if len(kind) == 1:
            chosen.append(f"{key}={draw.choice(kind[0])}")
            continue
        decimals, least, most = kind
        least, most = SMALL.get(key, (least, most))
        value = draw.randint(least, most)
        if how < 0.2:
            value = draw.choice([least, most])
        if how < 0.75 or key in SMALL:
            chosen.append(f"{key}={value / 10**decimals:.{decimals}f}")
    return "&".join(chosen)


def test_every_parameter_is_drawn():
    text = "&".join(scenario(seed) for seed in range(60))
    declared = set(re.findall(r'^    \w+, "(\w+)", (?!Defects)', (REPOSITORY / "crates/parameters/src/declaration.rs").read_text(), re.MULTILINE))
    assert len(declared) > 60
    assert declared == set(re.findall(r"(\w+)=", text))


@pytest.mark.parametrize("seed", SEEDS)
def test_build_is_green(seed, tmp_path):
    query = scenario(seed)
    subprocess.run([generator(), query, "--out", tmp_path], check=True, stdout=subprocess.DEVNULL)
    database, process = build(tmp_path, check=False)
    failures = [line for line in process.stdout.splitlines() if " FAIL " in line or " ERROR " in line or "Failure in" in line]
    assert process.returncode == 0, "\n".join([query, *failures[:40]])
    with duckdb.connect(str(database), read_only=True) as connection:
        acquisition.check(tmp_path, lambda query: acquisition.dictionaries(connection.execute(query)))
