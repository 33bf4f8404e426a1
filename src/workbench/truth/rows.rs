//! Rows of all statements, as they come.

use leptos::prelude::*;

use super::queries::{PATHS, QUERIES, TruthQuery};
use super::{effects, scored};
use crate::components::newest::use_newest;
use crate::ml::Model;
use crate::results::channel_paths::PathCount;
use crate::results::truth::{TruthRow, comparable};
use crate::results::{Row, without_sql};
use crate::state::{Dataset, Pipeline};

/// What the statements gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TruthRows {
    /// Every row that came.
    pub(super) rows: Vec<TruthRow>,
    /// Statements that failed, with the engine's message.
    pub(super) failures: Vec<(&'static TruthQuery, String)>,
}

/// Asks all statements for each complete dataset, and those that read learned tables again with
/// each fit. `None` until the first answers came.
pub(super) fn use_truth_rows() -> Signal<Option<TruthRows>, LocalStorage> {
    let pipeline = expect_context::<Pipeline>();
    // Progress must not ask again, so only the count of fits is watched. It is read, not only
    // tracked: a memo that is never read is not notified of changes.
    let fits = Memo::new(move |_| {
        pipeline.learning.with(|learning| {
            Model::ALL
                .into_iter()
                .map(|model| learning.cards(model))
                .sum::<u64>()
        })
    });
    let of_models = use_newest(move || {
        let dataset = pipeline.dataset.get();
        async move { Some(ask_all(&dataset?, false).await) }
    });
    let of_learned = use_newest(move || {
        let _ = fits.get();
        let dataset = pipeline.dataset.get();
        async move { Some(ask_all(&dataset?, true).await) }
    });
    Signal::derive_local(move || {
        let mut found = of_models.get()?;
        let _ = fits.get();
        pipeline.learning.with_untracked(|learning| {
            for card in Model::ALL
                .into_iter()
                .filter_map(|model| learning.card(model))
            {
                found.rows.extend(scored::rows(card));
            }
        });
        if let Some(learned) = of_learned.get() {
            found.rows.extend(learned.rows);
            found.failures.extend(learned.failures);
        }
        Some(found)
    })
}

async fn ask_all(dataset: &Dataset, is_learned: bool) -> TruthRows {
    let mut found = TruthRows::default();
    for query in QUERIES
        .iter()
        .filter(|query| query.is_learned == is_learned)
    {
        match ask::<TruthRow>(dataset, query).await {
            Ok(rows) => found.rows.extend(comparable(rows)),
            Err(message) => found.failures.push((query, message)),
        }
    }
    if PATHS.is_learned == is_learned {
        match ask::<PathCount>(dataset, &PATHS).await {
            Ok(counts) => found.rows.append(&mut effects::rows(&counts)),
            Err(message) => found.failures.push((&PATHS, message)),
        }
    }
    found
}

async fn ask<R: Row>(dataset: &Dataset, query: &TruthQuery) -> Result<Vec<R>, String> {
    let batches = dataset
        .query(query.sql)
        .await
        .map_err(|error| without_sql(&error))?;
    R::read_all(&batches).map_err(|error| error.to_string())
}
