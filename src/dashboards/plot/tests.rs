//! What follows from what a panel says.

mod lying;

use charming::element::ItemStyle;
use chrono::NaiveDate;

use super::*;
use crate::components::theme::LIGHT;
use crate::results::periods::Periodic;

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

/// A week with the users of a feature.
type Week = (NaiveDate, &'static str, i64);

#[derive(Clone)]
struct Row(Week);

impl Periodic for Row {
    const GRAIN: Grain = Grain::Week;

    fn starts_on(&self) -> NaiveDate {
        self.0.0
    }
}

/// Two features over two weeks; the second one is new in the second.
fn rows() -> Vec<Row> {
    let week = |day| NaiveDate::from_ymd_opt(2025, 9, day).unwrap();
    let rows = [
        (week(22), "api", 3),
        (week(29), "api", 4),
        (week(29), "maps", 5),
    ];
    rows.map(Row).to_vec()
}

fn lines(mark: impl Fn(&Row) -> PanelMark + Copy + 'static) -> Plot<Across<Row>> {
    let (features, weeks) = across(&rows(), |row| row.0.1, |row| row.0.0);
    let series = features.iter().enumerate().map(|(line, feature)| {
        let value = move |week: &Across<Row>| week.of(line).map(|row| row.0.2);
        Series::line(feature.0.1, LIGHT.teal, 1.0, value).mark(move |week| week.of(line).map(mark))
    });
    Plot::over_time(&weeks, Subject::Usage, ValueFormat::Count, &LIGHT)
        .each(series.collect::<Vec<_>>())
}

fn keys(figure: &Figure) -> Vec<&str> {
    figure.marks.iter().map(|mark| mark.key.as_str()).collect()
}

fn at(figure: &Figure, series: usize, index: usize) -> Option<&str> {
    let place = ChartMark {
        series: Some(series),
        index,
        ..ChartMark::default()
    };
    let mark = (figure.mark_at)(&place)?;
    Some(figure.marks[mark].key.as_str())
}

fn told(figure: &Figure, index: usize) -> Vec<String> {
    let place = ChartMark {
        index,
        ..ChartMark::default()
    };
    let tooltip = (figure.tooltip)(&place).unwrap();
    let lines = tooltip.lines.iter();
    lines
        .map(|line| format!("{} {}", line.name, line.value))
        .collect()
}

/// A line with a gap has no mark there, in whatever order marks are listed.
#[test]
fn lines_with_gaps_know_their_rows() {
    let mark = |row: &Row| PanelMark::new(format!("{}.{}", row.0.0, row.0.1), row.0.1);
    let newest_first = lines(mark).figure();
    assert_eq!(
        keys(&newest_first),
        ["2025-09-29.api", "2025-09-29.maps", "2025-09-22.api"]
    );
    let by_series = lines(mark).marks_by_series().figure();
    assert_eq!(
        keys(&by_series),
        ["2025-09-29.api", "2025-09-22.api", "2025-09-29.maps"]
    );
    for figure in [newest_first, by_series] {
        assert_eq!(at(&figure, 0, 0), Some("2025-09-22.api"));
        assert_eq!(at(&figure, 1, 1), Some("2025-09-29.maps"));
        assert_eq!(at(&figure, 1, 0), None);
    }
}

#[test]
fn a_series_may_be_one_mark_wherever_it_is_clicked() {
    let bars = |name: &'static str| {
        Series::bars(name, LIGHT.teal, 50, |row: &Row| row.0.2)
            .mark_of_all(Some(PanelMark::new(name, name)))
    };
    let figure = Plot::of_names(&rows(), ValueFormat::Count, &LIGHT, |row| {
        row.0.1.to_owned()
    })
    .each(["a", "b"].map(bars))
    .figure();
    assert_eq!(keys(&figure), ["a", "b"]);
    assert_eq!([0, 2].map(|index| at(&figure, 1, index)), [Some("b"); 2]);
}

#[test]
fn the_largest_is_told_first_and_the_period_before_where_it_is_said() {
    let mark = |row: &Row| PanelMark::new(row.0.1, row.0.1);
    let (_, weeks) = across(&rows(), |row| row.0.1, |row| row.0.0);
    let figure = lines(mark)
        .largest_told_first()
        .before(&weeks, "API", |week| week.of(0).map(|row| row.0.2))
        .before_told_here()
        .total("All", |_| Some("9".to_owned()))
        .figure();
    assert_eq!(
        told(&figure, 1),
        ["maps 5", "api 4", "API, 29 Sep 2025 4", "All 9"]
    );
    assert_eq!(told(&figure, 0)[0], "api 3");
}

#[test]
fn a_bar_has_the_style_of_its_row_and_is_pale_besides() {
    let bars = Series::bars("users", LIGHT.slate, 50, |row: &Row| row.0.2)
        .styled(|row| ItemStyle::new().color(if row.0.2 > 4 { "red" } else { "blue" }));
    let names = |row: &Row| row.0.1.to_owned();
    let figure = Plot::of_names(&rows(), ValueFormat::Count, &LIGHT, names)
        .series(bars)
        .pale(|row| row.0.2 == 3)
        .figure();
    let option = serde_json::to_value(&figure.chart).unwrap();
    let style = |index: usize| &option["series"][0]["data"][index]["itemStyle"];
    assert_eq!([0, 2].map(|at| style(at)["color"].clone()), ["blue", "red"]);
    assert_eq!(style(0)["opacity"], 0.3);
    assert!(style(2)["opacity"].is_null());
}

#[test]
fn weeks_are_named_by_their_months() {
    let mark = |row: &Row| PanelMark::new(row.0.1, row.0.1);
    let figure = lines(mark).figure();
    let option = serde_json::to_value(&figure.chart).unwrap();
    assert_eq!(option["xAxis"]["data"], serde_json::json!(["Sep", ""]));
}

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
    let place = |series| ChartMark {
        series,
        index: 1,
        ..ChartMark::default()
    };
    let hit = [None, Some(0), Some(1)].map(|series| (figure.mark_at)(&place(series)));
    assert_eq!(hit, [None, Some(0), Some(1)]);
}
