//! Rows of several lines, brought together at the places that they share.

use chrono::NaiveDate;

use crate::results::periods::{Grain, Periodic};

/// A place along the axis, with the row that each line has there.
#[derive(Debug, Clone)]
pub struct Across<R> {
    /// One of its rows: what all of them share.
    pub one: R,
    rows: Vec<Option<R>>,
}

impl<R> Across<R> {
    /// Its rows.
    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().flatten()
    }

    /// The row of the line at a position; `None` where the line has a gap.
    #[must_use]
    pub fn of(&self, line: usize) -> Option<&R> {
        self.rows.get(line)?.as_ref()
    }
}

impl<R: Periodic> Periodic for Across<R> {
    const GRAIN: Grain = R::GRAIN;

    fn starts_on(&self) -> NaiveDate {
        self.one.starts_on()
    }
}

/// The first row of each line, as the rows come, and the places in order.
#[must_use]
pub fn across<R: Clone, K: Ord>(
    rows: &[R],
    line: impl Fn(&R) -> &str,
    place: impl Fn(&R) -> K,
) -> (Vec<R>, Vec<Across<R>>) {
    let mut lines: Vec<R> = Vec::new();
    for row in rows {
        if !lines.iter().rev().any(|first| line(first) == line(row)) {
            lines.push(row.clone());
        }
    }
    let mut sorted: Vec<&R> = rows.iter().collect();
    sorted.sort_by_key(|row| place(row));
    let mut places: Vec<Across<R>> = Vec::new();
    for row in sorted {
        if places
            .last()
            .is_none_or(|last| place(&last.one) != place(row))
        {
            places.push(Across {
                one: row.clone(),
                rows: vec![None; lines.len()],
            });
        }
        let of = lines.iter().position(|first| line(first) == line(row));
        if let Some((of, last)) = of.zip(places.last_mut()) {
            last.rows[of] = Some(row.clone());
        }
    }
    (lines, places)
}
