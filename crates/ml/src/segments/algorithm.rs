//! K-Means with k by silhouette.

use super::features::{FACTORS, FAMILIES, Features, Point};
use super::hyperparameters::Checked;
use super::plane::Plane;
use crate::draws::Draws;
use crate::scores::silhouette;
use crate::{LearnError, Progress, Report};

/// Users the starts are tried on; the best start is then finished on everybody.
const START_SAMPLE: usize = 4_000;
/// Users the silhouettes that choose k are measured on.
const CHOICE_SAMPLE: usize = 2_000;
/// Users the reported silhouette is measured on; all of them when there are no more.
const SILHOUETTE_SAMPLE: usize = 5_000;
const MOST_ROUNDS: usize = 300;
/// Users each segment needs on average: below it a silhouette says little.
const USERS_PER_SEGMENT: usize = 10;

/// Fitted segments: they alone place users.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Users who were placed, in rising order.
    pub user_ids: Vec<i64>,
    /// The segment of each, from 0; segment 0 is the largest.
    pub segments: Vec<usize>,
    /// The two coordinates of each on the plane that shows most of the spread.
    pub plane: Vec<[f64; 2]>,
    /// Share of the factors' variance along both axes of the plane.
    pub plane_shares: [f64; 2],
    /// Silhouette for each number of segments tried.
    pub tried: Vec<(usize, f64)>,
    /// Silhouette of the segments kept.
    pub silhouette: f64,
    /// Users the silhouette was measured on.
    pub silhouette_users: usize,
    /// Events a user needed to be placed.
    pub least_events: f64,
    /// Users with too few events to be placed.
    pub left_out: usize,
    /// Mean share of each family in each segment, of all events in a family.
    pub shares: Vec<[f64; FACTORS]>,
    /// Mean share of each family over everybody placed.
    pub overall_shares: [f64; FACTORS],
    pub(super) centres: Vec<Point>,
    pub(super) scale: Scale,
}

impl Fitted {
    /// The segment of somebody with these events of each family; `None` without any.
    #[must_use]
    pub fn predict(&self, family_events: &[f64; FACTORS]) -> Option<usize> {
        let point = self.scale.standardise(&shares_of(family_events)?);
        Some(nearest(&point, &self.centres).0)
    }
}

/// Mean and spread of each factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    mean: Point,
    deviation: Point,
}

impl Scale {
    fn of(points: &[Point]) -> Self {
        let count = points.len().max(1) as f64;
        let mut mean = [0.0; FACTORS];
        let mut deviation = [0.0; FACTORS];
        for factor in 0..FACTORS {
            mean[factor] = points.iter().map(|point| point[factor]).sum::<f64>() / count;
            let squares: f64 = points
                .iter()
                .map(|point| (point[factor] - mean[factor]) * (point[factor] - mean[factor]))
                .sum();
            deviation[factor] = (squares / count).sqrt();
        }
        Self { mean, deviation }
    }

    fn standardise(&self, point: &Point) -> Point {
        let mut standardised = [0.0; FACTORS];
        for (factor, value) in standardised.iter_mut().enumerate() {
            *value = (point[factor] - self.mean[factor]) / self.deviation[factor];
        }
        standardised
    }
}

/// Shares of the families among the events of any family.
fn shares_of(family_events: &[f64; FACTORS]) -> Option<Point> {
    let total: f64 = family_events.iter().sum();
    (total > 0.0).then(|| family_events.map(|events| events / total))
}

/// Finds the segments: of the numbers of segments whose silhouette is as good as the best one, but
/// for the tolerance, the largest. What people do are shares of a whole, which lie on a simplex:
/// those who do a bit of everything lie in its middle, near everybody, and the very best silhouette
/// would always merge them with the rest (docs/decisions/0085).
///
/// # Errors
/// [`LearnError`] when too few users have enough events, when a count is no number, or when a
/// factor is the same for everybody.
///
/// # Source
/// Lloyd (1982); starts by Arthur and Vassilvitskii (2007), k-means++; k by Rousseeuw (1987).
pub fn fit(
    features: &Features,
    checked: &Checked,
    report: &mut Report<'_>,
) -> Result<Fitted, LearnError> {
    let choices = checked;
    let least_events = least_events(features, choices.least_events)?;
    let mut user_ids = Vec::new();
    let mut points = Vec::new();
    for ((&user_id, families), &events) in features
        .user_ids
        .iter()
        .zip(&features.family_events)
        .zip(&features.events)
    {
        if let Some(shares) = shares_of(families).filter(|_| events >= least_events) {
            user_ids.push(user_id);
            points.push(shares);
        }
    }
    let needed = choices.least_segments * USERS_PER_SEGMENT;
    if points.len() < needed {
        return Err(too_few(points.len(), needed));
    }
    // A small company gets fewer segments instead of an error.
    let most_segments = choices.most_segments.min(points.len() / USERS_PER_SEGMENT);
    let raw = points;
    let scale = Scale::of(&raw);
    if let Some(factor) = scale
        .deviation
        .iter()
        .position(|&deviation| deviation <= 0.0)
    {
        return Err(LearnError::Column {
            column: FAMILIES[factor].0.to_owned(),
            problem: "is the same share for everybody".to_owned(),
        });
    }
    let points: Vec<Point> = raw.iter().map(|point| scale.standardise(point)).collect();

    let starts = Draws::new(choices.seed, "start sample", 0).sample(points.len(), START_SAMPLE);
    let start_points: Vec<Point> = starts.iter().map(|&index| points[index]).collect();
    let judged = Draws::new(choices.seed, "choice sample", 0).sample(points.len(), CHOICE_SAMPLE);
    let mut candidates = Vec::new();
    let mut tried = Vec::new();
    let steps = most_segments - choices.least_segments + 1;
    for count in choices.least_segments..=most_segments {
        report(Progress::new(
            format!("Trying {count} segments"),
            tried.len(),
            steps,
        ));
        let mut start: Option<Clusters> = None;
        for restart in 0..choices.restarts {
            let mut draws = Draws::new(
                choices.seed,
                "k-means start",
                (count * 1_000 + restart) as u64,
            );
            let centres = spread_out(&start_points, count, &mut draws);
            let clusters = lloyd(&start_points, centres);
            if start
                .as_ref()
                .is_none_or(|best| clusters.inertia < best.inertia)
            {
                start = Some(clusters);
            }
        }
        let Some(start) = start else { continue };
        let clusters = lloyd(&points, start.centres);
        let width = silhouette_of(&points, &clusters.labels, &judged);
        tried.push((count, width));
        candidates.push(clusters);
    }
    let best = tried
        .iter()
        .fold(f64::NEG_INFINITY, |best, &(_, width)| best.max(width));
    let kept = tried
        .iter()
        .rposition(|&(_, width)| width >= best - choices.tolerance);
    let Some(clusters) = kept.map(|kept| candidates.swap_remove(kept)) else {
        return Err(too_few(points.len(), needed));
    };
    let clusters = clusters.largest_first();
    let reported =
        Draws::new(choices.seed, "silhouette sample", 0).sample(points.len(), SILHOUETTE_SAMPLE);
    let plane = Plane::of(&points);
    Ok(Fitted {
        silhouette: silhouette_of(&points, &clusters.labels, &reported),
        silhouette_users: reported.len(),
        plane: points.iter().map(|point| plane.project(point)).collect(),
        plane_shares: plane.shares,
        tried,
        least_events,
        left_out: features.user_ids.len() - user_ids.len(),
        shares: means(&raw, &clusters.labels, clusters.centres.len()),
        overall_shares: scale.mean,
        user_ids,
        segments: clusters.labels,
        centres: clusters.centres,
        scale,
    })
}

fn too_few(found: usize, needed: usize) -> LearnError {
    LearnError::TooFewRows {
        part: "the list of users with enough events".to_owned(),
        found,
        needed,
    }
}

/// Mean silhouette of a sample; 0 when it holds a single segment.
fn silhouette_of(points: &[Point], labels: &[usize], sample: &[usize]) -> f64 {
    let chosen: Vec<Vec<f64>> = sample.iter().map(|&index| points[index].to_vec()).collect();
    let labels: Vec<usize> = sample.iter().map(|&index| labels[index]).collect();
    silhouette(&chosen, &labels).unwrap_or(0.0)
}

fn least_events(features: &Features, chosen: Option<u32>) -> Result<f64, LearnError> {
    let rows = features.user_ids.len();
    let is_number = |values: &[f64]| {
        values
            .iter()
            .all(|value| value.is_finite() && *value >= 0.0)
    };
    if let Some(row) = (0..rows).find(|&row| {
        !is_number(&features.family_events[row]) || !is_number(&features.events[row..=row])
    }) {
        return Err(LearnError::NotANumber {
            column: "events".to_owned(),
            row,
        });
    }
    if let Some(chosen) = chosen {
        return Ok(f64::from(chosen.max(1)));
    }
    let mean = features.events.iter().sum::<f64>() / rows.max(1) as f64;
    Ok((0.5 * mean).clamp(20.0, 100.0).floor())
}

/// A partition of points.
#[derive(Debug, Clone)]
struct Clusters {
    centres: Vec<Point>,
    labels: Vec<usize>,
    inertia: f64,
}

impl Clusters {
    /// The same with the largest first, so that numbers mean something.
    fn largest_first(self) -> Self {
        let mut sizes = vec![0_usize; self.centres.len()];
        for &label in &self.labels {
            sizes[label] += 1;
        }
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        order.sort_by_key(|&label| (core::cmp::Reverse(sizes[label]), label));
        let mut rank = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old] = new;
        }
        Self {
            centres: order.iter().map(|&old| self.centres[old]).collect(),
            labels: self.labels.iter().map(|&label| rank[label]).collect(),
            inertia: self.inertia,
        }
    }
}

fn squared_distance(one: &Point, other: &Point) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn nearest(point: &Point, centres: &[Point]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (index, centre) in centres.iter().enumerate() {
        let distance = squared_distance(point, centre);
        if distance < best.1 {
            best = (index, distance);
        }
    }
    best
}

/// k-means++: each centre is drawn in proportion to the squared distance from those before it.
fn spread_out(points: &[Point], count: usize, draws: &mut Draws) -> Vec<Point> {
    let mut centres = vec![points[draws.below(points.len())]];
    let mut distances: Vec<f64> = points
        .iter()
        .map(|point| squared_distance(point, &centres[0]))
        .collect();
    while centres.len() < count {
        let total: f64 = distances.iter().sum();
        let mut rest = draws.uniform() * total;
        let chosen = distances
            .iter()
            .position(|distance| {
                rest -= distance;
                rest < 0.0
            })
            .unwrap_or(points.len() - 1);
        let centre = points[chosen];
        for (distance, point) in distances.iter_mut().zip(points) {
            *distance = distance.min(squared_distance(point, &centre));
        }
        centres.push(centre);
    }
    centres
}

/// Lloyd's rounds until no point moves. A centre that loses its points stays where it is.
fn lloyd(points: &[Point], mut centres: Vec<Point>) -> Clusters {
    let mut labels = vec![usize::MAX; points.len()];
    let mut inertia = f64::INFINITY;
    for _ in 0..MOST_ROUNDS {
        let mut moved = false;
        inertia = 0.0;
        for (label, point) in labels.iter_mut().zip(points) {
            let (index, distance) = nearest(point, &centres);
            moved |= *label != index;
            *label = index;
            inertia += distance;
        }
        if !moved {
            break;
        }
        let moved_to = means(points, &labels, centres.len());
        let mut is_used = vec![false; centres.len()];
        for &label in &labels {
            is_used[label] = true;
        }
        for ((centre, mean), is_used) in centres.iter_mut().zip(moved_to).zip(is_used) {
            if is_used {
                *centre = mean;
            }
        }
    }
    Clusters {
        centres,
        labels,
        inertia,
    }
}

fn means(points: &[Point], labels: &[usize], count: usize) -> Vec<Point> {
    let mut sums = vec![[0.0; FACTORS]; count];
    let mut sizes = vec![0.0_f64; count];
    for (point, &label) in points.iter().zip(labels) {
        sizes[label] += 1.0;
        for (sum, value) in sums[label].iter_mut().zip(point) {
            *sum += value;
        }
    }
    for (sum, size) in sums.iter_mut().zip(sizes) {
        *sum = sum.map(|value| value / size.max(1.0));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::hyperparameters::Hyperparameters;
    use super::*;
    use crate::Settings;

    /// Users who lean to one family each, `count` of each kind, and one who does nothing.
    fn leaning(kinds: usize, count: usize) -> Features {
        let mut features = Features::default();
        let mut draws = Draws::new(5, "leaning", 0);
        for user in 0..kinds * count {
            let events = [(); FACTORS].map(|()| 10.0 + libm::floor(5.0 * draws.uniform()));
            let mut events: [f64; FACTORS] = events;
            events[user % kinds] += 80.0;
            features.user_ids.push(user as i64);
            features.events.push(events.iter().sum());
            features.family_events.push(events);
        }
        features.user_ids.push(-1);
        features.events.push(200.0);
        features.family_events.push([0.0; FACTORS]);
        features
    }

    #[test]
    fn those_who_lean_alike_are_together_and_fits_repeat() {
        let features = leaning(4, 60);
        let checked = Hyperparameters::default().check().unwrap();
        let fitted = fit(&features, &checked, &mut |_| {}).unwrap();
        assert_eq!(fitted.shares.len(), 4, "{:?}", fitted.tried);
        assert_eq!((fitted.user_ids.len(), fitted.left_out), (240, 1));
        for (user, &segment) in fitted.segments.iter().enumerate() {
            assert_eq!(segment, fitted.segments[user % 4]);
            assert_eq!(fitted.predict(&features.family_events[user]), Some(segment));
        }
        assert_eq!(fitted.predict(&[0.0; FACTORS]), None);
        assert_eq!(fitted, fit(&features, &checked, &mut |_| {}).unwrap());
    }

    #[test]
    fn what_cannot_be_fitted_says_so() {
        let checked = Hyperparameters::default().check().unwrap();
        let fit = |features: &Features| fit(features, &checked, &mut |_| {});
        let few = fit(&leaning(4, 7));
        assert!(
            matches!(
                few,
                Err(LearnError::TooFewRows {
                    found: 28,
                    needed: 30,
                    ..
                })
            ),
            "{few:?}"
        );
        // Ten users to a segment: with 40 users no more than four are tried.
        let some = fit(&leaning(4, 10)).unwrap();
        assert_eq!(some.tried.iter().map(|(count, _)| *count).max(), Some(4));
        let mut same = leaning(4, 60);
        same.family_events.fill([25.0; FACTORS]);
        assert!(matches!(fit(&same), Err(LearnError::Column { .. })));
        let mut gap = leaning(4, 60);
        gap.family_events[3][1] = f64::NAN;
        assert!(matches!(
            fit(&gap),
            Err(LearnError::NotANumber { row: 3, .. })
        ));
        let reversed = Hyperparameters {
            settings: Settings(
                [("least_segments", 6.0), ("most_segments", 4.0)]
                    .map(|(key, value)| (key.to_owned(), value))
                    .into(),
            ),
            seed: 1,
        };
        assert!(matches!(reversed.check(), Err(LearnError::Setting { .. })));
    }
}
