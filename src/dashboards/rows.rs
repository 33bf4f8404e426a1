//! From a statement to a panel's state.

use std::rc::Rc;

use chrono::NaiveDate;
use leptos::prelude::*;

use super::tables::table_of;
use crate::components::panel_state::{PanelContent, PanelFailure, PanelState};
use crate::results::{Row, TextTable, without_sql};
use crate::state::{Phase, Pipeline};

/// Rows of the last complete dataset, with what is needed to judge them.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched<R> {
    /// The typed rows.
    pub rows: Vec<R>,
    /// The same as text.
    pub text: TextTable,
    /// The last day of data.
    pub as_of: NaiveDate,
}

/// Where the rows of a statement stand.
#[derive(Debug, PartialEq)]
pub enum Rows<R> {
    /// No answer yet.
    Waiting,
    /// There will be none; says why.
    Missing(&'static str),
    /// The statement or its decoding failed.
    Failed(String),
    /// Here.
    Here(Rc<Fetched<R>>),
}

impl<R> Clone for Rows<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Missing(why) => Self::Missing(why),
            Self::Failed(message) => Self::Failed(message.clone()),
            Self::Here(fetched) => Self::Here(Rc::clone(fetched)),
        }
    }
}

/// Runs `sql` on each complete dataset; until a new answer comes, the last one stands.
pub fn use_rows<R: Row + 'static>(sql: &'static str) -> Signal<Rows<R>, LocalStorage> {
    let pipeline = expect_context::<Pipeline>();
    let answer = LocalResource::new(move || {
        let dataset = pipeline.dataset.get();
        async move {
            let dataset = dataset?;
            let fetched = match dataset.query(sql).await {
                Ok(batches) => R::read_all(&batches)
                    .map(|rows| Fetched {
                        rows,
                        text: TextTable::new(&batches),
                        as_of: dataset.scenario.as_of(),
                    })
                    .map_err(|error| error.to_string()),
                Err(error) => Err(without_sql(&error)),
            };
            Some(fetched.map(Rc::new))
        }
    });
    Signal::derive_local(move || match answer.get().flatten() {
        Some(Ok(fetched)) => Rows::Here(fetched),
        Some(Err(message)) => Rows::Failed(message),
        None => pipeline.status.with(|status| match status.phase {
            Phase::Failed(_) => Rows::Missing("The run failed before there was any data."),
            Phase::Cancelled => Rows::Missing("The run was cancelled before there was any data."),
            Phase::Idle | Phase::Running | Phase::Ready => Rows::Waiting,
        }),
    })
}

/// A panel's state: `answer` gives its sentence, or `None` when there is nothing to show.
pub fn panel_state<R: 'static>(
    rows: Signal<Rows<R>, LocalStorage>,
    answer: impl Fn(&Fetched<R>) -> Option<String> + 'static,
    caption: impl Fn(&Fetched<R>) -> String + 'static,
) -> Signal<PanelState, LocalStorage> {
    Signal::derive_local(move || match rows.get() {
        Rows::Waiting => PanelState::Loading,
        Rows::Missing(why) => PanelState::Empty(why),
        Rows::Failed(message) => PanelState::Failed(PanelFailure { message }),
        Rows::Here(fetched) => match answer(&fetched) {
            None => PanelState::Empty("This scenario has no rows to show here."),
            Some(answer) => PanelState::Ready(Rc::new(PanelContent {
                answer,
                caption: caption(&fetched),
                table: table_of(&fetched.text),
                csv: fetched.text.to_csv(),
            })),
        },
    })
}
