//! From a statement to a panel's state.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::fetched::Fetched;
use super::query_warm_up::use_warm_up;
use super::tables::table_of;
use crate::components::newest::use_newest;
use crate::components::panel_state::{OnDemand, PanelContent, PanelFailure, PanelState};
use crate::results::{Row, without_sql};
use crate::state::filters::{Basis, Filters};
use crate::state::{Dataset, Pipeline};

/// Where the rows of a statement stand.
#[derive(Debug, PartialEq)]
pub enum Rows<R> {
    /// No answer yet.
    Waiting,
    /// There will be none; says why.
    Missing(&'static str),
    /// The statement, its decoding or the model behind it failed.
    Failed(PanelFailure),
    /// Here.
    Here(Rc<Fetched<R>>),
}

impl<R> Clone for Rows<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Missing(why) => Self::Missing(why),
            Self::Failed(failure) => Self::Failed(failure.clone()),
            Self::Here(fetched) => Self::Here(Rc::clone(fetched)),
        }
    }
}

/// Rows that follow the filters, with the statement that asked for them.
pub struct FilteredRows<R: 'static> {
    /// The rows; an older answer stays until the new one arrives.
    pub rows: Signal<Rows<R>, LocalStorage>,
    /// The statement for the filters as they are now.
    pub sql: Signal<String>,
    /// Whether `rows` still answer an older question.
    pub is_pending: Signal<bool, LocalStorage>,
}

impl<R: 'static> Clone for FilteredRows<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: 'static> Copy for FilteredRows<R> {}

impl<R: 'static> FilteredRows<R> {
    /// The rows, once they are there.
    #[must_use]
    pub fn here(self) -> Option<Rc<Fetched<R>>> {
        match self.rows.get() {
            Rows::Here(fetched) => Some(fetched),
            Rows::Waiting | Rows::Missing(_) | Rows::Failed(_) => None,
        }
    }
}

/// What a statement gave, and what was asked.
struct Answer<R> {
    question: (u64, String),
    outcome: Result<Rc<Fetched<R>>, String>,
}

impl<R> Clone for Answer<R> {
    fn clone(&self) -> Self {
        Self {
            question: self.question.clone(),
            outcome: self.outcome.clone(),
        }
    }
}

/// Runs the statement that `sql` gives for the filters, on each dataset that is shown and whenever it
/// changes. Until a new answer arrives, the last one stays; an answer that is overtaken is dropped.
pub fn use_filtered_rows<R: Row + 'static>(
    sql: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> FilteredRows<R> {
    ask(move |filters| Question {
        now: sql(filters),
        before: None,
        basis: Basis::Days,
        is_compared: filters.compare,
        period_before: period_before(filters),
    })
}

/// The same, and the rows of as many days before where the filters compare.
pub fn use_compared_rows<R: Row + 'static>(
    sql: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> FilteredRows<R> {
    use_rows_compared_on(Basis::Days, sql)
}

/// The same for rows of months: those of as many months before, by what the rows are of.
pub fn use_rows_compared_on<R: Row + 'static>(
    basis: Basis,
    sql: impl Fn(&Filters) -> String + Send + Sync + 'static,
) -> FilteredRows<R> {
    ask(move |filters| Question {
        now: sql(filters),
        before: filters.compared_on(basis).map(|before| sql(&before)),
        basis,
        is_compared: filters.compare,
        period_before: period_before(filters),
    })
}

/// The statements behind a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    /// For the range.
    now: String,
    /// For the period before it.
    before: Option<String>,
    /// What the rows are of.
    basis: Basis,
    /// Whether the reader compares: the same rows are then told in other words.
    is_compared: bool,
    /// The period they are then told against: another one under the same statement is another question.
    period_before: Option<Filters>,
}

fn period_before(filters: &Filters) -> Option<Filters> {
    filters.compare.then(|| filters.period_before()).flatten()
}

impl Question {
    /// Both, as a reader sees them.
    fn text(&self) -> String {
        match &self.before {
            None => self.now.clone(),
            Some(before) => format!(
                "{}\n;\n-- The period before:\n{}\n",
                self.now.trim_end(),
                before.trim()
            ),
        }
    }
}

fn ask<R: Row + 'static>(
    question: impl Fn(&Filters) -> Question + Send + Sync + 'static,
) -> FilteredRows<R> {
    let pipeline = expect_context::<Pipeline>();
    // While a run is under way, the older dataset is asked about its own days, with its own values of vars.
    let filters = Memo::new(move |_| {
        let filters = pipeline.filters.get();
        pipeline.shown.with(|dataset| match dataset {
            Some(dataset) => filters
                .at(dataset.scenario.starts_on(), dataset.scenario.as_of())
                .with_vars(dataset.vars()),
            None => filters,
        })
    });
    let question_of = Arc::new(question);
    let question = Memo::new({
        let question_of = Arc::clone(&question_of);
        move |_| filters.with(&*question_of)
    });
    let sql = Memo::new(move |_| question.with(Question::text));
    let answer = use_newest(move || {
        let dataset = pipeline.shown.get();
        let question = question.get();
        async move {
            let dataset = dataset?;
            let filters = filters.try_get_untracked()?;
            Some(Answer {
                outcome: fetch(&dataset, &question, filters).await,
                question: (dataset.revision, question.text()),
            })
        }
    });
    let rows = Signal::derive_local(move || match answer.get() {
        Some(Answer {
            outcome: Ok(fetched),
            ..
        }) => Rows::Here(fetched),
        Some(Answer {
            outcome: Err(message),
            ..
        }) => Rows::Failed(PanelFailure::of_rows(message)),
        None => pipeline.why_no_data().map_or(Rows::Waiting, Rows::Missing),
    });
    let is_pending = Signal::derive_local(move || {
        let asked = pipeline
            .shown
            .with(|dataset| dataset.as_ref().map(|dataset| dataset.revision));
        let answered = answer.get().map(|answer| answer.question);
        asked.map(|revision| (revision, sql.get())) != answered
    });
    let is_quiet = Signal::derive_local(move || pipeline.is_at_rest.get() && !is_pending.get());
    use_warm_up(filters, is_quiet, async move |filters: Filters| {
        if let Some(dataset) = pipeline.shown.get_untracked() {
            // An explicit query reports its error.
            let _ = fetch::<R>(&dataset, &question_of(&filters), filters).await;
        }
    });
    FilteredRows {
        rows,
        sql: sql.into(),
        is_pending,
    }
}

async fn fetch<R: Row>(
    dataset: &Dataset,
    question: &Question,
    filters: Filters,
) -> Result<Rc<Fetched<R>>, String> {
    let read = async |sql: &str| {
        let batches = dataset
            .query(sql)
            .await
            .map_err(|error| without_sql(&error))?;
        let rows = R::read_all(&batches).map_err(|error| error.to_string())?;
        Ok::<_, String>((rows, batches))
    };
    let (rows, batches) = read(&question.now).await?;
    let (before, earlier) = match &question.before {
        Some(sql) => read(sql).await?,
        None => (Vec::new(), Vec::new()),
    };
    Ok(Rc::new(Fetched {
        rows,
        before,
        batches: (earlier, batches),
        as_of: dataset.scenario.as_of(),
        filters,
        basis: question.basis,
    }))
}

/// A panel's state: `answer` gives its sentence, or `None` when there is nothing to show.
pub fn panel_state<R: 'static>(
    rows: Signal<Rows<R>, LocalStorage>,
    answer: impl Fn(&Fetched<R>) -> Option<String> + 'static,
    caption: impl Fn(&Fetched<R>) -> String + 'static,
) -> Signal<PanelState, LocalStorage> {
    once_a_change(move || match rows.get() {
        Rows::Waiting => PanelState::Loading,
        Rows::Missing(why) => PanelState::Empty(why),
        Rows::Failed(failure) => PanelState::Failed(failure),
        Rows::Here(fetched) => match answer(&fetched) {
            None => PanelState::Empty("No data for this scenario and these filters."),
            Some(answer) => {
                let shown = Rc::clone(&fetched);
                PanelState::Ready(Rc::new(PanelContent {
                    answer,
                    caption: caption(&fetched),
                    table: OnDemand::new(move || table_of(&shown.text())),
                    csv: OnDemand::new(move || fetched.text().to_csv()),
                }))
            }
        },
    })
}

/// What `compute` gives, computed once a change of what it reads, however many read it; a memo of
/// things that stay on the page's own thread.
pub fn once_a_change<T: Clone + 'static>(
    compute: impl Fn() -> T + 'static,
) -> Signal<T, LocalStorage> {
    let compute = SendWrapper::new(compute);
    let memo = Memo::new_with_compare(move |_| SendWrapper::new(compute()), |_, _| true);
    Signal::derive_local(move || memo.with(|value| T::clone(value)))
}
