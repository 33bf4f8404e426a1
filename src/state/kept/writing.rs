//! Keeping: once everything of a run is done, what pages read goes to the device.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrow_array::cast::AsArray;
use gloo::timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::copy::{ANSWERS, FACTS, Facts, InStore, kept_file, stored};
use super::device::key_of;
use super::standing::stream_of;
use super::store::Store;
use super::{
    CopyKey, CopyManifest, KEPT, KeptTable, LONGEST_ANSWER, MOST_ANSWERS, file_of,
    is_of_kept_schemas, most_bytes, to_delete,
};
use crate::generation::Table;
use crate::ml::LEARNERS;
use crate::quality::TestReport;
use crate::state::dataset::Dataset;
use crate::state::pipeline::Pipeline;
use crate::state::{Phase, learning::Fit};
use crate::transformation::RunReport;
use crate::warehouse::{
    DuckDb, Warehouse as _, WarehouseError, all_rows_sql, columns_sql, counts_sql, first_number,
};

/// How often it is looked whether there is something to keep.
const LOOK_EVERY_MS: u32 = 2_000;

/// Keeps copies for as long as the page lives.
pub fn keep_results(pipeline: Pipeline) {
    Effect::new(move |_| {
        pipeline.status.track();
        pipeline.dataset.track();
        let state = pipeline.keeper.state;
        state.with_value(|state| state.turned.notify_waiters());
    });
    spawn_local(pipeline.keep_copies());
}

impl Pipeline {
    /// Looks from time to time whether there is something to keep.
    async fn keep_copies(self) {
        loop {
            TimeoutFuture::new(LOOK_EVERY_MS).await;
            let Some(dataset) = self.quiet_dataset() else {
                continue;
            };
            if let Err(error) = self.keep(&dataset).await {
                leptos::logging::warn!("nothing was kept on this device: {error}");
            }
        }
    }

    /// The dataset, where all of it is done and unedited and nobody asks it anything.
    fn quiet_dataset(self) -> Option<Dataset> {
        let is_quiet = self.keeper.keeping.with_untracked(|keeping| keeping.is_on)
            && self.is_at_rest.get_untracked()
            && self
                .status
                .with_untracked(|status| status.phase == Phase::Ready);
        let dataset = self.dataset.get_untracked().filter(|_| is_quiet)?;
        (dataset.edits.is_empty() && dataset.open_queries.is_idle()).then_some(dataset)
    }

    /// Whether `dataset` is still as it was when its keeping began.
    fn is_still(self, dataset: &Dataset) -> bool {
        self.keeper.keeping.with_untracked(|keeping| keeping.is_on)
            && self.is_at_rest.get_untracked()
            && self.dataset.get_untracked().as_ref() == Some(dataset)
    }

    async fn keep(self, dataset: &Dataset) -> Result<(), String> {
        let Some(key) = key_of(&dataset.scenario) else {
            return Ok(());
        };
        self.compare_tests(dataset.revision);
        let asked = dataset.asked.all();
        let (in_store, tried) = self.keeper.state.with_value(|kept| {
            let in_store = kept.in_store.clone();
            let is_of = |one: &Rc<InStore>| one.is_of(&key, &dataset.fingerprint);
            (in_store.filter(is_of), kept.tried)
        });
        // Whatever comes of it, it is not tried again for nothing.
        let now = (dataset.revision, asked.len());
        self.keeper
            .state
            .update_value(|kept| kept.tried = Some(now));
        if let Some(in_store) = in_store {
            if tried != Some(now) && !asked.is_subset(&in_store.answered.borrow()) {
                self.keep_answers(dataset, &in_store, asked).await;
                self.keeper.measure_copies().await;
            }
            return Ok(());
        }
        let is_tried = tried.is_some_and(|(revision, _)| revision == dataset.revision);
        if let Some(warehouse) = dataset.warehouse.as_ref().filter(|_| !is_tried) {
            let in_store = self.keep_all(dataset, warehouse, key, &asked).await?;
            self.keeper
                .state
                .update_value(|kept| kept.in_store = in_store.map(Rc::new));
            self.keeper.measure_copies().await;
        }
        Ok(())
    }

    /// Compares what the data tests say of rows made again with what they said of the copy's.
    fn compare_tests(self, revision: u64) {
        let completed = self
            .keeper
            .state
            .try_update_value(|kept| kept.completed.take());
        let completed = completed.flatten();
        let Some((_, copy)) = completed.filter(|(completed, _)| *completed == revision) else {
            return;
        };
        let said = |report: &TestReport| {
            let tests = report.tests.iter();
            let said = tests.map(|test| (test.name.clone(), test.state.clone(), test.failures));
            said.collect::<Vec<_>>()
        };
        let agrees = self.tests.with_untracked(|tests| {
            let report = tests.report.as_deref();
            report.is_none_or(|report| said(report) == said(&copy.facts.tests))
        });
        if !agrees {
            self.keeper.refute_copy(&copy);
        }
    }

    /// Adds answers to a copy.
    async fn keep_answers(
        self,
        dataset: &Dataset,
        in_store: &InStore,
        mut asked: BTreeSet<String>,
    ) {
        asked.extend(in_store.answered.borrow().iter().cloned());
        let answers = match (&dataset.kept, &dataset.warehouse) {
            (Some(kept), _) => answers(&asked, async |sql| kept.bytes_of(sql).await).await,
            (None, Some(warehouse)) => answers(&asked, async |sql| ask(warehouse, sql).await).await,
            (None, None) => return,
        };
        let is_known = |sql: &String| in_store.answered.borrow().contains(sql);
        if answers.keys().all(is_known) {
            // The others are too long to be kept, and are not asked for again.
            in_store.answered.borrow_mut().extend(asked);
        } else if self.is_still(dataset) {
            let file = Uint8Array::from(file_of(&answers).as_slice());
            in_store.answer(&file, asked).await;
        }
    }

    async fn keep_all(
        self,
        dataset: &Dataset,
        warehouse: &DuckDb,
        key: CopyKey,
        asked: &BTreeSet<String>,
    ) -> Result<Option<InStore>, String> {
        let words = |error: WarehouseError| error.to_string();
        let store = Store::open().await.map_err(|error| error.to_string())?;
        let most = most_bytes(quota().await);
        // Somebody may have asked for some of them only.
        let cancel = dataset.open_queries.cancel();
        let is_wanted = || self.is_still(dataset);
        let built = dataset
            .serving
            .build_all(warehouse, is_wanted, || cancel.clone());
        built.await.map_err(words)?;
        let raw_rows = raw_rows(warehouse).await.map_err(words)?;
        let Some(facts) = self.facts(dataset, raw_rows) else {
            return Ok(None);
        };
        let mut manifest = CopyManifest::new(&key, &dataset.fingerprint);
        let mut files = Vec::new();
        for table in tables(warehouse).await.map_err(words)? {
            if !self.is_still(dataset) || manifest.bytes() > most {
                return Ok(None);
            }
            let all_rows = all_rows_sql(&table.relation);
            let rows = warehouse.query_buffer(&all_rows);
            let stream = stream_of(&rows.await.map_err(words)?.into_bytes());
            let file = kept_file(&table.relation, &stream).await;
            let (file, bytes) = file.ok_or("it could not be compressed")?;
            files.push((table.relation.clone(), bytes));
            manifest.files.push(file);
            manifest.tables.push(table);
        }
        let answers = answers(asked, async |sql| ask(warehouse, sql).await).await;
        let facts = serde_json::to_vec(&facts).map_err(|error| error.to_string())?;
        for (name, bytes) in [(ANSWERS, file_of(&answers)), (FACTS, facts)] {
            let bytes = Uint8Array::from(bytes.as_slice());
            let file = kept_file(name, &bytes).await;
            let (file, bytes) = file.ok_or("it could not be compressed")?;
            files.push((name.to_owned(), bytes));
            manifest.files.push(file);
        }
        let copy = stored(&key, &manifest);
        let listed = store.list().await.map_err(|error| error.to_string())?;
        let going = to_delete(&listed, &copy.name, copy.bytes, most, copy.used_ms);
        let Some(going) = going.filter(|_| self.is_still(dataset)) else {
            return Ok(None);
        };
        let written = store.write(&copy, &manifest.sealed(), &files, &going).await;
        written.map_err(|error| error.to_string())?;
        Ok(Some(InStore::new(key, manifest, asked.clone())))
    }

    /// What is known of the run; none where not all of it is as the scenario alone makes it.
    fn facts(self, dataset: &Dataset, raw_rows: BTreeMap<String, u64>) -> Option<Facts> {
        let stands = |report: &RunReport| {
            report.failed_seeds.is_empty() && report.models.iter().all(|run| run.stands())
        };
        let serving = dataset.serving.report();
        if !(stands(&dataset.models) && stands(&serving)) {
            return None;
        }
        let report = self.tests.with_untracked(|tests| tests.report.clone())?;
        let learned = self.learning.with_untracked(|learning| {
            let learned = LEARNERS.iter().map(|learner| {
                let outcome = match learning.of(learner.model) {
                    Fit::Fitted(card) => {
                        let settings = learner.settings.iter();
                        let mut settings =
                            settings.map(|setting| (setting.default, card.settings.value(setting)));
                        // What the reader tried is not what the scenario makes.
                        settings
                            .all(|(default, value)| default.to_bits() == value.to_bits())
                            .then(|| Ok((*card).clone()))
                    }
                    Fit::Failed(reason) => Some(Err(reason)),
                    Fit::Waiting | Fit::Running(_) | Fit::Cancelled => None,
                };
                outcome.map(|outcome| (learner.model, outcome))
            });
            learned.collect::<Option<Vec<_>>>()
        })?;
        let stages = self.status.with_untracked(|status| {
            let stages = status.stages.iter();
            stages.map(|stage| (stage.done, stage.elapsed_ms)).collect()
        });
        Some(Facts {
            models: (*dataset.models).clone(),
            serving: (*serving).clone(),
            tests: (*report).clone(),
            learned,
            raw_rows,
            stages,
        })
    }
}

/// The tables of a database that a copy holds, with their columns and rows.
async fn tables(warehouse: &DuckDb) -> Result<Vec<KeptTable>, WarehouseError> {
    let columns = columns_sql(warehouse.home().name(), &KEPT);
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for batch in warehouse.query(&columns).await? {
        let of = |column: usize| batch.column(column).as_string::<i32>();
        for row in 0..batch.num_rows() {
            let [relation, name, kind] = [0, 1, 2].map(|column| of(column).value(row).to_owned());
            tables.entry(relation).or_default().push((name, kind));
        }
    }
    let counts = counts_sql(tables.keys().map(String::as_str));
    let counts = warehouse.query(&counts).await?;
    let tables = tables.into_iter().enumerate();
    tables
        .map(|(column, (relation, columns))| {
            let rows = u64::try_from(first_number(&counts, column)?).unwrap_or_default();
            Ok(KeptTable {
                relation,
                columns,
                rows,
            })
        })
        .collect()
}

async fn raw_rows(warehouse: &DuckDb) -> Result<BTreeMap<String, u64>, WarehouseError> {
    let counts = warehouse
        .query(&counts_sql(Table::ALL.map(Table::qualified)))
        .await?;
    let tables = Table::ALL.into_iter().enumerate();
    tables
        .map(|(column, table)| {
            let rows = u64::try_from(first_number(&counts, column)?).unwrap_or_default();
            Ok((table.qualified().to_owned(), rows))
        })
        .collect()
}

/// The answers to statements, as far as they are short and `ask` gives them.
async fn answers(
    asked: &BTreeSet<String>,
    ask: impl AsyncFn(&str) -> Option<Uint8Array>,
) -> BTreeMap<String, Vec<u8>> {
    let (mut answers, mut sum) = (BTreeMap::new(), 0);
    for sql in asked {
        let Some(answer) = ask(sql).await else {
            continue;
        };
        let length = answer.length() as usize;
        if length <= LONGEST_ANSWER && sum + length <= MOST_ANSWERS {
            sum += length;
            answers.insert(sql.clone(), answer.to_vec());
        }
    }
    answers
}

/// The rows of a statement that a copy could answer, as the engine gives them.
async fn ask(warehouse: &DuckDb, sql: &str) -> Option<Uint8Array> {
    if !is_of_kept_schemas(sql) {
        return None;
    }
    let rows = warehouse.query_buffer(sql).await.ok()?;
    Some(rows.into_bytes())
}

/// Bytes that the browser grants this site.
async fn quota() -> Option<u64> {
    let storage = web_sys::window()?.navigator().storage();
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let quota = js_sys::Reflect::get(&estimate, &"quota".into()).ok()?;
    quota.as_f64().map(|quota| quota as u64)
}
