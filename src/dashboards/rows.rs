//! From a statement to a panel's state.

use std::any::TypeId;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use arrow_array::RecordBatch;
use futures::FutureExt;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::fetched::{AnyFetched, Fetched};
use super::query_warm_up::use_warm_up;
use super::tables::table_of;
use crate::components::newest::use_newest;
use crate::components::panel_state::{OnDemand, PanelContent, PanelFailure, PanelState};
use crate::results::{Row, without_sql};
use crate::state::filters::{Basis, Filters};
use crate::state::{Dataset, Pipeline};

/// Where the rows of a statement stand: of any type, or those of one.
pub enum Rows<F: ?Sized = dyn AnyFetched> {
    /// No answer yet.
    Waiting,
    /// There will be none; says why.
    Missing(&'static str),
    /// The statement, its decoding or the model behind it failed.
    Failed(PanelFailure),
    /// Here.
    Here(Rc<F>),
}

impl<F: ?Sized> Clone for Rows<F> {
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
    pub rows: RowsOf<R>,
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

/// A signal of rows, which it holds without their type.
pub struct RowsOf<R> {
    /// The rows without their type.
    pub any: Signal<Rows, LocalStorage>,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for RowsOf<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for RowsOf<R> {}

impl<R: 'static> RowsOf<R> {
    /// The rows as they are; follows them.
    #[must_use]
    pub fn get(self) -> Rows<Fetched<R>> {
        match self.any.get() {
            Rows::Waiting => Rows::Waiting,
            Rows::Missing(why) => Rows::Missing(why),
            Rows::Failed(failure) => Rows::Failed(failure),
            Rows::Here(fetched) => fetched.shared().map_or(Rows::Waiting, Rows::Here),
        }
    }
}

/// [`FilteredRows`] without the type of the rows.
#[derive(Clone, Copy)]
pub(super) struct AnyFilteredRows {
    pub(super) rows: Signal<Rows, LocalStorage>,
    pub(super) sql: Signal<String>,
    pub(super) is_pending: Signal<bool, LocalStorage>,
}

impl AnyFilteredRows {
    /// Rows that are of type `R`, as whoever asked for them knows.
    pub(super) fn of<R>(self) -> FilteredRows<R> {
        FilteredRows {
            rows: RowsOf {
                any: self.rows,
                row: PhantomData,
            },
            sql: self.sql,
            is_pending: self.is_pending,
        }
    }

    pub(super) fn here(self) -> Option<Rc<dyn AnyFetched>> {
        match self.rows.get() {
            Rows::Here(fetched) => Some(fetched),
            Rows::Waiting | Rows::Missing(_) | Rows::Failed(_) => None,
        }
    }
}

impl<R: 'static> FilteredRows<R> {
    /// The same without the type of the rows.
    pub(super) fn any(self) -> AnyFilteredRows {
        AnyFilteredRows {
            rows: self.rows.any,
            sql: self.sql,
            is_pending: self.is_pending,
        }
    }

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
#[derive(Clone)]
struct Answer {
    question: (u64, String),
    outcome: Result<Rc<dyn AnyFetched>, String>,
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

fn ask<R, Q>(question: Q) -> FilteredRows<R>
where
    R: Row + 'static,
    Q: Fn(&Filters) -> Question + Send + Sync + 'static,
{
    // Each place that asks has a question of a type of its own.
    ask_any(TypeId::of::<(R, Q)>(), Arc::new(question), typed::<R>).of()
}

fn ask_any(
    kind: TypeId,
    question_of: Arc<dyn Fn(&Filters) -> Question + Send + Sync>,
    decode: Decode,
) -> AnyFilteredRows {
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
                outcome: fetch(&dataset, &question, filters, decode).await,
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
    let rehearse = move |filters: Filters| {
        let question = question_of(&filters);
        let rehearsed = async move {
            if let Some(dataset) = pipeline.shown.get_untracked() {
                // An explicit query reports its error.
                let _ = fetch(&dataset.unremembered(), &question, filters, decode).await;
            }
        };
        rehearsed.boxed_local()
    };
    use_warm_up(kind, filters, is_quiet, Rc::new(rehearse));
    AnyFilteredRows {
        rows,
        sql: sql.into(),
        is_pending,
    }
}

/// Rows as they came.
type Came = Fetched<std::convert::Infallible>;
/// Gives rows that came their type.
type Decode = fn(Came) -> Result<Rc<dyn AnyFetched>, String>;

fn typed<R: Row + 'static>(came: Came) -> Result<Rc<dyn AnyFetched>, String> {
    let read = |batches: &[RecordBatch]| R::read_all(batches).map_err(|error| error.to_string());
    let (earlier, batches) = &came.batches;
    Ok(Rc::new(Fetched {
        rows: read(batches)?,
        before: read(earlier)?,
        batches: came.batches,
        as_of: came.as_of,
        filters: came.filters,
        basis: came.basis,
    }))
}

async fn fetch(
    dataset: &Dataset,
    question: &Question,
    filters: Filters,
    decode: Decode,
) -> Result<Rc<dyn AnyFetched>, String> {
    let read = async |sql: &str| {
        let batches = dataset.query(sql).await;
        batches.map_err(|error| without_sql(&error))
    };
    let batches = read(&question.now).await?;
    let earlier = match &question.before {
        Some(sql) => read(sql).await?,
        None => Vec::new(),
    };
    decode(Fetched {
        rows: Vec::new(),
        before: Vec::new(),
        batches: (earlier, batches),
        as_of: dataset.scenario.as_of(),
        filters,
        basis: question.basis,
    })
}

/// A panel's state: `answer` gives its sentence, or `None` when there is nothing to show.
pub fn panel_state(
    rows: Signal<Rows, LocalStorage>,
    answer: impl Fn(&dyn AnyFetched) -> Option<String> + 'static,
    caption: impl Fn(&dyn AnyFetched) -> String + 'static,
) -> Signal<PanelState, LocalStorage> {
    once_a_change(move || match rows.get() {
        Rows::Waiting => PanelState::Loading,
        Rows::Missing(why) => PanelState::Empty(why),
        Rows::Failed(failure) => PanelState::Failed(failure),
        Rows::Here(fetched) => match answer(&*fetched) {
            None => PanelState::Empty("No data for this scenario and these filters."),
            Some(answer) => {
                let shown = Rc::clone(&fetched);
                PanelState::Ready(Rc::new(PanelContent {
                    answer,
                    caption: caption(&*fetched),
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
