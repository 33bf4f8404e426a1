"""Shapley and Markov attribution, computed directly from the touches."""

from collections import Counter, defaultdict
from itertools import combinations
from math import factorial

import numpy as np
import pytest


@pytest.fixture(scope="module")
def paths(case, first_paid):
    """Each user's channels in time's order, and whether a payment of the user was ever collected."""
    touches = case.raw["marketing_touches"].sort_values(["user_id", "touched_at", "touch_id"])
    return [
        (list(own.channel), user in first_paid)
        for user, own in touches[touches.user_id.isin(case.raw["users"].user_id)].groupby("user_id")
    ]


@pytest.fixture(scope="module")
def channels(case):
    return sorted(case.seeds["channel_details"].channel)


def modelled(case, model):
    rows = case.rows(f"select * from advanced.attribution_comparison where attribution_model = '{model}'")
    return {row["channel"]: row["conversions"] for row in rows}


def test_shapley_values_by_every_coalition(case, paths, channels):
    """The definition: average marginal worth over coalitions, worth being the conversions they cover."""
    converted = Counter(frozenset(path) for path, has_paid in paths if has_paid)
    coalitions = [frozenset(group) for size in range(len(channels) + 1) for group in combinations(channels, size)]
    worth = {group: sum(count for path, count in converted.items() if path <= group) for group in coalitions}
    total = len(channels)
    shares = modelled(case, "shapley")
    assert sum(shares.values()) == pytest.approx(sum(converted.values()))
    for channel in channels:
        value = 0.0
        for group in coalitions:
            if channel not in group:
                weight = factorial(len(group)) * factorial(total - len(group) - 1) / factorial(total)
                value += weight * (worth[group | {channel}] - worth[group])
        assert shares[channel] == pytest.approx(value, rel=1e-9, abs=1e-9), channel


def test_markov_removal_effects_by_solving_the_chain(case, paths, channels):
    moves = defaultdict(Counter)
    for path, has_paid in paths:
        states = ["start", *path, "converted" if has_paid else "lost"]
        for state, following in zip(states, states[1:]):
            moves[state][following] += 1
    states = ["start", *channels]

    def conversion(removed):
        q = np.zeros((len(states), len(states)))
        to_converted = np.zeros(len(states))
        for place, state in enumerate(states):
            if state == removed:
                continue
            total = sum(moves[state].values())
            for following, count in moves[state].items():
                if following == "converted":
                    to_converted[place] = count / total
                elif following in channels and following != removed:
                    q[place, states.index(following)] = count / total
        return np.linalg.solve(np.eye(len(states)) - q, to_converted)[0]

    whole = conversion(None)
    effects = {channel: whole - conversion(channel) for channel in channels}
    conversions = sum(has_paid for _, has_paid in paths)
    shares = modelled(case, "markov")
    for channel in channels:
        assert shares[channel] == pytest.approx(effects[channel] / sum(effects.values()) * conversions, rel=1e-9), channel


def test_rules_by_hand(case, paths):
    first, last, linear, position = (defaultdict(float) for _ in range(4))
    for path, has_paid in paths:
        if not has_paid:
            continue
        first[path[0]] += 1
        last[path[-1]] += 1
        for place, channel in enumerate(path):
            linear[channel] += 1 / len(path)
            if len(path) <= 2:
                position[channel] += 1 / len(path)
            else:
                position[channel] += 0.4 if place in (0, len(path) - 1) else 0.2 / (len(path) - 2)
    for model, expected in {"first_touch": first, "last_touch": last, "linear": linear, "position": position}.items():
        for channel, conversions in modelled(case, model).items():
            assert conversions == pytest.approx(expected[channel], rel=1e-9, abs=1e-12), (model, channel)
