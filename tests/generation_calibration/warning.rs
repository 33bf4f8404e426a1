//! Usage falls before churn by as many days as the warning lead says.

use std::collections::BTreeMap;

use metricflow::generation::{Table, TableSet};

use crate::generation::{self, DAY, Dataset};
use crate::stays::stays;

/// Days before a churn decision at which usage reaches its floor: the corner of the hinge (falling,
/// then level) that fits the log of the churners' sessions in ten-day bins best.
fn observed_lead(lead: i64) -> f64 {
    let query = format!(
        "users=12000&events=60&conv_opt_in=60&churn=6&acausal=0&annual=0&involuntary=0&lead={lead}"
    );
    let data = Dataset::with(
        generation::scenario(&query),
        TableSet::of(&[Table::Sessions, Table::Subscriptions]),
    );
    let mut decisions: BTreeMap<i64, i64> = BTreeMap::new();
    for stay in stays(&data) {
        if stay.is_lost && stay.decided_at - stay.started_at > 200 * DAY {
            decisions.entry(stay.user).or_insert(stay.decided_at);
        }
    }
    let mut bins = [0.0; 16];
    let sessions = data.table(Table::Sessions);
    let rows = sessions
        .get("user_id")
        .iter()
        .zip(sessions.get("started_at"));
    for (user, &at) in rows {
        let Some(&decided_at) = decisions.get(user) else {
            continue;
        };
        if let Some(bin) = usize::try_from((decided_at - at).div_euclid(10 * DAY))
            .ok()
            .and_then(|bin| bins.get_mut(bin))
        {
            *bin += 1.0;
        }
    }
    assert!(
        bins[15] > 1.2 * bins[lead as usize / 10],
        "usage falls: {bins:?}"
    );
    // What a straight line through (distance beyond the corner, log sessions) leaves unexplained.
    let fit = |corner: f64| {
        let points: Vec<(f64, f64)> = bins
            .iter()
            .enumerate()
            .map(|(bin, sessions)| {
                let lag = 10.0 * bin as f64 + 5.0;
                ((lag - corner).max(0.0), libm::log(sessions + 0.5))
            })
            .collect();
        let mean = |value: fn(&(f64, f64)) -> f64| {
            points.iter().map(value).sum::<f64>() / points.len() as f64
        };
        let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
        let product = |f: &dyn Fn(f64, f64) -> f64| {
            points
                .iter()
                .map(|&(x, y)| f(x - mean_x, y - mean_y))
                .sum::<f64>()
        };
        let (xx, xy, yy) = (
            product(&|x, _| x * x),
            product(&|x, y| x * y),
            product(&|_, y| y * y),
        );
        yy - xy * xy / xx
    };
    let corners = (1..=28).map(|step| f64::from(step) * 5.0 + 2.0);
    corners.min_by(|a, b| fit(*a).total_cmp(&fit(*b))).unwrap()
}

#[test]
fn usage_falls_before_churn_by_the_warning_lead() {
    for lead in [30, 60, 90] {
        let observed = observed_lead(lead);
        println!("lead {lead}: usage reaches its floor {observed} days before");
        assert!(
            (observed - lead as f64).abs() <= 20.0,
            "lead {lead}, observed {observed}"
        );
    }
}
