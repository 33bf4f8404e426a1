use super::super::marks;
use super::super::options::{Mode, Revenue};
use super::*;
use crate::dashboards::marks::PanelMark;
use crate::results::retention::{
    CohortCell, LifecycleMonth, RevenueCell, SegmentPeriod, SurvivalMonth,
};
use crate::state::filters::Dimension;

fn rows_behind(marks: Vec<PanelMark>) -> impl Iterator<Item = String> {
    { marks.into_iter() }.filter_map(|mark| Some(mark.rows?.sql.text()))
}

/// A fault of a statement's file would else be seen in the browser alone.
#[test]
fn every_statement_can_be_rendered() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let everyone = Filters::new(day("2022-01-01"), day("2025-12-15"));
    let some = everyone.clone().toggled(Dimension::Plan, "starter");
    let all_days = some.clone().with_days(day("2022-01-01"), day("2025-12-15"));
    let month = day("2025-11-01");
    let cell = CohortCell {
        cohort: Some(month),
        period: 1,
        cohort_size: 9,
        eligible: 9,
        retained: 5,
        rate: Some(0.5),
        is_complete: true,
    };
    let point = SegmentPeriod {
        segment: "it's".to_owned(),
        period: 1,
        eligible: 9,
        retained: 5,
        rate: Some(0.5),
    };
    let spell = SurvivalMonth {
        plan: "starter".to_owned(),
        month: 1,
        at_risk: 9,
        churned: 4,
        censored: 0,
        survival: 0.5,
        lower: 0.3,
        upper: 0.7,
    };
    let states = LifecycleMonth {
        month,
        new: 1,
        active: 1,
        at_risk: 1,
        dormant: 1,
        churned: 1,
        returned: 0,
    };
    let balance = RevenueCell {
        cohort: Some(month),
        month: 1,
        customers: 9,
        base_cents: 900,
        retained_cents: 900,
        kept_cents: 900,
        nrr: Some(1.0),
        grr: Some(1.0),
        is_complete: true,
    };
    let mut all = Vec::new();
    for filters in [everyone, some, all_days] {
        all.extend([survival(&filters), lifecycle(&filters), revenue(&filters)]);
        all.extend(rows_behind(marks::survival(&[spell.clone()], &filters)));
        all.extend(rows_behind(marks::lifecycle(&[states.clone()], &filters)));
        for kept in Revenue::ALL {
            all.extend(rows_behind(marks::revenue(
                &[balance.clone()],
                &filters,
                kept,
            )));
        }
        for (grain, mode) in Grain::ALL
            .into_iter()
            .flat_map(|grain| Mode::ALL.map(|mode| (grain, mode)))
        {
            let options = RetentionOptions {
                grain,
                mode,
                ..RetentionOptions::default()
            };
            all.extend([cohorts(&filters, &options), by_segment(&filters, &options)]);
            all.extend(rows_behind(marks::cohorts(
                &[cell.clone()],
                &filters,
                &options,
            )));
            all.extend(rows_behind(marks::segments(
                &[point.clone()],
                &filters,
                &options,
            )));
        }
    }
    assert_eq!(all.len(), 3 * (3 + 1 + 5 + 2 + 6 * 4));
    for sql in all {
        assert!(!sql.starts_with("select error("), "{sql}");
    }
}
