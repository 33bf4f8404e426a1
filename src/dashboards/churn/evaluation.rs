//! What scores are worth: every curve and every threshold, from customers by thousandths of risk.

use super::options::Terms;
use crate::results::churn::ScoreBin;
use crate::results::shares::Share;
use crate::statistics::wilson;

/// Scores of customers whose fate is known, highest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    bins: Vec<ScoreBin>,
    /// Snapshots of customers.
    pub customers: i64,
    /// Those who left.
    pub churned: i64,
    /// Monthly recurring revenue of those who left.
    pub churned_mrr_cents: i64,
    /// Dates they were taken at.
    pub snapshots: i64,
}

/// What contacting everybody at or above a threshold comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Lowest risk of those contacted, in percent.
    pub threshold_percent: u32,
    /// Customers contacted.
    pub contacted: i64,
    /// Those of them who would have left.
    pub caught: i64,
    /// All who left, contacted or not.
    pub churned: i64,
    /// What is kept less what the contacts cost, in cents.
    pub saved_cents: f64,
}

impl Outcome {
    /// Those caught, of those contacted.
    #[must_use]
    pub fn precision(&self) -> Share {
        Share::new(self.caught, self.contacted)
    }

    /// Those caught, of all who left.
    #[must_use]
    pub fn recall(&self) -> Share {
        Share::new(self.caught, self.churned)
    }
}

/// A point of the ROC curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// Lowest risk of those flagged, in thousandths.
    pub permille: i64,
    /// Share of those who stayed that is flagged.
    pub false_positives: f64,
    /// Share of those who left that is flagged.
    pub true_positives: f64,
}

/// Customers of neighbouring scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Its place, from 1 for the highest risks; a tenth that no score falls in is left out.
    pub decile: usize,
    /// How many there are.
    pub customers: i64,
    /// How many left.
    pub churned: i64,
    /// Their mean score.
    pub predicted: f64,
    /// The share that left.
    pub actual: f64,
    /// The 95% interval of the share (decision 0132).
    pub interval: [f64; 2],
}

impl Evaluation {
    /// From bins in any order; nothing without a customer.
    #[must_use]
    pub fn new(bins: &[ScoreBin]) -> Option<Self> {
        let mut bins = bins.to_vec();
        bins.sort_by_key(|bin| std::cmp::Reverse(bin.permille));
        let sum = |value: fn(&ScoreBin) -> i64| bins.iter().map(value).sum::<i64>();
        let customers = sum(|bin| bin.customers);
        let churned = sum(|bin| bin.churned);
        let churned_mrr_cents = sum(|bin| bin.churned_mrr_cents);
        let snapshots = bins.iter().map(|bin| bin.snapshots).max().unwrap_or(1);
        (customers > 0).then_some(Self {
            bins,
            customers,
            churned,
            churned_mrr_cents,
            snapshots: snapshots.max(1),
        })
    }

    /// What the terms come to at a threshold, over all dates together.
    #[must_use]
    pub fn outcome(&self, threshold_percent: u32, terms: &Terms) -> Outcome {
        let least = i64::from(threshold_percent) * 10;
        let flagged = self.bins.iter().filter(|bin| bin.permille >= least);
        let (contacted, caught) = flagged.fold((0, 0), |(contacted, caught), bin| {
            (contacted + bin.customers, caught + bin.churned)
        });
        let value_cents = self.value_cents(terms);
        Outcome {
            threshold_percent,
            contacted,
            caught,
            churned: self.churned,
            saved_cents: caught as f64 * terms.save_rate * value_cents
                - contacted as f64 * terms.cost_cents,
        }
    }

    /// What a kept customer is worth: as entered, or what churned customers paid in a year on average.
    #[must_use]
    pub fn value_cents(&self, terms: &Terms) -> f64 {
        terms.value_cents.unwrap_or(if self.churned == 0 {
            0.0
        } else {
            // Whole dollars: the form shows no more.
            (12.0 * self.churned_mrr_cents as f64 / self.churned as f64 / 100.0).round() * 100.0
        })
    }

    /// The outcomes of every threshold from 1 to 99 percent.
    #[must_use]
    pub fn outcomes(&self, terms: &Terms) -> Vec<Outcome> {
        (1..=99)
            .map(|percent| self.outcome(percent, terms))
            .collect()
    }

    /// The threshold that saves most; the highest of equals.
    #[must_use]
    pub fn best(&self, terms: &Terms) -> Option<Outcome> {
        let outcomes = self.outcomes(terms).into_iter();
        outcomes.max_by(|one, other| one.saved_cents.total_cmp(&other.saved_cents))
    }

    /// The ROC curve from (0, 0) to (1, 1); nothing when all fates are the same.
    #[must_use]
    pub fn roc(&self) -> Vec<RocPoint> {
        let stayed = self.customers - self.churned;
        if self.churned == 0 || stayed == 0 {
            return Vec::new();
        }
        let mut points = vec![RocPoint {
            permille: 1_000,
            false_positives: 0.0,
            true_positives: 0.0,
        }];
        let (mut flagged, mut caught) = (0, 0);
        for bin in &self.bins {
            flagged += bin.customers;
            caught += bin.churned;
            points.push(RocPoint {
                permille: bin.permille,
                false_positives: (flagged - caught) as f64 / stayed as f64,
                true_positives: caught as f64 / self.churned as f64,
            });
        }
        points
    }

    /// The area under the ROC curve: how often somebody who left has a higher score than somebody
    /// who stayed, ties counted half.
    #[must_use]
    pub fn auc(&self) -> Option<f64> {
        let roc = self.roc();
        let areas = roc.windows(2).map(|pair| {
            (pair[1].false_positives - pair[0].false_positives)
                * (pair[0].true_positives + pair[1].true_positives)
                / 2.0
        });
        (!roc.is_empty()).then(|| areas.sum())
    }

    /// Ten groups of about as many customers, highest scores first; bins are not torn apart.
    #[must_use]
    pub fn tenths(&self) -> Vec<Group> {
        let mut groups: Vec<(i64, i64, f64, f64)> = Vec::new();
        let mut before = 0;
        for bin in &self.bins {
            // The bin goes where its middle customer stands.
            let middle = (2 * before + bin.customers) as f64 / 2.0;
            let place = (middle * 10.0 / self.customers as f64).floor() as usize;
            before += bin.customers;
            while groups.len() <= place.min(9) {
                groups.push((0, 0, 0.0, 0.0));
            }
            if let Some(group) = groups.get_mut(place.min(9)) {
                group.0 += bin.customers;
                group.1 += bin.churned;
                group.2 += bin.probability_sum;
                group.3 = bin.independent;
            }
        }
        let groups = groups.into_iter().enumerate();
        groups
            .filter(|(_, (customers, ..))| *customers > 0)
            .map(|(place, (customers, churned, sum, independent))| Group {
                decile: place + 1,
                customers,
                churned,
                predicted: sum / customers as f64,
                actual: churned as f64 / customers as f64,
                interval: wilson(churned as f64 / customers as f64, independent),
            })
            .collect()
    }

    /// The share that left.
    #[must_use]
    pub fn base_rate(&self) -> f64 {
        self.churned as f64 / self.customers as f64
    }

    /// How much the shares that left differ from what was predicted, over the groups, weighed by
    /// their customers.
    #[must_use]
    pub fn calibration_error(&self) -> f64 {
        let tenths = self.tenths();
        let off = tenths
            .iter()
            .map(|group| (group.predicted - group.actual).abs() * group.customers as f64);
        off.sum::<f64>() / self.customers as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(permille: i64, customers: i64, churned: i64) -> ScoreBin {
        ScoreBin {
            permille,
            customers,
            churned,
            probability_sum: customers as f64 * permille as f64 / 1_000.0,
            mrr_cents: customers * 10_000,
            churned_mrr_cents: churned * 10_000,
            snapshots: 2,
            independent: customers as f64,
        }
    }

    fn evaluation() -> Evaluation {
        Evaluation::new(&[bin(50, 60, 3), bin(500, 10, 6), bin(200, 30, 6)]).unwrap()
    }

    #[test]
    fn a_threshold_takes_what_reaches_it() {
        let terms = Terms {
            value_cents: Some(100_000.0),
            ..Terms::default()
        };
        let outcome = evaluation().outcome(20, &terms);
        assert_eq!((outcome.contacted, outcome.caught), (40, 12));
        let rates = |of: Outcome| (of.precision().rate(), of.recall().rate());
        assert_eq!(rates(outcome), (Some(0.3), Some(0.8)));
        // Of 12 caught a fifth stays, $1,000 each; 40 contacts cost $50 each.
        assert!((outcome.saved_cents - (240_000.0 - 200_000.0)).abs() < 1e-6);
        let none = evaluation().outcome(51, &terms);
        assert_eq!((none.contacted, none.saved_cents), (0, 0.0));
        assert_eq!(rates(none), (None, Some(0.0)));
        assert_eq!(evaluation().best(&terms).unwrap().threshold_percent, 50);
    }

    #[test]
    fn a_kept_customer_is_worth_a_year_of_what_leavers_paid() {
        assert_eq!(evaluation().value_cents(&Terms::default()), 120_000.0);
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_order() {
        let evaluation = evaluation();
        // Every pair of one who left and one who stayed, ties half.
        let left = [(50, 3), (200, 6), (500, 6)];
        let stayed = [(50, 57), (200, 24), (500, 4)];
        let mut in_order = 0.0;
        for (score, count) in left {
            for (other, others) in stayed {
                let pairs = f64::from(count * others);
                in_order += match score.cmp(&other) {
                    std::cmp::Ordering::Greater => pairs,
                    std::cmp::Ordering::Equal => pairs / 2.0,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        assert!((evaluation.auc().unwrap() - in_order / (15.0 * 85.0)).abs() < 1e-12);
        let last = *evaluation.roc().last().unwrap();
        assert_eq!((last.false_positives, last.true_positives), (1.0, 1.0));
    }

    #[test]
    fn groups_hold_everybody_once() {
        let bins: Vec<ScoreBin> = (0..97)
            .map(|place| bin(place * 10, 3 + place % 5, place % 3))
            .collect();
        let evaluation = Evaluation::new(&bins).unwrap();
        let tenths = evaluation.tenths();
        assert_eq!(tenths.len(), 10);
        assert_eq!(
            tenths.iter().map(|group| group.customers).sum::<i64>(),
            evaluation.customers
        );
        assert!(
            tenths
                .windows(2)
                .all(|pair| pair[0].predicted > pair[1].predicted)
        );
        assert!(tenths.iter().all(|group| {
            group.interval[0] <= group.actual && group.actual <= group.interval[1]
        }));
    }

    /// A model that knows nothing gives everyone one score; two scores leave eight tenths empty.
    #[test]
    fn a_tenth_keeps_its_number_where_scores_are_equal() {
        let places = |bins: &[ScoreBin]| -> Vec<usize> {
            let tenths = Evaluation::new(bins).unwrap().tenths();
            tenths.iter().map(|group| group.decile).collect()
        };
        assert_eq!(places(&[bin(300, 100, 30)]), [6]);
        assert_eq!(places(&[bin(300, 50, 30), bin(100, 50, 5)]), [3, 8]);
    }

    #[test]
    fn one_fate_has_no_curve() {
        assert!(Evaluation::new(&[]).is_none());
        let stayed = Evaluation::new(&[bin(10, 5, 0)]).unwrap();
        assert_eq!((stayed.auc(), stayed.roc().len()), (None, 0));
        assert_eq!(stayed.outcome(1, &Terms::default()).recall().rate(), None);
    }
}
