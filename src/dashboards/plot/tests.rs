//! What follows from what a panel says.

use super::*;
use crate::components::theme::LIGHT;

/// Columns beside each other say their figures themselves, and a click on one reaches what its series stands for.
#[test]
fn columns_beside_each_other_are_labelled_and_stand_for_their_series() {
    let of = |name: &'static str, factor: i64| {
        Series::beside(name, LIGHT.teal, move |row: &i64| row * factor)
            .labelled(LIGHT.ink, move |row| format!("{} in all", row * factor))
            .mark_of_all(Some(PanelMark::new(name, name)))
    };
    let figure = Plot::of_names(&[3, 4], ValueFormat::Count, &LIGHT, i64::to_string)
        .series(of("one", 1))
        .series(of("two", 2))
        .figure();
    let option = serde_json::to_value(&figure.chart).unwrap();
    let column = &option["series"][1]["data"][0];
    assert_eq!(
        (column["value"].as_f64(), column["name"].as_str()),
        (Some(6.0), Some("6 in all"))
    );
    assert!(option["series"][1]["barWidth"].is_null());
    let keys: Vec<&str> = figure.marks.iter().map(|mark| mark.key.as_str()).collect();
    assert_eq!(keys, ["one", "two"]);
    let place = |series| ChartMark {
        series,
        index: 1,
        ..ChartMark::default()
    };
    let hit = [None, Some(0), Some(1)].map(|series| (figure.mark_at)(&place(series)));
    assert_eq!(hit, [None, Some(0), Some(1)]);
}
