//! The scores that the model's quality is judged by.

use super::evaluation::Evaluation;
use super::scored::{holdout, independent_customers};
use crate::dashboards::declared::Source;
use crate::dashboards::fetched::Fetched;
use crate::ml::Model;
use crate::results::churn::ScoreBin;
use crate::state::filters::{Basis, Filters};
use crate::state::statement::statement;

/// Scores of the hold-out in thousandths, highest first: enough for every curve and threshold.
pub struct Scores;

/// Who gave the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scorer {
    /// The model.
    #[default]
    Model,
    /// An oracle that knows the planted hazards.
    Oracle,
}

impl Source for Scores {
    type Row = ScoreBin;
    type Options = Scorer;
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Churn);

    fn sql(filters: &Filters, scorer: &Scorer) -> String {
        statement!(
            "scores.sql",
            filters,
            holdout = holdout(filters),
            independent_customers = independent_customers(filters),
            is_oracle = *scorer == Scorer::Oracle
        )
    }
}

/// Customers who churned, behind every mark of an evaluation.
#[must_use]
pub fn churned(scores: &Fetched<ScoreBin>) -> Vec<i64> {
    let evaluation = Evaluation::new(&scores.rows);
    evaluation.map(|one| one.churned).into_iter().collect()
}
