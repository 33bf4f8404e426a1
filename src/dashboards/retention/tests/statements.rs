//! A fault of a statement's file would else be seen in the browser alone.

use super::*;
use crate::components::theme::LIGHT;
use crate::dashboards::declared::{Panel, Source, View};
use crate::dashboards::fetched::Fetched;
use crate::dashboards::retention::options::{Grain, Mode, OnScreen, Revenue};
use crate::state::filters::{Basis, Dimension, Filters};

/// The panel's statement, and those of the rows behind its marks.
fn statements<P: Panel>(
    row: &<P::Source as Source>::Row,
    filters: &Filters,
    asked: &<P::Source as Source>::Options,
    options: &P::Options,
) -> Vec<String>
where
    <P::Source as Source>::Row: Clone,
{
    let fetched = &Fetched {
        rows: vec![row.clone()],
        before: Vec::new(),
        batches: (Vec::new(), Vec::new()),
        as_of: filters.as_of(),
        filters: filters.clone(),
        basis: Basis::Days,
    };
    let marks = P::figure(&View { fetched, options }, &LIGHT).marks;
    let behind = { marks.into_iter() }.filter_map(|mark| Some(mark.rows?.sql.text()));
    std::iter::once(P::Source::sql(filters, asked))
        .chain(behind)
        .collect()
}

#[test]
fn every_statement_can_be_rendered() {
    let everyone = Filters::new(date("2022-01-01"), date("2025-12-15"));
    let some = everyone.clone().toggled(Dimension::Plan, "starter");
    let all_days = { some.clone() }.with_days(date("2022-01-01"), date("2025-12-15"));
    let of_cohort = RevenueCell {
        cohort: Some(month(11)),
        ..balance(1, 9, 1.0, 1.0)
    };
    let mut all = Vec::new();
    for filters in [everyone, some, all_days] {
        let spell = spell("starter", 1, 9, 0.5);
        all.extend(statements::<survival::Survival>(&spell, &filters, &(), &()));
        let month = states(month(11), [1; 5], 0);
        all.extend(statements::<lifecycle::Lifecycle>(
            &month,
            &filters,
            &(),
            &(),
        ));
        for revenue in Revenue::ALL {
            let mut options = OnScreen::default();
            options.chosen.revenue = revenue;
            all.extend(statements::<revenue_cohorts::RevenueCohorts>(
                &of_cohort,
                &filters,
                &(),
                &options,
            ));
        }
        let grains = Grain::ALL.into_iter();
        for (grain, mode) in grains.flat_map(|grain| Mode::ALL.map(|mode| (grain, mode))) {
            let chosen = RetentionOptions {
                grain,
                mode,
                ..RetentionOptions::default()
            };
            let options = OnScreen {
                chosen,
                is_narrow: false,
            };
            let cell = cell(Some(11), 1, 9, 5);
            all.extend(statements::<cohorts::Cohorts>(
                &cell, &filters, &chosen, &options,
            ));
            let point = point("it's", 1, 9, 5);
            all.extend(statements::<retention_curves::RetentionCurves>(
                &point, &filters, &chosen, &chosen,
            ));
        }
    }
    assert_eq!(all.len(), 3 * (2 + 6 + 2 * 2 + 6 * 4));
    for sql in all {
        assert!(!sql.starts_with("select error("), "{sql}");
    }
}
