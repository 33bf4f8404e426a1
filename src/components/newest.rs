//! The answer to the newest question.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

/// What `ask` gives, asked again whenever a signal changes that it reads before its first `await`.
///
/// Until a new answer arrives, the last one stays. One question is answered at a time; of those that
/// come meanwhile only the newest is kept, and the answer it overtakes is dropped.
///
/// In a `LocalResource` a change can be lost: an effect that reads it beside what it depends on takes
/// away its mark that it must run (docs/performance.md).
pub fn use_newest<T, Answer>(ask: impl Fn() -> Answer + 'static) -> Signal<Option<T>, LocalStorage>
where
    T: Clone + 'static,
    Answer: Future<Output = Option<T>> + 'static,
{
    let (answer, set_answer) = signal_local(None);
    let next: Rc<RefCell<Option<Pin<Box<Answer>>>>> = Rc::default();
    let is_asking = Rc::new(Cell::new(false));
    Effect::new(move |_| {
        next.replace(Some(Box::pin(ask())));
        if is_asking.replace(true) {
            return;
        }
        let (next, is_asking) = (Rc::clone(&next), Rc::clone(&is_asking));
        spawn_local(async move {
            while let Some(asked) = { next.take() } {
                let given = asked.await;
                // The signal is gone with the page.
                if next.borrow().is_none() && set_answer.try_set(given).is_some() {
                    break;
                }
            }
            is_asking.set(false);
        });
    });
    answer.into()
}
