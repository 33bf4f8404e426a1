//! The strip of headline figures.

use super::evaluation::{Evaluation, Outcome};
use super::figures::Listed;
use super::options::Terms;
use crate::components::format::ValueFormat;
use crate::components::kpi::Kpi;
use crate::dashboards::claims::counted;
use crate::results::churn::RiskBin;
use crate::results::shares::Share;

/// A tile of the strip.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Names it in test ids: `kpi-<id>`.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// How it is measured.
    pub definition: &'static str,
    /// How it is written.
    pub format: ValueFormat,
    /// Its value.
    pub value: fn(&Figures<'_>) -> Option<f64>,
    /// The customers behind a share.
    pub of: Option<fn(&Outcome) -> Share>,
}

/// What tiles are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    /// The list by hundredths of risk.
    pub list: &'a [RiskBin],
    /// The hold-out, if there is one.
    pub evaluation: Option<&'a Evaluation>,
    /// What was chosen.
    pub terms: &'a Terms,
}

impl Figures<'_> {
    fn flagged(&self) -> Listed {
        Listed::at_least(self.terms.threshold_percent, self.list)
    }

    fn outcome(&self) -> Option<Outcome> {
        let evaluation = self.evaluation?;
        Some(evaluation.outcome(self.terms.threshold_percent, self.terms))
    }
}

/// The tiles, in order.
pub const TILES: [Tile; 6] = [
    Tile {
        id: "listed-customers",
        label: "Customers scored",
        definition: "Customers the model scored at the end of the range.",
        format: ValueFormat::Count,
        value: |figures| Some(Listed::all(figures.list).customers as f64),
        of: None,
    },
    Tile {
        id: "flagged-customers",
        label: "At or above the threshold",
        definition: "Customers whose risk of churn within 90 days reaches the threshold.",
        format: ValueFormat::Count,
        value: |figures| Some(figures.flagged().customers as f64),
        of: None,
    },
    Tile {
        id: "flagged-mrr",
        label: "Their MRR",
        definition: "Monthly recurring revenue of the customers at or above the threshold.",
        format: ValueFormat::Money,
        value: |figures| Some(figures.flagged().mrr_cents as f64),
        of: None,
    },
    Tile {
        id: "expected-loss",
        label: "Expected loss, 90 days",
        definition: "Each customer’s MRR times their risk, summed.",
        format: ValueFormat::Money,
        value: |figures| Some(Listed::all(figures.list).expected_cents),
        of: None,
    },
    Tile {
        id: "precision",
        label: "Precision",
        definition: "Of hold-out customers at or above the threshold, the share who churned within 90 days.",
        format: ValueFormat::Percent,
        value: |figures| figures.outcome()?.precision().rate(),
        of: Some(Outcome::precision),
    },
    Tile {
        id: "recall",
        label: "Recall",
        definition: "Of hold-out customers who churned within 90 days, the share at or above the threshold.",
        format: ValueFormat::Percent,
        value: |figures| figures.outcome()?.recall().rate(),
        of: Some(Outcome::recall),
    },
];

/// The tile's figure; there is no history to compare with.
#[must_use]
pub fn kpi(tile: &Tile, figures: &Figures<'_>) -> Option<Kpi> {
    if figures.list.is_empty() {
        return None;
    }
    let mut kpi = Kpi::new(&[(tile.value)(figures)], None, tile.format, "")?;
    kpi.history.clear();
    Some(match (tile.of, figures.outcome()) {
        (Some(of), Some(outcome)) => counted(kpi, of(&outcome)),
        _ => kpi,
    })
}
