//! What follows from what a panel says.

mod lying;

use chrono::NaiveDate;

use super::*;
use crate::components::theme::LIGHT;

#[derive(Clone)]
struct Month(NaiveDate, i64, i64);

impl Periodic for Month {
    fn starts_on(&self) -> NaiveDate {
        self.0
    }
}

/// A stack is told in one order and drawn in another; a place finds its mark again.
#[test]
fn a_stack_is_told_as_it_is_given_and_drawn_by_levels() {
    let month = |year| NaiveDate::from_ymd_opt(year, 3, 1).unwrap();
    let bars = |name: &'static str, level, value: fn(&Month) -> i64| {
        Series::bars(name, LIGHT.teal, 70, value)
            .stacked_at("all", level)
            .mark(move |_| PanelMark::new(name, name))
    };
    let rows = [Month(month(2025), 3, 4)];
    let before = [Month(month(2024), 1, 2)];
    let figure = Plot::over_time(&rows, Subject::Usage, ValueFormat::Count, &LIGHT)
        .headed(|_| "Now".to_owned())
        .series(bars("new", 1, |row| row.1))
        .series(bars("active", 0, |row| row.2).faint(0.4))
        .before(&before, "All", |row| row.1 + row.2)
        .before_told_here()
        .total("Sum", |row| Some((row.1 + row.2).to_string()))
        .figure();
    let option = serde_json::to_value(&figure.chart).unwrap();
    let names = [0, 1].map(|series| option["series"][series]["name"].as_str().unwrap());
    assert_eq!(names, ["active", "new"]);
    assert_eq!(option["series"][0]["itemStyle"]["opacity"], 0.4);
    let place = |series| ChartMark {
        series: Some(series),
        ..ChartMark::default()
    };
    let tooltip = (figure.tooltip)(&place(0)).unwrap();
    let lines = tooltip.lines.iter();
    let told: Vec<String> = lines
        .map(|line| format!("{} {}", line.name, line.value))
        .collect();
    assert_eq!(tooltip.heading, "Now");
    assert_eq!(told, ["new 3", "active 4", "All, March 2024 3", "Sum 7"]);
    let keys: Vec<&str> = figure.marks.iter().map(|mark| mark.key.as_str()).collect();
    assert_eq!(keys, ["new", "active"]);
    assert_eq!(
        [0, 1].map(|series| (figure.mark_at)(&place(series))),
        [Some(1), Some(0)]
    );
}
