//! How distinct clusters are, and how far two partitions agree.

/// Mean silhouette of points in the clusters they are in, −1 to 1. `None` with fewer than two
/// clusters. `O(n² d)`: hand over a sample.
///
/// # Source
/// Rousseeuw (1987); a point alone in its cluster counts 0.
#[must_use]
pub fn silhouette(points: &[Vec<f64>], clusters: &[usize]) -> Option<f64> {
    let count = clusters.iter().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0.0_f64; count];
    for &cluster in clusters {
        sizes[cluster] += 1.0;
    }
    if sizes.iter().filter(|&&size| size > 0.0).count() < 2 {
        return None;
    }
    let mut sum = 0.0;
    let mut distances = vec![0.0; count];
    for (point, &own) in points.iter().zip(clusters) {
        if sizes[own] < 2.0 {
            continue;
        }
        distances.fill(0.0);
        for (other, &cluster) in points.iter().zip(clusters) {
            let squared: f64 = point
                .iter()
                .zip(other)
                .map(|(first, second)| (first - second) * (first - second))
                .sum();
            distances[cluster] += squared.sqrt();
        }
        let within = distances[own] / (sizes[own] - 1.0);
        let nearest = (0..count)
            .filter(|&cluster| cluster != own && sizes[cluster] > 0.0)
            .map(|cluster| distances[cluster] / sizes[cluster])
            .fold(f64::INFINITY, f64::min);
        let larger = within.max(nearest);
        if larger > 0.0 {
            sum += (nearest - within) / larger;
        }
    }
    Some(sum / points.len() as f64)
}

/// Agreement of two partitions of the same rows, 1 for the same and 0 for chance.
///
/// # Source
/// Hubert & Arabie (1985).
#[must_use]
pub fn adjusted_rand_index(first: &[usize], second: &[usize]) -> f64 {
    let size = |labels: &[usize]| labels.iter().max().map_or(0, |last| last + 1);
    let (rows, columns) = (size(first), size(second));
    let mut table = vec![0.0_f64; rows * columns];
    let (mut row_sums, mut column_sums) = (vec![0.0_f64; rows], vec![0.0_f64; columns]);
    for (&row, &column) in first.iter().zip(second) {
        table[row * columns + column] += 1.0;
        row_sums[row] += 1.0;
        column_sums[column] += 1.0;
    }
    let pairs = |counts: &[f64]| -> f64 { counts.iter().map(|n| n * (n - 1.0) / 2.0).sum() };
    let all = pairs(&[first.len() as f64]);
    if all == 0.0 {
        return 1.0;
    }
    let expected = pairs(&row_sums) * pairs(&column_sums) / all;
    let most = 0.5 * (pairs(&row_sums) + pairs(&column_sums));
    if most == expected {
        return 1.0;
    }
    (pairs(&table) - expected) / (most - expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_clusters_are_distinct_and_mixed_ones_are_not() {
        let points: Vec<Vec<f64>> = [0.0, 1.0, 10.0, 11.0].map(|x| vec![x]).to_vec();
        // By hand: within 1, nearest 10.5 or 9.5.
        let expected = ((10.5 - 1.0) / 10.5 + (9.5 - 1.0) / 9.5) / 2.0;
        let found = silhouette(&points, &[0, 0, 1, 1]).unwrap();
        assert!((found - expected).abs() < 1e-12);
        assert!(silhouette(&points, &[0, 1, 0, 1]).unwrap() < 0.0);
        assert_eq!(silhouette(&points, &[0, 0, 0, 0]), None);
    }

    #[test]
    fn partitions_agree_whatever_their_numbers_are() {
        assert!((adjusted_rand_index(&[0, 0, 1, 1], &[1, 1, 0, 0]) - 1.0).abs() < 1e-12);
        // As scikit-learn gives for these labels.
        let found = adjusted_rand_index(&[0, 0, 1, 1], &[0, 0, 1, 2]);
        assert!((found - 0.571_428_571).abs() < 1e-6, "{found}");
        assert!(adjusted_rand_index(&[0, 1, 0, 1], &[0, 0, 1, 1]) < 0.0);
    }
}
