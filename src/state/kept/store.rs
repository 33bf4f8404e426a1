//! Copies in IndexedDB: what is written is one transaction, so that a copy is there whole or not at all.

use std::pin::pin;

use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use idb::{Database, Factory, KeyRange, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use super::StoredCopy;

/// `scripts/begin_engine.js` looks for it by its name.
const DATABASE: &str = "metricflow-kept";
/// Manifests by the names of their copies.
const COPIES: &str = "copies";
/// Files by the names of their copies and their own.
const FILES: &str = "files";
/// Bytes and last use by the names of copies: `[name, bytes, milliseconds]`.
const USES: &str = "uses";

/// How long the browser may take for a manifest; a run would begin meanwhile.
const SOON_MS: u32 = 2_000;
/// How long it may take for anything else.
const LATE_MS: u32 = 20_000;

const TICK_MS: u32 = 50;

/// The store refused, or did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the browser's storage can't be used: {0}")]
pub(super) struct StoreError(String);

impl From<idb::Error> for StoreError {
    fn from(error: idb::Error) -> Self {
        Self(error.to_string())
    }
}

/// The browser's store.
pub(super) struct Store(Database);

impl Store {
    /// Opens it.
    pub(super) async fn open() -> Result<Self, StoreError> {
        within(SOON_MS, async {
            let mut request = Factory::new()?.open(DATABASE, Some(1))?;
            request.on_upgrade_needed(|event| {
                use idb::DatabaseEvent as _;
                let Ok(database) = event.database() else {
                    return;
                };
                for name in [COPIES, FILES, USES] {
                    // A store that can't be made is missed by the first transaction.
                    let _ = database.create_object_store(name, ObjectStoreParams::new());
                }
            });
            let store = Self(request.await?);
            let names = store.0.store_names();
            if [COPIES, FILES, USES]
                .iter()
                .all(|name| names.iter().any(|one| one == name))
            {
                return Ok(store);
            }
            // Somebody else made it: the next time it is ours.
            drop(store);
            Factory::new()?.delete(DATABASE)?.await?;
            Err(StoreError("it was another's".to_owned()))
        })
        .await
    }

    /// The manifest of a copy, as it was written.
    pub(super) async fn manifest(&self, copy: &str) -> Result<Option<String>, StoreError> {
        within(SOON_MS, async {
            let (_reading, [copies]) = self.begin([COPIES], TransactionMode::ReadOnly)?;
            let stored = copies.get(JsValue::from(copy))?.await?;
            Ok(stored.and_then(|stored| stored.as_string()))
        })
        .await
    }

    /// A file of a copy, as it was written.
    pub(super) async fn file(
        &self,
        copy: &str,
        name: &str,
    ) -> Result<Option<Uint8Array>, StoreError> {
        within(LATE_MS, async {
            let (_reading, [files]) = self.begin([FILES], TransactionMode::ReadOnly)?;
            let stored = files.get(JsValue::from(file_key(copy, name)))?.await?;
            Ok(stored.and_then(|stored| stored.dyn_into().ok()))
        })
        .await
    }

    /// Writes a copy in the place of the one before, and deletes others: all of it, or nothing.
    pub(super) async fn write(
        &self,
        copy: &StoredCopy,
        manifest: &str,
        files: &[(String, Uint8Array)],
        going: &[String],
    ) -> Result<(), StoreError> {
        within(LATE_MS, async {
            let stores = [COPIES, FILES, USES];
            let (writing, [copies, file_store, uses]) =
                self.begin(stores, TransactionMode::ReadWrite)?;
            for name in going.iter().chain([&copy.name]) {
                delete_from(name, &copies, &file_store, &uses)?;
            }
            for (name, bytes) in files {
                let key = JsValue::from(file_key(&copy.name, name));
                file_store.put(bytes, Some(&key))?;
            }
            let key = JsValue::from(&copy.name);
            copies.put(&JsValue::from(manifest), Some(&key))?;
            uses.put(&use_of(copy), Some(&key))?;
            committed(writing).await
        })
        .await
    }

    /// Writes some files of a copy anew, with its manifest, where the manifest is still `before`.
    pub(super) async fn amend(
        &self,
        copy: &StoredCopy,
        before: &str,
        manifest: &str,
        files: &[(String, Uint8Array)],
    ) -> Result<(), StoreError> {
        within(LATE_MS, async {
            let stores = [COPIES, FILES, USES];
            let (writing, [copies, file_store, uses]) =
                self.begin(stores, TransactionMode::ReadWrite)?;
            let key = JsValue::from(&copy.name);
            let stands = copies.get(key.clone())?.await?;
            if stands.and_then(|stands| stands.as_string()).as_deref() != Some(before) {
                return Err(StoreError("another tab has written it".to_owned()));
            }
            for (name, bytes) in files {
                let key = JsValue::from(file_key(&copy.name, name));
                file_store.put(bytes, Some(&key))?;
            }
            copies.put(&JsValue::from(manifest), Some(&key))?;
            uses.put(&use_of(copy), Some(&key))?;
            committed(writing).await
        })
        .await
    }

    /// Notes that a copy was used.
    pub(super) async fn note_use(&self, copy: &StoredCopy) -> Result<(), StoreError> {
        within(LATE_MS, async {
            let (writing, [uses]) = self.begin([USES], TransactionMode::ReadWrite)?;
            let key = JsValue::from(&copy.name);
            // A copy that was deleted meanwhile leaves no trace.
            if uses.get(key.clone())?.await?.is_some() {
                uses.put(&use_of(copy), Some(&key))?;
            }
            committed(writing).await
        })
        .await
    }

    /// All copies.
    pub(super) async fn list(&self) -> Result<Vec<StoredCopy>, StoreError> {
        within(LATE_MS, async {
            let (_reading, [uses]) = self.begin([USES], TransactionMode::ReadOnly)?;
            let all = uses.get_all(None, None)?.await?;
            Ok(all.into_iter().filter_map(copy_of).collect())
        })
        .await
    }

    /// Deletes a copy, where its manifest is still `manifest`: another tab may have written a better one.
    pub(super) async fn delete(&self, copy: &str, manifest: &str) -> Result<(), StoreError> {
        within(LATE_MS, async {
            let stores = [COPIES, FILES, USES];
            let (writing, [copies, files, uses]) =
                self.begin(stores, TransactionMode::ReadWrite)?;
            let stands = copies.get(JsValue::from(copy))?.await?;
            if stands.and_then(|stands| stands.as_string()).as_deref() == Some(manifest) {
                delete_from(copy, &copies, &files, &uses)?;
            }
            committed(writing).await
        })
        .await
    }

    /// Deletes all copies.
    pub(super) async fn delete_all(&self) -> Result<(), StoreError> {
        within(LATE_MS, async {
            let names = [COPIES, FILES, USES];
            let (writing, stores) = self.begin(names, TransactionMode::ReadWrite)?;
            for store in &stores {
                store.clear()?;
            }
            committed(writing).await
        })
        .await
    }

    fn begin<const N: usize>(
        &self,
        names: [&str; N],
        mode: TransactionMode,
    ) -> Result<(Transaction, [idb::ObjectStore; N]), StoreError> {
        let transaction = self.0.transaction(&names, mode)?;
        let mut stores = Vec::with_capacity(N);
        for name in names {
            stores.push(transaction.object_store(name)?);
        }
        let stores = stores
            .try_into()
            .map_err(|_| StoreError("a store is missing".to_owned()))?;
        Ok((transaction, stores))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn delete_from(
    copy: &str,
    copies: &idb::ObjectStore,
    files: &idb::ObjectStore,
    uses: &idb::ObjectStore,
) -> Result<(), StoreError> {
    let key = JsValue::from(copy);
    copies.delete(Query::Key(key.clone()))?;
    uses.delete(Query::Key(key))?;
    let (first, last) = (file_key(copy, ""), file_key(copy, "\u{ffff}"));
    let range = KeyRange::bound(&first.into(), &last.into(), None, None)?;
    files.delete(Query::KeyRange(range))?;
    Ok(())
}

async fn committed(writing: Transaction) -> Result<(), StoreError> {
    let result = writing.await?;
    if result.is_committed() {
        Ok(())
    } else {
        Err(StoreError("it was not written".to_owned()))
    }
}

/// No query of a scenario has a line break.
fn file_key(copy: &str, name: &str) -> String {
    format!("{copy}\n{name}")
}

fn use_of(copy: &StoredCopy) -> JsValue {
    Array::of3(
        &copy.name.as_str().into(),
        &(copy.bytes as f64).into(),
        &copy.used_ms.into(),
    )
    .into()
}

fn copy_of(stored: JsValue) -> Option<StoredCopy> {
    let stored: Array = stored.dyn_into().ok()?;
    Some(StoredCopy {
        name: stored.get(0).as_string()?,
        bytes: stored.get(1).as_f64()? as u64,
        used_ms: stored.get(2).as_f64()?,
    })
}

/// What `work` gives, unless the browser takes longer. In ticks: while the page is busy or the device sleeps, no answer
/// can come either.
async fn within<T>(
    milliseconds: u32,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let ticks = async {
        for _ in 0..milliseconds / TICK_MS {
            TimeoutFuture::new(TICK_MS).await;
        }
    };
    match select(pin!(work), pin!(ticks)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(StoreError("it does not answer".to_owned())),
    }
}
