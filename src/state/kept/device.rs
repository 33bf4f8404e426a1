//! The reader's say over what is kept on the device: a switch, the size, a button.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use tokio::sync::Notify;

use super::CopyKey;
use super::copy::{Copy, InStore};
use super::store::Store;
use crate::parameters::Scenario;

/// Where the browser keeps the switch; only what was switched off is written.
const STORED_AS: &str = "metricflow-keep-results";

/// What is kept on this device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Whether results are kept.
    pub is_on: bool,
    /// Whether the browser keeps nothing for this page.
    pub is_refused: bool,
    /// Scenarios that are kept.
    pub copies: usize,
    /// Bytes of them all.
    pub bytes: u64,
    /// What came of the last copy, where that is to be said.
    pub remark: Option<&'static str>,
}

/// What is known of copies.
#[derive(Clone, Default)]
pub(super) struct KeptState {
    /// The run's phase or the dataset may have changed.
    pub(super) turned: Rc<Notify>,
    /// The copy of the dataset that stands, where there is one.
    pub(super) in_store: Option<Rc<InStore>>,
    /// The run that made raw rows again and agreed so far, and the copy that it completed.
    pub(super) completed: Option<(u64, Rc<Copy>)>,
    /// The run that was last kept, or was to be, and how many statements it had been asked.
    pub(super) tried: Option<(u64, usize)>,
}

/// As the switch was left.
fn initial() -> Keeping {
    let stored = storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    Keeping {
        is_on: stored.as_deref() != Some("off"),
        ..Keeping::default()
    }
}

/// The key of a scenario's copy; none where nothing is kept.
pub(super) fn key_of(scenario: &Scenario) -> Option<CopyKey> {
    let document = web_sys::window()?.document()?;
    let meta = document.query_selector("meta[name='version']").ok()??;
    let version = meta.get_attribute("content")?;
    CopyKey::new(&version, scenario)
}

/// The one that keeps: copied freely.
#[derive(Clone, Copy)]
pub struct Keeper {
    /// What is kept on this device.
    pub keeping: RwSignal<Keeping>,
    pub(super) state: StoredValue<KeptState, LocalStorage>,
}

impl Keeper {
    /// As the reader left it.
    pub(in crate::state) fn new() -> Self {
        Self {
            keeping: RwSignal::new(initial()),
            state: StoredValue::new_local(KeptState::default()),
        }
    }

    /// Whether results are kept on this device from now on; without, what was kept is deleted.
    pub fn set_keeping(self, is_on: bool) {
        if let Some(storage) = storage() {
            let _ = if is_on {
                storage.remove_item(STORED_AS)
            } else {
                storage.set_item(STORED_AS, "off")
            };
        }
        self.keeping.update(|keeping| keeping.is_on = is_on);
        self.state.update_value(|kept| kept.tried = None);
        if !is_on {
            self.delete_copies();
        }
    }

    /// Deletes all copies of all scenarios.
    pub fn delete_copies(self) {
        self.state.update_value(|kept| kept.in_store = None);
        spawn_local(async move {
            if let Ok(store) = Store::open().await {
                // What could not be deleted is counted below.
                let _ = store.delete_all().await;
            }
            self.measure_copies().await;
        });
    }

    /// Finds out how much is kept.
    pub async fn measure_copies(self) {
        let listed = match Store::open().await {
            Ok(store) => store.list().await,
            Err(error) => Err(error),
        };
        self.keeping.update(|keeping| match &listed {
            Ok(copies) => {
                keeping.is_refused = false;
                keeping.copies = copies.len();
                keeping.bytes = copies.iter().map(|copy| copy.bytes).sum();
            }
            Err(_) => keeping.is_refused = true,
        });
    }

    /// The copy of the dataset that will stand.
    pub(super) fn note_copy(self, copy: &Copy) {
        let in_store = Some(Rc::clone(&copy.in_store));
        self.state.update_value(|state| state.in_store = in_store);
    }

    /// Deletes the copy that a dataset stands on.
    pub(super) fn delete_copy(self, copy: &Copy) {
        let in_store = Rc::clone(&copy.in_store);
        self.state.update_value(|kept| kept.in_store = None);
        spawn_local(async move {
            in_store.delete().await;
            self.measure_copies().await;
        });
    }

    /// The copy did not agree with the run, which goes before it.
    pub(super) fn refute_copy(self, copy: &Copy) {
        self.delete_copy(copy);
        let words = "What was kept on this device did not agree with the rows made again, and was deleted. What is shown is the new run.";
        self.keeping.update(|keeping| keeping.remark = Some(words));
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
