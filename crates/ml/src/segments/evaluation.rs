//! How good the segments are, and what they are like.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::algorithm::Fitted;
use super::features::{FACTORS, FAMILIES};
use super::names::name_segments;
use crate::scores::adjusted_rand_index;

/// A number of segments that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Segments.
    pub segments: usize,
    /// Mean silhouette width, −1 to 1.
    pub silhouette: f64,
}

/// What one segment is like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Its number in `ml.user_segments`.
    pub segment: usize,
    /// Its name, from the families that stand out.
    pub name: String,
    /// Users in it.
    pub users: usize,
    /// Share of everybody placed.
    pub share: f64,
    /// Share of each family among its users' events of any family.
    pub family_shares: Vec<f64>,
    /// The same as a multiple of everybody's.
    pub family_times: Vec<f64>,
    /// What stands out, as a sentence without a full stop.
    pub says: String,
    /// The planted persona most of it has, and which share has it; `None` without truth.
    pub persona: Option<(String, f64)>,
}

/// What stands behind the scores of the segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Users placed.
    pub users: usize,
    /// Users with too few events to be placed.
    pub left_out: usize,
    /// Events a user needed.
    pub least_events: f64,
    /// Segments kept.
    pub segments: usize,
    /// Mean silhouette width of the segments kept.
    pub silhouette: f64,
    /// Users it was measured on.
    pub silhouette_users: usize,
    /// Every number of segments tried.
    pub tried: Vec<Choice>,
    /// Share of the variance along both axes of the plane.
    pub plane_shares: [f64; 2],
    /// Names of the families, in the order of the profiles' shares.
    pub families: Vec<String>,
    /// The segments.
    pub profiles: Vec<Profile>,
    /// Agreement with the planted personas: 1 for the same partition, 0 as by chance.
    pub adjusted_rand_index: Option<f64>,
    /// Users in each segment by persona: `(segment, persona, users)`.
    pub by_persona: Vec<(usize, String, usize)>,
}

/// Describes the segments; `personas` gives a user's planted persona, which only scores.
#[must_use]
pub fn evaluate(fitted: &Fitted, personas: &BTreeMap<i64, String>) -> Evaluation {
    let names = name_segments(&fitted.shares, &fitted.overall_shares);
    let mut sizes = vec![0_usize; names.len()];
    let mut crossed: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut found, mut planted) = (Vec::new(), Vec::new());
    for (user_id, &segment) in fitted.user_ids.iter().zip(&fitted.segments) {
        sizes[segment] += 1;
        if let Some(persona) = personas.get(user_id) {
            *crossed.entry((segment, persona)).or_default() += 1;
            let next = codes.len();
            planted.push(*codes.entry(persona).or_insert(next));
            found.push(segment);
        }
    }
    let profiles = names
        .into_iter()
        .enumerate()
        .map(|(segment, name)| {
            let times: Vec<f64> = (0..FACTORS)
                .map(|family| fitted.shares[segment][family] / fitted.overall_shares[family])
                .collect();
            let most = crossed
                .iter()
                .filter(|((of, _), _)| *of == segment)
                .max_by_key(|((_, persona), users)| (**users, core::cmp::Reverse(*persona)));
            Profile {
                says: stands_out(&times),
                persona: most.map(|((_, persona), users)| {
                    (
                        (*persona).to_owned(),
                        *users as f64 / sizes[segment].max(1) as f64,
                    )
                }),
                segment,
                name,
                users: sizes[segment],
                share: sizes[segment] as f64 / fitted.segments.len().max(1) as f64,
                family_shares: fitted.shares[segment].to_vec(),
                family_times: times,
            }
        })
        .collect();
    Evaluation {
        users: fitted.user_ids.len(),
        left_out: fitted.left_out,
        least_events: fitted.least_events,
        segments: fitted.centres.len(),
        silhouette: fitted.silhouette,
        silhouette_users: fitted.silhouette_users,
        tried: fitted
            .tried
            .iter()
            .map(|&(segments, silhouette)| Choice {
                segments,
                silhouette,
            })
            .collect(),
        plane_shares: fitted.plane_shares,
        families: FAMILIES
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        profiles,
        adjusted_rand_index: (!found.is_empty()).then(|| adjusted_rand_index(&found, &planted)),
        by_persona: crossed
            .into_iter()
            .map(|((segment, persona), users)| (segment, persona.to_owned(), users))
            .collect(),
    }
}

/// What stands out, such as `3.1× the usual API, alert and integration use`.
fn stands_out(times: &[f64]) -> String {
    let most = times
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    match most {
        Some((family, &times)) if times >= 1.3 => {
            format!("{times:.1}× the usual share of {}", FAMILIES[family].1)
        }
        _ => "no family of events stands out".to_owned(),
    }
}
