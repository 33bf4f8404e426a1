"""Every interval that a page shows, of one company, each beside what it should hold.

Statements of the Truth page are run as they are. Where the page reckons in Rust, numbers of people are
counted here from the page's own tables, and the interval is written from its definition: statsmodels for
Wilson's and Newcombe's, a sum over customers for the design effect, a Poisson regression for channels.
"""

from collections import namedtuple
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy.stats import rankdata
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

TRUTH = Path(__file__).resolve().parents[2] / "src" / "workbench" / "truth" / "sql"
STATEMENTS = ("rates", "amounts", "hazards", "adoption", "costs", "experiment", "learned")
Z = 1.959963984540054

# `truth` is the planted value; without one the interval is held against the value of the population, which
# is that of all companies together: the sum of `part` over the sum of `whole`, or the mean of `estimate`.
# A band promises to hold `promised` of all days or users; its `estimate` is the share that it held.
Interval = namedtuple("Interval", "panel name method truth estimate lower upper part whole promised", defaults=(None, None, 0.95))


def wilson(part, whole):
    """Both ends of Wilson's interval; `whole` may be an effective number."""
    return proportion_confint(part, whole, method="wilson")


def share(panel, name, part, whole):
    """A share of people."""
    if not whole:
        return None
    return Interval(panel, name, "Wilson", None, part / whole, *wilson(part, whole), part, whole)


def clustered(panel, name, rows):
    """A share of snapshots: `rows` are pairs of a customer's snapshots and those of them that are hits."""
    sizes, hits = (np.array(column, float) for column in zip(*rows))
    whole, part = sizes.sum(), hits.sum()
    rate = part / whole
    if 0 < rate < 1:
        effect = ((hits - rate * sizes) ** 2).sum() / (whole * rate * (1 - rate))
    else:
        effect = (sizes**2).sum() / whole
    trials = whole / max(effect, 1)
    return Interval(panel, name, "Wilson, by customer", None, rate, *wilson(rate * trials, trials), part, whole)


def shares(connection, panel, statement):
    """A row a share: its name, the part and the whole."""
    for name, part, whole in connection.execute(statement).fetchall():
        yield share(panel, name, part, whole)


STEPS = {"started": "Came for a session", "connected": "Connected an integration", "reported": "Created a report", "paid": "Paid"}


def funnel(connection):
    for step, words in STEPS.items():
        count = f"count(*) filter (where secs_to_{step} < 30 * 86400)"
        yield from shares(connection, "Funnel: steps", f"select '{words}', {count}, count(*) from serving.srv_funnel_users")
        for by in ("channel", "plan", "size"):
            yield from shares(
                connection,
                f"Funnel: segments by {by}",
                f"select {by} || ', {words.lower()}', {count}, count(*) from serving.srv_funnel_users group by {by} order by 1",
            )
    yield from shares(
        connection,
        "Funnel: activation by channel",
        "select channel, count(*) filter (where is_activated), count(*) from serving.srv_funnel_users where is_activation_window_over group by 1 order by 1",
    )


def experiment(connection):
    rows = connection.execute(
        """
        select segment_type, segment_value, max(activated_users) filter (where variant = 'treatment'), max(users) filter (where variant = 'treatment'),
            max(activated_users) filter (where variant = 'control'), max(users) filter (where variant = 'control'),
            max(difference_lower), max(difference_upper)
        from marts.fct_experiment_results where segment_type <> 'all' group by 1, 2 order by 1, 2
        """
    ).fetchall()
    for kind, value, treated, of_treated, control, of_control, lower, upper in rows:
        if not of_treated or not of_control:
            continue
        # The page's own must be what statsmodels says.
        expected = confint_proportions_2indep(treated, of_treated, control, of_control, compare="diff", method="newcomb")
        assert np.allclose(expected, (lower, upper), atol=1e-6), (kind, value, expected, lower, upper)
        difference = treated / of_treated - control / of_control
        yield Interval("Funnel: experiment by segment", f"{kind} {value}", "Newcombe", None, difference, lower, upper)


MODES = {
    "n-day": ("users.days_observed >= periods.period * {days}", "users.{key}_n_day & periods.bit <> 0"),
    "bracket": ("users.days_observed >= periods.period * {days} + {days} - 1", "users.{key}_bracket & periods.bit <> 0"),
    "unbounded": ("users.days_observed >= periods.period * {days} + {days} - 1", "users.last_day >= periods.period * {days}"),
}


def retention(connection):
    for grain, days, shown in (("month", 30, (1, 3, 6, 12)), ("week", 7, (1, 4, 12, 26))):
        for mode, (eligible, active) in MODES.items():
            eligible, active = (text.format(days=days, key=grain) for text in (eligible, active))
            for by in ("channel", "plan"):
                yield from shares(
                    connection,
                    f"Retention: curves by {by}, {mode}",
                    f"""
                    select users.{by} || ', {grain} ' || periods.period, count(*) filter (where {eligible} and {active}), count(*) filter (where {eligible})
                    from serving.srv_retention_users as users
                    inner join serving.srv_retention_periods as periods on users.days_observed >= periods.period * {days}
                    where periods.period in {shown} group by users.{by}, periods.period order by periods.period, users.{by}
                    """,
                )


def survival(connection):
    rows = connection.execute(
        """
        select plan, month_number, survival_rate, survival_lower, survival_upper from advanced.subscription_survival
        where month_number in (1, 3, 6, 12, 18, 24) order by plan, month_number
        """
    ).fetchall()
    for plan, month, rate, lower, upper in rows:
        yield Interval("Retention: survival", f"{plan}, month {month}", "Wilson, effective number", None, rate, lower, upper)


def adoption(connection):
    as_of = connection.execute("select text from truth.parameters where key = 'as_of'").fetchone()[0]
    yield from shares(
        connection,
        "Adoption: time to adopt",
        f"""
        select features.display_name, count(*) filter (where days_to_adopt <= 30), count(*)
        from serving.srv_feature_adopters as adopters inner join serving.srv_features as features using (feature_number)
        where adopters.available_date + 30 <= date '{as_of}' group by 1 order by 1
        """,
    )
    yield from shares(
        connection,
        "Adoption: features by segment",
        f"""
        with users as (
            select user_id, any_value(segment) as segment, bit_or(feature_bits) as bits from serving.srv_feature_days
            where date_day > date '{as_of}' - 28 group by user_id
        )
        select segment || ', ' || features.display_name, count(*) filter (where bits & features.feature_bit <> 0), count(*)
        from users cross join serving.srv_features as features where features.launched_date is not null group by segment, features.display_name order by 1
        """,
    )


def health(connection):
    """Health columns, tenths and calibration bins of customers whom the churn model did not see."""
    rows = connection.execute(
        """
        select snapshots.user_id, health_score, cast(has_churned_in_90d as int) as churned, predictions.probability
        from serving.srv_churn_snapshots as snapshots
        inner join ml.churn_predictions as predictions
            on snapshots.user_id = predictions.user_id and snapshots.snapshot_date = cast(predictions.snapshot_date as date)
        where predictions.is_holdout and is_label_known
        order by probability desc, snapshots.user_id
        """
    ).df()

    def of(panel, name, chosen):
        by_customer = chosen.groupby("user_id").churned.agg(["count", "sum"])
        return clustered(panel, name, list(by_customer.itertuples(index=False)))

    for points, chosen in rows.groupby((rows.health_score // 10 * 10).clip(upper=90)):
        yield of("Churn: what became of health", f"{points} to {points + 9} points", chosen)
    # Thousandths are not torn apart: one goes where its middle stands.
    permille = np.minimum(np.floor(rows.probability * 1000), 999)
    sizes = permille.groupby(permille).count().sort_index(ascending=False)
    middles = sizes.cumsum() - sizes / 2
    tenth = permille.map(np.minimum(np.floor(middles * 10 / len(rows)), 9))
    for place, chosen in rows.groupby(tenth):
        yield of("Churn: calibration; bins of the model card", f"Decile {int(place) + 1}", chosen)


def channels(connection):
    """True effects of channels: `paths.sql`, and Poisson regression with the sandwich of `joint_fit.rs`."""
    rows = connection.execute((TRUTH / "paths.sql").read_text()).df()
    planted = rows[rows.stratum.isna()].set_index("channels").uplift.astype(float).to_dict()
    counts = rows[rows.stratum.notna()]
    totals = counts.groupby("stratum")[["users", "converted"]].sum()
    roomy = totals[totals.converted <= 0.5 * totals.users].index
    counts = counts[counts.stratum.isin(roomy if len(roomy) else totals.index)]
    counts = counts[counts.stratum.isin(totals[totals.converted > 0].index)]
    everyone = counts.users.sum()
    names = []
    columns = [(counts.stratum == stratum).astype(float) for stratum in sorted(counts.stratum.unique())]
    for channel in sorted(planted):
        touched = counts.channels.map(lambda path: channel in path.split(","))
        if min(counts.users[touched].sum(), everyone - counts.users[touched].sum()) >= 20:
            names.append(channel)
            columns.append(touched.astype(float))
    design = np.column_stack(columns)
    users, converted = counts.users.to_numpy(float), counts.converted.to_numpy(float)
    try:
        fit = sm.GLM(converted, design, family=sm.families.Poisson(), offset=np.log(users)).fit()
    except (np.linalg.LinAlgError, ValueError):
        return
    rate = fit.mu / users
    bread = np.linalg.pinv((design * fit.mu[:, None]).T @ design)
    # Users of one path differ in their outcome alone: the squared residuals of all of them.
    meat_weight = converted * (1 - rate) ** 2 + (users - converted) * rate**2
    errors = np.sqrt(np.diag(bread @ ((design * meat_weight[:, None]).T @ design) @ bread))
    first = len(columns) - len(names)
    for place, channel in enumerate(names, first):
        log_ratio, error = fit.params[place], errors[place]
        ends = (np.exp(log_ratio + reach * error) - 1 for reach in (-1.96, 1.96))
        yield Interval("Truth: Marketing", f"True effect: {channel}", "Poisson regression, sandwich", planted[channel], np.exp(log_ratio) - 1, *ends)


METHODS = {
    "growth": "Least squares, fortnights without campaigns",
    "season": "Least squares, fortnights without campaigns",
    "weekend": "Ratio of sums, delta method over weeks",
    "touches": "Mean, normal",
    "convert_days": "Median, normal logarithms",
    "hazard_all": "Wilson, by customer",
    "feature_effect": "Ratio of sums, delta method over customers",
    "difference": "Newcombe",
    "lift": "Ratio of shares, delta method",
    "ltv_total": "Logarithm of a ratio of sums over users, Student",
    "forecast_coverage": "Mean over origins, Student",
}


def method_of(statement, key):
    if key in METHODS:
        return METHODS[key]
    return {"rates": "Wilson", "costs": "Ratio of sums, delta method over days of a campaign", "hazards": "Ratio of shares, delta method over customers"}[statement]


def truth(connection, statements=STATEMENTS):
    for statement in statements:
        found = connection.execute((TRUTH / f"{statement}.sql").read_text()).df()
        for row in found.itertuples():
            if row.lower is None or row.lower != row.lower:
                continue
            panel, method = f"Truth: {row.topic}", method_of(statement, row.key)
            yield Interval(panel, row.name, method, row.planted, row.estimate, row.lower, row.upper)


def auc(labels, scores):
    """Share of pairs that stand in the right order; ties count half."""
    ranks = rankdata(scores)
    positives, negatives = labels.sum(), (~labels).sum()
    return (ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives)


def cards(cards, elsewhere):
    """What cards of learned models say with an interval, as `truth/scored.rs` has it.

    `elsewhere` holds what the company's churn model says of other companies' customers, and who of them left:
    its AUC there is what the hold-out's AUC estimates.
    """
    by_model = {card["model"]: card for card in cards}

    def size(card, part):
        return next((found["rows"] for found in card["parts"] if found["name"] == part), 0)

    if "churn" in by_model:
        score = next(score for score in by_model["churn"]["scores"] if score["key"] == "auc")
        if score["interval"]:
            labels, scores = elsewhere["label"].to_numpy() > 0.5, elsewhere["probability"].to_numpy()
            yield Interval(
                "Model card and Churn", "AUC, against other companies’ customers", "Obuchowski's, log-odds, Student", auc(labels, scores), score["value"], *score["interval"]
            )
    if "ltv" in by_model:
        card = by_model["ltv"]
        found = card["evidence"]["ltv"]
        trials = 1 / (1 / max(size(card, "Hold-out"), 1) + 1 / max(size(card, "Intervals"), 1))
        lower, upper = wilson(found["coverage"] * trials, trials)
        name = "Users whose revenue lies within its interval"
        yield Interval("Truth: Learned models", name, "Wilson, for two samples", found["asked_coverage"], found["coverage"], lower, upper)
        yield Interval("Revenue: lifetime value of a customer", "Interval of a prediction", "Split conformal", None, found["coverage"], None, None, promised=found["asked_coverage"])
    if "anomalies" in by_model:
        # A perfect detector's values are no planted numbers that the intervals could be about: they are of the population's.
        found, panel = by_model["anomalies"]["evidence"]["anomalies"], "Truth: Learned models"
        yield share(panel, "Days called anomalous that were planted", found["forest"]["hits"], found["forest"]["flagged"])
        yield share(panel, "Planted revenue anomalies that are found", found["forest"]["hits"], found["forest"]["planted"])
        for kind in found["by_kind"]:
            yield share(panel, f"Planted anomalies that are found: {kind['kind'].replace('_', ' ')}", kind["forest"], kind["planted"])
    if "forecast" in by_model:
        score = next(score for score in by_model["forecast"]["scores"] if score["key"] == "coverage")
        yield Interval("Executive: active users", "Band of the forecast", "Prophet's, widened by what earlier origins missed", None, score["value"], None, None, promised=0.8)


def band_table(bands):
    """Bands of single days or users: how much they held of what they promise."""
    yield "| page and panel | band | method | promised | held | lowest and highest tenth of the companies |"
    yield "| --- | --- | --- | ---: | ---: | ---: |"
    for band in bands:
        held = band.estimates
        reach = 1.96 * held.std(ddof=1) / np.sqrt(len(held))
        low, high = np.quantile(held, [0.1, 0.9])
        yield (
            f"| {band.panel} | {band.name} | {band.method} | {100 * band.promised:.0f} | {100 * held.mean():.1f} ({100 * (held.mean() - reach):.1f}–"
            f"{100 * (held.mean() + reach):.1f}) | {100 * low:.0f} and {100 * high:.0f} |"
        )


def all_of(connection, learned, elsewhere):
    """Every interval of a company whose models, page tables and predictions `connection` holds; `learned` are the cards."""
    for found in (funnel, experiment, retention, survival, adoption, health, channels, truth):
        yield from filter(None, found(connection))
    yield from filter(None, cards(learned, elsewhere))
