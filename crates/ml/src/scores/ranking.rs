//! How well scores put the ones before the others.

use serde::{Deserialize, Serialize};

use super::{bins_of_equals, descending};

/// Points kept of a curve; more can't be told apart on a screen.
const CURVE_POINTS: usize = 200;

/// A point of a ROC or precision-recall curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// False-positive rate, or recall.
    pub x: f64,
    /// True-positive rate, or precision.
    pub y: f64,
    /// The score from which on rows count as positive.
    pub threshold: f64,
}

/// About a tenth of the rows, by falling score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LiftBin {
    /// Its place, from 1 for the highest scores; a tenth that no row falls in is left out.
    pub tenth: usize,
    /// Rows in it.
    pub rows: u64,
    /// Positives among them.
    pub positives: u64,
    /// Their rate over the rate of all rows.
    pub lift: f64,
    /// Share of all positives up to and with this bin.
    pub captured: f64,
}

/// Area under the ROC curve: the probability that a positive scores above a negative, ties half.
/// `None` when one of the classes is empty.
///
/// # Source
/// Hanley & McNeil (1982): the Mann–Whitney statistic over mid-ranks.
#[must_use]
pub fn auc(labels: &[bool], scores: &[f64]) -> Option<f64> {
    let (mut above, mut seen_negatives, mut positives) = (0.0, 0.0, 0.0);
    for group in tied_groups(labels, scores).iter().rev() {
        above += group.positives * (seen_negatives + 0.5 * group.negatives);
        seen_negatives += group.negatives;
        positives += group.positives;
    }
    (positives > 0.0 && seen_negatives > 0.0).then(|| above / (positives * seen_negatives))
}

/// Area under the precision-recall curve as a sum of steps, without interpolation.
/// `None` when there is no positive.
///
/// # Source
/// Davis & Goadrich (2006) on why not to interpolate; as scikit-learn's `average_precision_score`.
#[must_use]
pub fn average_precision(labels: &[bool], scores: &[f64]) -> Option<f64> {
    let (mut taken, mut found, mut sum) = (0.0, 0.0, 0.0);
    for group in tied_groups(labels, scores) {
        taken += group.positives + group.negatives;
        found += group.positives;
        sum += group.positives * found / taken;
    }
    (found > 0.0).then(|| sum / found)
}

/// The ROC curve from (0, 0) to (1, 1), thinned to what can be seen.
#[must_use]
pub fn roc_curve(labels: &[bool], scores: &[f64]) -> Vec<CurvePoint> {
    let groups = tied_groups(labels, scores);
    let positives: f64 = groups.iter().map(|group| group.positives).sum();
    let negatives: f64 = groups.iter().map(|group| group.negatives).sum();
    if positives == 0.0 || negatives == 0.0 {
        return Vec::new();
    }
    let mut points = vec![CurvePoint {
        x: 0.0,
        y: 0.0,
        threshold: groups.first().map_or(1.0, |group| group.score),
    }];
    let (mut found, mut wrong) = (0.0, 0.0);
    for group in groups {
        found += group.positives;
        wrong += group.negatives;
        points.push(CurvePoint {
            x: wrong / negatives,
            y: found / positives,
            threshold: group.score,
        });
    }
    thinned(points)
}

/// The precision-recall curve by rising recall, thinned to what can be seen.
#[must_use]
pub fn precision_recall_curve(labels: &[bool], scores: &[f64]) -> Vec<CurvePoint> {
    let groups = tied_groups(labels, scores);
    let positives: f64 = groups.iter().map(|group| group.positives).sum();
    if positives == 0.0 {
        return Vec::new();
    }
    let (mut found, mut taken) = (0.0, 0.0);
    let points = groups.into_iter().map(|group| {
        found += group.positives;
        taken += group.positives + group.negatives;
        CurvePoint {
            x: found / positives,
            y: found / taken,
            threshold: group.score,
        }
    });
    thinned(points.collect())
}

/// About ten bins of equal size by falling score; rows of one score share a bin.
#[must_use]
pub fn lift_bins(labels: &[bool], scores: &[f64]) -> Vec<LiftBin> {
    let rows = labels.len();
    let all = labels.iter().filter(|&&label| label).count() as f64;
    if all == 0.0 {
        return Vec::new();
    }
    let mut captured = 0.0;
    let bins = bins_of_equals(scores, rows.min(10)).into_iter();
    bins.map(|(place, members)| {
        let positives = members.iter().filter(|&&row| labels[row]).count();
        captured += positives as f64;
        LiftBin {
            tenth: place + 1,
            rows: members.len() as u64,
            positives: positives as u64,
            lift: (positives as f64 / members.len() as f64) / (all / rows as f64),
            captured: captured / all,
        }
    })
    .collect()
}

/// Rows of one score.
struct Tied {
    score: f64,
    positives: f64,
    negatives: f64,
}

/// Groups of equal scores, the highest first.
fn tied_groups(labels: &[bool], scores: &[f64]) -> Vec<Tied> {
    let mut groups: Vec<Tied> = Vec::new();
    for row in descending(scores) {
        let score = scores[row];
        if groups.last().is_none_or(|group| group.score != score) {
            groups.push(Tied {
                score,
                positives: 0.0,
                negatives: 0.0,
            });
        }
        if let Some(group) = groups.last_mut() {
            if labels[row] {
                group.positives += 1.0;
            } else {
                group.negatives += 1.0;
            }
        }
    }
    groups
}

fn thinned(points: Vec<CurvePoint>) -> Vec<CurvePoint> {
    let last = points.len().saturating_sub(1);
    if last < CURVE_POINTS {
        return points;
    }
    (0..=CURVE_POINTS)
        .map(|point| points[last * point / CURVE_POINTS])
        .collect()
}

#[cfg(test)]
mod tests {
    use smartcore::metrics::roc_auc_score;

    use super::*;

    #[test]
    fn auc_is_smartcores_also_with_ties() {
        let labels: Vec<bool> = (0..500_u64).map(|row| row * row % 7 < 2).collect();
        let scores: Vec<f64> = (0..500_u64)
            .map(|row| ((row * 37 % 101) as f64 / 10.0).floor() + f64::from(labels[row as usize]))
            .collect();
        let numbers: Vec<f64> = labels.iter().map(|&label| f64::from(label)).collect();
        let expected = roc_auc_score(&numbers, &scores);
        assert!((auc(&labels, &scores).unwrap() - expected).abs() < 1e-12);
        assert_eq!(auc(&[true, true], &[0.1, 0.2]), None);
    }

    #[test]
    fn average_precision_by_hand() {
        // Found at ranks 1 and 3: (1/1 + 2/3) / 2.
        let found = average_precision(&[true, false, true, false], &[0.9, 0.8, 0.7, 0.1]);
        assert!((found.unwrap() - 5.0 / 6.0).abs() < 1e-12);
        assert_eq!(average_precision(&[false], &[0.5]), None);
    }

    #[test]
    fn curves_end_where_they_must_and_lift_captures_all() {
        let labels: Vec<bool> = (0..1_000).map(|row| row % 9 == 0).collect();
        let scores: Vec<f64> = (0..1_000).map(|row| f64::from(row % 97)).collect();
        let roc = roc_curve(&labels, &scores);
        assert_eq!((roc[0].x, roc[0].y), (0.0, 0.0));
        let end = roc[roc.len() - 1];
        assert_eq!((end.x, end.y), (1.0, 1.0));
        assert!(roc.len() <= CURVE_POINTS + 1);
        let bins = lift_bins(&labels, &scores);
        assert_eq!(bins.iter().map(|bin| bin.rows).sum::<u64>(), 1_000);
        assert!((bins[9].captured - 1.0).abs() < 1e-12);
    }
}
