//! Models whose SQL was edited in this tab, vars that were given another value, and the project with them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::transformation::{Manifest, ProjectError, ReadText, RenderedText, TextFault, Variable};

/// The project as it came, and what was edited since. `state::kept_edits` keeps it over a reload.
#[derive(Debug, Clone)]
pub struct Edits {
    original: Rc<Manifest>,
    manifest: Rc<Manifest>,
    texts: BTreeMap<String, String>,
    /// What each text reads, as it was found out away from the page.
    read: BTreeMap<String, ReadText>,
    /// Values of vars that are not the project's own.
    vars: BTreeMap<String, f64>,
}

impl PartialEq for Edits {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts && self.vars == other.vars
    }
}

impl Edits {
    /// A project without edits.
    #[must_use]
    pub fn none(manifest: Manifest) -> Self {
        let manifest = Rc::new(manifest);
        Self {
            original: Rc::clone(&manifest),
            manifest,
            texts: BTreeMap::new(),
            read: BTreeMap::new(),
            vars: BTreeMap::new(),
        }
    }

    /// The project, edits included.
    #[must_use]
    pub const fn manifest(&self) -> &Rc<Manifest> {
        &self.manifest
    }

    /// The project as it came.
    #[must_use]
    pub const fn original(&self) -> &Rc<Manifest> {
        &self.original
    }

    /// Names of the edited models.
    #[must_use]
    pub fn models(&self) -> BTreeSet<String> {
        self.texts.keys().cloned().collect()
    }

    /// The texts of the edited models, by model.
    #[must_use]
    pub const fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// Values of vars that are not the project's own, by var.
    #[must_use]
    pub const fn vars(&self) -> &BTreeMap<String, f64> {
        &self.vars
    }

    /// Whether that model is edited.
    #[must_use]
    pub fn is_edited(&self, model: &str) -> bool {
        self.texts.contains_key(model)
    }

    /// How many models are edited.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether nothing is edited, neither a model nor a var.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.vars.is_empty()
    }

    /// Whether a model is edited: its text may be anything.
    #[must_use]
    pub fn has_texts(&self) -> bool {
        !self.texts.is_empty()
    }

    /// What the text of an edited model reads.
    #[must_use]
    pub fn read_of(&self, model: &str) -> Option<&ReadText> {
        self.read.get(model)
    }

    /// Whether a text is the model's own.
    #[must_use]
    pub fn is_own(&self, model: &str, sql: &str) -> bool {
        let own = self.original.model(model).map(|model| model.raw_sql.trim());
        own == Some(sql.trim())
    }

    /// With another text of one model and what it reads; its own text takes the edit back.
    ///
    /// # Errors
    /// As [`Manifest::with_text`].
    pub fn with(&self, model: &str, sql: &str, read: ReadText) -> Result<Self, Vec<ProjectError>> {
        if self.is_own(model, sql) {
            return self.without(model);
        }
        let (mut texts, mut reads) = (self.texts.clone(), self.read.clone());
        texts.insert(model.to_owned(), sql.to_owned());
        reads.insert(model.to_owned(), read);
        self.of(texts, reads, self.vars.clone())
    }

    /// With another text as it was rendered.
    ///
    /// # Errors
    /// Its faults, the rendering's or the project's.
    pub fn taken(
        &self,
        model: &str,
        sql: &str,
        rendered: Result<RenderedText, TextFault>,
    ) -> Result<Self, Vec<ProjectError>> {
        let of_model = |fault: TextFault| match self.original.model(model) {
            Some(model) => vec![fault.of(model)],
            None => Vec::new(),
        };
        let rendered = rendered.map_err(of_model)?;
        let edits = self.with(model, sql, rendered.read)?;
        rendered.compiled.map(|_| edits).map_err(of_model)
    }

    /// Without the edit of one model.
    ///
    /// # Errors
    /// When the other edits can't stand without it (they may read each other in a circle).
    pub fn without(&self, model: &str) -> Result<Self, Vec<ProjectError>> {
        let (mut texts, mut reads) = (self.texts.clone(), self.read.clone());
        texts.remove(model);
        reads.remove(model);
        self.of(texts, reads, self.vars.clone())
    }

    /// With another value of one var; the project's own takes it back.
    ///
    /// # Errors
    /// When the project has no such number among its vars, or the value is outside of its range.
    pub fn with_value(&self, var: &str, value: f64) -> Result<Self, Vec<ProjectError>> {
        let refused = |message: String| {
            let path = "dbt_project.yml".to_owned();
            vec![ProjectError::Invalid { path, message }]
        };
        let variable = self.original.variable(var);
        let variable = variable.ok_or_else(|| refused(format!("there is no variable {var}")))?;
        let checked = variable.check(value);
        checked.map_err(|error| refused(error.to_string()))?;
        let mut vars = self.vars.clone();
        if is_default(variable, value) {
            vars.remove(var);
        } else {
            vars.insert(var.to_owned(), value);
        }
        self.of(self.texts.clone(), self.read.clone(), vars)
    }

    /// The project as it came.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self {
            original: Rc::clone(&self.original),
            manifest: Rc::clone(&self.original),
            texts: BTreeMap::new(),
            read: BTreeMap::new(),
            vars: BTreeMap::new(),
        }
    }

    /// Models to be built again after another state: those whose text differs, and those that read a var
    /// whose value differs.
    #[must_use]
    pub fn changed_from(&self, before: &Self) -> BTreeSet<String> {
        let vars = self.vars_changed_from(before);
        let manifests = [&self.manifest, &before.manifest].into_iter();
        let models = manifests.flat_map(|manifest| &manifest.models);
        let readers = models.filter(|model| !model.vars.is_disjoint(&vars));
        let readers = readers.map(|model| model.name.clone());
        self.edited_since(before)
            .into_iter()
            .chain(readers)
            .collect()
    }

    /// Data tests to be run again after another state, although nothing was built that they read.
    #[must_use]
    pub fn tests_changed_from(&self, before: &Self) -> BTreeSet<String> {
        let vars = self.vars_changed_from(before);
        let tests = self.manifest.tests.iter();
        let readers = tests.filter(|test| !test.vars.is_disjoint(&vars));
        readers.map(|test| test.name.clone()).collect()
    }

    fn vars_changed_from(&self, before: &Self) -> BTreeSet<String> {
        let names = self.vars.keys().chain(before.vars.keys());
        let changed = names.filter(|name| self.vars.get(*name) != before.vars.get(*name));
        changed.cloned().collect()
    }

    /// Models whose text differs between two states.
    #[must_use]
    pub fn edited_since(&self, before: &Self) -> BTreeSet<String> {
        let names = self.texts.keys().chain(before.texts.keys());
        names
            .filter(|name| self.texts.get(*name) != before.texts.get(*name))
            .cloned()
            .collect()
    }

    fn of(
        &self,
        texts: BTreeMap<String, String>,
        read: BTreeMap<String, ReadText>,
        vars: BTreeMap<String, f64>,
    ) -> Result<Self, Vec<ProjectError>> {
        let mut manifest = Rc::clone(&self.original);
        for (name, value) in &vars {
            manifest = Rc::new(manifest.with_var(name, *value));
        }
        for (model, sql) in &texts {
            if let Some(read) = read.get(model) {
                manifest = Rc::new(manifest.with_text(model, sql, read)?);
            }
        }
        Ok(Self {
            original: Rc::clone(&self.original),
            manifest,
            texts,
            read,
            vars,
        })
    }
}

/// Whether a value is the project's own, to the last digit.
fn is_default(variable: &Variable, value: f64) -> bool {
    value.to_bits() == variable.default.to_bits()
}

#[cfg(target_arch = "wasm32")]
mod in_the_tab {
    use std::collections::BTreeMap;

    use leptos::prelude::*;

    use super::super::Pipeline;
    use super::super::flow::{render, vars_of};
    use super::Edits;
    use crate::transformation::ProjectError;

    impl Pipeline {
        /// Gives a model another text and builds it and all that reads it; its own text takes the
        /// edit back.
        ///
        /// # Errors
        /// When its template can't be rendered, or as [`Edits::with`]; nothing is changed then.
        pub async fn edit_model(self, model: &str, sql: &str) -> Result<(), Vec<ProjectError>> {
            if self.edits.with_untracked(|edits| edits.is_own(model, sql)) {
                return self.reset_model(model);
            }
            // What it builds on, and what it is compared with, is whole.
            self.until_whole().await.map_err(|error| {
                let path = model.to_owned();
                let message = format!("the edit was not applied: {error}");
                vec![ProjectError::Invalid { path, message }]
            })?;
            let vars = self
                .edits
                .with_untracked(|edits| self.scenario.with_untracked(|one| vars_of(one, edits)));
            let renderer = self.renderer.get_value();
            let rendered = render(&renderer, model, sql, vars).await;
            self.edits
                .with_untracked(|edits| edits.taken(model, sql, rendered))
                .map(|edits| self.build_with(edits))
        }

        /// Takes the edit of one model back, and builds it and all that reads it.
        ///
        /// # Errors
        /// As [`Edits::without`]; nothing is changed then.
        pub fn reset_model(self, model: &str) -> Result<(), Vec<ProjectError>> {
            let edits = self.edits.with_untracked(|edits| edits.without(model))?;
            self.build_with(edits);
            Ok(())
        }

        /// Gives a var another value and builds the models that read it, and all that reads them; the
        /// project's own value takes it back.
        ///
        /// # Errors
        /// As [`Edits::with_value`]; nothing is changed then.
        pub fn set_variable(self, var: &str, value: f64) -> Result<(), Vec<ProjectError>> {
            let edits = self
                .edits
                .with_untracked(|edits| edits.with_value(var, value))?;
            if self.edits.with_untracked(|standing| *standing != edits) {
                self.build_with(edits);
            }
            Ok(())
        }

        /// Takes all edits back, and what was typed and not run.
        pub fn reset_edits(self) {
            self.drafts.set(BTreeMap::new());
            if self.edits.with_untracked(Edits::is_empty) {
                return;
            }
            self.build_with(self.edits.with_untracked(Edits::cleared));
        }

        fn build_with(self, edits: Edits) {
            self.when_whole(move || {
                self.write_edits.set(edits);
                self.start(self.scenario.get_untracked());
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transformation::Compiler;

    fn edits() -> Edits {
        Edits::none(Manifest::embedded().unwrap())
    }

    /// As the page does it, without a worker between.
    fn edited(edits: &Edits, model: &str, sql: &str) -> Result<Edits, Vec<ProjectError>> {
        let rendered = edits.original().render_text(model, sql, &BTreeMap::new());
        edits.taken(model, sql, rendered)
    }

    #[test]
    fn an_edit_is_taken_back_by_the_models_own_text() {
        let edits = edits();
        let own = edits.manifest().model("fct_mrr").unwrap().raw_sql.clone();
        let one = edited(&edits, "fct_mrr", &format!("{own}\nwhere plan = 'pro'")).unwrap();
        assert!(one.is_edited("fct_mrr"));
        assert!(
            one.manifest()
                .model("fct_mrr")
                .unwrap()
                .raw_sql
                .ends_with("'pro'")
        );
        assert_eq!(
            one.changed_from(&edits),
            BTreeSet::from(["fct_mrr".to_owned()])
        );
        assert_eq!(edited(&one, "fct_mrr", &own).unwrap(), edits);
        let two = edited(&one, "fct_signups", "select 1 as one").unwrap();
        assert_eq!(two.len(), 2);
        assert_eq!(
            two.without("fct_mrr").unwrap().models(),
            BTreeSet::from(["fct_signups".to_owned()])
        );
        assert!(two.cleared().is_empty());
        assert_eq!(two.changed_from(&two.cleared()).len(), 2);
    }

    #[test]
    fn a_value_is_taken_back_by_the_project_s_own() {
        let edits = edits();
        let half = edits.with_value("gross_margin", 0.4).unwrap();
        assert!(!half.is_empty());
        assert!(!half.has_texts());
        assert_eq!(half.vars().get("gross_margin"), Some(&0.4));
        let compiled = |edits: &Edits, model: &str| {
            let compiler = Compiler::new(edits.manifest(), &BTreeMap::new()).unwrap();
            compiler
                .model(edits.manifest().model(model).unwrap())
                .unwrap()
        };
        assert!(compiled(&half, "revenue_retention").contains("as double) * 0.4"));
        assert!(compiled(&edits, "revenue_retention").contains("as double) * 0.8"));
        let again = half.with_value("gross_margin", 0.8).unwrap();
        assert_eq!(again, edits);
        assert!(again.is_empty());
        assert!(half.cleared().is_empty());
        for (var, value) in [
            ("gross_margin", 0.0),
            ("gross_margin", 1.5),
            ("gross_margin", f64::NAN),
            ("as_of", 0.5),
            ("no_such_variable", 0.5),
        ] {
            assert!(edits.with_value(var, value).is_err(), "{var} {value}");
        }
    }

    #[test]
    fn only_models_that_read_a_value_are_built_again() {
        let edits = edits();
        let half = edits.with_value("gross_margin", 0.4).unwrap();
        let readers = ["fct_channel_performance", "revenue_retention"];
        let readers = BTreeSet::from(readers.map(str::to_owned));
        assert_eq!(half.changed_from(&edits), readers);
        assert_eq!(edits.changed_from(&half), readers);
        assert!(half.changed_from(&half).is_empty());
        assert!(half.edited_since(&edits).is_empty());
        // What their compiled texts say.
        let texts = |edits: &Edits| -> BTreeMap<String, String> {
            let compiler = Compiler::new(edits.manifest(), &BTreeMap::new()).unwrap();
            let models = edits.manifest().models.iter();
            let compiled = models.map(|model| {
                let text = compiler.model(model).unwrap();
                (model.name.clone(), text)
            });
            compiled.collect()
        };
        let (before, after) = (texts(&edits), texts(&half));
        let changed = after
            .iter()
            .filter(|(name, text)| before.get(*name) != Some(text));
        let changed: BTreeSet<String> = changed.map(|(name, _)| name.clone()).collect();
        assert_eq!(changed, readers);
    }

    #[test]
    fn an_edited_model_may_read_a_value_too() {
        let half = edits().with_value("gross_margin", 0.4).unwrap();
        let sql = "select {{ var('gross_margin') }} as margin";
        let both = edited(&half, "fct_signups", sql).unwrap();
        assert_eq!(both.vars(), half.vars());
        let back = both.with_value("gross_margin", 0.8).unwrap();
        assert!(back.changed_from(&both).contains("fct_signups"));
        assert_eq!(back.models(), both.models());
        let without = both.without("fct_signups").unwrap();
        assert_eq!(without, half);
    }

    #[test]
    fn an_edit_that_can_not_be_read_changes_nothing() {
        let edits = edits();
        for sql in [
            "select {{ ref('no_such_model') }}",
            "select {{",
            "select * from {{ ref('revenue_retention') }}",
            "select {{ var('no_such_variable') }}",
        ] {
            assert!(
                edited(&edits, "fct_customer_mrr_monthly", sql).is_err(),
                "{sql}"
            );
        }
        assert!(edits.is_empty());
    }
}
