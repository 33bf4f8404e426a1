//! Quasi-Newton descent with limited memory.

use std::collections::VecDeque;

/// Steps that are remembered.
const MEMORY: usize = 10;
/// Sufficient decrease and curvature.
const ARMIJO: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
const MOST_TRIALS: usize = 40;
/// Steps without a relative gain of [`LEAST_GAIN`] that end the descent.
const PATIENCE: usize = 5;
const LEAST_GAIN: f64 = 1e-11;

/// Goes down from `at` until nothing is gained any more or `most_steps` are done; gives the cost
/// reached. `cost` writes the gradient it is given.
///
/// # Source
/// Nocedal and Wright (2006), algorithms 7.4 and 7.5; the line search is Lewis and Overton's
/// (2013), which stands kinks.
pub(super) fn descend(
    at: &mut [f64],
    most_steps: usize,
    mut cost: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> f64 {
    let size = at.len();
    let mut gradient = vec![0.0; size];
    let mut value = cost(at, &mut gradient);
    let mut memory: VecDeque<Step> = VecDeque::with_capacity(MEMORY);
    let (mut tried, mut tried_gradient) = (vec![0.0; size], vec![0.0; size]);
    let mut idle = 0;
    for _ in 0..most_steps {
        let mut direction = towards(&gradient, &memory);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            // Rounding has spoilt the memory: begin anew with the steepest way.
            memory.clear();
            direction = gradient.iter().map(|value| -value).collect();
            slope = -dot(&gradient, &gradient);
        }
        if slope == 0.0 {
            break;
        }
        let mut length = if memory.is_empty() {
            1.0 / (-slope).sqrt().max(1.0)
        } else {
            1.0
        };
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut reached = None;
        for _ in 0..MOST_TRIALS {
            for ((tried, start), direction) in tried.iter_mut().zip(at.iter()).zip(&direction) {
                *tried = start + length * direction;
            }
            let found = cost(&tried, &mut tried_gradient);
            // Also false when the cost is no number.
            let is_lower = found <= value + ARMIJO * length * slope;
            if !is_lower {
                high = length;
            } else if dot(&direction, &tried_gradient) < CURVATURE * slope {
                low = length;
                reached = Some(found);
            } else {
                reached = Some(found);
                break;
            }
            length = if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * low
            };
        }
        let Some(found) = reached.filter(|_| tried.iter().all(|value| value.is_finite())) else {
            break;
        };
        if found >= value {
            break;
        }
        let step = Step::between(at, &tried, &gradient, &tried_gradient);
        if step.curvature > 0.0 {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back(step);
        }
        idle = if value - found > LEAST_GAIN * found.abs().max(1.0) {
            0
        } else {
            idle + 1
        };
        value = found;
        at.copy_from_slice(&tried);
        gradient.copy_from_slice(&tried_gradient);
        if idle >= PATIENCE {
            break;
        }
    }
    value
}

/// A step taken and how the gradient changed along it.
struct Step {
    moved: Vec<f64>,
    bent: Vec<f64>,
    curvature: f64,
}

impl Step {
    fn between(from: &[f64], to: &[f64], before: &[f64], after: &[f64]) -> Self {
        let difference =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| b - a).collect() };
        let (moved, bent) = (difference(from, to), difference(before, after));
        let curvature = dot(&moved, &bent);
        Self {
            moved,
            bent,
            curvature,
        }
    }
}

/// Where to go: the gradient through the remembered curvature, two loops over the memory.
fn towards(gradient: &[f64], memory: &VecDeque<Step>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|value| -value).collect();
    let mut weights = Vec::with_capacity(memory.len());
    for step in memory.iter().rev() {
        let weight = dot(&step.moved, &direction) / step.curvature;
        for (value, bent) in direction.iter_mut().zip(&step.bent) {
            *value -= weight * bent;
        }
        weights.push(weight);
    }
    if let Some(last) = memory.back() {
        let scale = last.curvature / dot(&last.bent, &last.bent);
        for value in &mut direction {
            *value *= scale;
        }
    }
    for (step, weight) in memory.iter().zip(weights.into_iter().rev()) {
        let back = dot(&step.bent, &direction) / step.curvature;
        for (value, moved) in direction.iter_mut().zip(&step.moved) {
            *value += (weight - back) * moved;
        }
    }
    direction
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_valley_of_rosenbrock_is_followed_to_its_end() {
        let mut at = vec![-1.2, 1.0, -1.2, 1.0, -1.2, 1.0];
        let found = descend(&mut at, 1_000, |x, gradient| {
            let mut cost = 0.0;
            for pair in 0..3 {
                let (a, b) = (x[2 * pair], x[2 * pair + 1]);
                let (near, off) = (1.0 - a, b - a * a);
                gradient[2 * pair] = -2.0 * near - 400.0 * off * a;
                gradient[2 * pair + 1] = 200.0 * off;
                cost += near * near + 100.0 * off * off;
            }
            cost
        });
        assert!(found < 1e-12, "{found}");
        assert!(at.iter().all(|value| (value - 1.0).abs() < 1e-5), "{at:?}");
    }
}
