//! From the rows of `churn_features` to what the trees see, and who is on which side.

use crate::boosting::Design;
use crate::split::split_bucket;
use crate::{Frame, LearnError, Task};

/// Columns taken as they are.
///
/// Country, industry and channel are left out: nothing in them can be acted on, and a model that
/// scores people by where they live needs a better reason than a little accuracy.
const PLAIN: &[&str] = &[
    "seats",
    "tenure_days",
    "days_since_last_change",
    "days_since_last_session",
    "count_reactivations",
    "failed_payments_90d",
    "days_past_due",
    "billing_months",
    "days_to_renewal",
    "mrr_change_90d_cents",
    "sessions_7d",
    "active_days_30d",
    "events_30d",
    "sessions_30d",
];

/// Logs of ratios, with a little added to both so that small counts say little:
/// `ln((a + s·p) / (b + s))`, where p is the ratio to be expected.
struct Ratio {
    name: &'static str,
    above: &'static [&'static str],
    below: &'static [&'static str],
    /// Weight of the expectation, in units of `below`.
    prior: f64,
    /// The ratio to be expected.
    expected: f64,
}

const SESSIONS_90D: &[&str] = &["sessions_30d", "sessions_prior_30d", "sessions_prior_60d"];
const EVENTS_90D: &[&str] = &["events_30d", "events_prior_30d", "events_prior_60d"];
const PAGE_VIEWS_90D: &[&str] = &[
    "page_views_30d",
    "page_views_prior_30d",
    "page_views_prior_60d",
];
const EXPORTS_90D: &[&str] = &["exports_30d", "exports_prior_30d", "exports_prior_60d"];
const INVITES_90D: &[&str] = &["invites_30d", "invites_prior_30d", "invites_prior_60d"];
const TICKETS_90D: &[&str] = &[
    "support_tickets_30d",
    "support_tickets_prior_30d",
    "support_tickets_prior_60d",
];

/// Usage against the customer's own usual, and what they do in the product.
///
/// `usual_*` are means of 30 days over the spell before the last 60.
const RATIOS: &[Ratio] = &[
    ratio(
        "sessions_vs_usual_30d",
        &["sessions_30d"],
        &["usual_sessions"],
        2.0,
        1.0,
    ),
    ratio(
        "sessions_vs_usual_prior_30d",
        &["sessions_prior_30d"],
        &["usual_sessions"],
        2.0,
        1.0,
    ),
    ratio(
        "sessions_vs_prior",
        &["sessions_30d"],
        &["sessions_prior_30d"],
        2.0,
        1.0,
    ),
    ratio(
        "sessions_vs_prior_60d",
        &["sessions_30d"],
        &["sessions_prior_60d"],
        2.0,
        1.0,
    ),
    ratio(
        "events_per_session_30d",
        &["events_30d"],
        &["sessions_30d"],
        2.0,
        5.0,
    ),
    ratio(
        "events_per_session_prior_30d",
        &["events_prior_30d"],
        &["sessions_prior_30d"],
        2.0,
        5.0,
    ),
    ratio(
        "usual_events_per_session",
        &["usual_events"],
        &["usual_sessions"],
        2.0,
        5.0,
    ),
    ratio(
        "page_view_share_30d",
        &["page_views_30d"],
        &["events_30d"],
        10.0,
        0.26,
    ),
    ratio(
        "page_view_share_prior_30d",
        &["page_views_prior_30d"],
        &["events_prior_30d"],
        10.0,
        0.26,
    ),
    ratio(
        "page_view_share_90d",
        PAGE_VIEWS_90D,
        EVENTS_90D,
        10.0,
        0.26,
    ),
    ratio(
        "usual_page_view_share",
        &["usual_page_views"],
        &["usual_events"],
        10.0,
        0.26,
    ),
    ratio(
        "export_share_30d",
        &["exports_30d"],
        &["events_30d"],
        20.0,
        0.04,
    ),
    ratio("export_share_90d", EXPORTS_90D, EVENTS_90D, 20.0, 0.04),
    ratio(
        "usual_export_share",
        &["usual_exports"],
        &["usual_events"],
        20.0,
        0.04,
    ),
    ratio(
        "ticket_share_30d",
        &["support_tickets_30d"],
        &["events_30d"],
        50.0,
        0.008,
    ),
    ratio("ticket_share_90d", TICKETS_90D, EVENTS_90D, 50.0, 0.008),
    ratio("invite_share_90d", INVITES_90D, EVENTS_90D, 30.0, 0.02),
    ratio("sessions_rate", SESSIONS_90D, &["three_months"], 1.0, 3.0),
];

const fn ratio(
    name: &'static str,
    above: &'static [&'static str],
    below: &'static [&'static str],
    prior: f64,
    expected: f64,
) -> Ratio {
    Ratio {
        name,
        above,
        below,
        prior,
        expected,
    }
}

/// Whether the trees see a feature as the log of a ratio.
pub(super) fn is_log_ratio(feature: &str) -> bool {
    RATIOS.iter().any(|ratio| ratio.name == feature)
}

/// Features of the leakage lab.
const LEAKY: &[&str] = &[
    "days_inactive_at_label",
    "sessions_until_label",
    "days_since_payment_at_label",
    "has_ended_at_label",
];

/// Rows of the features, what the trees see of them, and their labels.
pub(super) struct Snapshots {
    pub(super) design: Design,
    pub(super) user: Vec<i64>,
    /// Days since 1970.
    pub(super) day: Vec<i32>,
    /// `None` while it can't be known.
    pub(super) label: Vec<Option<bool>>,
}

impl Snapshots {
    pub(super) fn new(task: &Task) -> Result<Self, LearnError> {
        let frame = task.input("churn_features")?;
        let rows = frame.rows();
        let mut design = Design::default();
        for &name in PLAIN {
            design.push(name, frame.numbers(name)?.iter().copied());
        }
        for ratio in RATIOS {
            design.push(ratio.name, ratio.values(frame)?);
        }
        let price = frame.required("mrr_cents")?;
        design.push("log_mrr", price.iter().map(|cents| libm::log1p(*cents)));
        if task.leaks {
            let leaks = task.input("churn_leaks")?;
            if leaks.rows() != rows {
                return Err(LearnError::Column {
                    column: "user_id".to_owned(),
                    problem: format!("has {} leaky rows for {rows}", leaks.rows()),
                });
            }
            for &name in LEAKY {
                design.push(name, leaks.numbers(name)?.iter().copied());
            }
        }
        let label = frame.numbers("has_churned_in_90d")?;
        Ok(Self {
            design,
            user: frame.whole("user_id")?,
            day: frame.days("snapshot_date")?,
            label: label
                .iter()
                .map(|value| (!value.is_nan()).then_some(*value > 0.5))
                .collect(),
        })
    }

    /// Whether each row's customer left; rows without a label count as no.
    pub(super) fn labels(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter()
            .map(|&row| self.label[row] == Some(true))
            .collect()
    }
}

impl Ratio {
    fn values(&self, frame: &Frame) -> Result<Vec<f64>, LearnError> {
        let sum = |columns: &[&str]| -> Result<Vec<f64>, LearnError> {
            let mut total = vec![0.0; frame.rows()];
            for &column in columns {
                if column == "three_months" {
                    total.fill(3.0);
                    continue;
                }
                for (total, value) in total.iter_mut().zip(frame.numbers(column)?) {
                    *total += value;
                }
            }
            Ok(total)
        };
        let (above, below) = (sum(self.above)?, sum(self.below)?);
        Ok(above
            .iter()
            .zip(below)
            .map(|(above, below)| {
                libm::log((above + self.prior * self.expected) / (below + self.prior))
            })
            .collect())
    }
}

/// Which rows are for what.
pub(super) struct Split {
    /// The trees grow on these.
    pub(super) training: Vec<usize>,
    /// Growing stops, and probabilities are set, by these: the last snapshots of the training time.
    pub(super) validation: Vec<usize>,
    /// Scores are measured on these: other users, at later snapshots.
    pub(super) holdout: Vec<usize>,
}

/// Snapshots of the hold-out, of the pause in which labels of the training come true, and of the
/// validation, counted back from the last labelled one.
const HOLDOUT_SNAPSHOTS: usize = 4;
const LABEL_SNAPSHOTS: usize = 3;
const VALIDATION_SNAPSHOTS: usize = 3;
/// Share of users who are only for scoring, in 1/1000.
const HOLDOUT_USERS: u64 = 350;

impl Split {
    pub(super) fn new(snapshots: &Snapshots, seed: u64) -> Self {
        let mut days: Vec<i32> = snapshots
            .day
            .iter()
            .zip(&snapshots.label)
            .filter(|(_, label)| label.is_some())
            .map(|(day, _)| *day)
            .collect();
        days.sort_unstable();
        days.dedup();
        days.reverse();
        let mut split = Self {
            training: Vec::new(),
            validation: Vec::new(),
            holdout: Vec::new(),
        };
        for (row, (&user, day)) in snapshots.user.iter().zip(&snapshots.day).enumerate() {
            if snapshots.label[row].is_none() {
                continue;
            }
            let Some(back) = days.iter().position(|known| known == day) else {
                continue;
            };
            let is_holdout_user = split_bucket(user, seed) < HOLDOUT_USERS;
            if back < HOLDOUT_SNAPSHOTS {
                if is_holdout_user {
                    split.holdout.push(row);
                }
            } else if back >= HOLDOUT_SNAPSHOTS - 1 + LABEL_SNAPSHOTS && !is_holdout_user {
                let first = HOLDOUT_SNAPSHOTS - 1 + LABEL_SNAPSHOTS;
                if back < first + VALIDATION_SNAPSHOTS {
                    split.validation.push(row);
                } else {
                    split.training.push(row);
                }
            }
        }
        split
    }
}
