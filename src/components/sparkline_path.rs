//! The shape of a sparkline, as the text of SVG paths.

/// A line and the area under it, in a box of 100 × 32 units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SparklinePath {
    /// The line.
    pub line: String,
    /// The area under its last unbroken part.
    pub area: String,
    /// The stretch to the last value, where that is of a period that is not over; it is no part of
    /// the line then.
    pub tail: String,
}

/// Width of the box.
pub const WIDTH: f64 = 100.0;
/// Height of the box.
pub const HEIGHT: f64 = 32.0;
const MARGIN: f64 = 2.0;

/// Draws `values`, which lie at equal distances; a missing value breaks the line. The last value may
/// be of a period that `is_running`.
#[must_use]
pub fn sparkline_path(values: &[Option<f64>], is_running: bool) -> SparklinePath {
    let present = || values.iter().flatten().copied();
    let lowest = present().fold(f64::INFINITY, f64::min);
    let highest = present().fold(f64::NEG_INFINITY, f64::max);
    if values.len() < 2 || lowest > highest {
        return SparklinePath::default();
    }
    let range = highest - lowest;
    let place = |position: usize, value: f64| {
        let share = if range > 0.0 {
            (value - lowest) / range
        } else {
            0.5
        };
        let x = WIDTH * position as f64 / (values.len() - 1) as f64;
        let y = HEIGHT - MARGIN - share * (HEIGHT - 2.0 * MARGIN);
        (x, y)
    };

    let mut path = SparklinePath::default();
    let mut first = None;
    let mut last = 0.0;
    for (position, value) in values.iter().enumerate() {
        let Some(value) = value else {
            first = None;
            path.area.clear();
            continue;
        };
        let (x, y) = place(position, *value);
        let command = if first.is_none() { 'M' } else { 'L' };
        let step = format!("{command}{x:.1} {y:.1}");
        if is_running && position + 1 == values.len() {
            let before = position.checked_sub(1).and_then(|before| values[before]);
            if let Some(before) = before {
                let (x, y) = place(position - 1, before);
                path.tail = format!("M{x:.1} {y:.1}{step}");
            }
        } else {
            path.line.push_str(&step);
        }
        path.area.push_str(&step);
        first.get_or_insert(x);
        last = x;
    }
    if let Some(first) = first {
        path.area
            .push_str(&format!("L{last:.1} {HEIGHT}L{first:.1} {HEIGHT}Z"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_breaks_the_line() {
        let path = sparkline_path(&[Some(0.0), None, Some(1.0), Some(2.0)], false);
        assert_eq!(path.line, "M0.0 30.0M66.7 16.0L100.0 2.0");
        assert_eq!(path.area, "M66.7 16.0L100.0 2.0L100.0 32L66.7 32Z");
    }

    #[test]
    fn the_stretch_to_a_period_under_way_is_no_part_of_the_line() {
        let path = sparkline_path(&[Some(0.0), Some(1.0), Some(2.0)], true);
        assert_eq!(path.line, "M0.0 30.0L50.0 16.0");
        assert_eq!(path.tail, "M50.0 16.0L100.0 2.0");
        assert_eq!(sparkline_path(&[Some(0.0), None, Some(2.0)], true).tail, "");
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(sparkline_path(&[], true), SparklinePath::default());
        let nothing = sparkline_path(&[None, None], false);
        assert_eq!(nothing, SparklinePath::default());
    }
}
