//! Intervals of scores by resampling.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::{auc, descending};

const RESAMPLES: usize = 1_000;

/// A 95% interval of the AUC by resampling whole clusters: a user's snapshots are no independent
/// rows. `None` when there is no AUC, or when resamples mostly have one class only.
///
/// # Source
/// Field & Welsh (2007), the cluster bootstrap; percentiles of 1,000 resamples.
#[must_use]
pub fn auc_interval(
    labels: &[bool],
    scores: &[f64],
    clusters: &[i64],
    seed: u64,
) -> Option<[f64; 2]> {
    auc(labels, scores)?;
    let mut names: Vec<i64> = clusters.to_vec();
    names.sort_unstable();
    names.dedup();
    let cluster_of: Vec<usize> = clusters
        .iter()
        .map(|name| names.binary_search(name).unwrap_or_default())
        .collect();
    let order = descending(scores);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut resampled = Vec::with_capacity(RESAMPLES);
    let mut weights = vec![0_u32; names.len()];
    for _ in 0..RESAMPLES {
        weights.fill(0);
        for _ in 0..names.len() {
            let draw = u128::from(random.next_u64()) * names.len() as u128;
            weights[(draw >> 64) as usize] += 1;
        }
        resampled.extend(weighted_auc(labels, scores, &order, |row| {
            f64::from(weights[cluster_of[row]])
        }));
    }
    if resampled.len() < RESAMPLES / 2 {
        return None;
    }
    resampled.sort_by(f64::total_cmp);
    let at = |share: f64| resampled[((resampled.len() - 1) as f64 * share).round() as usize];
    Some([at(0.025), at(0.975)])
}

/// The AUC of weighted rows, given their order by falling score.
fn weighted_auc(
    labels: &[bool],
    scores: &[f64],
    order: &[usize],
    weight: impl Fn(usize) -> f64,
) -> Option<f64> {
    let (mut above, mut positives_before, mut negatives_in_all) = (0.0, 0.0, 0.0);
    let mut at = 0;
    while at < order.len() {
        let score = scores[order[at]];
        let (mut positives, mut negatives) = (0.0, 0.0);
        while at < order.len() && scores[order[at]] == score {
            let row = order[at];
            if labels[row] {
                positives += weight(row);
            } else {
                negatives += weight(row);
            }
            at += 1;
        }
        above += negatives * (positives_before + 0.5 * positives);
        positives_before += positives;
        negatives_in_all += negatives;
    }
    (positives_before > 0.0 && negatives_in_all > 0.0)
        .then(|| above / (positives_before * negatives_in_all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unweighted_is_the_auc_and_the_interval_holds_it() {
        let labels: Vec<bool> = (0..2_000_u64).map(|row| row * 31 % 10 == 0).collect();
        let scores: Vec<f64> = (0..2_000_u64)
            .map(|row| ((row * 7_919 % 1_000) + 250 * u64::from(labels[row as usize])) as f64)
            .collect();
        let plain = auc(&labels, &scores).unwrap();
        let order = descending(&scores);
        let weighted = weighted_auc(&labels, &scores, &order, |_| 1.0).unwrap();
        assert!((plain - weighted).abs() < 1e-12);
        let users: Vec<i64> = (0..2_000).map(|row| row / 4).collect();
        let [low, high] = auc_interval(&labels, &scores, &users, 42).unwrap();
        assert!(low < plain && plain < high, "{low} {plain} {high}");
        // The interval of 200 positives is neither a point nor everything.
        assert!((0.02..0.15).contains(&(high - low)), "{low} {high}");
        assert_eq!(
            auc_interval(&labels, &scores, &users, 42),
            Some([low, high])
        );
    }
}
