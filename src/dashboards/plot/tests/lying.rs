//! Bars and dots that lie, with intervals and figures.

use charming::element::ItemStyle;
use serde_json::{Value as Json, json};

use super::super::*;
use crate::components::theme::LIGHT;

/// A name, a value and its interval.
#[derive(Clone)]
struct Measured(&'static str, Option<f64>, [f64; 2]);

fn measured() -> Vec<Measured> {
    vec![
        Measured("first", Some(0.5), [0.4, 0.6]),
        Measured("second", None, [0.1, 0.2]),
        Measured("third", Some(0.3), [0.2, 0.9]),
    ]
}

fn of(rows: &[Measured]) -> Plot<Measured> {
    Plot::of_names(rows, ValueFormat::Percent, &LIGHT, |row| row.0.to_owned())
        .lying()
        .mark(|row| PanelMark::new(row.0, row.0))
}

fn intervals() -> Series<Measured> {
    Series::whiskers(LIGHT.ink, 1.5, |row: &Measured| row.2[0], |row| row.2[1])
}

fn option(figure: &Figure) -> Json {
    serde_json::to_value(&figure.chart).unwrap()
}

fn key_at(figure: &Figure, series: usize, index: usize) -> Option<&str> {
    let place = ChartMark {
        series: Some(series),
        index,
        ..ChartMark::default()
    };
    let mark = (figure.mark_at)(&place)?;
    Some(figure.marks[mark].key.as_str())
}

/// A dot among others is counted from the first that there is; places are counted from the bottom.
#[test]
fn dots_with_gaps_find_their_rows_where_places_lie() {
    let figure = of(&measured())
        .scaled()
        .ruled()
        .series(
            Series::dots("Rate", LIGHT.teal, 10.0, |row: &Measured| row.1)
                .styled(|row| ItemStyle::new().opacity(row.2[0])),
        )
        .series(intervals())
        .series(Series::diamonds(
            "Truth",
            LIGHT.ink,
            15.0,
            |row: &Measured| (row.0 == "third").then_some(0.25),
        ))
        .baseline(0.0)
        .reference("Goal", LIGHT.ink, Some(0.7))
        .figure();
    let drawn = option(&figure);
    let series = |index: usize| drawn["series"][index]["data"].clone();
    let dots = json!([
        { "value": [0.5, 2.0], "itemStyle": { "opacity": 0.4 } },
        { "value": [0.3, 0.0], "itemStyle": { "opacity": 0.2 } },
    ]);
    assert_eq!(series(0), dots);
    assert_eq!(series(2), json!([[0.1, 1.0], [0.2, 1.0]]));
    assert_eq!(series(4), json!([[0.25, 0.0]]));
    assert_eq!(series(5), json!([[0.0, 0.0], [0.0, 1.0], [0.0, 2.0]]));
    assert_eq!(series(6), json!([[0.7, 0.0], [0.7, 1.0], [0.7, 2.0]]));
    assert_eq!(drawn["tooltip"]["axisPointer"]["type"], "shadow");
    let keys = [(0, 0), (0, 1), (2, 1), (4, 0), (5, 0)];
    let keys = keys.map(|(series, index)| key_at(&figure, series, index));
    let expected = ["first", "third", "second", "third", "third"];
    assert_eq!(keys, expected.map(Some));
    assert_eq!(key_at(&figure, 0, 2), None);
}

/// Figures stand beyond the interval of their bar, or below each other beyond the longest.
#[test]
fn figures_stand_beyond_whatever_is_drawn_of_a_row() {
    let ends = |plot: fn(Plot<Measured>) -> Plot<Measured>| {
        let bars = Series::bars("Rate", LIGHT.teal, 58, |row: &Measured| row.1)
            .figures(LIGHT.muted, |row| Some(row.0.to_uppercase()));
        let figure = plot(of(&measured()).series(bars).series(intervals())).figure();
        let drawn = option(&figure);
        let figures = drawn["series"].as_array().unwrap().last().unwrap();
        assert_eq!(figures["data"][0]["name"], "THIRD");
        [0, 1, 2].map(|index| figures["data"][index]["value"][0].as_f64().unwrap())
    };
    assert_eq!(ends(|plot| plot), [0.9, 0.2, 0.6]);
    assert_eq!(ends(Plot::figures_aligned), [0.9; 3]);
}

#[test]
fn a_stack_ends_where_its_figure_stands_and_rows_have_remarks() {
    let bars = |name: &'static str, value: f64| {
        Series::bars(name, LIGHT.teal, 60, move |_: &Measured| value).stacked("all")
    };
    let figure = Plot::of_names(&measured()[..1], ValueFormat::Count, &LIGHT, |row| {
        row.0.to_owned()
    })
    .headroom(22.0)
    .reach(9.0)
    .series(bars("one", 3.0).with_figures())
    .series(bars("two", 4.0))
    .remark(|row| Some(format!("the {}", row.0)))
    .figure();
    let drawn = option(&figure);
    assert_eq!(drawn["series"][2]["data"][0]["value"], json!([0.0, 7.0]));
    assert_eq!(drawn["grid"][0]["top"], 22.0);
    assert_eq!(drawn["yAxis"]["max"], 9.0);
    let tooltip = (figure.tooltip)(&ChartMark::default()).unwrap();
    assert_eq!(tooltip.remark, "the first");
}
