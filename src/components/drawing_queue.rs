//! Charts drawn one after the other, a few to a frame.
//!
//! Answers come a few milliseconds apart, and each frame costs about as much as a small chart. Charts
//! that wait are drawn in one task as long as it stays short, so that one frame shows them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use gloo::timers::future::TimeoutFuture;
use leptos::prelude::window;

/// Milliseconds after which a task begins no further drawing: a large chart after it still ends within
/// the 50 ms from which on a reader feels it.
const TASK: f64 = 16.0;

type Drawing = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Drawing>> = const { RefCell::new(VecDeque::new()) };
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Draws soon, after all that waits already; never at once.
pub(super) fn draw_soon(drawing: impl FnOnce() + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::new(drawing)));
    if !IS_RUNNING.replace(true) {
        leptos::task::spawn_local(draw_all());
    }
}

async fn draw_all() {
    // Nothing is borrowed while something is drawn: it may ask for more.
    let next = || WAITING.with_borrow_mut(VecDeque::pop_front);
    loop {
        TimeoutFuture::new(0).await;
        let began = now();
        loop {
            let Some(drawing) = next() else {
                IS_RUNNING.set(false);
                return;
            };
            drawing();
            if now() - began > TASK {
                break;
            }
        }
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
