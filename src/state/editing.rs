//! Edits of the project in this tab: each is checked, then what reads it is built.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::assets::render;
use super::edits::Edits;
use super::pipeline::Pipeline;
use super::vars::vars_of;
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
