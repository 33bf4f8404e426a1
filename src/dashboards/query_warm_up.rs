//! Queries run before their answers are needed, so that the first change of filters is as
//! fast as the tenth: the browser compiles the engine's code once it has run a while, and readers
//! would wait for that (docs/performance.md).

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::filters::{Dimension, Filters, Range};

/// Milliseconds that a page is left alone before.
const AFTER: u32 = 300;

thread_local! {
    /// One at a time: an explicit query waits for no more than one statement.
    static TURN: Rc<Mutex<()>> = Rc::default();
    /// Those asked often enough in this tab.
    static WARM: RefCell<BTreeSet<TypeId>> = RefCell::default();
}

/// Answers a question under some filters.
pub(super) type Ask = Rc<dyn Fn(Filters) -> LocalBoxFuture<'static, ()>>;

/// Has `ask` answer some [`rehearsals`] of what `filters` are now, once a tab for each `kind` of it,
/// while `is_quiet`; goes on later when it is interrupted.
pub(super) fn use_warm_up(
    kind: TypeId,
    filters: Memo<Filters>,
    is_quiet: Signal<bool, LocalStorage>,
    ask: Ask,
) {
    let is_running = Rc::new(Cell::new(false));
    let asked = Rc::new(Cell::new(0));
    Effect::new(move |_| {
        let is_warm = WARM.with_borrow(|warm| warm.contains(&kind));
        if !is_quiet.get() || is_warm || is_running.replace(true) {
            return;
        }
        let (ask, asked) = (Rc::clone(&ask), Rc::clone(&asked));
        let is_running = Rc::clone(&is_running);
        let filters = filters.get_untracked();
        spawn_local(async move {
            TimeoutFuture::new(AFTER).await;
            let turn = TURN.with(Rc::clone);
            for rehearsal in rehearsals(&filters).into_iter().skip(asked.get()) {
                let _turn = turn.lock().await;
                // The page was left, or an explicit query is waiting.
                if !is_quiet.try_get_untracked().unwrap_or(false) {
                    is_running.set(false);
                    return;
                }
                ask(rehearsal).await;
                asked.set(asked.get() + 1);
            }
            is_running.set(false);
            WARM.with_borrow_mut(|warm| warm.insert(kind));
        });
    });
}

/// Choices a click or two away, with as many forms of statements among them as there are.
fn rehearsals(filters: &Filters) -> Vec<Filters> {
    use Dimension::{Channel, Country, Plan, Segment, Size};
    let choices: [(Option<Range>, &[Dimension]); 6] = [
        (None, &[Channel]),
        (None, &[Channel, Country]),
        (Some(Range::Last90Days), &[Country]),
        (Some(Range::All), &[Country, Size]),
        (None, &[Plan, Size]),
        (None, &[Plan, Segment]),
    ];
    choices
        .into_iter()
        .map(|(range, dimensions)| {
            let filters = range.map_or_else(
                || filters.clone(),
                |range| filters.clone().with_range(range),
            );
            dimensions.iter().fold(filters, |filters, dimension| {
                let value = dimension.values().last().copied().unwrap_or_default();
                filters.with_only(*dimension, value)
            })
        })
        .collect()
}
