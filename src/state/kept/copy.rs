//! A copy in the store, and one that was opened: its answers, and its files as they are asked for.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};

use super::packing::{packed, unpacked};
use super::store::Store;
use super::{Answers, CopyFault, CopyKey, CopyManifest, KeptFile, StoredCopy};
use crate::ml::{Card, Model};
use crate::quality::TestReport;
use crate::transformation::RunReport;

/// The file of answers.
pub(super) const ANSWERS: &str = "answers";
/// The file of [`Facts`].
pub(super) const FACTS: &str = "facts";

/// What is known of the run that was kept, beside its tables.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) models: RunReport,
    pub(super) serving: RunReport,
    pub(super) tests: TestReport,
    /// What was learned, or why it could not be.
    pub(super) learned: Vec<(Model, Result<Card, String>)>,
    /// Rows of each raw table, by its name with its schema.
    pub(super) raw_rows: BTreeMap<String, u64>,
    /// Units and milliseconds of each stage of the run.
    pub(super) stages: Vec<(u64, f64)>,
}

/// A copy in the store, as it was last written or opened.
pub(super) struct InStore {
    key: CopyKey,
    manifest: RefCell<CopyManifest>,
    /// The statements that it answers.
    pub(super) answered: RefCell<BTreeSet<String>>,
}

impl InStore {
    pub(super) fn new(key: CopyKey, manifest: CopyManifest, answered: BTreeSet<String>) -> Self {
        Self {
            key,
            manifest: RefCell::new(manifest),
            answered: RefCell::new(answered),
        }
    }

    /// Whether it is the copy of a scenario's dataset.
    pub(super) fn is_of(&self, key: &CopyKey, fingerprint: &str) -> bool {
        self.key == *key && self.manifest.borrow().fingerprint == fingerprint
    }

    /// Deletes it, unless another tab has written it anew.
    pub(super) async fn delete(&self) {
        let sealed = self.manifest.borrow().sealed();
        if let Ok(store) = Store::open().await {
            // A copy that can't be deleted is refused again the next time.
            let _ = store.delete(&self.key.name(), &sealed).await;
        }
    }

    /// Notes that it was used.
    pub(super) async fn note_use(&self) {
        let copy = stored(&self.key, &self.manifest.borrow());
        if let Ok(store) = Store::open().await {
            // The order of going is no reason to fail.
            let _ = store.note_use(&copy).await;
        }
    }

    /// Gives it another file of answers, unless another tab has written it anew.
    pub(super) async fn answer(&self, answers: &Uint8Array, answered: BTreeSet<String>) {
        let Some((file, bytes)) = kept_file(ANSWERS, answers).await else {
            return;
        };
        let before = self.manifest.borrow().clone();
        let mut manifest = before.clone();
        manifest.files.retain(|one| one.name != ANSWERS);
        manifest.files.push(file);
        let copy = stored(&self.key, &manifest);
        let files = [(ANSWERS.to_owned(), bytes)];
        let (before, now) = (before.sealed(), manifest.sealed());
        let Ok(store) = Store::open().await else {
            return;
        };
        if store.amend(&copy, &before, &now, &files).await.is_ok() {
            *self.manifest.borrow_mut() = manifest;
            *self.answered.borrow_mut() = answered;
        }
    }
}

/// A whole copy of one scenario that was opened.
pub(super) struct Copy {
    store: Store,
    key: CopyKey,
    pub(super) manifest: CopyManifest,
    pub(super) in_store: Rc<InStore>,
    pub(super) answers: Answers,
    pub(super) facts: Facts,
}

impl Copy {
    /// Opens the copy of `key`, if there is one; one that is not whole is deleted.
    pub(super) async fn open(key: CopyKey) -> Option<Self> {
        let store = Store::open().await.ok()?;
        let stored = store.manifest(&key.name()).await.ok()??;
        match Self::read(&store, &key, &stored).await {
            Ok((manifest, answers, facts)) => {
                let answered = answers.statements().map(str::to_owned).collect();
                let in_store = InStore::new(key.clone(), manifest.clone(), answered);
                Some(Self {
                    store,
                    key,
                    manifest,
                    in_store: Rc::new(in_store),
                    answers,
                    facts,
                })
            }
            Err(fault) => {
                leptos::logging::warn!("the kept copy is not used: {fault}");
                // A copy that can't be deleted is refused again the next time.
                let _ = store.delete(&key.name(), &stored).await;
                None
            }
        }
    }

    async fn read(
        store: &Store,
        key: &CopyKey,
        stored: &str,
    ) -> Result<(CopyManifest, Answers, Facts), CopyFault> {
        let manifest = CopyManifest::open(stored, key)?;
        let (answers, facts) = futures::future::try_join(
            file(store, key, &manifest, ANSWERS),
            file(store, key, &manifest, FACTS),
        )
        .await?;
        let damaged = |name: &str| CopyFault::Damaged(name.to_owned());
        let answers = Answers::read(answers.to_vec()).ok_or_else(|| damaged(ANSWERS))?;
        let facts = serde_json::from_slice(&facts.to_vec()).map_err(|_| damaged(FACTS))?;
        Ok((manifest, answers, facts))
    }

    /// A file of it, checked and unpacked.
    pub(super) async fn file(&self, name: &str) -> Result<Uint8Array, CopyFault> {
        file(&self.store, &self.key, &self.manifest, name).await
    }
}

/// A file as it is stored, and what the manifest says of it.
pub(super) async fn kept_file(name: &str, bytes: &Uint8Array) -> Option<(KeptFile, Uint8Array)> {
    let stored = packed(bytes).await.ok()?;
    let file = KeptFile::of(name, &stored.to_vec(), u64::from(bytes.length()));
    Some((file, stored))
}

/// What the list of copies says of one that is used now.
pub(super) fn stored(key: &CopyKey, manifest: &CopyManifest) -> StoredCopy {
    StoredCopy {
        name: key.name(),
        bytes: manifest.bytes(),
        used_ms: js_sys::Date::now(),
    }
}

async fn file(
    store: &Store,
    key: &CopyKey,
    manifest: &CopyManifest,
    name: &str,
) -> Result<Uint8Array, CopyFault> {
    let missing = || CopyFault::Missing(name.to_owned());
    let stored = store.file(&key.name(), name).await;
    let stored = stored.ok().flatten().ok_or_else(missing)?;
    let file = manifest.check(name, &stored.to_vec())?;
    let bytes = unpacked(&stored).await.ok();
    let bytes = bytes.filter(|bytes| u64::from(bytes.length()) == file.unpacked);
    bytes.ok_or_else(|| CopyFault::Damaged(name.to_owned()))
}
