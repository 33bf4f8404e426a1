//! From the warehouse's rows to segments and their card.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::algorithm::fit;
use super::evaluation::{Evaluation, evaluate};
use super::features::{FAMILIES, Features, PERSONAS, USERS};
use super::hyperparameters::{Hyperparameters, SETTINGS};
use crate::tables::column;
use crate::{
    Card, Evidence, Importance, Kind, LearnError, Learned, Learner, Model, Part, Report, Score,
    Table, Task,
};

/// Segments for those who run models.
pub const LEARNER: Learner = Learner {
    model: Model::Segments,
    inputs: &[USERS, PERSONAS],
    tables: &[USER_SEGMENTS, SEGMENT_PROFILES],
    settings: SETTINGS,
};

static USER_SEGMENTS: Table = Table {
    name: "user_segments",
    columns: &[
        column("user_id", Kind::Whole),
        column("segment", Kind::Text),
        column("pc1", Kind::Number),
        column("pc2", Kind::Number),
    ],
};
/// One row a segment and family, for pages that show what segments are like.
static SEGMENT_PROFILES: Table = Table {
    name: "segment_profiles",
    columns: &[
        column("segment", Kind::Text),
        column("users", Kind::Whole),
        column("family", Kind::Text),
        column("share", Kind::Number),
        column("times_usual", Kind::Number),
    ],
};

pub(crate) fn learn(task: &Task, report: &mut Report<'_>) -> Result<Learned, LearnError> {
    let hyperparameters = Hyperparameters {
        settings: task.settings.clone(),
        seed: task.scenario.seed(),
    };
    let checked = hyperparameters.check()?;
    let features = Features::read(task.input(USERS.name)?)?;
    let truth = task.input(PERSONAS.name)?;
    let words = truth.texts("persona")?;
    let personas: BTreeMap<i64, String> = truth
        .required("user_id")?
        .iter()
        .enumerate()
        .map(|(row, &id)| (id as i64, words.word(row).to_owned()))
        .collect();
    let fitted = fit(&features, &checked, report)?;
    let evaluation = evaluate(&fitted, &personas);

    let names: Vec<&str> = evaluation
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    let axis =
        |axis: usize| Float64Array::from_iter_values(fitted.plane.iter().map(|point| point[axis]));
    let users: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(fitted.user_ids.clone())),
        Arc::new(StringArray::from_iter_values(
            fitted.segments.iter().map(|&segment| names[segment]),
        )),
        Arc::new(axis(0)),
        Arc::new(axis(1)),
    ];
    let rows: Vec<(&super::Profile, usize)> = evaluation
        .profiles
        .iter()
        .flat_map(|profile| (0..FAMILIES.len()).map(move |family| (profile, family)))
        .collect();
    let profiles: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|(profile, _)| &profile.name),
        )),
        Arc::new(Int64Array::from_iter_values(
            rows.iter().map(|(profile, _)| profile.users as i64),
        )),
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|(_, family)| FAMILIES[*family].1),
        )),
        Arc::new(Float64Array::from_iter_values(
            rows.iter()
                .map(|(profile, family)| profile.family_shares[*family]),
        )),
        Arc::new(Float64Array::from_iter_values(
            rows.iter()
                .map(|(profile, family)| profile.family_times[*family]),
        )),
    ];
    Ok(Learned {
        tables: vec![
            (
                &USER_SEGMENTS,
                RecordBatch::try_new(USER_SEGMENTS.schema(), users)?,
            ),
            (
                &SEGMENT_PROFILES,
                RecordBatch::try_new(SEGMENT_PROFILES.schema(), profiles)?,
            ),
        ],
        card: card(task, evaluation, &checked),
    })
}

fn card(task: &Task, evaluation: Evaluation, checked: &super::Checked) -> Card {
    let mut scores = vec![Score::of(
        "silhouette",
        "Silhouette",
        "How much closer users are to their own segment than to the next one. 1 is well separated, 0 is overlapping.",
        evaluation.silhouette,
    )];
    if let Some(index) = evaluation.adjusted_rand_index {
        scores.push(Score {
            oracle: Some(1.0),
            ..Score::of(
                "adjusted_rand_index",
                "Agreement with the planted personas",
                "Adjusted Rand index: 1 for identical partitions, 0 for chance. Personas are used for this score only.",
                index,
            )
        });
    }
    Card {
        model: Model::Segments,
        question: "Which users behave similarly?".to_owned(),
        method: format!(
            "K-Means on the standardised shares of {} families of events, with {} k-means++ starts for each number of segments from {} to {}; the largest number is kept whose silhouette is within {} of the best.",
            FAMILIES.len(),
            checked.restarts,
            checked.least_segments,
            evaluation.tried.last().map_or(checked.most_segments, |last| last.segments),
            checked.tolerance,
        ),
        split: "Nothing is predicted, so nothing is held out. The silhouette is measured on a sample of the users."
            .to_owned(),
        parts: vec![
            Part::of("Placed", evaluation.users),
            Part::of("Excluded: too few events", evaluation.left_out),
            Part::of("Sampled for the silhouette", evaluation.silhouette_users),
        ],
        seed: task.scenario.seed(),
        settings: task.settings.filled(SETTINGS),
        scores,
        importances: importances(&evaluation),
        limits: vec![
            format!(
                "Users with fewer than {} events are excluded because their shares are mostly noise.",
                evaluation.least_events
            ),
            "Segments describe what users do, not how much or how successfully.".to_owned(),
            "K-means finds round groups of similar spread and splits long or nested ones."
                .to_owned(),
        ],
        evidence: Evidence::Segments(evaluation),
    }
}

/// How much of the spread of each family lies between segments rather than within them.
fn importances(evaluation: &Evaluation) -> Vec<Importance> {
    let spread = |family: usize| -> f64 {
        evaluation
            .profiles
            .iter()
            .map(|profile| {
                let away = profile.family_times[family] - 1.0;
                profile.share * away * away
            })
            .sum()
    };
    let families = FAMILIES.iter().enumerate();
    let spreads = families.map(|(family, (name, _))| ((*name).to_owned(), spread(family)));
    Importance::shares(spreads.collect())
}
