//! A flag that asks work under way to stop.

use std::cell::Cell;
use std::rc::Rc;

/// Asks work under way to stop at its next safe point. Clones share one flag; it never goes down.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Rc<Cell<bool>>);

impl CancelFlag {
    /// A flag that is down.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag.
    pub fn set(&self) {
        self.0.set(true);
    }

    /// Says whether the flag is up.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.get()
    }
}
