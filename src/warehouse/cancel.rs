//! A flag that asks work under way to stop.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Asks work under way to stop at its next safe point. Clones share one flag; it never goes down.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Rc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_set: Cell<bool>,
    /// Whoever waits for the flag.
    waiting: RefCell<Vec<Waker>>,
}

impl CancelFlag {
    /// A flag that is down.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag.
    pub fn set(&self) {
        self.0.is_set.set(true);
        for waker in self.0.waiting.take() {
            waker.wake();
        }
    }

    /// Says whether the flag is up.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.is_set.get()
    }

    /// Waits until the flag is up.
    pub async fn raised(&self) {
        poll_fn(|context| {
            if self.is_set() {
                return Poll::Ready(());
            }
            let mut waiting = self.0.waiting.borrow_mut();
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake};

    use super::*;

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn whoever_waits_is_woken_once_when_the_flag_goes_up() {
        let (flag, counter) = (CancelFlag::new(), Arc::<Counter>::default());
        let waker = Waker::from(Arc::clone(&counter));
        let mut context = Context::from_waker(&waker);
        let clone = flag.clone();
        let mut raised = pin!(clone.raised());
        assert!(raised.as_mut().poll(&mut context).is_pending());
        assert!(raised.as_mut().poll(&mut context).is_pending());
        flag.set();
        assert_eq!(counter.0.load(Ordering::Relaxed), 1);
        assert!(raised.as_mut().poll(&mut context).is_ready());
        assert!(clone.is_set());
        assert!(pin!(flag.raised()).poll(&mut context).is_ready());
    }
}
