"""Our models against Python's, on the same rows: as good, and not much slower."""

import logging
import time

import numpy as np
import pandas as pd
import pytest
from prepare import card, learned, read
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest
from sklearn.metrics import silhouette_score

QUERY = "preset=demo"
FAMILIES = ["exploring", "collaborating", "automating", "analysing"]


@pytest.fixture(scope="module")
def folder():
    return learned(QUERY, "compare", built="tiny")


def say(name, ours, theirs, seconds, their_seconds):
    print(f"\n{name}: ours {ours:.4f}, Python {theirs:.4f}; {seconds:.2f} s against {their_seconds:.2f} s ({seconds / their_seconds:.2f}×)")


def test_segments_are_as_apart_as_scikit_learns(folder):
    found, seconds = card(folder, "segments")
    evidence = found["evidence"]["segments"]
    users = read(folder / "users.arrow")
    users = users[users.events >= evidence["least_events"]]
    users = users[users[FAMILIES].sum(axis=1) > 0]
    shares = users[FAMILIES].div(users[FAMILIES].sum(axis=1), axis=0).to_numpy()
    points = (shares - shares.mean(axis=0)) / shares.std(axis=0)
    labels = read(folder / "user_segments.arrow").set_index("user_id").loc[users.user_id, "segment"]
    ours = silhouette_score(points, labels)
    started = time.perf_counter()
    for count in range(3, 9):
        fitted = KMeans(count, n_init=10, random_state=0).fit(points)
        silhouette_score(points[:2000], fitted.labels_[:2000])
        if count == evidence["segments"]:
            theirs = silhouette_score(points, fitted.labels_)
    their_seconds = time.perf_counter() - started
    say("silhouette", ours, theirs, seconds, their_seconds)
    assert ours >= theirs - 0.01
    assert abs(ours - evidence["silhouette"]) < 0.01  # what the card says is so


def test_anomaly_scores_rank_days_as_scikit_learns(folder):
    _, seconds = card(folder, "anomalies")
    days = read(folder / "days.arrow")
    residuals = np.column_stack([np.log(days.total_ratio), np.log(days.median_ratio), days.off_contract_share])
    ours = read(folder / "revenue_anomalies.arrow").score
    started = time.perf_counter()
    forest = IsolationForest(n_estimators=200, max_samples=256, random_state=0).fit(residuals)
    theirs = -forest.score_samples(residuals)
    their_seconds = time.perf_counter() - started
    correlation = ours.rank().corr(pd.Series(theirs).rank())
    say("rank correlation of anomaly scores", correlation, 1, seconds, their_seconds)
    assert correlation >= 0.95


def test_the_forecast_is_prophets(folder):
    prophet = pytest.importorskip("prophet")
    logging.getLogger("cmdstanpy").disabled = True
    _, seconds = card(folder, "forecast")
    forecast = read(folder / "user_forecast.arrow")
    components = read(folder / "user_forecast_components.arrow")
    known = forecast[forecast.actual.notna()]
    frame = pd.DataFrame({"ds": pd.to_datetime(forecast.date), "y": np.sqrt(forecast.actual)})
    # The days of each holiday are those on which its component is not nothing.
    holidays = [name for name in components.component.unique() if name not in ("trend", "weekly", "yearly")]
    for name in holidays:
        frame[name] = (components[components.component == name].value.to_numpy() != 0).astype(float)
    started = time.perf_counter()
    model = prophet.Prophet(
        seasonality_mode="multiplicative", weekly_seasonality=3, yearly_seasonality=10, daily_seasonality=False, uncertainty_samples=0
    )
    for name in holidays:
        model.add_regressor(name, prior_scale=10, standardize=False, mode="multiplicative")
    model.fit(frame[frame.y.notna()])
    theirs = model.predict(frame).yhat.clip(lower=0) ** 2
    their_seconds = time.perf_counter() - started
    ahead = slice(len(known), None)
    difference = float((forecast.yhat[ahead] / theirs[ahead] - 1).abs().mean())
    # Ours fits seven times: six origins and the future.
    say("mean difference of 90 days' forecast", difference, 0, seconds / 7, their_seconds)
    assert difference <= 0.01
