//! A model's text edited in the tab.
//!
//! Whatever it holds is rendered away from the page (`workers::templates`), by [`Manifest::render_text`];
//! the page only takes what came of it, by [`Manifest::with_text`]. See
//! `docs/decisions/0112-the-engine-decides-what-reads.md`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::check;
use super::config::text;
use super::jinja::{Names, Renderer, this};
use super::{Compiler, Manifest, Materialization, Model, ProjectError};

/// What an edit may configure. Hooks would run statements besides the model's own; the rest would
/// make it another relation, or does nothing in the tab.
const CONFIG_KEYS: [&str; 4] = ["materialized", "schema", "meta", "tags"];

/// What the project has to know of a model's text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadText {
    /// Models and seeds it reads.
    pub refs: BTreeSet<String>,
    /// Sources it reads, as `source.table`.
    pub sources: BTreeSet<String>,
    /// Vars it reads.
    #[serde(default)]
    pub vars: BTreeSet<String>,
    /// How it asks to be kept, if it does.
    pub materialized: Option<Materialization>,
}

/// The statement that a model's text makes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CompiledText {
    /// One SELECT, as far as the template goes.
    pub sql: String,
    /// The line of the text, from 1, that each line of it came from.
    pub lines: Vec<usize>,
}

/// Why a model's text can't be rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFault {
    /// The line in it, when known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl TextFault {
    /// A fault of the text as a whole.
    #[must_use]
    pub const fn of_text(message: String) -> Self {
        Self {
            line: None,
            message,
        }
    }

    /// As a fault of the model's file.
    #[must_use]
    pub fn of(self, model: &Model) -> ProjectError {
        ProjectError::Template {
            path: model.path.clone(),
            line: self.line,
            message: self.message,
        }
    }
}

impl From<ProjectError> for TextFault {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Template { line, message, .. } => Self { line, message },
            ProjectError::Invalid { message, .. } => Self::of_text(message),
            other => Self::of_text(other.to_string()),
        }
    }
}

/// A model's text, rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedText {
    /// What it reads and asks for.
    pub read: ReadText,
    /// Its statement. Names are known then, so a wrong argument or an unknown variable shows here.
    pub compiled: Result<CompiledText, TextFault>,
}

impl Manifest {
    /// Renders another text of one model. It runs the text's own loops and macros: nobody who must
    /// stay answering calls it.
    ///
    /// # Errors
    /// When there is no such model, the template can't be read, or it configures what the tab does
    /// not have.
    pub fn render_text(
        &self,
        name: &str,
        raw_sql: &str,
        vars: &BTreeMap<String, Value>,
    ) -> Result<RenderedText, TextFault> {
        let Some(model) = self.model(name) else {
            return Err(TextFault::of_text(format!("there is no model {name}")));
        };
        let mut names = Names {
            vars: self.vars.clone(),
            ..Names::default()
        };
        names.vars.extend(vars.clone());
        let renderer = Renderer::new(names, &self.macros)?;
        let (_, captured) = renderer.render(&model.path, raw_sql, &this(""))?;
        let invalid = |message: String| Err(TextFault::of_text(message));
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
        let materialized = match text(&captured.config, "materialized").as_deref() {
            None => None,
            Some("view") => Some(Materialization::View),
            Some("table") => Some(Materialization::Table),
            Some(other) => {
                return invalid(format!("materialization {other} is neither view nor table"));
            }
        };
        let edited = Model {
            raw_sql: raw_sql.to_owned(),
            ..model.clone()
        };
        let compiled = Compiler::new(self, vars).and_then(|compiler| {
            Ok(CompiledText {
                sql: compiler.model(&edited)?,
                lines: compiler.model_lines(&edited)?,
            })
        });
        Ok(RenderedText {
            read: ReadText {
                refs: captured.refs,
                sources: captured.sources,
                vars: captured.vars,
                materialized,
            },
            compiled: compiled.map_err(TextFault::from),
        })
    }

    /// The project with another text of one model, checked again. Nothing is rendered.
    ///
    /// # Errors
    /// Every fault the text brings: an unknown `ref` or `source`, a circle, or a model of that name
    /// that does not exist.
    pub fn with_text(
        &self,
        name: &str,
        raw_sql: &str,
        read: &ReadText,
    ) -> Result<Self, Vec<ProjectError>> {
        let mut manifest = self.clone();
        let Some(model) = manifest.models.iter_mut().find(|model| model.name == name) else {
            return Err(vec![ProjectError::UnknownRef {
                path: "models".to_owned(),
                reference: name.to_owned(),
            }]);
        };
        raw_sql.clone_into(&mut model.raw_sql);
        model.refs.clone_from(&read.refs);
        model.sources.clone_from(&read.sources);
        model.vars.clone_from(&read.vars);
        if let Some(materialized) = read.materialized {
            model.materialized = materialized;
        }
        check(manifest)
    }
}
