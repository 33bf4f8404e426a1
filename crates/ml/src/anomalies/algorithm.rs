//! Isolation Forest.

use super::features::{Features, RESIDUALS};
use super::hyperparameters::Checked;
use crate::draws::Draws;
use crate::{LearnError, Progress, Report};

type Point = [f64; RESIDUALS.len()];

/// Days below which there is no usual to stand out from.
const LEAST_DAYS: usize = 60;
/// Groups of odd days whose mean scores are closer than this are one group.
const LEAST_APART: f64 = 0.1;
/// Euler and Mascheroni's constant, in the harmonic numbers.
const EULER: f64 = 0.577_215_664_901_532_9;

/// A fitted forest: it alone scores days.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    trees: Vec<Tree>,
    /// Mean path length that makes a score of one half.
    usual_path: f64,
    /// Score from which a day is called anomalous.
    pub threshold: f64,
    /// Score of each day it was fitted on.
    pub scores: Vec<f64>,
}

impl Fitted {
    /// Score of a day, 0 to 1: near 1 it is alone, near ½ or less it is like others.
    #[must_use]
    pub fn predict(&self, residuals: &Point) -> f64 {
        let paths: f64 = self
            .trees
            .iter()
            .map(|tree| tree.path_length(residuals))
            .sum();
        libm::exp2(-paths / self.trees.len() as f64 / self.usual_path)
    }

    /// Whether a score is called anomalous.
    #[must_use]
    pub fn is_anomaly(&self, score: f64) -> bool {
        score >= self.threshold
    }
}

/// Fits a forest.
///
/// # Errors
/// [`LearnError`] when there are too few days, or when no residual differs between days.
///
/// # Source
/// Liu, Ting and Zhou (2008), Isolation Forest. As in scikit-learn, a split takes only residuals
/// that differ within its node.
pub fn fit(
    features: &Features,
    checked: &Checked,
    report: &mut Report<'_>,
) -> Result<Fitted, LearnError> {
    let choices = checked;
    let points = &features.residuals;
    if points.len() < LEAST_DAYS {
        return Err(LearnError::TooFewRows {
            part: "the history of revenue".to_owned(),
            found: points.len(),
            needed: LEAST_DAYS,
        });
    }
    if points.iter().all(|point| *point == points[0]) {
        return Err(LearnError::ConstantFeatures {
            columns: RESIDUALS.len(),
        });
    }
    let sample = choices.sample.min(points.len());
    let deepest = usize::BITS - (sample - 1).leading_zeros();
    let mut trees = Vec::with_capacity(choices.trees);
    for number in 0..choices.trees {
        if number % 20 == 0 {
            report(Progress::new("Training trees", number, choices.trees));
        }
        let mut draws = Draws::new(choices.seed, "isolation tree", number as u64);
        let mut members = draws.sample(points.len(), sample);
        let mut tree = Tree { nodes: Vec::new() };
        tree.grow(points, &mut members, deepest, &mut draws);
        trees.push(tree);
    }
    let mut fitted = Fitted {
        trees,
        usual_path: unsuccessful_search(sample),
        threshold: choices.least_score,
        scores: Vec::new(),
    };
    fitted.scores = points.iter().map(|point| fitted.predict(point)).collect();
    fitted.threshold = parting(&fitted.scores, choices.least_score);
    Ok(fitted)
}

/// Score from which days are called: where the scores of at least `least` part into two groups whose
/// means lie furthest apart for their sizes, or `least` where the groups are too close to be two.
///
/// # Source
/// Otsu (1979), A threshold selection method from gray-level histograms; decision 0086.
fn parting(scores: &[f64], least: f64) -> f64 {
    let mut upper: Vec<f64> = scores
        .iter()
        .copied()
        .filter(|score| *score >= least)
        .collect();
    upper.sort_unstable_by(|one, other| other.total_cmp(one));
    let (count, total) = (upper.len() as f64, upper.iter().sum::<f64>());
    let mut above = 0.0;
    let mut best = (0.0, least);
    for split in 1..upper.len() {
        above += upper[split - 1];
        let share = split as f64 / count;
        let apart = above / split as f64 - (total - above) / (count - split as f64);
        let between = share * (1.0 - share) * apart * apart;
        if apart >= LEAST_APART && between > best.0 {
            best = (between, f64::midpoint(upper[split - 1], upper[split]));
        }
    }
    best.1
}

/// Mean path of an unsuccessful search in a binary tree of `count` keys.
fn unsuccessful_search(count: usize) -> f64 {
    match count {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let count = count as f64;
            2.0 * (libm::log(count - 1.0) + EULER) - 2.0 * (count - 1.0) / count
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Node {
    /// Below `value` on the left, the rest on the right.
    Split {
        residual: usize,
        value: f64,
        left: usize,
        right: usize,
    },
    /// The path that lies below, on average.
    Leaf { path: f64 },
}

#[derive(Debug, Clone, PartialEq)]
struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Grows a subtree over `members` and gives its root.
    fn grow(
        &mut self,
        points: &[Point],
        members: &mut [usize],
        depth_left: u32,
        draws: &mut Draws,
    ) -> usize {
        let root = self.nodes.len();
        self.nodes.push(Node::Leaf {
            path: unsuccessful_search(members.len()),
        });
        let ranges: Vec<(usize, f64, f64)> = (0..RESIDUALS.len())
            .filter_map(|residual| {
                let values = members.iter().map(|&member| points[member][residual]);
                let (low, high) = values
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                        (low.min(value), high.max(value))
                    });
                (low < high).then_some((residual, low, high))
            })
            .collect();
        if depth_left == 0 || ranges.is_empty() {
            return root;
        }
        let (residual, low, high) = ranges[draws.below(ranges.len())];
        let value = low + draws.uniform() * (high - low);
        let mut middle = 0;
        for at in 0..members.len() {
            if points[members[at]][residual] <= value {
                members.swap(at, middle);
                middle += 1;
            }
        }
        if middle == members.len() {
            return root; // rounding put the highest value at the split
        }
        let (below, above) = members.split_at_mut(middle);
        let left = self.grow(points, below, depth_left - 1, draws);
        let right = self.grow(points, above, depth_left - 1, draws);
        self.nodes[root] = Node::Split {
            residual,
            value,
            left,
            right,
        };
        root
    }

    fn path_length(&self, point: &Point) -> f64 {
        let mut at = 0;
        let mut steps = 0.0;
        loop {
            match self.nodes[at] {
                Node::Leaf { path } => return steps + path,
                Node::Split {
                    residual,
                    value,
                    left,
                    right,
                } => {
                    at = if point[residual] <= value {
                        left
                    } else {
                        right
                    };
                    steps += 1.0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hyperparameters::Hyperparameters;
    use super::*;

    fn days(count: u64, odd: &[u64]) -> Features {
        let mut features = Features::default();
        let mut draws = Draws::new(3, "days", 0);
        for day in 0..count {
            let factor = if odd.contains(&day) { 4.0 } else { 1.0 };
            let ratio = factor * (1.0 + 0.02 * draws.uniform());
            features
                .push(
                    day as i64,
                    1_000.0,
                    false,
                    [1.0, 0.05, if factor > 1.0 { 1.0 } else { 0.0 }, ratio],
                )
                .unwrap();
        }
        features
    }

    #[test]
    fn odd_days_score_highest_and_fits_repeat() {
        let features = days(400, &[50, 200, 333]);
        let checked = Hyperparameters::default().check().unwrap();
        let fitted = fit(&features, &checked, &mut |_| {}).unwrap();
        let mut order: Vec<usize> = (0..400).collect();
        order.sort_by(|&a, &b| fitted.scores[b].total_cmp(&fitted.scores[a]));
        let mut top = order[..3].to_vec();
        top.sort_unstable();
        assert_eq!(top, [50, 200, 333]);
        assert_eq!(fitted, fit(&features, &checked, &mut |_| {}).unwrap());
    }

    #[test]
    fn scores_part_where_groups_lie_apart() {
        let odd = [0.44, 0.44, 0.82, 0.71, 0.84, 0.63, 0.45, 0.83, 0.60];
        assert!((parting(&odd, 0.5) - f64::midpoint(0.82, 0.71)).abs() < 1e-12);
        // One group, whether of many or of none.
        assert_eq!(parting(&[0.78, 0.78, 0.74, 0.74, 0.44], 0.5), 0.5);
        assert_eq!(parting(&[0.44, 0.46], 0.5), 0.5);
        assert_eq!(parting(&[], 0.5), 0.5);
    }

    #[test]
    fn what_cannot_be_fitted_says_so() {
        let checked = Hyperparameters::default().check().unwrap();
        let few = fit(&days(30, &[]), &checked, &mut |_| {});
        assert!(
            matches!(few, Err(LearnError::TooFewRows { found: 30, .. })),
            "{few:?}"
        );
        let mut same = days(100, &[]);
        same.residuals.fill([0.0; RESIDUALS.len()]);
        assert!(matches!(
            fit(&same, &checked, &mut |_| {}),
            Err(LearnError::ConstantFeatures { .. })
        ));
        let nothing = Features::default().push(0, 0.0, false, [0.0, 0.0, 0.0, 1.0]);
        assert!(matches!(
            nothing,
            Err(LearnError::NotANumber { row: 0, .. })
        ));
    }

    #[test]
    fn searches_take_the_published_path() {
        // scikit-learn's _average_path_length.
        for (count, expected) in [(256, 10.244_770_920_119_917), (8, 3.296_251_627_913_692_4)] {
            let found = unsuccessful_search(count);
            assert!((found - expected).abs() < 1e-10, "{count}: {found}");
        }
        assert_eq!([unsuccessful_search(1), unsuccessful_search(2)], [0.0, 1.0]);
    }
}
