//! From the rows of `ltv_features` to what the trees see, and who is on which side.

use crate::boosting::Design;
use crate::split::split_bucket;
use crate::{LearnError, Task};

const PLAIN: &[&str] = &[
    "seats",
    "mrr_cents",
    "revenue_30d_cents",
    "failed_30d_cents",
    "sessions_30d",
    "active_days_30d",
    "events_30d",
    "core_actions_30d",
    "support_tickets_30d",
    "duration_secs_30d",
    "is_activated",
    "hours_to_activation",
    "is_trialing",
    "is_verified",
];

/// Words of which each becomes a column of zeros and ones.
const WORDS: &[&str] = &["plan", "initial_plan", "billing_interval", "trial_type"];
/// Company sizes by rising number of seats.
const SIZES: &[&str] = &["1-10", "11-50", "51-200", "201-1000", "1001+"];
/// The least that a year counts, so that no ratio is out of bounds.
const LEAST_YEAR_CENTS: f64 = 10_000.0;

/// Users, what the trees see of them, and what they paid.
pub(super) struct Users {
    pub(super) design: Design,
    pub(super) user: Vec<i64>,
    pub(super) day: Vec<i32>,
    /// What the trees' ratio multiplies: a year at the price of the snapshot, or, for those who pay
    /// nothing yet, what users of their company size paid in the training part.
    pub(super) year_cents: Vec<f64>,
    /// Company size by rising number of seats.
    size: Vec<usize>,
    pub(super) is_paying: Vec<bool>,
    /// Whether they will ever pay; only the oracle is told, and nobody else expects it.
    will_convert: Vec<bool>,
    /// `None` while the year is not over.
    pub(super) actual_cents: Vec<Option<f64>>,
}

impl Users {
    pub(super) fn new(task: &Task, with_truth: bool) -> Result<Self, LearnError> {
        let frame = task.input("ltv_features")?;
        let rows = frame.rows();
        let mut design = Design::default();
        for &name in PLAIN {
            design.push(name, frame.numbers(name)?.iter().copied());
        }
        for &name in WORDS {
            let texts = frame.texts(name)?;
            for word in &texts.words {
                let is_word = (0..rows).map(|row| f64::from(texts.word(row) == word));
                design.push(&format!("{name} = {word}"), is_word);
            }
        }
        let sizes = frame.texts("company_size")?;
        let size: Vec<usize> = (0..rows)
            .map(|row| {
                let place = SIZES.iter().position(|size| *size == sizes.word(row));
                place.unwrap_or(SIZES.len())
            })
            .collect();
        design.push("company_size", size.iter().map(|&place| place as f64));
        if with_truth {
            let truth = task.input("ltv_oracle")?;
            if truth.rows() != rows {
                return Err(LearnError::Column {
                    column: "user_id".to_owned(),
                    problem: format!("has {} planted rows for {rows}", truth.rows()),
                });
            }
            for name in ["will_convert", "log_hazard"] {
                design.push(name, truth.numbers(name)?.iter().copied());
            }
        }
        let will_convert = if with_truth {
            let will = task.input("ltv_oracle")?.numbers("will_convert")?;
            will.iter().map(|&will| will > 0.5).collect()
        } else {
            vec![false; rows]
        };
        let price = frame.required("mrr_cents")?;
        let actual = frame.numbers("next_12_months_revenue_cents")?;
        Ok(Self {
            design,
            user: frame.whole("user_id")?,
            day: frame.days("snapshot_date")?,
            year_cents: price
                .iter()
                .map(|cents| (12.0 * cents).max(LEAST_YEAR_CENTS))
                .collect(),
            size,
            will_convert,
            is_paying: price.iter().map(|&cents| cents > 0.0).collect(),
            actual_cents: actual
                .iter()
                .map(|cents| (!cents.is_nan()).then_some(*cents))
                .collect(),
        })
    }
}

impl Users {
    /// Sets the year of those who pay nothing yet, from the training part alone. Who is known to pay
    /// later has a year of their own kind, or ratios would span all orders of magnitude.
    pub(super) fn expect(&mut self, training: &[usize]) {
        for kind in [false, true] {
            let is_meant =
                |users: &Self, row: usize| !users.is_paying[row] && users.will_convert[row] == kind;
            let mut sums = [(0.0, 0.0); SIZES.len() + 1];
            for &row in training.iter().filter(|&&row| is_meant(self, row)) {
                let (sum, count) = &mut sums[self.size[row]];
                *sum += self.actual_cents[row].unwrap_or_default();
                *count += 1.0;
            }
            let all: (f64, f64) = sums
                .iter()
                .fold((0.0, 0.0), |all, part| (all.0 + part.0, all.1 + part.1));
            let overall = all.0 / f64::max(all.1, 1.0);
            for row in 0..self.year_cents.len() {
                if is_meant(self, row) {
                    // A size with few users borrows from all of them.
                    let (sum, count) = sums[self.size[row]];
                    let mean = (sum + 50.0 * overall) / (count + 50.0);
                    self.year_cents[row] = mean.max(LEAST_YEAR_CENTS);
                }
            }
        }
    }
}

/// Which rows are for what; each user is on one side.
#[derive(Default)]
pub(super) struct Split {
    pub(super) training: Vec<usize>,
    /// Intervals are made as wide as these need it.
    pub(super) conformal: Vec<usize>,
    /// Scores are measured on these.
    pub(super) holdout: Vec<usize>,
}

impl Split {
    pub(super) fn new(users: &Users, seed: u64) -> Self {
        let mut split = Self::default();
        for (row, &user) in users.user.iter().enumerate() {
            if users.actual_cents[row].is_none() {
                continue;
            }
            match split_bucket(user, seed) {
                0..300 => split.holdout.push(row),
                300..450 => split.conformal.push(row),
                _ => split.training.push(row),
            }
        }
        split
    }
}
