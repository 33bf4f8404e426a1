//! Charts, tooltips and places of Funnel diagnostics, from representative rows.

mod panels;
#[path = "panels/funnel_rows.rs"]
mod rows;

use metricflow::components::chart_spec::ChartMark;
use metricflow::components::theme::{DARK, LIGHT, Theme};
use metricflow::dashboards::funnel::options::{FunnelOptions, Shown};
use metricflow::dashboards::funnel::panels::activation::Activation;
use metricflow::dashboards::funnel::panels::attribution::Attribution;
use metricflow::dashboards::funnel::panels::dropped;
use metricflow::dashboards::funnel::panels::experiment::Experiment;
use metricflow::dashboards::funnel::panels::funnel::Funnel;
use metricflow::dashboards::funnel::panels::funnel_segments::FunnelSegments;
use metricflow::dashboards::funnel::panels::paths::Paths;
use metricflow::dashboards::funnel::panels::time_to_convert::TimeToConvert;
use metricflow::dashboards::plot::Figure;
use metricflow::state::filters::Dimension;
use panels::{at, date, drawn, told, told_at};

const COMPARED: &str = "compare=on";

fn narrow() -> Shown {
    Shown {
        is_narrow: true,
        ..Shown::default()
    }
}

fn by_size() -> Shown {
    let by = Dimension::Size;
    let chosen = FunnelOptions {
        by,
        ..FunnelOptions::default()
    };
    Shown {
        chosen,
        is_narrow: false,
    }
}

fn steps(is_compared: bool, shown: &Shown, theme: &'static Theme) -> Figure {
    let rows = rows::steps_of("all", 1.0, is_compared);
    drawn::<Funnel>((rows, Vec::new()), COMPARED, shown, theme)
}

fn segments(shown: &Shown) -> Figure {
    let rows = (rows::segments(true), Vec::new());
    drawn::<FunnelSegments>(rows, COMPARED, shown, &LIGHT)
}

fn times(shown: &Shown, theme: &'static Theme) -> Figure {
    let rows = (rows::bins(1), rows::bins(2)[..3].to_vec());
    drawn::<TimeToConvert>(rows, COMPARED, shown, theme)
}

fn activation() -> Figure {
    let rows = (rows::channels(true), Vec::new());
    drawn::<Activation>(rows, COMPARED, &(), &LIGHT)
}

fn paths(shown: &Shown) -> Figure {
    drawn::<Paths>((rows::links(), Vec::new()), "", shown, &LIGHT)
}

fn attribution(has_truth: bool) -> Figure {
    let rows = (rows::credits(has_truth), Vec::new());
    drawn::<Attribution>(rows, "", &(), &LIGHT)
}

fn experiment(has_truth: bool) -> Figure {
    let rows = (rows::results(has_truth), Vec::new());
    drawn::<Experiment>(rows, "", &by_size(), &LIGHT)
}

#[test]
fn charts_are_drawn_as_before() {
    let usual = &Shown::default();
    for (name, figure) in [
        ("funnel", steps(false, usual, &LIGHT)),
        ("funnel_compared_narrow", steps(true, &narrow(), &DARK)),
        ("funnel_segments", segments(usual)),
        ("funnel_segments_narrow", segments(&narrow())),
        ("time_to_convert", times(usual, &LIGHT)),
        ("time_to_convert_narrow", times(&narrow(), &DARK)),
        ("activation", activation()),
        ("paths", paths(usual)),
        ("attribution", attribution(false)),
        ("attribution_with_truth", attribution(true)),
        ("experiment", experiment(false)),
        ("experiment_with_truth", experiment(true)),
    ] {
        insta::assert_json_snapshot!(name, figure.chart);
    }
}

#[test]
fn no_chart_fails_without_rows() {
    let usual = &Shown::default();
    for figure in [
        drawn::<Funnel>(Default::default(), "", usual, &LIGHT),
        drawn::<FunnelSegments>(Default::default(), "", usual, &LIGHT),
        drawn::<TimeToConvert>((Vec::new(), rows::bins(1)), "", usual, &LIGHT),
        drawn::<Activation>(Default::default(), "", &(), &LIGHT),
        drawn::<Paths>(Default::default(), "", usual, &LIGHT),
        drawn::<Attribution>(Default::default(), "", &(), &LIGHT),
        drawn::<Experiment>(Default::default(), "", usual, &LIGHT),
    ] {
        assert_eq!((figure.tooltip)(&ChartMark::default()), None);
        assert!(figure.marks.is_empty());
    }
}

#[test]
fn tooltips_write_the_same_figures() {
    let usual = &Shown::default();
    // Counted from the bottom, as ECharts does.
    let signups = told(&steps(true, usual, &LIGHT), 4);
    assert_eq!(signups, "Signed up; Reached 1,000");
    insta::assert_snapshot!("funnel_tooltip", told(&steps(true, usual, &LIGHT), 0));
    insta::assert_snapshot!("funnel_segments_tooltip", told(&segments(usual), 2));
    insta::assert_snapshot!("time_to_convert_tooltip", told(&times(usual, &LIGHT), 1));
    insta::assert_snapshot!("activation_tooltip", told(&activation(), 3));
    insta::assert_snapshot!("attribution_tooltip", told(&attribution(true), 1));
    insta::assert_snapshot!("experiment_tooltip", told(&experiment(true), 3));
    let link = ChartMark {
        is_link: true,
        ..ChartMark::default()
    };
    let paths = paths(usual);
    assert_eq!(
        told_at(&paths, &link),
        "Report created → API call; People 30; Of “Report created” 60.0%"
    );
    assert_eq!(told(&paths, 1), "Report created; People 50");
}

/// A click reaches the row that is drawn there, whichever way bars run and however few dots a series has.
#[test]
fn places_on_a_chart_are_rows_again() {
    let check = |figure: &Figure, series, index, expected: Option<&str>| {
        assert_eq!(at(figure, series, index).as_deref(), expected);
    };
    let usual = &Shown::default();
    let funnel = steps(false, usual, &LIGHT);
    check(&funnel, Some(0), 0, Some("paid.reached"));
    check(&funnel, Some(2), 2, Some("connected.dropped"));
    check(&funnel, None, 2, None);
    assert!(funnel.marks[1].rows.is_none(), "nobody still has time");
    let segments = segments(usual);
    // Segments stand in the order of the dimension's values, from the top.
    check(&segments, Some(2), 2, Some("partner.paid"));
    check(&segments, Some(3), 0, None);
    check(&times(usual, &LIGHT), None, 2, Some("connected.3"));
    check(&activation(), Some(0), 3, Some("referral"));
    check(&activation(), None, 0, Some("partner"));
    let paths = paths(usual);
    let link = ChartMark {
        index: 5,
        is_link: true,
        ..ChartMark::default()
    };
    let mark = (paths.mark_at)(&link).unwrap();
    assert_eq!(paths.marks[mark].key, "4.activated.5.paid");
    check(&paths, Some(0), 5, None);
    let credits = attribution(true);
    check(&credits, Some(2), 0, Some("email.linear"));
    check(&credits, Some(6), 1, Some("direct.shapley"));
    assert!(credits.marks[5].rows.is_none(), "Markov credits no touch");
    // Nothing is known of the second of four segments.
    let results = experiment(true);
    check(&results, Some(0), 0, Some("all"));
    check(&results, Some(0), 1, Some("11-50"));
    check(&results, None, 0, Some("1000up"));
}

#[test]
fn everyone_who_dropped_is_behind_the_list() {
    let query = ("", date(2023, 1, 1), date(2025, 12, 31));
    let (filters, _) = metricflow::state::filters::Filters::from_query(query.0, query.1, query.2);
    let options = FunnelOptions::default();
    let mark = dropped::everyone(&rows::people(), &filters, &options).unwrap();
    assert_eq!(mark.key, "connected.everyone");
    assert_eq!(mark.rows.unwrap().value, 30.0);
    let caption = dropped::caption(&rows::people()).unwrap();
    assert_eq!(
        caption,
        "The 2 most active people. Rows lists and exports all 30."
    );
}
