//! What a plot asks of its rows.

use std::rc::Rc;

use crate::dashboards::marks::PanelMark;

/// What is asked of a row.
pub(super) type Of<R, T> = Rc<dyn Fn(&R) -> T>;
/// Text about a row in a tooltip: a value of a series, or a figure beside it.
pub(super) type Told<R> = Of<R, Option<String>>;
/// A mark of a row.
pub(super) type Mark<R> = Of<R, Option<PanelMark>>;
/// A number of a row.
pub(super) type Value<R> = Of<R, Option<f64>>;

/// What a series may hold: a number, or none where there is none.
pub trait IntoValue {
    /// The number.
    fn into_value(self) -> Option<f64>;
}

impl IntoValue for f64 {
    fn into_value(self) -> Option<f64> {
        Some(self)
    }
}

impl IntoValue for i64 {
    fn into_value(self) -> Option<f64> {
        Some(self as f64)
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Option<f64> {
        self?.into_value()
    }
}

/// What is asked of a row, asked by its number.
pub(super) fn by_number<R: 'static, T: 'static>(rows: &Rc<Vec<R>>, of: Of<R, T>) -> Of<usize, T> {
    let rows = Rc::clone(rows);
    Rc::new(move |row| of(&rows[*row]))
}
