//! The effects of all channels at once: a user's probability to pay is a base rate of the stratum
//! times one factor for each channel that touched them.

/// Most rounds of Newton's method; a fit takes seven or so.
const MOST_ROUNDS: usize = 60;
/// Length of a step at which the fit has arrived, in logs.
const LAST_STEP: f64 = 1e-11;
/// Users with and without a channel below which nothing is said of it.
const FEWEST_USERS: f64 = 20.0;

/// Users who look alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Their stratum, from 0.
    pub stratum: usize,
    /// The channels that touched them, from 0, each once.
    pub channels: Vec<usize>,
    /// How many there are.
    pub users: f64,
    /// How many of them ever paid.
    pub converted: f64,
}

/// The factor of a channel, in logs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub log_ratio: f64,
    /// Its standard error.
    pub error: f64,
}

/// Fits `log p = base[stratum] + Σ effect[channel]` to `groups`, for strata and channels that are
/// numbered from 0; `None` for a channel that too few were touched by, or missed by.
///
/// Estimates solve the score of Poisson regression, which are consistent for probabilities too;
/// errors are those of the sandwich, since the counts are not Poisson's.
///
/// # Source
/// Zou, "A modified Poisson regression approach to prospective studies with binary data" (2004).
#[must_use]
pub fn fit(groups: &[Group], strata: usize, channels: usize) -> Vec<Option<Effect>> {
    let everyone: f64 = groups.iter().map(|group| group.users).sum();
    let told: Vec<bool> = (0..channels)
        .map(|channel| {
            let touched: f64 = groups
                .iter()
                .filter(|group| group.channels.contains(&channel))
                .map(|group| group.users)
                .sum();
            touched >= FEWEST_USERS && everyone - touched >= FEWEST_USERS
        })
        .collect();
    // A stratum in which nobody paid, or that is empty, has a base rate of 0 and says nothing.
    let bases: Vec<f64> = (0..strata)
        .map(|stratum| {
            let inside = groups.iter().filter(|group| group.stratum == stratum);
            let (users, converted) = inside.fold((0.0, 0.0), |(users, converted), group| {
                (users + group.users, converted + group.converted)
            });
            if users > 0.0 { converted / users } else { 0.0 }
        })
        .collect();
    // The place of each column among those that are fitted.
    let mut width = 0;
    let mut place = |is_fitted: bool| {
        is_fitted.then(|| {
            width += 1;
            width - 1
        })
    };
    let base_places: Vec<Option<usize>> = bases.iter().map(|&base| place(base > 0.0)).collect();
    let channel_places: Vec<Option<usize>> = told.iter().map(|&is_told| place(is_told)).collect();
    let rows: Vec<(Vec<usize>, f64, f64)> = groups
        .iter()
        .filter_map(|group| {
            let mut columns = vec![*base_places.get(group.stratum)?.as_ref()?];
            columns.extend(
                group
                    .channels
                    .iter()
                    .filter_map(|&channel| *channel_places.get(channel)?),
            );
            Some((columns, group.users, group.converted))
        })
        .collect();
    let mut values = vec![0.0; width];
    for (base, place) in bases.iter().zip(&base_places) {
        if let Some(place) = place {
            values[*place] = libm::log(*base);
        }
    }
    let errors = newton(&rows, &mut values);
    let effect = |place: &Option<usize>| {
        let place = (*place)?;
        let error = errors.as_ref()?[place];
        (error.is_finite() && error > 0.0).then(|| Effect {
            log_ratio: values[place],
            error,
        })
    };
    channel_places.iter().map(effect).collect()
}

/// Solves the score from `values` on; gives the standard error of each, or nothing when there is
/// no single solution.
fn newton(rows: &[(Vec<usize>, f64, f64)], values: &mut [f64]) -> Option<Vec<f64>> {
    let width = values.len();
    for _ in 0..MOST_ROUNDS {
        let mut score = vec![0.0; width];
        let mut bread = vec![vec![0.0; width]; width];
        for (columns, users, converted) in rows {
            let rate = rate(columns, values);
            for &row in columns {
                score[row] += converted - users * rate;
                for &column in columns {
                    bread[row][column] += users * rate;
                }
            }
        }
        let inverse = inverse(bread)?;
        let steps: Vec<f64> = inverse.iter().map(|row| dot(row, &score)).collect();
        // A first step can be far too long; one that changes a rate more than tenfold is cut.
        let longest = steps
            .iter()
            .fold(0.0_f64, |most, step| most.max(step.abs()));
        let share = (2.3 / longest).min(1.0);
        for (value, step) in values.iter_mut().zip(&steps) {
            *value += share * step;
        }
        if !longest.is_finite() {
            return None;
        }
        if longest < LAST_STEP {
            return Some(sandwich(rows, values, &inverse));
        }
    }
    None
}

fn sandwich(rows: &[(Vec<usize>, f64, f64)], values: &[f64], bread: &[Vec<f64>]) -> Vec<f64> {
    let width = values.len();
    let mut meat = vec![vec![0.0; width]; width];
    for (columns, users, converted) in rows {
        let rate = rate(columns, values);
        let squares = converted * (1.0 - rate) * (1.0 - rate) + (users - converted) * rate * rate;
        for &row in columns {
            for &column in columns {
                meat[row][column] += squares;
            }
        }
    }
    bread
        .iter()
        .map(|row| {
            let spread: f64 = (0..width)
                .map(|column| row[column] * dot(&meat[column], row))
                .sum();
            spread.sqrt()
        })
        .collect()
}

fn rate(columns: &[usize], values: &[f64]) -> f64 {
    libm::exp(columns.iter().map(|&column| values[column]).sum())
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The inverse by Gauss and Jordan, with pivots; `None` when the matrix has none.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let width = matrix.len();
    let mut inverse: Vec<Vec<f64>> = (0..width)
        .map(|row| {
            (0..width)
                .map(|column| f64::from(u8::from(row == column)))
                .collect()
        })
        .collect();
    let size = matrix
        .iter()
        .flatten()
        .fold(0.0_f64, |most, cell| most.max(cell.abs()));
    for column in 0..width {
        let pivot = (column..width)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))?;
        if matrix[pivot][column].abs() <= 1e-12 * size {
            return None;
        }
        matrix.swap(column, pivot);
        inverse.swap(column, pivot);
        let scale = 1.0 / matrix[column][column];
        for cell in matrix[column].iter_mut().chain(&mut inverse[column]) {
            *cell *= scale;
        }
        for row in (0..width).filter(|&row| row != column) {
            let factor = matrix[row][column];
            for cell in 0..width {
                matrix[row][cell] -= factor * matrix[column][cell];
                inverse[row][cell] -= factor * inverse[column][cell];
            }
        }
    }
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(stratum: usize, channels: &[usize], users: f64, converted: f64) -> Group {
        Group {
            stratum,
            channels: channels.to_vec(),
            users,
            converted,
        }
    }

    #[test]
    fn effects_that_multiply_are_found_exactly() {
        let bases = [0.05, 0.2];
        let effects = [1.6, 0.9, 1.25];
        let mut groups = Vec::new();
        for (stratum, base) in bases.into_iter().enumerate() {
            for set in 1..8_usize {
                let channels: Vec<usize> =
                    (0..3).filter(|channel| set >> channel & 1 == 1).collect();
                let rate: f64 = channels
                    .iter()
                    .map(|&channel| effects[channel])
                    .product::<f64>()
                    * base;
                let users = 1_000.0 + 100.0 * set as f64;
                groups.push(group(stratum, &channels, users, users * rate));
            }
        }
        for (found, planted) in fit(&groups, 2, 3).into_iter().zip(effects) {
            let found = found.unwrap();
            assert!(
                (found.log_ratio - libm::log(planted)).abs() < 1e-9,
                "{found:?}, {planted}"
            );
        }
    }

    #[test]
    fn one_channel_gives_the_ratio_of_risks_and_its_usual_error() {
        let groups = [group(0, &[0], 400.0, 60.0), group(0, &[], 600.0, 45.0)];
        let found = fit(&groups, 1, 1)[0].unwrap();
        assert!((found.log_ratio - libm::log(0.15 / 0.075)).abs() < 1e-9);
        // Katz and others (1978).
        let error = (1.0_f64 / 60.0 - 1.0 / 400.0 + 1.0 / 45.0 - 1.0 / 600.0).sqrt();
        assert!((found.error - error).abs() < 1e-9, "{found:?}, {error}");
    }

    #[test]
    fn channels_that_cannot_be_told_are_left_out() {
        // The second touches nobody, the third everybody, the fourth always comes with the first.
        let groups = [
            group(0, &[0, 2], 300.0, 60.0),
            group(0, &[2], 300.0, 30.0),
            group(1, &[2], 300.0, 0.0),
        ];
        let found = fit(&groups, 2, 3);
        assert!(found[0].is_some());
        assert_eq!(found[1..], [None, None]);
        let tied = [group(0, &[0, 1], 300.0, 60.0), group(0, &[], 300.0, 30.0)];
        assert_eq!(fit(&tied, 1, 2), [None, None]);
        assert_eq!(fit(&[], 1, 1), [None]);
    }
}
