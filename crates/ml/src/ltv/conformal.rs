//! Intervals that hold as often as they say, whatever the model.

/// How wide intervals must be, for users who pay at the snapshot and for those who do not.
///
/// # Source
/// Lei et al. (2018), split conformal with errors in units of the prediction's size; Vovk (2012)
/// for one quantile a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Conformal {
    widths: [f64; 2],
    /// Added to the size, so that predictions near zero have an interval, too.
    floor_cents: f64,
}

impl Conformal {
    /// Takes the quantiles of the errors on rows that the trees have not seen.
    pub(super) fn fit(
        predicted: &[f64],
        actual: &[f64],
        is_paying: &[bool],
        coverage: f64,
    ) -> Self {
        let floor_cents = 1_000.0;
        let widths = [false, true].map(|group| {
            let mut errors: Vec<f64> = (0..predicted.len())
                .filter(|&row| is_paying[row] == group)
                .map(|row| (actual[row] - predicted[row]).abs() / (predicted[row] + floor_cents))
                .collect();
            errors.sort_by(f64::total_cmp);
            let rank = ((errors.len() as f64 + 1.0) * coverage).ceil() as usize;
            // With too few rows for the quantile, the largest error is all there is.
            let place = rank.saturating_sub(1).min(errors.len().saturating_sub(1));
            errors.get(place).copied().unwrap_or(f64::INFINITY)
        });
        Self {
            widths,
            floor_cents,
        }
    }

    /// The interval around a prediction.
    pub(super) fn interval(&self, predicted: f64, is_paying: bool) -> [f64; 2] {
        let half = self.widths[usize::from(is_paying)] * (predicted + self.floor_cents);
        [(predicted - half).max(0.0), predicted + half]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_what_they_were_asked_to() {
        let actual: Vec<f64> = (0..2_000)
            .map(|row| f64::from(row * 7_919 % 1_000))
            .collect();
        let predicted = vec![500.0; 2_000];
        let is_paying: Vec<bool> = (0..2_000).map(|row| row % 3 == 0).collect();
        let conformal = Conformal::fit(&predicted, &actual, &is_paying, 0.9);
        let covered = (0..2_000)
            .filter(|&row| {
                let [low, high] = conformal.interval(predicted[row], is_paying[row]);
                (low..=high).contains(&actual[row])
            })
            .count();
        assert!(
            (0.89..0.92).contains(&(covered as f64 / 2_000.0)),
            "{covered}"
        );
    }
}
