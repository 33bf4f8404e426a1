//! Gradient-boosted trees: XGBoost's algorithm on forust's histograms, splits and trees.
//!
//! The rounds themselves are here rather than forust's own `fit`: its gradients use the platform's
//! exponential, which differs in bits between native and wasm, and it can't tell how far it is.
//!
//! # Source
//! Chen & Guestrin (2016), XGBoost; docs/decisions/0080-boosting.md.

pub(super) mod settings;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use forust_ml::binning::{TiledBins, bin_for_prediction, bin_matrix};
use forust_ml::data::Matrix;
use forust_ml::gradientbooster::GrowPolicy;
use forust_ml::sampler::SampleMethod;
use forust_ml::splitter::MissingImputerSplitter;
use forust_ml::tree::{Tree, split_bins};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::{Importance, LearnError};

/// Histogram bins a feature.
const BINS: u16 = 255;

/// Columns of equal length, one after the other: `rows × names.len()`, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Design {
    pub(super) names: Vec<String>,
    pub(super) rows: usize,
    values: Vec<f64>,
}

impl Design {
    pub(super) fn push(&mut self, name: &str, values: impl IntoIterator<Item = f64>) {
        self.names.push(name.to_owned());
        self.values.extend(values);
        self.rows = self.values.len() / self.names.len();
    }

    pub(super) fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.rows..(column + 1) * self.rows]
    }

    /// The given rows, in their order.
    pub(super) fn rows_of(&self, rows: &[usize]) -> Self {
        let mut part = Self {
            names: self.names.clone(),
            rows: rows.len(),
            values: Vec::with_capacity(rows.len() * self.names.len()),
        };
        for column in 0..self.names.len() {
            let values = self.column(column);
            part.values.extend(rows.iter().map(|&row| values[row]));
        }
        part
    }

    /// # Errors
    /// [`LearnError::ConstantFeatures`] when no column has two different values.
    pub(super) fn check_varies(&self) -> Result<(), LearnError> {
        let varies = |values: &[f64]| {
            let first = values.first().map(|value| value.to_bits());
            values.iter().any(|value| Some(value.to_bits()) != first)
        };
        if (0..self.names.len()).any(|column| varies(self.column(column))) {
            return Ok(());
        }
        Err(LearnError::ConstantFeatures {
            columns: self.names.len(),
        })
    }

    /// All columns after some others, for comparisons with other programs.
    ///
    /// # Errors
    /// [`LearnError::Arrow`] when lengths differ.
    pub(super) fn batch(&self, first: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, LearnError> {
        let own = self.names.iter().enumerate().map(|(column, name)| {
            let values: ArrayRef = Arc::new(Float64Array::from(self.column(column).to_vec()));
            (name.as_str(), values)
        });
        Ok(RecordBatch::try_from_iter(first.into_iter().chain(own))?)
    }

    fn matrix(&self) -> Matrix<'_, f64> {
        Matrix::new(&self.values, self.rows, self.names.len())
    }

    fn row(&self, row: usize, into: &mut Vec<f64>) {
        into.clear();
        into.extend((0..self.names.len()).map(|column| self.values[column * self.rows + row]));
    }
}

/// What is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Of labels 0 and 1; scores are log-odds.
    Logistic,
    /// Of numbers; scores are numbers.
    Squared,
}

impl Loss {
    /// The one score that fits all rows best.
    fn start(self, target: &[f64], weights: &[f64]) -> f64 {
        let mean = weighted(target, weights) / weights.iter().sum::<f64>();
        match self {
            Self::Logistic => libm::log(mean / (1.0 - mean)),
            Self::Squared => mean,
        }
    }

    fn gradient(self, target: f64, score: f64, weight: f64) -> (f32, f32) {
        match self {
            Self::Logistic => {
                let p = logistic(score);
                (
                    (weight * (p - target)) as f32,
                    (weight * p * (1.0 - p)) as f32,
                )
            }
            Self::Squared => ((weight * (score - target)) as f32, weight as f32),
        }
    }

    fn mean(self, target: &[f64], weights: &[f64], scores: &[f64]) -> f64 {
        let losses: Vec<f64> = target
            .iter()
            .zip(scores)
            .map(|(target, score)| match self {
                // log(1 + e^s) - y s, without overflow.
                Self::Logistic => {
                    libm::log1p(libm::exp(-score.abs())) + score.max(0.0) - target * score
                }
                Self::Squared => (target - score) * (target - score),
            })
            .collect();
        weighted(&losses, weights) / weights.iter().sum::<f64>()
    }
}

fn weighted(values: &[f64], weights: &[f64]) -> f64 {
    values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}

/// The probability of log-odds.
pub(super) fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-score))
}

/// How trees are grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Boosting {
    pub(super) loss: Loss,
    pub(super) trees: usize,
    pub(super) learning_rate: f64,
    pub(super) depth: usize,
    /// L2 penalty on leaf weights.
    pub(super) penalty: f64,
    /// Least sum of second derivatives in a leaf.
    pub(super) least_leaf: f64,
    /// Shares of rows and of columns that a tree sees.
    pub(super) row_share: f64,
    pub(super) column_share: f64,
    /// Trees without improvement before training stops.
    pub(super) patience: usize,
    pub(super) seed: u64,
}

/// Grown trees.
pub(super) struct Boosted {
    names: Vec<String>,
    start: f64,
    trees: Vec<Tree>,
    /// Mean loss on the validation part after each tree.
    pub(super) history: Vec<f64>,
}

impl Boosting {
    /// Grows trees on one part and stops when the validation part no longer gains.
    ///
    /// # Errors
    /// [`LearnError::ConstantFeatures`] when nothing varies, [`LearnError::Algorithm`] when forust
    /// refuses the features.
    pub(super) fn fit(
        &self,
        train: (&Design, &[f64]),
        validation: (&Design, &[f64]),
        progress: impl FnMut(usize),
    ) -> Result<Boosted, LearnError> {
        let ones = |part: &Design| vec![1.0; part.rows];
        self.fit_weighted(
            (train.0, train.1, &ones(train.0)),
            Some((validation.0, validation.1, &ones(validation.0))),
            progress,
        )
    }

    /// As [`Self::fit`], with a weight for each row; without a validation part all trees are kept.
    ///
    /// # Errors
    /// As [`Self::fit`].
    pub(super) fn fit_weighted(
        &self,
        train: (&Design, &[f64], &[f64]),
        validation: Option<(&Design, &[f64], &[f64])>,
        mut progress: impl FnMut(usize),
    ) -> Result<Boosted, LearnError> {
        let (design, target, weights) = train;
        design.check_varies()?;
        let matrix = design.matrix();
        // Bins hold equal numbers of rows, whatever the rows weigh.
        let ones = vec![1.0; design.rows];
        let binned = bin_matrix(&matrix, &ones, BINS, f64::NAN, false).map_err(|error| {
            LearnError::Algorithm {
                algorithm: "gradient boosting",
                message: error.to_string(),
            }
        })?;
        let bins = Matrix::new(&binned.binned_data, design.rows, design.names.len());
        let tiles = TiledBins::new(&bins, &binned.cuts, false);
        let own_bins = bin_for_prediction(&matrix, &binned.cuts, &f64::NAN, false);
        let watched = validation.map(|(design, target, weights)| {
            let bins = bin_for_prediction(&design.matrix(), &binned.cuts, &f64::NAN, false);
            (target, weights, bins)
        });
        let splitter = MissingImputerSplitter {
            l1: 0.0,
            l2: self.penalty as f32,
            max_delta_step: 0.0,
            gamma: 0.0,
            min_leaf_weight: self.least_leaf as f32,
            learning_rate: self.learning_rate as f32,
            allow_missing_splits: true,
            constraints_map: Default::default(),
        };

        let start = self.loss.start(target, weights);
        let mut scores = vec![start; design.rows];
        let mut watched_scores =
            vec![start; watched.as_ref().map_or(0, |(target, _, _)| target.len())];
        let (mut gradient, mut hessian) = (vec![0.0; design.rows], vec![0.0; design.rows]);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let (mut trees, mut history) = (Vec::new(), Vec::new());
        let (mut best, mut best_loss) = (0, f64::INFINITY);
        if let Some((target, weights, _)) = &watched {
            best_loss = self.loss.mean(target, weights, &watched_scores);
        }
        for round in 0..self.trees {
            for row in 0..design.rows {
                (gradient[row], hessian[row]) =
                    self.loss.gradient(target[row], scores[row], weights[row]);
            }
            let rows = sample(&mut random, design.rows, self.row_share);
            let columns = sample(&mut random, design.names.len(), self.column_share);
            let mut tree = Tree::new();
            tree.fit_with_tiles(
                &bins,
                rows,
                &columns,
                &binned.cuts,
                &gradient,
                &hessian,
                &splitter,
                usize::MAX,
                self.depth,
                false,
                // Sums go over the sampled rows.
                &SampleMethod::Random,
                &GrowPolicy::DepthWise,
                Some(&tiles),
            );
            let splits = split_bins(&tree, &binned.cuts);
            add(&mut scores, &tree, &own_bins, &splits);
            if let Some((_, _, bins)) = &watched {
                add(&mut watched_scores, &tree, bins, &splits);
            }
            trees.push(tree);
            progress(round + 1);
            let Some((target, weights, _)) = &watched else {
                best = round + 1;
                continue;
            };
            let loss = self.loss.mean(target, weights, &watched_scores);
            history.push(loss);
            if loss < best_loss {
                (best, best_loss) = (round + 1, loss);
            }
            if round + 1 >= best + self.patience {
                break;
            }
        }
        trees.truncate(best);
        Ok(Boosted {
            names: design.names.clone(),
            start,
            trees,
            history,
        })
    }
}

impl Boosted {
    /// How many trees were kept.
    pub(super) fn trees(&self) -> usize {
        self.trees.len()
    }

    /// The score of each row: log-odds or numbers.
    pub(super) fn scores(&self, design: &Design) -> Vec<f64> {
        let mut values = Vec::new();
        (0..design.rows)
            .map(|row| {
                design.row(row, &mut values);
                self.trees.iter().fold(self.start, |score, tree| {
                    score + tree.predict_row_from_row_slice(&values, &f64::NAN)
                })
            })
            .collect()
    }

    /// What each feature adds to each row's score, the part common to all rows last: rows of
    /// `features + 1` numbers whose sum is the score.
    ///
    /// # Source
    /// Saabas (2014), with node values that are means over the rows trained on; XGBoost's
    /// `approx_contribs`.
    pub(super) fn contributions(&self, design: &Design) -> Vec<Vec<f64>> {
        let node_values: Vec<Vec<f64>> = self
            .trees
            .iter()
            .map(Tree::distribute_leaf_weights)
            .collect();
        let mut values = Vec::new();
        (0..design.rows)
            .map(|row| {
                design.row(row, &mut values);
                let mut parts = vec![0.0; self.names.len() + 1];
                if let Some(common) = parts.last_mut() {
                    *common = self.start;
                }
                for (tree, node_values) in self.trees.iter().zip(&node_values) {
                    tree.predict_contributions_row_average(
                        &values,
                        &mut parts,
                        node_values,
                        &f64::NAN,
                    );
                }
                parts
            })
            .collect()
    }

    /// Share of all gain that splits on each feature brought, the largest first.
    pub(super) fn importances(&self) -> Vec<Importance> {
        let mut gains = vec![0.0; self.names.len()];
        for node in self.trees.iter().flat_map(|tree| &tree.nodes) {
            if !node.is_leaf {
                gains[node.split_feature] += f64::from(node.split_gain);
            }
        }
        Importance::shares(self.names.iter().cloned().zip(gains).collect())
    }
}

fn add(scores: &mut [f64], tree: &Tree, bins: &[u16], splits: &[u16]) {
    let rows = scores.len();
    for (row, score) in scores.iter_mut().enumerate() {
        *score += tree.predict_row_from_bins(
            |column| bins[column * rows + row],
            splits,
            forust_ml::binning::PREDICT_MISSING_BIN,
            &f64::NAN,
        );
    }
}

/// A share of `0..count` in order, at least one, drawn without putting back.
fn sample(random: &mut Xoshiro256PlusPlus, count: usize, share: f64) -> Vec<usize> {
    let wanted = ((count as f64 * share).round() as usize).clamp(1, count.max(1));
    if wanted >= count {
        return (0..count).collect();
    }
    let mut chosen = Vec::with_capacity(wanted);
    for index in 0..count {
        // Knuth's selection sampling: each of the rest has the same chance.
        let draw = (u128::from(random.next_u64()) * (count - index) as u128) >> 64;
        if (draw as usize) < wanted - chosen.len() {
            chosen.push(index);
        }
    }
    chosen
}
