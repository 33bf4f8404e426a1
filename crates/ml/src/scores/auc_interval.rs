//! How far an AUC may be off by chance.

use super::auc;

/// Fewest customers on either side for which an interval is told.
const FEWEST_CLUSTERS: usize = 5;
/// The normal distribution's 97.5th percentile.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A 95% interval of the AUC, or `None` when there is no AUC, when it is perfect, or when fewer than
/// five customers left or stayed.
///
/// Rows of a cluster, a customer's snapshots, may say the same thing twice. The variance is the
/// structural one of clustered rows; the ends are taken on the scale of the log-odds, since an AUC
/// near 1 has more room below than above; and Student's quantile goes by the customers on the smaller side.
///
/// # Source
/// Obuchowski (1997), "Nonparametric analysis of clustered ROC curve data"; Pepe (2003) for the
/// log-odds. Decision record 0151.
#[must_use]
pub fn auc_interval(labels: &[bool], scores: &[f64], clusters: &[i64]) -> Option<[f64; 2]> {
    let value = auc(labels, scores)?;
    let (error, fewest) = clustered_error(labels, scores, clusters, value);
    if fewest < FEWEST_CLUSTERS || error <= 0.0 || value <= 0.0 || value >= 1.0 {
        return None;
    }
    let log_odds = libm::log(value / (1.0 - value));
    let reach = student((fewest - 1) as f64) * error / (value * (1.0 - value));
    let end = |log_odds: f64| 1.0 / (1.0 + libm::exp(-log_odds));
    Some([end(log_odds - reach), end(log_odds + reach)])
}

/// Standard error of an AUC of clustered rows, and the fewer of the clusters with a positive and
/// those with a negative.
fn clustered_error(labels: &[bool], scores: &[f64], clusters: &[i64], value: f64) -> (f64, usize) {
    let sorted = |of: bool| -> Vec<f64> {
        let rows = labels.iter().zip(scores);
        let mut found: Vec<f64> = rows
            .filter(|(label, _)| **label == of)
            .map(|(_, score)| *score)
            .collect();
        found.sort_by(f64::total_cmp);
        found
    };
    let (positives, negatives) = (sorted(true), sorted(false));
    // Of each row, the share of the other class that it ranks rightly against; ties count half.
    let below = |sorted: &[f64], score: f64| {
        let less = sorted.partition_point(|other| *other < score);
        let not_more = sorted.partition_point(|other| *other <= score);
        (less + not_more) as f64 / (2 * sorted.len()) as f64
    };
    let mut names: Vec<i64> = clusters.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut sums = vec![[0.0; 2]; names.len()];
    let mut rows = vec![[0_usize; 2]; names.len()];
    for ((&label, &score), name) in labels.iter().zip(scores).zip(clusters) {
        let cluster = names.binary_search(name).unwrap_or_default();
        let placed = if label {
            below(&negatives, score)
        } else {
            1.0 - below(&positives, score)
        };
        sums[cluster][usize::from(!label)] += placed - value;
        rows[cluster][usize::from(!label)] += 1;
    }
    let (m, n) = (positives.len() as f64, negatives.len() as f64);
    let with = |class: usize| rows.iter().filter(|rows| rows[class] > 0).count();
    let (with_positive, with_negative) = (with(0), with(1));
    let fewest = with_positive.min(with_negative);
    if fewest < 2 {
        return (0.0, fewest);
    }
    // I / (I - 1), for the mean that was taken off.
    let unbiased = |clusters: usize| clusters as f64 / (clusters - 1) as f64;
    let of = |left: usize, right: usize| -> f64 {
        sums.iter().map(|sums| sums[left] * sums[right]).sum()
    };
    let variance = unbiased(with_positive) * of(0, 0) / (m * m)
        + unbiased(with_negative) * of(1, 1) / (n * n)
        + 2.0 * unbiased(names.len()) * of(0, 1) / (m * n);
    (libm::sqrt(variance.max(0.0)), fewest)
}

/// Student's 97.5th percentile, from four degrees of freedom on .6% too large at most.
///
/// # Source
/// Wallace (1959), "Bounds on normal approximations to Student's and the chi-square distributions".
fn student(degrees: f64) -> f64 {
    let scaled = NORMAL * (8.0 * degrees + 3.0) / (8.0 * degrees + 1.0);
    libm::sqrt(degrees * libm::expm1(scaled * scaled / degrees))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;

    /// Customers with a few snapshots each: their labels, scores and names. A positive scores higher by
    /// `distance` spreads, half of which is the customer's own.
    fn customers(stream: u64, count: i64, distance: f64) -> (Vec<bool>, Vec<f64>, Vec<i64>) {
        let mut draws = Draws::new(5, "auc customers", stream);
        let (mut labels, mut scores, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for name in 0..count {
            let (leaves, own) = (draws.uniform() < 0.12, draws.normal());
            for snapshot in 0..4 {
                let label = leaves && snapshot > 0;
                let score = (own + draws.normal()) / std::f64::consts::SQRT_2;
                labels.push(label);
                scores.push(score + distance * f64::from(label));
                names.push(name);
            }
        }
        (labels, scores, names)
    }

    /// Ninety-five in a hundred hold the AUC of everybody, also where fifteen customers leave.
    #[test]
    fn the_interval_holds_the_auc_of_all_customers() {
        for (size, distance) in [(120, 1.4), (120, 2.2), (600, 1.4)] {
            let (labels, scores, _) = customers(0, 60_000, distance);
            let whole = auc(&labels, &scores).unwrap();
            let companies = 1..=600;
            let held = companies
                .clone()
                .filter_map(|stream| {
                    let (labels, scores, names) = customers(stream, size, distance);
                    auc_interval(&labels, &scores, &names)
                })
                .map(|[low, high]| f64::from(low <= whole && whole <= high))
                .collect::<Vec<f64>>();
            let share = held.iter().sum::<f64>() / held.len() as f64;
            assert!(held.len() > 580, "{size} {distance}: {}", held.len());
            assert!((0.93..=0.98).contains(&share), "{size} {distance}: {share}");
        }
    }

    /// Every row twice says nothing new.
    #[test]
    fn repeated_rows_of_a_customer_make_no_interval_narrower() {
        let (labels, scores, names) = customers(3, 300, 1.4);
        let once = auc_interval(&labels, &scores, &names).unwrap();
        let twice = auc_interval(&labels.repeat(2), &scores.repeat(2), &names.repeat(2)).unwrap();
        for (once, twice) in once.into_iter().zip(twice) {
            assert!((once - twice).abs() < 1e-12, "{once} {twice}");
        }
    }

    #[test]
    fn few_customers_or_a_perfect_order_have_no_interval() {
        let labels: Vec<bool> = (0..80).map(|row| row % 20 == 0).collect();
        let names: Vec<i64> = (0..80).collect();
        let scores: Vec<f64> = (0..80).map(|row| f64::from(row * 37 % 80)).collect();
        assert!(auc(&labels, &scores).is_some());
        assert_eq!(auc_interval(&labels, &scores, &names), None);
        let labels: Vec<bool> = (0..80).map(|row| row >= 60).collect();
        let scores: Vec<f64> = (0..80).map(f64::from).collect();
        assert_eq!(auc_interval(&labels, &scores, &names), None);
    }

    /// scipy: `t.ppf(.975, df)`.
    #[test]
    fn students_quantile_is_close() {
        for (degrees, known) in [
            (4.0, 2.776_445),
            (9.0, 2.262_157),
            (16.0, 2.119_905),
            (60.0, 2.000_298),
        ] {
            let found = student(degrees);
            assert!(
                found >= known && found < known * 1.006,
                "{degrees}: {found}"
            );
        }
    }
}
