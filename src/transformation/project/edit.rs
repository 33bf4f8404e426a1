//! A model's text edited in the tab.

use super::check::check;
use super::config::text;
use super::jinja::{Names, Renderer};
use super::read::this;
use super::{Compiler, Manifest, Materialization, ProjectError};

/// What an edit may configure. Hooks would run statements besides the model's own; the rest would
/// make it another relation, or does nothing in the tab.
const CONFIG_KEYS: [&str; 4] = ["materialized", "schema", "meta", "tags"];

impl Manifest {
    /// The project with another text of one model, read and checked again.
    ///
    /// # Errors
    /// Every fault the text brings: a template that can't be rendered, an unknown `ref` or
    /// `source`, a circle, a configuration that the tab does not have, or a model of that name that
    /// does not exist.
    pub fn with_model_sql(&self, name: &str, raw_sql: &str) -> Result<Self, Vec<ProjectError>> {
        let mut manifest = self.clone();
        let names = Names {
            vars: manifest.vars.clone(),
            ..Names::default()
        };
        let renderer = Renderer::new(names, &manifest.macros).map_err(|error| vec![error])?;
        let Some(model) = manifest.models.iter_mut().find(|model| model.name == name) else {
            return Err(vec![ProjectError::UnknownRef {
                path: "models".to_owned(),
                reference: name.to_owned(),
            }]);
        };
        let (_, captured) = renderer
            .render(&model.path, raw_sql, &this(""))
            .map_err(|error| vec![error])?;
        let invalid = |message: String| {
            let path = model.path.clone();
            Err(vec![ProjectError::Invalid { path, message }])
        };
        if let Some(key) = captured
            .config
            .keys()
            .find(|key| !CONFIG_KEYS.contains(&key.as_str()))
        {
            return invalid(format!(
                "config({key}=…) is not supported in the tab; an edit may set {}",
                CONFIG_KEYS.join(", ")
            ));
        }
        let schema = text(&captured.config, "schema");
        if schema.is_some_and(|schema| schema != model.schema) {
            return invalid("an edit can't move a model to another schema".to_owned());
        }
        match text(&captured.config, "materialized").as_deref() {
            None => {}
            Some("view") => model.materialized = Materialization::View,
            Some("table") => model.materialized = Materialization::Table,
            Some(other) => {
                return invalid(format!("materialization {other} is neither view nor table"));
            }
        }
        raw_sql.clone_into(&mut model.raw_sql);
        model.refs = captured.refs;
        model.sources = captured.sources;
        let manifest = check(manifest)?;
        // Names are known now, so a wrong argument or an unknown variable shows here.
        if let Some(model) = manifest.model(name) {
            Compiler::new(&manifest, &std::collections::BTreeMap::new())
                .and_then(|compiler| compiler.model(model))
                .map_err(|error| vec![error])?;
        }
        Ok(manifest)
    }
}
