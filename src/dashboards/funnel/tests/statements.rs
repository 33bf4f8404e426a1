//! Statements that no default gives: those of truth, of the list, and of the rows behind marks.

use super::super::options::{FunnelOptions, Shown, Step};
use super::super::panels::activation::Activation;
use super::super::panels::attribution::Attribution;
use super::super::panels::dropped::{self, Dropped};
use super::super::panels::experiment::Experiment;
use super::super::panels::funnel::Funnel;
use super::super::panels::funnel_segments::FunnelSegments;
use super::super::panels::paths::Paths;
use super::super::panels::time_to_convert::TimeToConvert;
use super::{bin, channel, credit, funnel, link, result};
use crate::components::theme::LIGHT;
use crate::dashboards::declared::{Panel, Source, View};
use crate::dashboards::fetched::Fetched;
use crate::dashboards::marks::PanelMark;
use crate::results::funnel::DroppedPerson;
use crate::state::filters::{Basis, Dimension, Filters};

type RowOf<P> = <<P as Panel>::Source as Source>::Row;

fn marks<P: Panel>(rows: &[RowOf<P>], filters: &Filters, options: &P::Options) -> Vec<PanelMark>
where
    RowOf<P>: Clone,
{
    let fetched = &Fetched {
        rows: rows.to_vec(),
        before: Vec::new(),
        batches: (Vec::new(), Vec::new()),
        as_of: filters.as_of(),
        filters: filters.clone(),
        basis: Basis::Days,
    };
    P::figure(&View { fetched, options }, &LIGHT).marks
}

#[test]
fn every_other_statement_can_be_rendered() {
    let day = |text: &str| text.parse().unwrap();
    let everyone = Filters::new(day("2022-01-01"), day("2025-12-15"));
    let some = everyone.clone().toggled(Dimension::Plan, "starter");
    let mut compared = some.clone();
    compared.compare = true;
    let options = &FunnelOptions::default();
    let shown = &Shown::default();
    let mut steps = funnel("all", &Step::ALL.map(|step| (step, 3, 3)));
    for step in &mut steps {
        step.dropped = 3;
    }
    let people = [DroppedPerson {
        user_id: 1,
        full_name: "Ada".to_owned(),
        signed_up: day("2025-01-01"),
        people: 3,
        still_active: 0,
        active_days: 0,
    }];
    let links = [
        link(1, "it's", 2, "other", 3),
        link(1, "other", 4, "activated", 3),
        link(2, "other", 3, "nothing", 3),
        link(4, "activated", 5, "paid", 3),
        link(4, "not_activated", 5, "not_paid", 3),
    ];
    let results = ["all", "it's"].map(|segment| result(segment, [9, 9], [0.0, 0.0], None));
    let mut all = Vec::new();
    for filters in &[everyone, some, compared] {
        let with_truth = &FunnelOptions {
            has_truth: true,
            ..*options
        };
        all.extend([
            Attribution::sql(filters, with_truth),
            Experiment::sql(filters, with_truth),
            Dropped::sql(filters, options),
        ]);
        for marks in [
            marks::<Funnel>(&steps, filters, shown),
            marks::<FunnelSegments>(&steps, filters, shown),
            marks::<TimeToConvert>(&[bin(2, 3)], filters, shown),
            Vec::from_iter(dropped::everyone(&people, filters, options)),
            marks::<Activation>(&[channel("it's", 9, 3)], filters, &()),
            marks::<Paths>(&links, filters, shown),
            marks::<Attribution>(&[credit("it's", "last_touch", 0.1, None)], filters, &()),
            marks::<Experiment>(&results, filters, shown),
        ] {
            let rows = marks.into_iter().filter_map(|mark| mark.rows);
            all.extend(rows.map(|rows| rows.sql.text()));
        }
    }
    assert_eq!(all.len(), 3 * (3 + 15 + 5 + 1 + 1 + 1 + 5 + 1 + 2));
    for sql in all {
        assert!(!sql.starts_with("select error("), "{sql}");
    }
}
