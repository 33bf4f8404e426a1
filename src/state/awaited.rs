//! Models that somebody waits for while a first run builds them: each panel is answered as soon as what it
//! reads stands (`docs/decisions/0167-first-chart-first.md`).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;

use futures::future::{Either, select};
use tokio::sync::Notify;

use crate::transformation::{Demand, Manifest, ModelRun};
use crate::warehouse::{CancelFlag, WarehouseError};

/// How far the models of a run have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Building,
    Complete,
    GivenUp,
}

/// A question that waits.
struct Waiting {
    /// What is not built yet of all that it reads.
    models: BTreeSet<String>,
    /// The page that asked it.
    page: String,
}

/// The models of one run, and the questions that wait for them.
pub(super) struct Awaited {
    manifest: Rc<Manifest>,
    progress: Cell<Progress>,
    finished: RefCell<BTreeSet<String>>,
    /// The questions that wait, by their number, which rises.
    waiting: RefCell<BTreeMap<u64, Waiting>>,
    asked: Cell<u64>,
    /// Tells the questions that a model is finished.
    changed: Notify,
    on_built: Box<dyn Fn(&ModelRun)>,
}

impl Awaited {
    /// None is built yet; `on_built` hears of each before the questions do.
    pub(super) fn new(manifest: Rc<Manifest>, on_built: impl Fn(&ModelRun) + 'static) -> Self {
        Self {
            manifest,
            progress: Cell::new(Progress::Building),
            finished: RefCell::default(),
            waiting: RefCell::default(),
            asked: Cell::new(0),
            changed: Notify::new(),
            on_built: Box::new(on_built),
        }
    }

    /// Waits until all that `sql` reads has been built, or is known to be missing.
    ///
    /// # Errors
    /// [`WarehouseError::Cancelled`] when the question or the run is stopped before.
    pub(super) async fn ready_for(
        &self,
        sql: &str,
        cancel: &CancelFlag,
    ) -> Result<(), WarehouseError> {
        if self.progress.get() == Progress::Complete {
            return Ok(());
        }
        // The engine knows no case.
        let behind = self.manifest.behind_statement(&sql.to_lowercase());
        let Some(place) = self.wait_for(behind) else {
            return Ok(());
        };
        loop {
            let changed = self.changed.notified();
            match self.progress.get() {
                Progress::GivenUp => return Err(WarehouseError::Cancelled),
                _ if !place.is_waiting() => return Ok(()),
                _ => {}
            }
            if let Either::Right(_) = select(pin!(changed), pin!(cancel.raised())).await {
                return Err(WarehouseError::Cancelled);
            }
        }
    }

    /// All models are finished: nobody waits any more.
    pub(super) fn complete(&self) {
        self.end(Progress::Complete);
    }

    /// The run ended before its models did.
    pub(super) fn give_up(&self) {
        if self.progress.get() == Progress::Building {
            self.end(Progress::GivenUp);
        }
    }

    fn end(&self, progress: Progress) {
        self.progress.set(progress);
        self.waiting.borrow_mut().clear();
        self.changed.notify_waiters();
    }

    /// A place among those who wait; none where all of it is finished.
    fn wait_for(&self, mut models: BTreeSet<String>) -> Option<Place<'_>> {
        models.retain(|name| !self.finished.borrow().contains(name));
        if models.is_empty() {
            return None;
        }
        let number = self.asked.get();
        self.asked.set(number + 1);
        let page = page_now();
        let waiting = Waiting { models, page };
        self.waiting.borrow_mut().insert(number, waiting);
        Some(Place {
            awaited: self,
            number,
        })
    }
}

impl Demand for Awaited {
    /// What the page waits for that is open; once that stands, what pages wait for that were left.
    fn wanted(&self) -> Vec<BTreeSet<String>> {
        let (waiting, page) = (self.waiting.borrow(), page_now());
        let is_of_page = |one: &&Waiting| one.page == page;
        let is_open = waiting.values().any(|one| is_of_page(&one));
        let wanted = waiting.values().filter(|one| !is_open || is_of_page(one));
        wanted.map(|one| one.models.clone()).collect()
    }

    fn built(&self, run: &ModelRun) {
        (self.on_built)(run);
        self.finished.borrow_mut().insert(run.name.clone());
        self.waiting.borrow_mut().retain(|_, one| {
            one.models.remove(&run.name);
            !one.models.is_empty()
        });
        self.changed.notify_waiters();
    }
}

/// One question's place among those who wait; left when it is dropped.
struct Place<'a> {
    awaited: &'a Awaited,
    number: u64,
}

impl Place<'_> {
    fn is_waiting(&self) -> bool {
        self.awaited.waiting.borrow().contains_key(&self.number)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.awaited.waiting.borrow_mut().remove(&self.number);
    }
}

/// The path of the page that is open.
fn page_now() -> String {
    web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}
