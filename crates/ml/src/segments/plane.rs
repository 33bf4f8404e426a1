//! The plane that shows most of the spread.

use super::features::{FACTORS, Point};

/// The first two principal axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    axes: [Point; 2],
    /// Share of the variance along each axis.
    pub(super) shares: [f64; 2],
}

impl Plane {
    /// The plane of standardised points.
    ///
    /// # Source
    /// Principal axes by Jacobi's rotations (Golub and Van Loan, 8.5), which need no start vector;
    /// an axis points to where its largest loading is positive, so that it never flips.
    pub(super) fn of(points: &[Point]) -> Self {
        let count = points.len().max(1) as f64;
        let mut matrix = [[0.0; FACTORS]; FACTORS];
        for point in points {
            for (row, a) in matrix.iter_mut().zip(point) {
                for (cell, b) in row.iter_mut().zip(point) {
                    *cell += a * b / count;
                }
            }
        }
        let (values, vectors) = eigen(matrix);
        let mut order: Vec<usize> = (0..FACTORS).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        let total: f64 = values.iter().sum();
        let axis = |rank: usize| {
            let mut axis = [0.0; FACTORS];
            for (factor, value) in axis.iter_mut().enumerate() {
                *value = vectors[factor][order[rank]];
            }
            let largest = axis.iter().fold(
                0.0_f64,
                |a, &b| if b.abs() > a.abs() + 1e-12 { b } else { a },
            );
            if largest < 0.0 {
                axis.map(|value| -value)
            } else {
                axis
            }
        };
        Self {
            axes: [axis(0), axis(1)],
            shares: [values[order[0]] / total, values[order[1]] / total],
        }
    }

    /// Coordinates of a standardised point.
    pub(super) fn project(&self, point: &Point) -> [f64; 2] {
        self.axes
            .map(|axis| axis.iter().zip(point).map(|(a, b)| a * b).sum())
    }
}

/// Eigenvalues and eigenvectors (as columns) of a symmetric matrix.
fn eigen(mut matrix: [Point; FACTORS]) -> (Point, [Point; FACTORS]) {
    let mut vectors = [[0.0; FACTORS]; FACTORS];
    for (index, row) in vectors.iter_mut().enumerate() {
        row[index] = 1.0;
    }
    for _ in 0..50 {
        let mut largest = 0.0_f64;
        for p in 0..FACTORS {
            for q in p + 1..FACTORS {
                largest = largest.max(matrix[p][q].abs());
                if matrix[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (t * t + 1.0).sqrt();
                let sine = t * cosine;
                for row in &mut matrix {
                    (row[p], row[q]) = (
                        cosine * row[p] - sine * row[q],
                        sine * row[p] + cosine * row[q],
                    );
                }
                let (upper, lower) = matrix.split_at_mut(q);
                for (above, below) in upper[p].iter_mut().zip(&mut lower[0]) {
                    (*above, *below) = (
                        cosine * *above - sine * *below,
                        sine * *above + cosine * *below,
                    );
                }
                for row in &mut vectors {
                    (row[p], row[q]) = (
                        cosine * row[p] - sine * row[q],
                        sine * row[p] + cosine * row[q],
                    );
                }
            }
        }
        if largest < 1e-14 {
            break;
        }
    }
    let mut values = [0.0; FACTORS];
    for (index, value) in values.iter_mut().enumerate() {
        *value = matrix[index][index];
    }
    (values, vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_lie_along_the_spread() {
        // Twice as far along (1, 1, 0, 0) as along (0, 0, 1, -1), nothing elsewhere.
        let points: Vec<Point> = (0..400)
            .map(|index| {
                let (a, b) = (f64::from(index % 20) - 9.5, f64::from(index / 20) - 9.5);
                [2.0 * a, 2.0 * a, b, -b]
            })
            .collect();
        let plane = Plane::of(&points);
        assert!((plane.shares[0] - 0.8).abs() < 1e-9, "{:?}", plane.shares);
        let [x, y] = plane.project(&[1.0, 1.0, 0.0, 0.0]);
        assert!((x - 2.0_f64.sqrt()).abs() < 1e-9 && y.abs() < 1e-9);
        let [x, y] = plane.project(&[0.0, 0.0, 1.0, -1.0]);
        assert!(x.abs() < 1e-9 && (y.abs() - 2.0_f64.sqrt()).abs() < 1e-9);
    }
}
