"""What the tab learned (playwright/specs/learning.spec.ts wrote it down) is what the same code
learns natively from the same bytes: every prediction and every figure of every card, bit for bit."""

import json
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TAB = REPOSITORY / "target" / "parity-learning"
MODELS = ["churn", "ltv", "segments", "anomalies", "forecast"]


@pytest.fixture(scope="module")
def native():
    """Folder with the native tables, and the native cards by model."""
    assert TAB.is_dir(), "run `make browser` first: it writes what the tab learned from"
    scenario = (TAB / "scenario.txt").read_text()
    command = ["cargo", "run", "--quiet", "--example", "learn", "--", str(TAB), scenario, "--streams"]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return {card["model"]: card for card in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("model", MODELS)
def test_cards_are_equal(native, model):
    assert json.loads((TAB / f"{model}.json").read_text()) == native[model]


def test_tables_are_equal_bit_for_bit(native):
    tables = sorted(TAB.glob("*.tab"))
    assert len(tables) >= 8
    for tab in tables:
        assert tab.stat().st_size > 500, tab.name
        assert tab.read_bytes() == tab.with_suffix(".stream").read_bytes(), tab.name
