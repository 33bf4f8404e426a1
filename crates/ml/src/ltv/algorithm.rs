//! Boosted trees on the share of a year's price that is paid.
//!
//! Revenue spans four orders of magnitude. Trees that predict cents would need a leaf for each
//! price; so they predict the ratio to a year at the present price, and squared errors are weighted
//! by that year, halfway between those of ratios (no weight) and those of cents (its square).
//!
//! Growth begins at the mean ratio of those who pay and of those who don't: the two differ more
//! than anything else, and trees that must find that out first stop before they know more. How many
//! trees there are is the median of what five folds ask for, since one part's loss hangs on a few
//! large customers (docs/decisions/0083-what-the-defaults-plant.md).

use super::design::Users;
use super::hyperparameters::Checked;
use crate::boosting::{Boosted, Boosting, Design};
use crate::split::split_bucket;
use crate::{Importance, LearnError};

/// Parts of the training rows, each of which judges trees grown on the others.
const FOLDS: u64 = 5;

/// An LTV model that predicts.
pub struct Fitted {
    boosted: Boosted,
    expected: Expected,
    /// Mean loss of the folds after each tree.
    history: Vec<f64>,
}

/// The mean ratio of those who don't pay at the snapshot and of those who do.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Expected([f64; 2]);

impl Expected {
    fn new(users: &Users, rows: &[usize]) -> Self {
        Self([false, true].map(|group| {
            let (mut paid, mut years) = (0.0, 0.0);
            for &row in rows.iter().filter(|&&row| users.is_paying[row] == group) {
                paid += users.actual_cents[row].unwrap_or_default();
                years += users.year_cents[row];
            }
            if years > 0.0 { paid / years } else { 0.0 }
        }))
    }

    fn of(self, users: &Users, row: usize) -> f64 {
        self.0[usize::from(users.is_paying[row])]
    }
}

/// Features, what is left of the ratios, and weights.
type Rows = (Design, Vec<f64>, Vec<f64>);

impl Checked {
    /// Grows trees on the training rows. `progress` hears of each tree of each fold.
    pub(super) fn fit(
        &self,
        users: &Users,
        training: &[usize],
        mut progress: impl FnMut(usize),
    ) -> Result<Fitted, LearnError> {
        let expected = Expected::new(users, training);
        let all: f64 = training.iter().map(|&row| users.year_cents[row]).sum();
        let mean = all / training.len().max(1) as f64;
        let part = |rows: &[usize]| -> Rows {
            let ratios = rows.iter().map(|&row| {
                users.actual_cents[row].unwrap_or_default() / users.year_cents[row]
                    - expected.of(users, row)
            });
            let weights = rows.iter().map(|&row| users.year_cents[row] / mean);
            (
                users.design.rows_of(rows),
                ratios.collect(),
                weights.collect(),
            )
        };
        let mut folds: Vec<Fold> = Vec::new();
        for fold in 0..FOLDS {
            // Another seed than that of the split, or all of a part might be in one fold.
            let is_in = |row: usize| {
                split_bucket(users.user[row], self.boosting.seed ^ FOLDS) % FOLDS == fold
            };
            let (judged, grown): (Vec<usize>, Vec<usize>) =
                training.iter().copied().partition(|&row| is_in(row));
            if judged.is_empty() || grown.is_empty() {
                continue;
            }
            let (grown, judged) = (part(&grown), part(&judged));
            let boosted = self.boosting.fit_weighted(
                (&grown.0, &grown.1, &grown.2),
                Some((&judged.0, &judged.1, &judged.2)),
                |_| progress(1),
            )?;
            folds.push(Fold {
                weight: judged.2.iter().sum(),
                trees: boosted.trees(),
                history: boosted.history,
            });
        }
        let history = pooled(&folds);
        let whole = part(training);
        let boosting = Boosting {
            trees: median(folds.iter().map(|fold| fold.trees).collect()),
            ..self.boosting
        };
        let boosted =
            boosting.fit_weighted((&whole.0, &whole.1, &whole.2), None, |_| progress(1))?;
        Ok(Fitted {
            boosted,
            expected,
            history,
        })
    }
}

/// What a fold says of trees grown on the others.
struct Fold {
    weight: f64,
    /// Trees after which the loss was least.
    trees: usize,
    /// Mean loss after each tree, until it no longer fell.
    history: Vec<f64>,
}

/// The folds' mean loss after each tree. A fold that has stopped stays at its last loss, which is
/// above its least.
fn pooled(folds: &[Fold]) -> Vec<f64> {
    let longest = folds.iter().map(|fold| fold.history.len()).max();
    let weights: f64 = folds.iter().map(|fold| fold.weight).sum();
    (0..longest.unwrap_or_default())
        .map(|round| {
            let losses = folds.iter().map(|fold| {
                let loss = fold.history.get(round).or(fold.history.last());
                fold.weight * loss.copied().unwrap_or_default()
            });
            losses.sum::<f64>() / weights
        })
        .collect()
}

/// The middle one, the lower of two; 0 of none. One fold's large customer may ask for hundreds.
fn median(mut counts: Vec<usize>) -> usize {
    counts.sort_unstable();
    counts
        .get(counts.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default()
}

impl Fitted {
    /// The predicted revenue of each row, in cents, never below zero.
    pub(super) fn cents(&self, users: &Users, rows: &[usize]) -> Vec<f64> {
        let ratios = self.boosted.scores(&users.design.rows_of(rows));
        ratios
            .into_iter()
            .zip(rows)
            .map(|(ratio, &row)| {
                ((ratio + self.expected.of(users, row)) * users.year_cents[row]).max(0.0)
            })
            .collect()
    }

    pub(super) fn importances(&self) -> Vec<Importance> {
        self.boosted.importances()
    }

    pub(super) fn trees(&self) -> usize {
        self.boosted.trees()
    }

    pub(super) fn history(&self) -> &[f64] {
        &self.history
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_are_pooled_by_weight_and_a_stopped_one_keeps_its_last_loss() {
        let fold = |weight: f64, history: &[f64]| Fold {
            weight,
            trees: 0,
            history: history.to_vec(),
        };
        let folds = [fold(1.0, &[4.0, 2.0, 1.0]), fold(3.0, &[2.0, 4.0])];
        assert_eq!(pooled(&folds), [2.5, 3.5, 3.25]);
        assert!(pooled(&[]).is_empty());
        assert_eq!(median(vec![300, 2, 40, 7, 9]), 9);
        assert_eq!(median(vec![5, 1]), 1);
        assert_eq!(median(Vec::new()), 0);
    }
}
