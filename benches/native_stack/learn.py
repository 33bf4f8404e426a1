"""The five learned models by the libraries that people take for them, on dbt's tables.

usage: learn.py DATABASE   (metricflow.duckdb as dbt built it)

Churn and value by XGBoost with early stopping, groups by scikit-learn's KMeans for two to eight groups and their silhouette, days by its
Isolation Forest, the forecast by Prophet with five back-tests. Prints the seconds of each.
"""

import sys
import time

import duckdb
import numpy as np
import pandas as pd
from prophet import Prophet
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score, silhouette_score
from xgboost import XGBClassifier, XGBRegressor

connection = duckdb.connect(sys.argv[1], read_only=True)


def features_of(frame, leave):
    """The numbers and flags of a frame, what is missing as XGBoost knows it."""
    frame = frame.drop(columns=[name for name in leave if name in frame])
    frame = frame.select_dtypes(["number", "bool"])
    return frame.astype(float)


def split(frame, by):
    """Rows to fit, to watch and to judge by: a fifth of people each for the last two."""
    part = frame[by] % 5
    return part > 1, part == 1, part == 0


def churn():
    frame = connection.sql("select * from advanced.churn_features where is_label_known").df()
    label = frame.has_churned_in_90d.astype(int)
    features = features_of(frame, ["has_churned_in_90d", "user_id"])
    fit, watch, judge = split(frame, "user_id")
    model = XGBClassifier(n_estimators=500, learning_rate=0.05, max_depth=4, early_stopping_rounds=30, eval_metric="logloss")
    model.fit(features[fit], label[fit], eval_set=[(features[watch], label[watch])], verbose=False)
    return roc_auc_score(label[judge], model.predict_proba(features[judge])[:, 1])


def value():
    frame = connection.sql("select * from advanced.ltv_features where is_target_known").df()
    target = np.log1p(frame.next_12_months_revenue_cents.clip(lower=0))
    features = features_of(frame, ["next_12_months_revenue_cents", "user_id"])
    fit, watch, judge = split(frame, "user_id")
    model = XGBRegressor(n_estimators=500, learning_rate=0.05, max_depth=4, early_stopping_rounds=30)
    model.fit(features[fit], target[fit], eval_set=[(features[watch], target[watch])], verbose=False)
    return model.score(features[judge], target[judge])


def groups():
    frame = connection.sql("select * from advanced.churn_features qualify row_number() over (partition by user_id order by snapshot_date desc) = 1").df()
    points = features_of(frame, ["has_churned_in_90d", "user_id"]).fillna(0)
    points = ((points - points.mean()) / points.std().replace(0, 1)).to_numpy()
    sample = np.random.default_rng(0).choice(len(points), min(2000, len(points)), replace=False)
    scores = {}
    for count in range(2, 9):
        found = KMeans(count, n_init=10, random_state=0).fit(points)
        scores[count] = silhouette_score(points[sample], found.labels_[sample])
    return max(scores.values())


def days():
    frame = connection.sql(
        "select cast(attempted_at as date) as day, count(*) as bills, sum(amount_cents) as cents, avg(amount_cents) as mean "
        "from staging.stg_payments where status = 'succeeded' group by 1 order by 1"
    ).df()
    points = frame[["bills", "cents", "mean"]].apply(lambda one: np.log1p(one) - np.log1p(one).rolling(7, min_periods=1).median())
    return IsolationForest(n_estimators=200, max_samples=256, random_state=0).fit(points).score_samples(points).min()


def forecast():
    frame = connection.sql("select date_day as ds, sqrt(dau) as y from marts.fct_daily_active_users order by 1").df()
    frame["ds"] = pd.to_datetime(frame.ds)
    covered = []
    # The whole, and five times as it was known 90 days before.
    for fold in range(6):
        known = frame.iloc[: len(frame) - 90 * fold]
        model = Prophet(interval_width=0.8)
        model.fit(known)
        ahead = model.predict(model.make_future_dataframe(90)).tail(90)
        actual = frame.iloc[len(frame) - 90 * fold :].head(90).y.to_numpy()
        if fold > 0:
            covered.append(np.mean((ahead.yhat_lower.to_numpy() <= actual) & (actual <= ahead.yhat_upper.to_numpy())))
    return np.mean(covered)


for fit in (churn, value, groups, days, forecast):
    began = time.perf_counter()
    score = fit()
    print(f"{fit.__name__}: {time.perf_counter() - began:.1f} s (score {score:.3f})", flush=True)
