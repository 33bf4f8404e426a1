//! Boosted trees on the share of a year's price that is paid.
//!
//! Revenue spans four orders of magnitude. Trees that predict cents would need a leaf for each
//! price; so they predict the ratio to a year at the present price, and squared errors are weighted
//! by that year, halfway between those of ratios (no weight) and those of cents (its square).

use super::design::Users;
use super::hyperparameters::Checked;
use crate::ml::boosting::{Boosted, Design};
use crate::ml::{Importance, LearnError};

/// An LTV model that predicts.
pub struct Fitted {
    boosted: Boosted,
}

impl Checked {
    pub(super) fn fit(
        &self,
        users: &Users,
        training: &[usize],
        validation: &[usize],
        progress: impl FnMut(usize),
    ) -> Result<Fitted, LearnError> {
        let part = |rows: &[usize]| -> (Design, Vec<f64>, Vec<f64>) {
            let ratios = rows
                .iter()
                .map(|&row| users.actual_cents[row].unwrap_or_default() / users.year_cents[row]);
            let mean = rows.iter().map(|&row| users.year_cents[row]).sum::<f64>()
                / rows.len().max(1) as f64;
            let weights = rows.iter().map(|&row| users.year_cents[row] / mean);
            (
                users.design.rows_of(rows),
                ratios.collect(),
                weights.collect(),
            )
        };
        let (training, validation) = (part(training), part(validation));
        let boosted = self.boosting.fit_weighted(
            (&training.0, &training.1, &training.2),
            (&validation.0, &validation.1, &validation.2),
            progress,
        )?;
        Ok(Fitted { boosted })
    }
}

impl Fitted {
    /// The predicted revenue of each row, in cents, never below zero.
    pub(super) fn cents(&self, users: &Users, rows: &[usize]) -> Vec<f64> {
        let ratios = self.boosted.scores(&users.design.rows_of(rows));
        ratios
            .into_iter()
            .zip(rows)
            .map(|(ratio, &row)| (ratio * users.year_cents[row]).max(0.0))
            .collect()
    }

    pub(super) fn importances(&self) -> Vec<Importance> {
        self.boosted.importances()
    }

    pub(super) fn trees(&self) -> usize {
        self.boosted.trees()
    }

    pub(super) fn history(&self) -> &[f64] {
        &self.boosted.history
    }
}
