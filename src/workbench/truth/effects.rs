//! Rows of the channels' true effects, from a joint fit.

use std::collections::BTreeMap;

use super::joint_fit::{Group, fit};
use crate::results::channel_paths::PathCount;
use crate::results::truth::{TruthRow, TruthUnit};

/// Conversion above which a stratum tells little: nobody pays more surely than surely, so there a
/// further effect has nothing to multiply.
const CROWDED: f64 = 0.5;

const NOTE: &str = "Where most people from a channel pay anyway, there is little left to raise.";

/// The effect of each channel, planted and estimated, in the order of their names.
#[must_use]
pub fn rows(counts: &[PathCount]) -> Vec<TruthRow> {
    let planted: BTreeMap<&str, f64> = counts
        .iter()
        .filter(|count| count.stratum.is_none())
        .filter_map(|count| Some((count.channels.as_str(), count.uplift?)))
        .collect();
    let channels: Vec<&str> = planted.keys().copied().collect();
    let mut totals: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for count in counts {
        if let Some(stratum) = count.stratum.as_deref() {
            let total = totals.entry(stratum).or_default();
            total[0] += count.users as f64;
            total[1] += count.converted as f64;
        }
    }
    let roomy: Vec<&str> = totals
        .iter()
        .filter(|(_, [users, converted])| *converted <= CROWDED * users)
        .map(|(stratum, _)| *stratum)
        .collect();
    let strata = if roomy.is_empty() {
        totals.keys().copied().collect()
    } else {
        roomy
    };
    let groups: Vec<Group> = counts
        .iter()
        .filter_map(|count| {
            let stratum = count.stratum.as_deref()?;
            Some(Group {
                stratum: strata.iter().position(|known| *known == stratum)?,
                channels: count
                    .channels
                    .split(',')
                    .filter_map(|channel| channels.iter().position(|known| *known == channel))
                    .collect(),
                users: count.users as f64,
                converted: count.converted as f64,
            })
        })
        .collect();
    let users: f64 = groups.iter().map(|group| group.users).sum();
    fit(&groups, strata.len(), channels.len())
        .into_iter()
        .zip(&planted)
        .filter_map(|(effect, (channel, uplift))| {
            let effect = effect?;
            let raised = |log: f64| libm::exp(log) - 1.0;
            Some(TruthRow {
                topic: "Marketing".to_owned(),
                key: format!("effect_{channel}"),
                name: format!("True effect: {}", channel.replace('_', " ")),
                unit: TruthUnit::Share,
                planted: *uplift,
                estimate: raised(effect.log_ratio),
                interval: Some(
                    [-1.96, 1.96].map(|reach| raised(effect.log_ratio + reach * effect.error)),
                ),
                sample: users as i64,
                note: Some(NOTE.to_owned()),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(stratum: Option<&str>, channels: &str, users: i64, converted: i64) -> PathCount {
        PathCount {
            stratum: stratum.map(str::to_owned),
            channels: channels.to_owned(),
            uplift: stratum.is_none().then_some(0.5),
            users,
            converted,
        }
    }

    #[test]
    fn effects_are_read_from_paths_and_crowded_strata_left_out() {
        let counts = [
            count(None, "email", 0, 0),
            count(None, "referral", 0, 0),
            count(Some("opt_in"), "email", 1_000, 100),
            count(Some("opt_in"), "referral", 1_000, 200),
            count(Some("opt_in"), "email,referral", 1_000, 400),
            // In this one every touch seems to be for nothing.
            count(Some("opt_out"), "email", 1_000, 900),
            count(Some("opt_out"), "referral", 1_000, 900),
            count(Some("opt_out"), "email,referral", 1_000, 900),
        ];
        let rows = rows(&counts);
        let found: Vec<(&str, f64, i64)> = rows
            .iter()
            .map(|row| {
                (
                    row.key.as_str(),
                    (1e6 * row.estimate).round() / 1e6,
                    row.sample,
                )
            })
            .collect();
        // 200 × 2 = 400 = 100 × 4.
        assert_eq!(
            found,
            [
                ("effect_email", 1.0, 3_000),
                ("effect_referral", 3.0, 3_000)
            ]
        );
        assert!(
            rows.iter()
                .all(|row| row.planted == 0.5 && row.interval.is_some())
        );
    }
}
