//! Edited models and vars over a reload of the page: `docs/decisions/0116-cancel.md`.
//!
//! Only edits that a run has carried out are run again by themselves. An edit that was under way when
//! the page went, or that was cancelled or refused, comes back as a draft: the page works, and the
//! text is not lost. A value of a var is a number and not worth a draft.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Edits;
use crate::transformation::{ReadText, RunReport};

/// The layout of what is stored; another one is ignored.
const VERSION: u32 = 2;

/// Longest text of a model that is taken back, in bytes.
const LONGEST_TEXT: usize = 200_000;

/// What a tab remembers of its edits. It was stored by the reader's browser, so nothing of it is
/// trusted: unknown models are left alone, what a text is said to read is checked as the project is,
/// and its statement is compiled anew, away from the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptEdits {
    version: u32,
    /// Texts that a run has built, with all that reads them.
    applied: BTreeMap<String, Applied>,
    /// Texts that were typed or begun, and not built.
    drafts: BTreeMap<String, String>,
    /// Values of vars that a run has built with.
    #[serde(default)]
    vars: BTreeMap<String, f64>,
}

/// The edits that a complete run has built, with every model that reads them, as far as they were needed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    /// Texts by model.
    pub texts: BTreeMap<String, String>,
    /// Values by var.
    pub vars: BTreeMap<String, f64>,
}

/// A text that was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Applied {
    text: String,
    read: ReadText,
}

impl KeptEdits {
    /// What to remember: `edits` as far as `built` holds them, and all other texts as drafts.
    #[must_use]
    pub fn new(edits: &Edits, built: &Built, drafts: &BTreeMap<String, String>) -> Self {
        let (mut applied, mut waiting) = (BTreeMap::new(), BTreeMap::new());
        for (model, text) in edits.texts() {
            let text = text.clone();
            match edits.read_of(model) {
                Some(read) if built.texts.get(model) == Some(&text) => {
                    let read = read.clone();
                    applied.insert(model.clone(), Applied { text, read });
                }
                _ => {
                    waiting.insert(model.clone(), text);
                }
            }
        }
        // What was typed last goes before what was begun.
        waiting.extend(drafts.clone());
        Self {
            version: VERSION,
            applied,
            drafts: waiting,
            vars: edits
                .vars()
                .iter()
                .filter(|(var, value)| built.vars.get(*var) == Some(*value))
                .map(|(var, value)| (var.clone(), *value))
                .collect(),
        }
    }

    /// Reads what was stored; nothing when it is of another layout.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        serde_json::from_str(stored)
            .ok()
            .filter(|kept: &Self| kept.version == VERSION)
            .unwrap_or_default()
    }

    /// As it is stored; `None` when there is nothing to remember.
    #[must_use]
    pub fn write(&self) -> Option<String> {
        let is_empty = self.applied.is_empty() && self.drafts.is_empty() && self.vars.is_empty();
        (!is_empty).then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// The edits to begin with, over a project without any, and the drafts.
    #[must_use]
    pub fn restore(self, project: Edits) -> (Edits, BTreeMap<String, String>) {
        let manifest = std::rc::Rc::clone(project.original());
        let is_usable = |model: &String, text: &String| {
            manifest.model(model).is_some() && text.len() <= LONGEST_TEXT
        };
        let mut drafts = self.drafts;
        drafts.retain(|model, text| is_usable(model, text));
        let mut edits = project;
        for (var, value) in self.vars {
            // A var that is gone, or a value outside of its range, is forgotten.
            if let Ok(with) = edits.with_value(&var, value) {
                edits = with;
            }
        }
        for (model, Applied { text, read }) in self.applied {
            if !is_usable(&model, &text) {
                continue;
            }
            match edits.with(&model, &text, read) {
                Ok(with) => edits = with,
                Err(_) => {
                    drafts.entry(model).or_insert(text);
                }
            }
        }
        (edits, drafts)
    }
}

impl Built {
    /// What a complete run has built of `edits`; `reports` are those of the run and of its serving layer.
    #[must_use]
    pub fn of(edits: &Edits, reports: &[&RunReport]) -> Self {
        let manifest = edits.manifest();
        let Ok(dag) = manifest.dag() else {
            return Self::default();
        };
        let missing: BTreeSet<&str> = reports.iter().flat_map(|report| report.missing()).collect();
        let stands = |model: &str| {
            let mut affected = dag.descendants(model).into_iter().chain([model.to_owned()]);
            !affected.any(|name| missing.contains(name.as_str()))
        };
        let mut texts = edits.texts().clone();
        texts.retain(|model, _| stands(model));
        let mut vars = edits.vars().clone();
        vars.retain(|var, _| manifest.readers_of(var).into_iter().all(stands));
        Self { texts, vars }
    }
}

/// Where the tab keeps it: of this tab alone, so that a link opened beside it gives its own numbers.
#[cfg(target_arch = "wasm32")]
const STORED_AS: &str = "metricflow.edits";

/// What this tab kept.
#[cfg(target_arch = "wasm32")]
pub(super) fn stored() -> KeptEdits {
    let text = storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
    KeptEdits::read(&text.unwrap_or_default())
}

/// Keeps it. A browser that stores nothing, or no more, loses it at a reload.
#[cfg(target_arch = "wasm32")]
pub(super) fn store(kept: &KeptEdits) {
    if let Some(storage) = storage() {
        let _ = match kept.write() {
            Some(text) => storage.set_item(STORED_AS, &text),
            None => storage.remove_item(STORED_AS),
        };
    }
}

#[cfg(target_arch = "wasm32")]
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformation::{Manifest, ModelRun, ModelState};

    fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = entries
            .iter()
            .map(|(model, text)| ((*model).to_owned(), (*text).to_owned()));
        owned.collect()
    }

    fn project() -> Edits {
        Edits::none(Manifest::embedded().unwrap())
    }

    fn edited(entries: &[(&str, &str)]) -> Edits {
        entries.iter().fold(project(), |edits, (model, text)| {
            let rendered = edits.original().render_text(model, text, &BTreeMap::new());
            edits.taken(model, text, rendered).unwrap()
        })
    }

    #[test]
    fn an_edit_that_was_not_built_comes_back_as_a_draft() {
        let edits = edited(&[
            ("fct_mrr", "select 1 as a"),
            ("fct_signups", "select 2 as b"),
        ]);
        let built = texts(&[("fct_signups", "select 2 as b")]);
        let done = Built {
            texts: built.clone(),
            ..Built::default()
        };
        let kept = KeptEdits::new(&edits, &done, &texts(&[("dim_users", "select 3 as c")]));
        let (edits, drafts) = KeptEdits::read(&kept.write().unwrap()).restore(project());
        assert_eq!(*edits.texts(), built);
        assert_eq!(
            drafts,
            texts(&[("dim_users", "select 3 as c"), ("fct_mrr", "select 1 as a")])
        );
    }

    #[test]
    fn what_was_typed_last_goes_before_what_was_begun() {
        let begun = edited(&[("fct_mrr", "select 1 as a")]);
        let typed = texts(&[("fct_mrr", "select 2 as a")]);
        let kept = KeptEdits::new(&begun, &Built::default(), &typed);
        assert_eq!(kept.restore(project()).1, typed);
    }

    #[test]
    fn what_is_stored_is_not_trusted() {
        for text in ["", "{", "[]", r#"{"version":1,"applied":{},"drafts":{}}"#] {
            assert_eq!(KeptEdits::read(text), KeptEdits::default(), "{text}");
        }
        assert_eq!(
            KeptEdits::new(&project(), &Built::default(), &BTreeMap::new()).write(),
            None
        );
        let reads = |refs: &[&str]| serde_json::json!({ "refs": refs, "sources": [], "materialized": null });
        let stored = serde_json::json!({
            "version": VERSION,
            "applied": {
                "no_such_model": { "text": "select 1 as a", "read": reads(&[]) },
                "fct_mrr": { "text": "select {{ ref('no_such_model') }}", "read": reads(&["no_such_model"]) },
                "fct_signups": { "text": "x".repeat(LONGEST_TEXT + 1), "read": reads(&[]) },
            },
            "drafts": { "raw.users": "select 1 as a" },
            "vars": { "gross_margin": 40, "as_of": 0.5, "no_such_variable": 0.5 },
        });
        let (edits, drafts) = KeptEdits::read(&stored.to_string()).restore(project());
        assert!(edits.is_empty());
        assert_eq!(
            drafts,
            texts(&[("fct_mrr", "select {{ ref('no_such_model') }}")])
        );
    }

    #[test]
    fn an_edit_that_breaks_what_reads_it_is_not_run_again_by_itself() {
        let edits = edited(&[
            ("fct_customer_mrr_monthly", "select 1 as a"),
            ("fct_signups", "select 2 as b"),
        ]);
        let report = report_without("fct_mrr");
        assert_eq!(
            Built::of(&edits, &[&report]).texts,
            texts(&[("fct_signups", "select 2 as b")])
        );
    }

    #[test]
    fn a_value_comes_back_once_a_run_has_built_with_it() {
        let half = project().with_value("gross_margin", 0.4).unwrap();
        let kept = KeptEdits::new(&half, &Built::default(), &BTreeMap::new());
        assert_eq!(kept.write(), None);
        let built = Built::of(&half, &[&report_without("fct_signups")]);
        let kept = KeptEdits::new(&half, &built, &BTreeMap::new());
        let (edits, drafts) = KeptEdits::read(&kept.write().unwrap()).restore(project());
        assert_eq!(edits, half);
        assert!(drafts.is_empty());
        // A model that reads it could not be built.
        let built = Built::of(&half, &[&report_without("revenue_retention")]);
        assert!(built.vars.is_empty());
    }

    /// What was stored before vars could be changed.
    #[test]
    fn edits_of_an_earlier_page_are_read() {
        let stored = r#"{"version":2,"applied":{"fct_mrr":{"text":"select 1 as a","read":{"refs":[],"sources":[],"materialized":null}}},"drafts":{}}"#;
        let (edits, _) = KeptEdits::read(stored).restore(project());
        assert_eq!(*edits.texts(), texts(&[("fct_mrr", "select 1 as a")]));
    }

    /// Every model is built but one.
    fn report_without(failed: &str) -> RunReport {
        let mut report = RunReport::default();
        for model in &project().manifest().models {
            report.models.push(ModelRun {
                name: model.name.clone(),
                layer: model.layer,
                state: if model.name == failed {
                    ModelState::Failed {
                        error: "no mrr".to_owned(),
                    }
                } else {
                    ModelState::Built
                },
                rows: Some(1),
                elapsed_ms: 0.0,
                compiled_sql: String::new(),
                source_lines: Vec::new(),
            });
        }
        report
    }
}
